-- Items: information that agencies share. The label is written here, from the protocol's circle and the originator's agency; what an item says stands in a
-- table that nobody may select from, under a label that nobody can read, so that the ledger does not tell it either: it is handed out by
-- functions that look at the item's label at that moment. Reading a sensitive one writes who opened it, before it is read.

create table sharing.items (
  id uuid primary key,
  incident_id uuid,
  kind text not null check (kind in ('situation', 'casualty-numbers', 'people-affected', 'site-and-premises', 'capability-and-resources',
    'threat-and-intelligence', 'infrastructure', 'contact-details', 'plans', 'lessons')),
  title text not null check (title <> ''),
  originator_agency_id uuid not null references structure.agencies on delete restrict,
  shared_by uuid not null references access.account on delete restrict,
  post_id uuid,
  shared_at timestamptz not null,
  protocol_id uuid references sharing.protocols on delete restrict,
  epoch int,
  basis text,
  to_agencies uuid[],
  restricted_because text,
  restricted_until timestamptz,
  until_at timestamptz,
  share_circle uuid,
  caveats text[] not null default '{}',
  sensitive boolean not null,
  derived_from uuid[] not null default '{}',
  floor_clauses jsonb not null default '[]',
  floor_markings text[] not null default '{}',
  receipt uuid,
  state text not null default 'shared' check (state in ('shared', 'recalled')),
  changed_at timestamptz,
  changed_because text,
  constraint under_an_agreement_or_on_a_basis check ((protocol_id is null) = (epoch is null) and (protocol_id is not null or (length(trim(basis)) >= 3 and to_agencies is not null))),
  constraint an_audience_is_somebody check (to_agencies is null or cardinality(to_agencies) between 1 and 60),
  constraint narrower_with_a_reason_and_an_end check (protocol_id is null or (to_agencies is null) = (restricted_because is null)),
  constraint a_restriction_is_whole check ((restricted_because is null) = (restricted_until is null) and (restricted_because is null or length(trim(restricted_because)) >= 3)),
  constraint a_clock_has_its_circle check ((share_circle is not null) = (until_at is not null or restricted_until is not null))
);
comment on table sharing.items is 'What was shared: its heads. The label says who can read it now; the words are in sharing.item_contents.';
select record.labelled('sharing.items', 'per-world', 'incident_id');

create table sharing.item_contents (
  id uuid primary key,
  item_id uuid not null unique,
  text text not null check (text <> '')
);
comment on table sharing.item_contents is 'What items say. Nobody may select from it and its label is nobody: sharing.item_text and sharing.open_item hand it out.';
select record.labelled('sharing.item_contents', 'per-world');
alter table sharing.item_contents add foreign key (world, item_id) references sharing.items (world, id) on delete restrict;

create table sharing.disclosures (
  id uuid primary key,
  item_id uuid not null,
  deed text not null check (deed in ('shared', 'remarked', 'recalled')),
  agency_id uuid not null references structure.agencies on delete restrict,
  originator_agency_id uuid not null references structure.agencies on delete restrict,
  sent_at timestamptz not null,
  sent_by uuid not null references access.account on delete restrict,
  marking text not null,
  protocol_id uuid references sharing.protocols on delete restrict,
  channel text not null default 'concord' check (channel in ('concord')),
  kind text not null,
  title text,
  because text,
  constraint news_has_its_reason check ((deed = 'shared') = (because is null))
);
create index disclosures_item on sharing.disclosures (item_id, sent_at);
create index disclosures_agency on sharing.disclosures (agency_id, sent_at desc);
comment on table sharing.disclosures is 'What was put before which agency, when, under which marking, by which protocol and channel; and that it was re-marked or recalled. Sent is never knows.';
select record.labelled('sharing.disclosures', 'per-world');
alter table sharing.disclosures add foreign key (world, item_id) references sharing.items (world, id) on delete restrict;

-- The words of a marking by axis, loosest first; 0 is an axis left open. As core/access/marking.ts reads them; a test holds the two together.
create function sharing.marking_axes(marking text, out tlp int, out classification int, out words text[]) immutable language sql
set search_path = pg_catalog, pg_temp as $$
  select coalesce(max(array_position('{TLP:CLEAR,TLP:GREEN,TLP:AMBER,TLP:AMBER+STRICT,TLP:RED}'::text[], p.part)), 0),
    coalesce(max(case when p.part ~ '^OFFICIAL-SENSITIVE( \[[^]]*\])*$' then 2 when p.part ~ '^OFFICIAL( \[[^]]*\])*$' then 1 end), 0),
    coalesce((select array_agg(distinct w.word) from unnest(string_to_array(marking, ' // ')) q (part), lateral (
        select m[1] as word from regexp_matches(q.part, '(\[[^]]*\])', 'g') m where q.part ~ '^OFFICIAL(-SENSITIVE)?( \[[^]]*\])*$'
        union all select q.part where q.part !~ '^TLP:' and q.part !~ '^OFFICIAL(-SENSITIVE)?( \[[^]]*\])*$') w), '{}')
  from unnest(string_to_array(marking, ' // ')) p (part)
$$;

-- Is the first looser than the second on any axis, or does it leave out a word of it?
create function sharing.lowers(marking text, before text) returns boolean immutable language sql set search_path = pg_catalog, pg_temp as $$
  select coalesce(a.tlp < b.tlp or a.classification < b.classification or not a.words @> b.words, false)
  from sharing.marking_axes(marking) a, sharing.marking_axes(before) b
$$;

-- Sensitive: reading it is an entry. TLP:AMBER+STRICT and TLP:RED, OFFICIAL-SENSITIVE, or any caveat.
create function sharing.is_sensitive(marking text, caveats text[]) returns boolean immutable language sql set search_path = pg_catalog, pg_temp as $$
  select cardinality(caveats) > 0 or (select m.tlp >= 4 or m.classification >= 2 from sharing.marking_axes(marking) m)
$$;

-- Before whom something stands: of a protocol, those who read what was shared in an epoch and still do; without one, those named.
create function sharing.receivers(of_protocol uuid, of_epoch int, named uuid[], originator uuid) returns table (agency_id uuid, kinds text[]) stable language sql
set search_path = pg_catalog, pg_temp as $$
  select s.agency_id, s.kinds from sharing.parties s
    where s.protocol_id = of_protocol and s.sees_from <= of_epoch and coalesce(s.last_epoch, of_epoch) >= of_epoch and (s.left_at is null or s.keeps)
      and s.agency_id <> originator and (named is null or s.agency_id = any(named))
  union all
  select n.id, '{}'::text[] from unnest(named) n (id) where of_protocol is null and n.id <> originator
$$;

-- Who may read an item: its audience, for as long as the clock says, who hold each caveat, and whatever its parts asked for. The originator's agency
-- and an inquiry stand in each clause of the audience, and in no caveat. Recalled, those two are left.
create function sharing.item_label(item sharing.items, marking text) returns int volatile language sql set search_path = pg_catalog, pg_temp as $$
  select access.intern(case
      when item.state = 'recalled' then jsonb_build_array(own.base)
      when item.protocol_id is not null then jsonb_build_array(own.base || to_jsonb(sharing.circle(item.protocol_id, item.epoch)))
      else jsonb_build_array(own.base || (select jsonb_agg('agency:' || a.id) from unnest(item.to_agencies) a (id))) end
    || case when item.share_circle is null or item.state = 'recalled' then '[]'::jsonb else jsonb_build_array(own.base || to_jsonb('circle:share.' || item.share_circle)) end
    || coalesce((select jsonb_agg(jsonb_build_array(c.token)) from unnest(item.caveats) c (token)), '[]'::jsonb)
    || item.floor_clauses, marking)
  from (select jsonb_build_array('agency:' || item.originator_agency_id, 'kind:inquiry') as base) own
$$;

-- What one receiver is told about an item stays with it when the item itself has gone: it answers for what it was given.
create function sharing.told_label(item sharing.items, receiver uuid, kinds text[], marking text) returns int volatile language sql
set search_path = pg_catalog, pg_temp as $$
  select access.intern(jsonb_build_array(own.base || to_jsonb('agency:' || receiver))
    || case when cardinality(kinds) = 0 then '[]'::jsonb else jsonb_build_array(own.base || (select jsonb_agg('kind:' || k) from unnest(kinds) k)) end
    || coalesce((select jsonb_agg(jsonb_build_array(c.token)) from unnest(item.caveats) c (token)), '[]'::jsonb) || item.floor_clauses, marking)
  from (select jsonb_build_array('agency:' || item.originator_agency_id, 'kind:inquiry') as base) own
$$;

-- Opens the circle of an item that has a clock: to its receivers until it ends, and to all whom the protocol opens to once a restriction is over.
-- The admission stands under the item's own label, so that nobody else learns that there is one.
create function sharing.open_share(item sharing.items, until_moment timestamptz, restricted_moment timestamptz) returns void volatile language plpgsql
set search_path = pg_catalog, pg_temp as $$
declare
  token text := 'circle:share.' || item.share_circle;
  plain jsonb := coalesce((select jsonb_agg(jsonb_build_array(c.token)) from unnest(item.caveats) c (token) where c.token !~ '^circle:'), '[]');
begin
  if item.share_circle is null then return; end if;
  perform access.put_admission(token, jsonb_build_array(r.agencies) || r.posts || plain, null, until_moment, 'sharing.item:' || item.share_circle, item.label)
    from (select jsonb_agg(distinct 'agency:' || t.agency_id) as agencies,
        case when cardinality(t.kinds) = 0 then '[]'::jsonb else jsonb_build_array((select jsonb_agg('kind:' || k) from unnest(t.kinds) k)) end as posts
      from sharing.receivers(item.protocol_id, item.epoch, item.to_agencies, item.originator_agency_id) t group by t.kinds) r;
  if restricted_moment is null or (until_moment is not null and restricted_moment >= until_moment) then return; end if;
  perform access.put_admission(token, jsonb_build_array(r.agencies) || r.posts || plain, restricted_moment, until_moment, 'sharing.item:' || item.share_circle, item.label)
    from (select jsonb_agg(distinct 'agency:' || t.agency_id) as agencies,
        case when cardinality(t.kinds) = 0 then '[]'::jsonb else jsonb_build_array((select jsonb_agg('kind:' || k) from unnest(t.kinds) k)) end as posts
      from sharing.receivers(item.protocol_id, item.epoch, null, item.originator_agency_id) t group by t.kinds) r;
end $$;

-- One row for each receiver: put before them, re-marked, or recalled.
create function sharing.tell(item sharing.items, of_deed text, receivers uuid[], marking text, because text, at timestamptz) returns void volatile language sql
set search_path = pg_catalog, pg_temp as $$
  insert into sharing.disclosures (id, item_id, deed, agency_id, originator_agency_id, sent_at, sent_by, marking, protocol_id, kind, title, because, label, world)
    select gen_random_uuid(), item.id, of_deed, r.agency_id, item.originator_agency_id, at, access.person(), marking, item.protocol_id, item.kind,
      case when of_deed = 'shared' then null else item.title end, because,
      sharing.told_label(item, r.agency_id, coalesce((select s.kinds from sharing.parties s where s.protocol_id = item.protocol_id and s.agency_id = r.agency_id
        order by s.joined_epoch desc limit 1), '{}'), marking), item.world
    from unnest(receivers) r (agency_id)
$$;

-- Which kinds of post share for their agency.
create function sharing.sharers() returns text[] immutable language sql set search_path = pg_catalog, pg_temp as $$
  select '{watch-officer,duty,executive,data-protection,legal-adviser,loggist,secretariat,chair,neutral-commander,communications}'::text[]
$$;

create function sharing.refuse(field text, words text) returns void language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
  raise exception '%', words using errcode = '22023', column = field;
end $$;

-- An audience made whole: parties alone under a protocol, fewer than all of them only with a reason and an end, a clock that still runs.
create function sharing.settled(item sharing.items, at timestamptz) returns sharing.items volatile language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
  if item.to_agencies = '{}' then perform sharing.refuse('agencyIds', 'An empty audience is nobody. Nothing was changed. Choose who may read it.'); end if;
  if item.protocol_id is null then
    item.restricted_because := null; item.restricted_until := null;
  else
    if exists (select from unnest(item.to_agencies) n (id) where not exists (
        select from sharing.receivers(item.protocol_id, item.epoch, null, item.originator_agency_id) r where r.agency_id = n.id)) then
      perform sharing.refuse('agencyIds', 'Somebody named is no party to this protocol. Nothing was changed. Leave them out, or share with them without the protocol.');
    end if;
    -- Whoever names every party restricts nothing.
    if item.to_agencies is null or not exists (
        select from sharing.receivers(item.protocol_id, item.epoch, null, item.originator_agency_id) r where r.agency_id <> all(item.to_agencies)) then
      item.to_agencies := null; item.restricted_because := null; item.restricted_until := null;
    elsif item.restricted_because is null or item.restricted_until is null then
      perform sharing.refuse('restrictedBecause', 'Fewer would read this than the protocol opens to. Nothing was changed. Say why, and until when; or share it with all parties.');
    end if;
  end if;
  if item.until_at <= at then perform sharing.refuse('until', 'This moment has passed. Nothing was changed. Choose a later one.'); end if;
  if item.restricted_until <= at then perform sharing.refuse('restrictedUntil', 'This moment has passed. Nothing was changed. Choose a later one.'); end if;
  item.share_circle := case when item.until_at is not null or item.restricted_until is not null then gen_random_uuid() end;
  return item;
end $$;

-- Shares. Everything that opens is worked out here: that the protocol is in force and covers this kind, that the writer's post uses it, who it is put
-- before, the label. upward: into what the writer cannot read, where the protocol says that reports may go up.
create function sharing.put_item(it jsonb, upward boolean) returns sharing.items volatile language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
  item sharing.items;
  terms jsonb;
  uses text[];
  release record;
  words text := it ->> 'text';
  marked text := it ->> 'marking';
begin
  item.world := access.world();
  item.originator_agency_id := (it ->> 'originatorAgencyId')::uuid;
  if access.person() is null or item.world is null or not coalesce(sharing.acts_for(item.originator_agency_id, sharing.sharers()), false) then
    raise exception 'not yours to share' using errcode = '42501';
  end if;
  item.id := gen_random_uuid();
  item.kind := it ->> 'kind';
  item.title := it ->> 'title';
  item.shared_by := access.person();
  item.post_id := (access.viewer()).post;
  item.shared_at := (it ->> 'at')::timestamptz;
  item.incident_id := (it ->> 'incidentId')::uuid;
  item.protocol_id := (it ->> 'protocolId')::uuid;
  item.basis := nullif(trim(it ->> 'basis'), '');
  item.to_agencies := case when jsonb_typeof(it -> 'agencyIds') = 'array' then array(select distinct a::uuid from jsonb_array_elements_text(it -> 'agencyIds') a where a::uuid <> item.originator_agency_id order by 1) end;
  item.until_at := (it ->> 'until')::timestamptz;
  item.restricted_because := nullif(trim(it ->> 'restrictedBecause'), '');
  item.restricted_until := (it ->> 'restrictedUntil')::timestamptz;
  item.caveats := array(select distinct c from jsonb_array_elements_text(coalesce(it -> 'caveats', '[]')) c order by 1);
  item.derived_from := array(select distinct d::uuid from jsonb_array_elements_text(coalesce(it -> 'derivedFrom', '[]')) d order by 1);
  item.floor_clauses := '[]';
  item.floor_markings := '{}';
  item.state := 'shared';
  if item.incident_id is not null and not access.holds('incident:' || item.incident_id) then raise exception 'not in this incident' using errcode = '42501'; end if;

  if item.protocol_id is not null then
    select p.epoch, v.terms into item.epoch, terms from sharing.protocols p
      join sharing.protocol_versions v on v.protocol_id = p.id and v.state = 'offered' and v.number = p.version_in_force
      where p.id = item.protocol_id and p.ended_at is null and p.expires_at > access.real_now();
    select s.kinds into uses from sharing.parties s where s.protocol_id = item.protocol_id and s.left_at is null and s.agency_id = item.originator_agency_id;
    if terms is null or uses is null then
      perform sharing.refuse('protocolId', 'This protocol is not in force for your agency: it opens nothing. Nothing was shared. Choose another, or name who may read it.');
    end if;
    if not sharing.acts_for(item.originator_agency_id, uses) then
      perform sharing.refuse('protocolId', 'Your post does not use this protocol. Nothing was shared. Ask a post that does, or name who may read it.');
    end if;
    if not terms -> 'kinds' ? item.kind then
      perform sharing.refuse('kind', 'This protocol does not cover that kind of information. Nothing was shared. Choose another protocol, or name who may read it.');
    end if;
  elsif item.to_agencies is null or item.basis is null then
    perform sharing.refuse('basis', 'Without a protocol, name who may read it and on what basis. Nothing was shared.');
  end if;
  item := sharing.settled(item, item.shared_at);

  -- A thing made of others asks for what each of them asks for, and its marking is as strict as theirs on every axis.
  if cardinality(item.derived_from) > 0 then
    select coalesce(jsonb_agg(distinct c.value), '[]'), array_agg(distinct l.marking), bool_or(s.sensitive) into item.floor_clauses, item.floor_markings, item.sensitive
      from sharing.items s join access.label l on l.id = s.label cross join lateral jsonb_array_elements(l.clauses) c
      where s.id = any(item.derived_from) and s.world = item.world and s.label = any(access.readable());
    if (select count(*) from sharing.items s where s.id = any(item.derived_from) and s.world = item.world and s.label = any(access.readable())) <> cardinality(item.derived_from) then
      raise exception 'a part that cannot be read' using errcode = '42501';
    end if;
    if exists (select from unnest(item.floor_markings) f (marking) where sharing.lowers(marked, f.marking)) then
      perform sharing.refuse('marking', 'What is made of others is marked as strictly as they are. Nothing was shared. Raise the marking, or ask each originator for a releasable version.');
    end if;
  end if;
  item.sensitive := coalesce(item.sensitive, false) or sharing.is_sensitive(marked, item.caveats);

  -- The releasable version of another item: what is sent is what its originator approved, under an id that was drawn for it then.
  if it ->> 'releaseId' is not null then
    select r.* into release from sharing.approved_release((it ->> 'releaseId')::uuid) r;
    if release.id is null or (release.originator, release.kind, release.title, release.text, release.marking, release.protocol_id, release.basis, release.to_agencies, release.until_at)
        is distinct from (item.originator_agency_id, item.kind, item.title, words, marked, item.protocol_id, item.basis, item.to_agencies, item.until_at)
        or cardinality(item.caveats) + cardinality(item.derived_from) > 0 or item.incident_id is not null then
      perform sharing.refuse('releaseId', 'These are not the words that were approved. Nothing was shared. Open the tear line again and send what was approved.');
    end if;
    item.id := release.id;
  end if;
  if upward then
    if not coalesce((terms ->> 'upward')::boolean, false) then
      perform sharing.refuse('protocolId', 'This protocol does not allow reports that their writer cannot read. Nothing was shared. Share it with a label that you can read.');
    end if;
    item.receipt := gen_random_uuid();
  end if;

  item.label := sharing.item_label(item, marked);
  if not upward and not item.label = any(access.readable()) then
    perform sharing.refuse('caveats', 'You could not read this yourself, so it is not kept. Nothing was shared. Leave out the caveat that you do not hold, or ask who holds it to write it.');
  end if;
  insert into sharing.items select item.*;
  insert into sharing.item_contents (id, item_id, text, label, world) values (gen_random_uuid(), item.id, words, access.intern('[[]]', ''), item.world);
  perform sharing.open_share(item, (it ->> 'untilReal')::timestamptz, (it ->> 'restrictedUntilReal')::timestamptz);
  perform sharing.tell(item, 'shared', array(select distinct r.agency_id from sharing.receivers(item.protocol_id, item.epoch, item.to_agencies, item.originator_agency_id) r),
    marked, null, item.shared_at);
  return item;
end $$;

create function sharing.share_item(it jsonb) returns uuid volatile security definer language sql set search_path = pg_catalog, pg_temp as $$
  select (sharing.put_item(it, false)).id
$$;

-- Reporting upward: what the writer cannot read is kept, and the writer gets a receipt and nothing else.
create function sharing.report_upward(it jsonb) returns uuid volatile security definer language sql set search_path = pg_catalog, pg_temp as $$
  select (sharing.put_item(it, true)).receipt
$$;

-- What an item says, to whoever can read it now. Not what a sensitive one says: that is opened.
create function sharing.item_text(of_item uuid) returns text stable security definer language sql set search_path = pg_catalog, pg_temp as $$
  select c.text from sharing.items i join sharing.item_contents c on c.item_id = i.id
  where i.id = of_item and not i.sensitive and i.world = access.world() and i.label = any(access.readable())
$$;

-- Opens an item: first who and when is written, then it is read. The entry is for the originator's agency, the opener's and an inquiry, within the item's own label.
create function sharing.open_item(of_item uuid, at timestamptz) returns text volatile security definer language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
  viewer record;
  item sharing.items;
  words text;
  theirs jsonb;
begin
  select v.* into viewer from access.viewer() v;
  select i.* into item from sharing.items i where i.id = of_item and i.world = access.world() and i.label = any(access.readable()) for share;
  if viewer.person is null or item.id is null then return null; end if;
  -- A screen in a room opens nothing: nobody is known to look.
  if access.holds('kind:device') then raise exception 'a screen opens nothing' using errcode = '42501'; end if;
  select c.text into strict words from sharing.item_contents c where c.item_id = item.id;
  select jsonb_agg(t) into theirs from unnest(access.reach_now()) t where t like 'agency:%';
  insert into record.openings (id, person_id, table_name, row_id, opened_at, label, world)
    select gen_random_uuid(), viewer.person, 'sharing.items', item.id, at,
      access.intern(l.clauses || jsonb_build_array(jsonb_build_array('agency:' || item.originator_agency_id, 'kind:inquiry') || coalesce(theirs, '[]')), l.marking), item.world
    from access.label l where l.id = item.label;
  return words;
end $$;
