-- Protocols: what agencies have agreed to tell each other. In force is what the signatures say, worked out here; no column that a page
-- writes opens anything. A protocol opens through admissions (core/access): whoever acts for a party holds the circle of its epochs.

create table sharing.protocols (
  id uuid primary key,
  title text not null check (title <> ''),
  drafted_by uuid not null references access.account on delete restrict,
  drafting_agency_id uuid not null references structure.agencies on delete restrict,
  drafted_at timestamptz not null,
  version_in_force int,
  in_force_from timestamptz,
  expires_at timestamptz,
  review_at timestamptz,
  epoch int not null default 0,
  ended_at timestamptz,
  ended_by uuid references access.account on delete restrict,
  end_reason text,
  check ((ended_at is null) = (end_reason is null))
);
comment on table sharing.protocols is 'A sharing agreement. version_in_force, epoch and the dates are worked out from signatures by sharing.take_effect alone.';
select record.labelled('sharing.protocols', 'city-wide');

create table sharing.protocol_versions (
  id uuid primary key,
  protocol_id uuid not null references sharing.protocols on delete restrict,
  number int not null check (number > 0),
  terms jsonb not null,
  state text not null default 'draft' check (state in ('draft', 'offered')),
  written_by uuid not null references access.account on delete restrict,
  written_at timestamptz not null,
  offered_at timestamptz,
  constraint at_least_two_parties check (jsonb_array_length(terms -> 'parties') >= 2),
  constraint personal_data_needs_a_basis check ((terms -> 'personal' ->> 'is')::boolean is not true
    or (length(terms -> 'personal' ->> 'basis') > 0 and length(terms -> 'personal' ->> 'assessment') > 0)),
  constraint an_end_is_named check (length(terms ->> 'expiresAt') > 0)
);
-- A draft that others cannot see neither takes their number nor shows itself by one: the number is given when a version is offered.
create unique index one_version_of_a_number on sharing.protocol_versions (protocol_id, number) where state = 'offered';
comment on table sharing.protocol_versions is 'The words of a protocol, version by version. Once offered a version is never changed: another is written.';
select record.labelled('sharing.protocol_versions', 'city-wide');

create table sharing.signatures (
  id uuid primary key,
  version_id uuid not null references sharing.protocol_versions on delete restrict,
  agency_id uuid not null references structure.agencies on delete restrict,
  person_id uuid not null references access.account on delete restrict,
  post_id uuid,
  terms_hash bytea not null,
  signed_at timestamptz not null,
  unique (version_id, agency_id)
);
comment on table sharing.signatures is 'Who signed which words for which party: the hash is of the terms as they stood before the signer.';
select record.labelled('sharing.signatures', 'city-wide');

create table sharing.parties (
  id uuid primary key,
  protocol_id uuid not null references sharing.protocols on delete restrict,
  agency_id uuid not null references structure.agencies on delete restrict,
  kinds text[] not null,
  joined_epoch int not null,
  sees_from int not null,
  last_epoch int,
  joined_at timestamptz not null,
  left_at timestamptz,
  left_reason text,
  keeps boolean not null default true,
  check ((last_epoch is null) = (left_at is null))
);
create unique index one_standing_party on sharing.parties (protocol_id, agency_id) where left_at is null;
comment on table sharing.parties is 'Who was a party in which epochs, and from which epoch on it sees. Written by sharing.take_effect and sharing.withdraw alone.';
select record.labelled('sharing.parties', 'city-wide');

create function sharing.terms_hash(terms jsonb) returns bytea stable language sql set search_path = pg_catalog, pg_temp as $$
  select sha256(convert_to(terms::text, 'UTF8'))
$$;

-- May this transaction's person act for an agency, in one of these kinds of post (none named: any)? The post is one of that agency:
-- whoever works here and is an executive elsewhere is no executive here.
create function sharing.acts_for(of_agency uuid, of_kinds text[]) returns boolean stable security definer language sql
set search_path = pg_catalog, pg_temp as $$
  select access.holds('agency:' || of_agency) and not access.holds('kind:device')
    and (coalesce(cardinality(of_kinds), 0) = 0
      or exists (select from structure.posts p where p.agency_id = of_agency and p.kind = any(of_kinds) and access.holds('post:' || p.id)))
$$;

-- The label of what all parties may read: those whom a text names and those who stand in it now.
create function sharing.parties_label(of_protocol uuid, terms jsonb) returns int volatile language sql set search_path = pg_catalog, pg_temp as $$
  select access.intern(jsonb_build_array('["kind:inquiry"]'::jsonb || (select jsonb_agg('agency:' || a.id) from (
    select (p.value ->> 'agencyId') as id from jsonb_array_elements(terms -> 'parties') p
    union select s.agency_id::text from sharing.parties s where s.protocol_id = of_protocol and s.left_at is null) a)), 'TLP:AMBER')
$$;

-- Until it is first in force, whoever began it writes; then its parties do, and one that left does not.
create function sharing.may_write(of_protocol uuid) returns boolean stable security definer language sql set search_path = pg_catalog, pg_temp as $$
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

create function sharing.circle(of_protocol uuid, of_epoch int) returns text immutable language sql set search_path = pg_catalog, pg_temp as $$
  select 'circle:protocol.' || of_protocol || '.' || of_epoch
$$;

-- Writes the admissions that parties and epochs call for, until the protocol expires; those of before end now.
create function sharing.open_circles(of_protocol uuid) returns void volatile language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
  protocol sharing.protocols;
  from_source text := 'sharing.protocol:' || of_protocol;
  moment timestamptz := access.real_now();
begin
  select p.* into strict protocol from sharing.protocols p where p.id = of_protocol;
  perform access.close_admission(from_source, moment);
  if protocol.version_in_force is null or protocol.ended_at is not null or protocol.expires_at <= moment then return; end if;
  perform access.put_admission(sharing.circle(of_protocol, epoch),
      jsonb_build_array(jsonb_build_array('agency:' || s.agency_id)) || case when cardinality(s.kinds) = 0 then '[]'::jsonb
        else jsonb_build_array((select jsonb_agg('kind:' || k) from unnest(s.kinds) k)) end,
      moment, protocol.expires_at, from_source)
    from sharing.parties s, generate_series(s.sees_from, coalesce(s.last_epoch, protocol.epoch)) epoch
    where s.protocol_id = of_protocol and (s.left_at is null or s.keeps);
end $$;

-- In force is what the signatures say: the newest offered version that every one of its parties signed, word for word. Whoever may call
-- this can give nobody anything that was not signed.
create function sharing.take_effect(of_protocol uuid) returns boolean volatile security definer language plpgsql set search_path = pg_catalog, pg_temp as $$
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

create function sharing.offer(of_version uuid) returns void volatile security definer language plpgsql set search_path = pg_catalog, pg_temp as $$
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

-- One signs the words that one saw: the hash comes from the screen, and another hash is refused.
create function sharing.sign(of_version uuid, of_agency uuid, seen_hash bytea, of_id uuid) returns boolean volatile security definer language plpgsql
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

-- A party leaves by itself, at once. With fewer than two left there is no agreement any more.
create function sharing.withdraw(of_protocol uuid, of_agency uuid, reason text) returns boolean volatile security definer language plpgsql
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

create function sharing.end_protocol(of_protocol uuid, reason text) returns boolean volatile security definer language plpgsql
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
