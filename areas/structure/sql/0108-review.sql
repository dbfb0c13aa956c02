-- The review of the network: proposed against current, each agency that it touches signs or objects, and with the last signature the
-- database itself writes it into the structure, on the day that was agreed. No page and no administrator adopts for others.

-- An agency that leaves a group keeps its row: whoever comes back stands in it again, and the ledger has the times between.
alter table structure.memberships add column ended_at timestamptz;

create or replace function structure.tokens_of_post(of_post uuid) returns setof text stable language sql
set search_path = pg_catalog, pg_temp as $$
  select 'post:' || of_post
  union select 'kind:' || p.kind from structure.posts p where p.id = of_post
  union select 'group:' || m.group_id from structure.memberships m where m.post_id = of_post and m.kind in ('core', 'standing') and m.ended_at is null
  union select 'group:' || g.id from structure.groups g where of_post in (g.chair_post_id, g.deputy_chair_post_id, g.secretariat_post_id)
$$;

-- May this transaction's person act for an agency, in one of these kinds of post? The post is one of that agency.
create function structure.acts_for(of_agency uuid, of_kinds text[]) returns boolean stable security definer language sql
set search_path = pg_catalog, pg_temp as $$
  select access.holds('agency:' || of_agency) and not access.holds('kind:device')
    and exists (select from structure.posts p where p.agency_id = of_agency and p.kind = any(of_kinds) and access.holds('post:' || p.id))
$$;

-- What shows the network as a whole: everybody in the city, and nobody beyond it.
create function structure.network_label() returns int volatile security definer language sql
set search_path = pg_catalog, pg_temp as $$
  select access.intern(jsonb_build_array(jsonb_build_array('city:' || code)), 'TLP:AMBER') from access.city
$$;

-- The network as whoever asks can read it, as one value: contract.ts of areas/structure/network says what is in it.
create function structure.network_now() returns jsonb stable language sql
set search_path = pg_catalog, pg_temp as $$
  select jsonb_build_object(
  'agencies', (select coalesce(jsonb_agg(jsonb_build_object('id', id, 'orgType', org_type, 'orgCode', org_code, 'name', name, 'shortName', short_name,
    'sector', sector, 'parentId', parent_id, 'services', services, 'homeCity', home_city) order by org_code, id), '[]') from structure.agencies),
  'posts', (select coalesce(jsonb_agg(jsonb_build_object('id', id, 'code', code, 'agencyId', agency_id, 'kind', kind, 'title', title,
    'minimumSeniority', minimum_seniority, 'competences', competences, 'placeId', place_id) order by code), '[]') from structure.posts),
  'groups', (select coalesce(jsonb_agg(jsonb_build_object('id', id, 'code', code, 'name', name, 'tier', tier, 'purpose', purpose, 'authority', authority,
    'convening', convening, 'termsOfReference', terms_of_reference, 'cells', cells, 'chairPostId', chair_post_id, 'deputyChairPostId', deputy_chair_post_id,
    'secretariatPostId', secretariat_post_id, 'recordsOwnerPostId', records_owner_post_id, 'quorum', quorum, 'placeId', place_id,
    'reviewAt', to_char(review_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')) order by code), '[]') from structure.groups),
  'memberships', (select coalesce(jsonb_agg(jsonb_build_object('id', id, 'groupId', group_id, 'agencyId', agency_id, 'postId', post_id, 'kind', kind,
    'basis', basis, 'derived', derived) order by id), '[]') from structure.memberships where ended_at is null),
  'media', (select coalesce(jsonb_agg(jsonb_build_object('id', id, 'code', code, 'name', name, 'dependsOn', depends_on) order by code), '[]') from structure.media),
  'places', (select coalesce(jsonb_agg(jsonb_build_object('id', id, 'code', code, 'name', name) order by code), '[]') from structure.places),
  'links', (select coalesce(jsonb_agg(jsonb_build_object('id', id,
    'from', jsonb_build_object('kind', case when from_group_id is not null then 'group' when from_post_id is not null then 'post' else 'agency' end,
      'id', coalesce(from_group_id, from_post_id, from_agency_id)),
    'to', jsonb_build_object('kind', case when to_group_id is not null then 'group' when to_post_id is not null then 'post' else 'agency' end,
      'id', coalesce(to_group_id, to_post_id, to_agency_id)),
    'kind', kind, 'primaryMediumId', primary_medium_id, 'backupMediumId', backup_medium_id, 'carries', carries,
    'testedAt', to_char(tested_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')) order by id), '[]') from structure.links where ended_at is null),
  'responsibilities', (select coalesce(jsonb_agg(jsonb_build_object('id', id, 'activity', activity, 'phase', phase, 'agencyId', agency_id, 'part', part,
    'jointBasis', joint_basis) order by activity, phase, part, id), '[]') from structure.responsibilities where ended_at is null),
  'products', (select coalesce(jsonb_agg(jsonb_build_object('id', p.id, 'code', p.code, 'name', p.name, 'producerAgencyId', p.producer_agency_id,
    'mediumId', p.medium_id, 'protocol', p.protocol, 'receiverAgencyIds',
    (select coalesce(jsonb_agg(r.agency_id order by r.agency_id), '[]') from structure.product_receivers r where r.product_id = p.id and r.ended_at is null)) order by p.code), '[]')
    from structure.products p where p.ended_at is null),
  'variants', (select coalesce(jsonb_agg(jsonb_build_object('id', id, 'groupId', group_id, 'incidentType', incident_type, 'band', band, 'effect', effect,
    'agencyId', agency_id, 'postId', post_id, 'basis', basis) order by id), '[]') from structure.variants where ended_at is null))
$$;

-- Keeps the network as it stands as the next version, unless it says the same as the last one. Whoever may call this says nothing new.
create function structure.keep_version(of_basis text, of_review uuid) returns uuid volatile security definer language plpgsql
set search_path = pg_catalog, pg_temp as $$
declare
  whole jsonb;
  digest bytea;
  last structure.versions;
  fresh uuid := gen_random_uuid();
begin
  if not access.is_live() then raise exception 'the structure is written in live alone' using errcode = '42501'; end if;
  perform pg_advisory_xact_lock(7263, 3);
  whole := structure.network_now();
  digest := sha256(convert_to(whole::text, 'UTF8'));
  select v.* into last from structure.versions v order by v.number desc limit 1;
  if last.hash = digest then return last.id; end if;
  insert into structure.versions (id, number, network, hash, in_force_from, basis, review_id, label, world)
    values (fresh, coalesce(last.number, 0) + 1, whole, digest, access.real_now(), of_basis, of_review, structure.network_label(), access.live_world());
  return fresh;
end $$;

create table structure.reviews (
  id uuid primary key,
  title text not null check (title <> ''),
  reason text not null check (reason <> ''),
  trigger text not null check (trigger in ('scheduled', 'incident', 'exercise', 'role-change', 'finding')),
  state text not null default 'draft' check (state in ('draft', 'offered', 'adopted', 'withdrawn')),
  round int not null default 1 check (round > 0),
  base jsonb not null,
  proposed jsonb not null,
  proposed_by uuid not null references access.account on delete restrict,
  proposing_agency_id uuid not null references structure.agencies on delete restrict,
  drafted_at timestamptz not null,
  offered_at timestamptz,
  sign_by timestamptz,
  effective_at timestamptz,
  next_due_at timestamptz,
  adopted_at timestamptz,
  version_id uuid references structure.versions on delete restrict,
  end_reason text,
  check (state = 'draft' or (offered_at is not null and sign_by is not null and effective_at is not null and next_due_at is not null)),
  check ((state = 'adopted') = (adopted_at is not null)),
  check ((state = 'withdrawn') = (end_reason is not null))
);
comment on table structure.reviews is 'A proposed network against the one it was drafted on (base): offered to every agency that it touches, adopted by the database when all have signed (R-1.2.*, GAP-02).';
select record.labelled('structure.reviews', 'city-wide');

create table structure.review_parties (
  id uuid primary key,
  review_id uuid not null references structure.reviews on delete restrict,
  round int not null,
  agency_id uuid not null references structure.agencies on delete restrict,
  unique (review_id, round, agency_id)
);
comment on table structure.review_parties is 'Which agencies a proposal touches and who must therefore sign it: worked out by structure.offer_review alone.';
select record.labelled('structure.review_parties', 'city-wide');

create table structure.review_verdicts (
  id uuid primary key,
  review_id uuid not null references structure.reviews on delete restrict,
  round int not null,
  agency_id uuid not null references structure.agencies on delete restrict,
  verdict text not null check (verdict in ('signed', 'objected')),
  reason text,
  proposed_hash bytea not null,
  person_id uuid not null references access.account on delete restrict,
  post_id uuid,
  given_at timestamptz not null,
  check (verdict = 'signed' or length(trim(reason)) >= 3)
);
create index review_verdicts_review on structure.review_verdicts (review_id, round, agency_id, given_at desc);
comment on table structure.review_verdicts is 'Who signed or objected for which agency, over the hash of the proposal on their screen. The newest of a round counts; an objection stays (GAP-02).';
select record.labelled('structure.review_verdicts', 'city-wide');

create table structure.review_comments (
  id uuid primary key,
  review_id uuid not null references structure.reviews on delete restrict,
  about text not null default '',
  words text not null check (words <> ''),
  person_id uuid not null references access.account on delete restrict,
  agency_id uuid not null references structure.agencies on delete restrict,
  written_at timestamptz not null
);
create index review_comments_review on structure.review_comments (review_id, written_at);
comment on table structure.review_comments is 'What agencies say about a proposal before they sign. about: which part of it, or nothing.';
select record.labelled('structure.review_comments', 'city-wide');

create function structure.proposal_hash(proposed jsonb) returns bytea immutable language sql set search_path = pg_catalog, pg_temp as $$
  select sha256(convert_to(proposed::text, 'UTF8'))
$$;

-- What differs between two networks, element by element.
create function structure.network_changes(before jsonb, after jsonb) returns table (list text, element uuid, was jsonb, becomes jsonb) stable language sql
set search_path = pg_catalog, pg_temp as $$
  select k.list, coalesce(c.was ->> 'id', c.becomes ->> 'id')::uuid, c.was, c.becomes
  from unnest(array['agencies', 'posts', 'groups', 'memberships', 'media', 'places', 'links', 'responsibilities', 'products', 'variants']) with ordinality k (list, place)
  cross join lateral (
    select b.value as was, a.value as becomes
    from jsonb_array_elements(before -> k.list) b (value) full join jsonb_array_elements(after -> k.list) a (value) on a.value ->> 'id' = b.value ->> 'id'
    where b.value is distinct from a.value) c
  order by k.place, 2
$$;

-- Which agencies an element of a network touches: by name, by its posts, and the core members of its groups.
create function structure.agencies_touched(of_list text, element jsonb, network jsonb) returns table (agency_id uuid) stable language sql
set search_path = pg_catalog, pg_temp as $$
  with named as (
    select 'agency' as kind, element ->> 'agencyId' as id union all
    select 'agency', element ->> 'producerAgencyId' union all
    select 'agency', jsonb_array_elements_text(case when of_list = 'products' then element -> 'receiverAgencyIds' else '[]' end) union all
    select 'post', element ->> 'postId' union all
    select 'post', element ->> 'chairPostId' union all
    select 'post', element ->> 'deputyChairPostId' union all
    select 'post', element ->> 'secretariatPostId' union all
    select 'group', element ->> 'groupId' union all
    select 'group', case when of_list = 'groups' then element ->> 'id' end union all
    select element -> 'from' ->> 'kind', element -> 'from' ->> 'id' union all
    select element -> 'to' ->> 'kind', element -> 'to' ->> 'id')
  select n.id::uuid from named n where n.kind = 'agency' and n.id is not null
  union select p.agency_id from named n join structure.posts p on n.kind = 'post' and p.id = n.id::uuid
  union select (m.value ->> 'agencyId')::uuid from named n join jsonb_array_elements(network -> 'memberships') m (value)
    on n.kind = 'group' and m.value ->> 'groupId' = n.id and m.value ->> 'kind' = 'core'
  union select p.agency_id from named n join structure.groups g on n.kind = 'group' and g.id = n.id::uuid join structure.posts p on p.id = g.chair_post_id
$$;

create function structure.end_of(link_end jsonb, of_kind text) returns uuid immutable language sql set search_path = pg_catalog, pg_temp as $$
  select case when link_end ->> 'kind' = of_kind then (link_end ->> 'id')::uuid end
$$;

-- Does the structure say something else by now about what a proposal changes?
create function structure.is_stale(base jsonb, proposed jsonb, network jsonb) returns boolean stable language sql set search_path = pg_catalog, pg_temp as $$
  select exists (select from structure.network_changes(base, proposed) c
    join structure.network_changes(base, network) other on other.list = c.list and other.element = c.element)
$$;

create function structure.may_propose(of_review uuid) returns boolean stable security definer language sql set search_path = pg_catalog, pg_temp as $$
  select exists (select from structure.reviews r where r.id = of_review and r.state in ('draft', 'offered')
    and (structure.acts_for(r.proposing_agency_id, '{executive,secretariat,chair}') or access.holds('kind:administrator')))
$$;

-- Offers the draft: works out who must sign. Offered again after a change it is a new round, and what was signed before counts no more.
create function structure.offer_review(of_review uuid, until_moment timestamptz, from_moment timestamptz, next_moment timestamptz) returns int
volatile security definer language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
  review structure.reviews;
  shared_label int := structure.network_label();
  moment timestamptz := access.real_now();
  touched int;
begin
  select r.* into strict review from structure.reviews r where r.id = of_review and r.label = any(access.readable()) for update;
  if not structure.may_propose(of_review) or not access.is_live() then raise exception 'not yours to offer' using errcode = '42501'; end if;
  if review.state <> 'draft' then raise exception 'offered already' using errcode = '23505'; end if;
  if until_moment <= moment or from_moment < until_moment or next_moment <= from_moment then
    raise exception 'The last day to sign is to come, then the day from which it holds, then the next review. Nothing was offered.' using errcode = '22023', column = 'signBy';
  end if;
  if exists (select from structure.network_changes(review.base, review.proposed) c where c.list in ('agencies', 'posts')) then
    raise exception 'Agencies and posts are kept by the administrator and by lists, not by a review. Nothing was offered.' using errcode = '22023', column = 'network';
  end if;
  if exists (select from structure.network_changes(review.base, review.proposed) c where c.list in ('groups', 'media', 'places') and c.becomes is null) then
    raise exception 'A group, a medium or a place is not taken away by a review: end what hangs on it. Nothing was offered.' using errcode = '22023', column = 'network';
  end if;
  if not exists (select from structure.network_changes(review.base, review.proposed)) and review.trigger <> 'scheduled' then
    raise exception 'The proposal changes nothing. Nothing was offered.' using errcode = '22023', column = 'network';
  end if;
  insert into structure.review_parties (id, review_id, round, agency_id, label, world)
    select gen_random_uuid(), of_review, review.round, touched.agency_id, shared_label, access.live_world()
    from (select t.agency_id from structure.network_changes(review.base, review.proposed) c
            cross join lateral (select * from structure.agencies_touched(c.list, c.was, review.base) union select * from structure.agencies_touched(c.list, c.becomes, review.proposed)) t
          union select review.proposing_agency_id
          -- A scheduled review that changes nothing is everybody's who sits in a core seat.
          union select m.agency_id from structure.memberships m where m.kind = 'core' and m.ended_at is null and review.trigger = 'scheduled') touched
    join structure.agencies a on a.id = touched.agency_id and a.home_city is null;
  get diagnostics touched = row_count;
  update structure.reviews set state = 'offered', offered_at = moment, sign_by = until_moment, effective_at = from_moment, next_due_at = next_moment, label = shared_label
    where id = of_review;
  update structure.review_comments set label = shared_label where review_id = of_review and label <> shared_label;
  return touched;
end $$;

-- Takes a proposal back into the hands of those who write it: another round.
create function structure.revise_review(of_review uuid, new_proposed jsonb, new_base jsonb) returns int
volatile security definer language plpgsql set search_path = pg_catalog, pg_temp as $$
declare turn int;
begin
  perform from structure.reviews r where r.id = of_review and r.label = any(access.readable()) for update;
  if not found then raise exception 'not there' using errcode = 'P0002'; end if;
  if not structure.may_propose(of_review) or not access.is_live() then raise exception 'not yours to change' using errcode = '42501'; end if;
  update structure.reviews set proposed = new_proposed, base = coalesce(new_base, base), round = round + case when state = 'offered' then 1 else 0 end,
      state = 'draft', offered_at = null, sign_by = null, effective_at = null, next_due_at = null
    where id = of_review returning round into turn;
  return turn;
end $$;

create function structure.give_verdict(of_review uuid, of_agency uuid, of_verdict text, of_reason text, seen_hash bytea, of_id uuid) returns boolean
volatile security definer language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
  review structure.reviews;
  viewer record;
begin
  select v.* into viewer from access.viewer() v;
  select r.* into strict review from structure.reviews r where r.id = of_review and r.label = any(access.readable()) for update;
  if viewer.person is null or viewer.operator_person is not null or not access.is_live() or review.state <> 'offered'
     or not structure.acts_for(of_agency, '{executive}')
     or not exists (select from structure.review_parties p where p.review_id = of_review and p.round = review.round and p.agency_id = of_agency) then
    raise exception 'not yours to sign' using errcode = '42501';
  end if;
  if seen_hash is distinct from structure.proposal_hash(review.proposed) then
    raise exception 'The proposal has changed since you read it. Nothing was signed. Read it again.' using errcode = '22023', column = 'hash';
  end if;
  insert into structure.review_verdicts (id, review_id, round, agency_id, verdict, reason, proposed_hash, person_id, post_id, given_at, label, world)
    values (of_id, of_review, review.round, of_agency, of_verdict, of_reason, seen_hash, viewer.person, viewer.post, access.real_now(), review.label, review.world);
  return structure.adopt(of_review);
end $$;

create function structure.withdraw_review(of_review uuid, of_reason text) returns boolean
volatile security definer language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
  if not structure.may_propose(of_review) or not access.is_live() then raise exception 'not yours to withdraw' using errcode = '42501'; end if;
  update structure.reviews set state = 'withdrawn', end_reason = of_reason where id = of_review and state in ('draft', 'offered');
  return found;
end $$;

-- Everybody signed, in this round, last of all; the day has come; nothing that it changes was changed meanwhile: then it is written. Whoever
-- may call this can bring about nothing that was not signed. False: not yet, or not any more.
create function structure.adopt(of_review uuid) returns boolean volatile security definer language plpgsql
set search_path = pg_catalog, pg_temp as $$
declare
  review structure.reviews;
  now_network jsonb;
  moment timestamptz := access.real_now();
  shown int := structure.network_label();
  common int := access.city_label();
  here uuid := access.live_world();
  kept uuid;
begin
  if not access.is_live() then return false; end if;
  select r.* into review from structure.reviews r where r.id = of_review for update;
  if not found or review.state <> 'offered' or review.effective_at > moment then return false; end if;
  if exists (select from structure.review_parties p where p.review_id = of_review and p.round = review.round
      and coalesce((select v.verdict from structure.review_verdicts v where v.review_id = of_review and v.round = review.round and v.agency_id = p.agency_id
        and v.proposed_hash = structure.proposal_hash(review.proposed) order by v.given_at desc, v.id limit 1), '') <> 'signed') then
    return false;
  end if;
  perform pg_advisory_xact_lock(7263, 3);
  now_network := structure.network_now();
  -- What is changed here and was changed elsewhere meanwhile is not overwritten: the proposal is stale and is drafted again.
  if structure.is_stale(review.base, review.proposed, now_network) then return false; end if;

  insert into structure.media as m (id, code, name, depends_on, label, world)
    select c.element, c.becomes ->> 'code', c.becomes ->> 'name', array(select jsonb_array_elements_text(c.becomes -> 'dependsOn')), shown, here
    from structure.network_changes(review.base, review.proposed) c where c.list = 'media'
    on conflict (id) do update set code = excluded.code, name = excluded.name, depends_on = excluded.depends_on;
  insert into structure.places as p (id, code, name, label, world)
    select c.element, c.becomes ->> 'code', c.becomes ->> 'name', shown, here
    from structure.network_changes(review.base, review.proposed) c where c.list = 'places'
    on conflict (id) do update set code = excluded.code, name = excluded.name;
  insert into structure.groups as g (id, code, name, tier, purpose, authority, convening, terms_of_reference, cells, chair_post_id, deputy_chair_post_id,
      secretariat_post_id, records_owner_post_id, quorum, place_id, review_at, label, world)
    select c.element, c.becomes ->> 'code', c.becomes ->> 'name', c.becomes ->> 'tier', c.becomes ->> 'purpose', c.becomes ->> 'authority', c.becomes ->> 'convening',
      c.becomes ->> 'termsOfReference', array(select jsonb_array_elements_text(c.becomes -> 'cells')), (c.becomes ->> 'chairPostId')::uuid,
      (c.becomes ->> 'deputyChairPostId')::uuid, (c.becomes ->> 'secretariatPostId')::uuid, (c.becomes ->> 'recordsOwnerPostId')::uuid,
      (c.becomes ->> 'quorum')::int, (c.becomes ->> 'placeId')::uuid, (c.becomes ->> 'reviewAt')::timestamptz, common, here
    from structure.network_changes(review.base, review.proposed) c where c.list = 'groups'
    on conflict (id) do update set name = excluded.name, purpose = excluded.purpose, authority = excluded.authority, convening = excluded.convening,
      terms_of_reference = excluded.terms_of_reference, cells = excluded.cells, chair_post_id = excluded.chair_post_id,
      deputy_chair_post_id = excluded.deputy_chair_post_id, secretariat_post_id = excluded.secretariat_post_id,
      records_owner_post_id = excluded.records_owner_post_id, quorum = excluded.quorum, place_id = excluded.place_id, review_at = excluded.review_at;
  update structure.memberships m set ended_at = moment
    from structure.network_changes(review.base, review.proposed) c where c.list = 'memberships' and c.becomes is null and m.id = c.element and m.ended_at is null;
  insert into structure.memberships as m (id, group_id, agency_id, post_id, kind, basis, derived, label, world)
    select c.element, (c.becomes ->> 'groupId')::uuid, (c.becomes ->> 'agencyId')::uuid, (c.becomes ->> 'postId')::uuid, c.becomes ->> 'kind', c.becomes ->> 'basis',
      (c.becomes ->> 'derived')::boolean, common, here
    from structure.network_changes(review.base, review.proposed) c where c.list = 'memberships' and c.becomes is not null
    on conflict (group_id, agency_id) do update set post_id = excluded.post_id, kind = excluded.kind, basis = excluded.basis, derived = excluded.derived, ended_at = null;
  update structure.links l set ended_at = moment
    from structure.network_changes(review.base, review.proposed) c where c.list = 'links' and c.becomes is null and l.id = c.element;
  insert into structure.links as l (id, from_group_id, from_post_id, from_agency_id, to_group_id, to_post_id, to_agency_id, kind, primary_medium_id, backup_medium_id,
      carries, tested_at, label, world)
    select c.element, structure.end_of(c.becomes -> 'from', 'group'), structure.end_of(c.becomes -> 'from', 'post'), structure.end_of(c.becomes -> 'from', 'agency'),
      structure.end_of(c.becomes -> 'to', 'group'), structure.end_of(c.becomes -> 'to', 'post'), structure.end_of(c.becomes -> 'to', 'agency'), c.becomes ->> 'kind',
      (c.becomes ->> 'primaryMediumId')::uuid, (c.becomes ->> 'backupMediumId')::uuid, array(select jsonb_array_elements_text(c.becomes -> 'carries')),
      case when c.was is null then null else (c.was ->> 'testedAt')::timestamptz end, shown, here
    from structure.network_changes(review.base, review.proposed) c where c.list = 'links' and c.becomes is not null
    on conflict (id) do update set from_group_id = excluded.from_group_id, from_post_id = excluded.from_post_id, from_agency_id = excluded.from_agency_id,
      to_group_id = excluded.to_group_id, to_post_id = excluded.to_post_id, to_agency_id = excluded.to_agency_id, kind = excluded.kind,
      primary_medium_id = excluded.primary_medium_id, backup_medium_id = excluded.backup_medium_id, carries = excluded.carries;
  update structure.responsibilities r set ended_at = moment
    from structure.network_changes(review.base, review.proposed) c where c.list = 'responsibilities' and c.becomes is null and r.id = c.element;
  insert into structure.responsibilities as r (id, activity, phase, agency_id, part, joint_basis, label, world)
    select c.element, c.becomes ->> 'activity', c.becomes ->> 'phase', (c.becomes ->> 'agencyId')::uuid, c.becomes ->> 'part', c.becomes ->> 'jointBasis', shown, here
    from structure.network_changes(review.base, review.proposed) c where c.list = 'responsibilities' and c.becomes is not null
    on conflict (id) do update set activity = excluded.activity, phase = excluded.phase, agency_id = excluded.agency_id, part = excluded.part, joint_basis = excluded.joint_basis;
  update structure.products p set ended_at = moment
    from structure.network_changes(review.base, review.proposed) c where c.list = 'products' and c.becomes is null and p.id = c.element;
  insert into structure.products as p (id, code, name, producer_agency_id, medium_id, protocol, label, world)
    select c.element, c.becomes ->> 'code', c.becomes ->> 'name', (c.becomes ->> 'producerAgencyId')::uuid, (c.becomes ->> 'mediumId')::uuid, c.becomes ->> 'protocol', shown, here
    from structure.network_changes(review.base, review.proposed) c where c.list = 'products' and c.becomes is not null
    on conflict (id) do update set name = excluded.name, producer_agency_id = excluded.producer_agency_id, medium_id = excluded.medium_id, protocol = excluded.protocol;
  update structure.product_receivers r set ended_at = moment
    from structure.network_changes(review.base, review.proposed) c where c.list = 'products' and r.product_id = c.element and r.ended_at is null
      and (c.becomes is null or not c.becomes -> 'receiverAgencyIds' ? r.agency_id::text);
  insert into structure.product_receivers (id, product_id, agency_id, label, world)
    select gen_random_uuid(), c.element, receiver.value::uuid, shown, here
    from structure.network_changes(review.base, review.proposed) c cross join lateral jsonb_array_elements_text(c.becomes -> 'receiverAgencyIds') receiver
    where c.list = 'products' and c.becomes is not null
      and not exists (select from structure.product_receivers r where r.product_id = c.element and r.agency_id = receiver.value::uuid and r.ended_at is null);
  update structure.variants v set ended_at = moment
    from structure.network_changes(review.base, review.proposed) c where c.list = 'variants' and c.becomes is null and v.id = c.element;
  insert into structure.variants as v (id, group_id, incident_type, band, effect, agency_id, post_id, basis, label, world)
    select c.element, (c.becomes ->> 'groupId')::uuid, c.becomes ->> 'incidentType', c.becomes ->> 'band', c.becomes ->> 'effect', (c.becomes ->> 'agencyId')::uuid,
      (c.becomes ->> 'postId')::uuid, c.becomes ->> 'basis', shown, here
    from structure.network_changes(review.base, review.proposed) c where c.list = 'variants' and c.becomes is not null
    on conflict (id) do update set incident_type = excluded.incident_type, band = excluded.band, effect = excluded.effect, agency_id = excluded.agency_id,
      post_id = excluded.post_id, basis = excluded.basis;
  -- Groups that were looked at are due again on the agreed day.
  update structure.groups g set review_at = review.next_due_at
    where exists (select from structure.network_changes(review.base, review.proposed) c where c.list = 'groups' and c.element = g.id)
      or exists (select from structure.network_changes(review.base, review.proposed) c
        where c.list = 'memberships' and coalesce(c.becomes, c.was) ->> 'groupId' = g.id::text);
  kept := structure.keep_version('review', of_review);
  update structure.reviews set state = 'adopted', adopted_at = moment, version_id = kept where id = of_review;
  perform structure.refresh_tokens(moment);
  return true;
end $$;
comment on function structure.adopt is 'Writes a proposal that everybody signed into the structure, once its day has come.';
