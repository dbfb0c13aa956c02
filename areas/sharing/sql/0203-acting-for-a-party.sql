-- Who acts for a party, and what the others cannot agree behind its back.

-- May this transaction's person act for an agency, in one of these kinds of post (none named: any)? The post is one of that agency:
-- whoever works here and is an executive elsewhere is no executive here.
create or replace function sharing.acts_for(of_agency uuid, of_kinds text[]) returns boolean stable security definer language sql
set search_path = pg_catalog, pg_temp as $$
  select access.holds('agency:' || of_agency) and not access.holds('kind:device')
    and (coalesce(cardinality(of_kinds), 0) = 0
      or exists (select from structure.posts p where p.agency_id = of_agency and p.kind = any(of_kinds) and access.holds('post:' || p.id)))
$$;

-- Until it is first in force, whoever began it writes; then its parties do, and one that left does not.
create or replace function sharing.may_write(of_protocol uuid) returns boolean stable security definer language sql set search_path = pg_catalog, pg_temp as $$
  select exists (
    select from sharing.protocols p where p.id = of_protocol and p.ended_at is null
      and ((p.version_in_force is null and sharing.acts_for(p.drafting_agency_id, '{executive,data-protection,legal-adviser,secretariat}'))
        or exists (select from sharing.parties s where s.protocol_id = p.id and s.left_at is null
          and sharing.acts_for(s.agency_id, '{executive,data-protection,legal-adviser,secretariat}'))))
$$;

-- Who signs for a party is changed by nobody but whoever signs for it today: for a standing party the words in force say it.
create function sharing.signers(of_protocol uuid, party jsonb) returns text[] stable language sql set search_path = pg_catalog, pg_temp as $$
  select array(select jsonb_array_elements_text(coalesce((
    select mine.value -> 'sign' from sharing.protocols p
      join sharing.parties s on s.protocol_id = p.id and s.left_at is null and s.agency_id = (party ->> 'agencyId')::uuid
      join sharing.protocol_versions v on v.protocol_id = p.id and v.state = 'offered' and v.number = p.version_in_force
      cross join lateral jsonb_array_elements(v.terms -> 'parties') mine
    where p.id = of_protocol and mine.value ->> 'agencyId' = party ->> 'agencyId'), party -> 'sign')))
$$;
revoke all on function sharing.signers from public;

-- A draft that others cannot see neither takes their number nor shows itself by one: the number is given when a version is offered.
alter table sharing.protocol_versions drop constraint protocol_versions_protocol_id_number_key;
create unique index one_version_of_a_number on sharing.protocol_versions (protocol_id, number) where state = 'offered';

create or replace function sharing.offer(of_version uuid) returns void volatile security definer language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
  version sharing.protocol_versions;
  shared_label int;
  place int;
begin
  select v.* into strict version from sharing.protocol_versions v where v.id = of_version for update;
  if not sharing.may_write(version.protocol_id) or not access.is_live() then raise exception 'not yours to offer' using errcode = '42501'; end if;
  if version.state <> 'draft' then raise exception 'offered already' using errcode = '23505'; end if;
  perform from sharing.protocols p where p.id = version.protocol_id for update;
  select coalesce(max(v.number), 0) + 1 into place from sharing.protocol_versions v where v.protocol_id = version.protocol_id and v.state = 'offered';
  shared_label := sharing.parties_label(version.protocol_id, version.terms);
  update sharing.protocol_versions set state = 'offered', number = place, offered_at = access.real_now(), label = shared_label where id = of_version;
  update sharing.protocols p set label = shared_label where p.id = version.protocol_id;
end $$;

create or replace function sharing.sign(of_version uuid, of_agency uuid, seen_hash bytea, of_id uuid) returns boolean volatile security definer language plpgsql
set search_path = pg_catalog, pg_temp as $$
declare
  version sharing.protocol_versions;
  party jsonb;
  viewer record;
begin
  select v.* into viewer from access.viewer() v;
  if viewer.person is null or viewer.operator_person is not null or not access.is_live() then raise exception 'not yours to sign' using errcode = '42501'; end if;
  select v.* into strict version from sharing.protocol_versions v where v.id = of_version and v.label = any(access.readable());
  select p.value into party from jsonb_array_elements(version.terms -> 'parties') p where (p.value ->> 'agencyId')::uuid = of_agency;
  if party is null or version.state <> 'offered' or not sharing.acts_for(of_agency, sharing.signers(version.protocol_id, party)) then
    raise exception 'not yours to sign' using errcode = '42501';
  end if;
  if seen_hash is distinct from sharing.terms_hash(version.terms) then raise exception 'The words have changed since you read them. Nothing was signed. Read them again.' using errcode = '22023', column = 'hash'; end if;
  insert into sharing.signatures (id, version_id, agency_id, person_id, post_id, terms_hash, signed_at, label, world)
    values (of_id, of_version, of_agency, viewer.person, viewer.post, seen_hash, access.real_now(), version.label, version.world);
  return sharing.take_effect(version.protocol_id);
end $$;

create or replace function sharing.take_effect(of_protocol uuid) returns boolean volatile security definer language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
  protocol sharing.protocols;
  version sharing.protocol_versions;
  moment timestamptz := access.real_now();
  shared_label int;
  changed boolean;
  was jsonb;
  closed_until int;
begin
  select p.* into strict protocol from sharing.protocols p where p.id = of_protocol for update;
  if protocol.ended_at is not null then return false; end if;
  select v.* into version from sharing.protocol_versions v
    where v.protocol_id = of_protocol and v.state = 'offered' and v.number > coalesce(protocol.version_in_force, 0)
      and not exists (select from jsonb_array_elements(v.terms -> 'parties') party
        where not exists (select from sharing.signatures s where s.version_id = v.id and s.agency_id = (party.value ->> 'agencyId')::uuid
          and s.terms_hash = sharing.terms_hash(v.terms)))
    order by v.number desc limit 1;
  if not found then return false; end if;
  select v.terms into was from sharing.protocol_versions v where v.protocol_id = of_protocol and v.state = 'offered' and v.number = protocol.version_in_force;
  -- A party that comes, goes or acts through other posts begins a new epoch: what is shared from now on is for those of now.
  changed := protocol.epoch = 0 or exists (
    select from (select (p.value ->> 'agencyId')::uuid as agency_id, array(select jsonb_array_elements_text(p.value -> 'use') order by 1) as kinds
                 from jsonb_array_elements(version.terms -> 'parties') p) wanted
    full join (select s.agency_id, array(select unnest(s.kinds) order by 1) as kinds from sharing.parties s where s.protocol_id = of_protocol and s.left_at is null) standing
      on standing.agency_id = wanted.agency_id and standing.kinds = wanted.kinds
    where standing.agency_id is null or wanted.agency_id is null);
  update sharing.protocols set title = version.terms ->> 'title', version_in_force = version.number, in_force_from = moment,
      expires_at = (version.terms ->> 'expiresAt')::timestamptz, review_at = (version.terms ->> 'reviewAt')::timestamptz,
      epoch = epoch + case when changed then 1 else 0 end
    where id = of_protocol returning * into protocol;
  if changed then
    update sharing.parties s set last_epoch = protocol.epoch - 1, left_at = moment, left_reason = 'version ' || version.number, keeps = coalesce(was ->> 'onLeaving' = 'keeps', true)
      where s.protocol_id = of_protocol and s.left_at is null
        and not exists (select from jsonb_array_elements(version.terms -> 'parties') p where (p.value ->> 'agencyId')::uuid = s.agency_id);
    -- The past is opened by those alone who made it: up to the last epoch of a party that has not signed these words it stays closed.
    select coalesce(max(s.last_epoch), 0) into closed_until from sharing.parties s where s.protocol_id = of_protocol and s.left_at is not null
      and not exists (select from jsonb_array_elements(version.terms -> 'parties') p where (p.value ->> 'agencyId')::uuid = s.agency_id);
    shared_label := sharing.parties_label(of_protocol, version.terms);
    update sharing.parties s set kinds = array(select jsonb_array_elements_text(p.value -> 'use')), label = shared_label
      from jsonb_array_elements(version.terms -> 'parties') p
      where s.protocol_id = of_protocol and s.left_at is null and (p.value ->> 'agencyId')::uuid = s.agency_id;
    insert into sharing.parties (id, protocol_id, agency_id, kinds, joined_epoch, sees_from, joined_at, label, world)
      select gen_random_uuid(), of_protocol, (p.value ->> 'agencyId')::uuid, array(select jsonb_array_elements_text(p.value -> 'use')), protocol.epoch,
        case when p.value ->> 'past' = 'all' then closed_until + 1 else protocol.epoch end, moment, shared_label, access.live_world()
      from jsonb_array_elements(version.terms -> 'parties') p
      where not exists (select from sharing.parties s where s.protocol_id = of_protocol and s.left_at is null and s.agency_id = (p.value ->> 'agencyId')::uuid);
  end if;
  update sharing.protocols set label = sharing.parties_label(of_protocol, version.terms) where id = of_protocol;
  perform sharing.open_circles(of_protocol);
  return true;
end $$;

create or replace function sharing.withdraw(of_protocol uuid, of_agency uuid, reason text) returns boolean volatile security definer language plpgsql
set search_path = pg_catalog, pg_temp as $$
declare
  protocol sharing.protocols;
  terms jsonb;
  party jsonb;
begin
  select p.* into strict protocol from sharing.protocols p where p.id = of_protocol for update;
  select v.terms into terms from sharing.protocol_versions v where v.protocol_id = of_protocol and v.state = 'offered' and v.number = protocol.version_in_force;
  select p.value into party from jsonb_array_elements(terms -> 'parties') p where (p.value ->> 'agencyId')::uuid = of_agency;
  if party is null or protocol.ended_at is not null or not access.is_live()
     or not sharing.acts_for(of_agency, array(select jsonb_array_elements_text(party -> 'sign'))) then
    raise exception 'not yours to withdraw' using errcode = '42501';
  end if;
  update sharing.parties s set last_epoch = protocol.epoch, left_at = access.real_now(), left_reason = reason, keeps = coalesce(terms ->> 'onLeaving' = 'keeps', true)
    where s.protocol_id = of_protocol and s.agency_id = of_agency and s.left_at is null;
  if not found then return false; end if;
  if (select count(*) from sharing.parties s where s.protocol_id = of_protocol and s.left_at is null) < 2 then
    update sharing.protocols set ended_at = access.real_now(), ended_by = access.person(), end_reason = reason where id = of_protocol;
  else
    update sharing.protocols set epoch = epoch + 1, label = sharing.parties_label(of_protocol, '{"parties": []}') where id = of_protocol;
  end if;
  perform sharing.open_circles(of_protocol);
  return true;
end $$;

create or replace function sharing.end_protocol(of_protocol uuid, reason text) returns boolean volatile security definer language plpgsql
set search_path = pg_catalog, pg_temp as $$
begin
  if not access.is_live() or not exists (
    select from sharing.protocols p join sharing.parties s on s.protocol_id = p.id and s.left_at is null
      join sharing.protocol_versions v on v.protocol_id = p.id and v.state = 'offered' and v.number = p.version_in_force
      cross join lateral (select party.value from jsonb_array_elements(v.terms -> 'parties') party where (party.value ->> 'agencyId')::uuid = s.agency_id) terms
    where p.id = of_protocol and sharing.acts_for(s.agency_id, array(select jsonb_array_elements_text(terms.value -> 'sign'))))
    and not (select p.version_in_force is null and sharing.may_write(p.id) from sharing.protocols p where p.id = of_protocol) then
    raise exception 'not yours to end' using errcode = '42501';
  end if;
  update sharing.protocols set ended_at = access.real_now(), ended_by = access.person(), end_reason = reason where id = of_protocol and ended_at is null;
  if not found then return false; end if;
  perform sharing.open_circles(of_protocol);
  return true;
end $$;
