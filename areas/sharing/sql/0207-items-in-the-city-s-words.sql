-- Items are marked in the city's own words (core/access, schemes), and follow the epochs of an incident.

-- A marking in the one way of writing it, and at least as strict as each of these on every axis. Errors: invalid marking.
create function sharing.marked(marking text, floors text[]) returns text stable security definer language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
  whole text := access.strictest(marking, marking);
  floor text;
begin
  foreach floor in array floors loop whole := access.strictest(whole, floor); end loop;
  return whole;
end $$;

-- Shares. Everything that opens is worked out here: that the protocol is in force and covers this kind, that the writer's post uses it, who it is put
-- before, the label. upward: into what the writer cannot read, where the protocol says that reports may go up.
create or replace function sharing.put_item(it jsonb, upward boolean) returns sharing.items volatile language plpgsql set search_path = pg_catalog, pg_temp as $$
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
  if item.incident_id is not null and not access.holds_part('incident:' || item.incident_id) then raise exception 'not in this incident' using errcode = '42501'; end if;

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

  -- A thing made of others asks for what each of them asks for, and is marked as strictly as they are on every axis, whatever its writer says.
  if cardinality(item.derived_from) > 0 then
    select coalesce(jsonb_agg(distinct c.value), '[]'), array_agg(distinct l.marking), bool_or(s.sensitive) into item.floor_clauses, item.floor_markings, item.sensitive
      from sharing.items s join access.label l on l.id = s.label cross join lateral jsonb_array_elements(l.clauses) c
      where s.id = any(item.derived_from) and s.world = item.world and s.label = any(access.readable());
    if (select count(*) from sharing.items s where s.id = any(item.derived_from) and s.world = item.world and s.label = any(access.readable())) <> cardinality(item.derived_from) then
      raise exception 'a part that cannot be read' using errcode = '42501';
    end if;
  end if;
  marked := sharing.marked(marked, item.floor_markings);
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
  select l.marking into strict marked from access.label l where l.id = item.label;
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

-- A new marking, audience and clock. Who loses it is told that it was recalled from them; who keeps it, that it is marked otherwise.
-- Answers who it is put before now for the first time, who keeps it and who loses it.
create or replace function sharing.remark_item(of_item uuid, it jsonb) returns jsonb volatile security definer language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
  item sharing.items := sharing.held_item(of_item);
  marked text := it ->> 'marking';
  because text := it ->> 'because';
  at timestamptz := (it ->> 'at')::timestamptz;
  had uuid[];
  have uuid[];
  old_circle uuid := item.share_circle;
begin
  if item.id is null or not sharing.answers_for(item) then raise exception 'not yours to mark' using errcode = '42501'; end if;
  if item.state = 'recalled' then raise exception 'recalled' using errcode = '23505'; end if;
  had := sharing.holders(item, at);
  item.caveats := array(select distinct c from jsonb_array_elements_text(coalesce(it -> 'caveats', '[]')) c order by 1);
  item.to_agencies := case when jsonb_typeof(it -> 'agencyIds') = 'array' then array(select distinct a::uuid from jsonb_array_elements_text(it -> 'agencyIds') a where a::uuid <> item.originator_agency_id order by 1)
    when item.protocol_id is null then item.to_agencies end;
  item.until_at := (it ->> 'until')::timestamptz;
  item.restricted_because := nullif(trim(it ->> 'restrictedBecause'), '');
  item.restricted_until := (it ->> 'restrictedUntil')::timestamptz;
  item := sharing.settled(item, at);
  marked := sharing.marked(marked, '{}');
  if exists (select from unnest(item.floor_markings) f (marking) where sharing.lowers(marked, f.marking)) then
    perform sharing.refuse('marking', 'What is made of others is marked as strictly as they are. Nothing was changed. Ask each originator for a releasable version.');
  end if;
  item.sensitive := sharing.is_sensitive(marked, item.caveats)
    or exists (select from unnest(item.floor_markings) f (marking) where sharing.is_sensitive(f.marking, '{}'))
    or exists (select from jsonb_array_elements(item.floor_clauses) c where jsonb_array_length(c.value) = 1);
  item.label := sharing.item_label(item, marked);
  select l.marking into strict marked from access.label l where l.id = item.label;
  if not item.label = any(access.readable()) then
    perform sharing.refuse('caveats', 'You could not read this yourself, so it is not kept. Nothing was changed. Leave out the caveat that you do not hold.');
  end if;
  if old_circle is not null then perform access.close_admission('sharing.item:' || old_circle, null); end if;
  update sharing.items i set caveats = item.caveats, to_agencies = item.to_agencies, until_at = item.until_at, restricted_because = item.restricted_because,
    restricted_until = item.restricted_until, share_circle = item.share_circle, sensitive = item.sensitive, changed_at = at, changed_because = because, label = item.label
    where i.id = item.id;
  perform sharing.open_share(item, (it ->> 'untilReal')::timestamptz, (it ->> 'restrictedUntilReal')::timestamptz);
  perform sharing.follow_item(item);
  have := array(select distinct r.agency_id from sharing.receivers(item.protocol_id, item.epoch, item.to_agencies, item.originator_agency_id) r);
  perform sharing.tell(item, 'recalled', array(select unnest(had) except select unnest(have)), marked, because, at);
  perform sharing.tell(item, 'remarked', array(select unnest(had) intersect select unnest(have)), marked, because, at);
  perform sharing.tell(item, 'shared', array(select unnest(have) except select unnest(had)), marked, null, at);
  if it ->> 'challengeId' is not null and not sharing.answer_to((it ->> 'challengeId')::uuid, item.id, 'changed', because, at) then
    raise exception 'no such challenge' using errcode = '42501';
  end if;
  return jsonb_build_object('shared', to_jsonb(array(select unnest(have) except select unnest(had))), 'kept', to_jsonb(array(select unnest(had) intersect select unnest(have))),
    'lost', to_jsonb(array(select unnest(had) except select unnest(have))));
end $$;

-- To whom an item was available at a moment is asked by the data-protection post of the agency whose information it is.
create function sharing.protects_items(of_agency uuid) returns boolean stable security definer language sql set search_path = pg_catalog, pg_temp as $$
  select sharing.acts_for(of_agency, '{data-protection}')
$$;
select record.answers('sharing.items', 'originator_agency_id', 'sharing.protects_items(uuid)'::regprocedure);
