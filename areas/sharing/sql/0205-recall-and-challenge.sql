-- Recall, re-mark and challenge. The originator alone changes what others hold; whoever had it is told by a row of their own, and keeps that row.

create table sharing.challenges (
  id uuid primary key,
  item_id uuid not null,
  agency_id uuid not null references structure.agencies on delete restrict,
  challenged_by uuid not null references access.account on delete restrict,
  post_id uuid,
  challenged_at timestamptz not null,
  marking text not null,
  wished text not null check (wished <> ''),
  because text not null check (length(trim(because)) >= 3),
  answered_by uuid references access.account on delete restrict,
  answered_at timestamptz,
  answer text check (answer in ('kept', 'changed')),
  answer_words text,
  constraint another_answers check (answered_by is null or answered_by <> challenged_by),
  constraint an_answer_is_whole check (num_nulls(answered_by, answered_at, answer, answer_words) in (0, 4) and (answer_words is null or length(trim(answer_words)) >= 3))
);
create unique index one_open_challenge on sharing.challenges (item_id, agency_id) where answered_at is null;
comment on table sharing.challenges is 'A holder holds a marking to be wrong, with a reason; the originator answers. Shown on the item and counted nowhere.';
select record.labelled('sharing.challenges', 'per-world');
alter table sharing.challenges add foreign key (world, item_id) references sharing.items (world, id) on delete restrict;

-- Who answers for an item: whoever shared it, and posts of the originator's agency that answer for what it gives out.
create function sharing.answers_for(item sharing.items) returns boolean stable language sql set search_path = pg_catalog, pg_temp as $$
  select sharing.acts_for(item.originator_agency_id, '{executive,data-protection,duty,watch-officer,secretariat,legal-adviser}')
    or (item.shared_by = access.person() and sharing.acts_for(item.originator_agency_id, '{}'))
$$;
create function sharing.mine_to_answer(of_item uuid) returns boolean stable security definer language sql set search_path = pg_catalog, pg_temp as $$
  select exists (select from sharing.items i where i.id = of_item and i.world = access.world() and i.label = any(access.readable()) and sharing.answers_for(i))
$$;

-- The item as its reader may have it, locked; nothing when it is not there for them.
create function sharing.held_item(of_item uuid) returns sharing.items volatile language sql set search_path = pg_catalog, pg_temp as $$
  select i.* from sharing.items i where i.id = of_item and i.world = access.world() and i.label = any(access.readable()) for update
$$;

-- Agencies that had it or have it: told and not told off since, and those for whom the protocol opens it today.
create function sharing.holders(item sharing.items, at timestamptz) returns uuid[] stable language sql set search_path = pg_catalog, pg_temp as $$
  select array(
    select d.agency_id from sharing.disclosures d where d.item_id = item.id group by d.agency_id
      having coalesce(max(d.sent_at) filter (where d.deed <> 'recalled') >= max(d.sent_at) filter (where d.deed = 'recalled'), true)
    union select r.agency_id from sharing.receivers(item.protocol_id, item.epoch,
      case when item.restricted_until is null or item.restricted_until > at then item.to_agencies end, item.originator_agency_id) r)
$$;

create function sharing.follow_item(item sharing.items) returns void volatile language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
  update sharing.challenges c set label = item.label where c.item_id = item.id;
  update sharing.releases r set label = item.label where r.item_id = item.id;
end $$;

-- From now on the originator's agency and an inquiry read it, and nobody else. False: it was recalled already.
create function sharing.recall_item(of_item uuid, because text, at timestamptz) returns boolean volatile security definer language plpgsql
set search_path = pg_catalog, pg_temp as $$
declare
  item sharing.items := sharing.held_item(of_item);
  marked text;
  had uuid[];
begin
  if item.id is null or not sharing.answers_for(item) then raise exception 'not yours to recall' using errcode = '42501'; end if;
  if item.state = 'recalled' then return false; end if;
  had := sharing.holders(item, at);
  select l.marking into strict marked from access.label l where l.id = item.label;
  item.state := 'recalled';
  item.label := sharing.item_label(item, marked);
  if item.share_circle is not null then perform access.close_admission('sharing.item:' || item.share_circle, null); end if;
  update sharing.items i set state = 'recalled', changed_at = at, changed_because = because, label = item.label where i.id = item.id;
  perform sharing.follow_item(item);
  perform sharing.tell(item, 'recalled', had, marked, because, at);
  return true;
end $$;

-- A new marking, audience and clock. Who loses it is told that it was recalled from them; who keeps it, that it is marked otherwise.
-- Answers who it is put before now for the first time, who keeps it and who loses it.
create function sharing.remark_item(of_item uuid, it jsonb) returns jsonb volatile security definer language plpgsql set search_path = pg_catalog, pg_temp as $$
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
  if exists (select from unnest(item.floor_markings) f (marking) where sharing.lowers(marked, f.marking)) then
    perform sharing.refuse('marking', 'What is made of others is marked as strictly as they are. Nothing was changed. Ask each originator for a releasable version.');
  end if;
  item.sensitive := sharing.is_sensitive(marked, item.caveats)
    or exists (select from unnest(item.floor_markings) f (marking) where sharing.is_sensitive(f.marking, '{}'))
    or exists (select from jsonb_array_elements(item.floor_clauses) c where jsonb_array_length(c.value) = 1);
  item.label := sharing.item_label(item, marked);
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

create function sharing.challenge_item(of_item uuid, of_id uuid, for_agency uuid, wished_marking text, reason text, at timestamptz) returns void volatile security definer language plpgsql
set search_path = pg_catalog, pg_temp as $$
declare item sharing.items := sharing.held_item(of_item);
begin
  if item.id is null or access.person() is null or not coalesce(sharing.acts_for(for_agency, '{}'), false) then raise exception 'not yours to challenge' using errcode = '42501'; end if;
  insert into sharing.challenges (id, item_id, agency_id, challenged_by, post_id, challenged_at, marking, wished, because, label, world)
    select of_id, item.id, for_agency, access.person(), (access.viewer()).post, at, l.marking, wished_marking, reason, item.label, item.world
    from access.label l where l.id = item.label;
end $$;

create function sharing.answer_to(of_challenge uuid, of_item uuid, its_answer text, words text, at timestamptz) returns boolean volatile language plpgsql
set search_path = pg_catalog, pg_temp as $$
begin
  update sharing.challenges c set answered_by = access.person(), answered_at = at, answer = its_answer, answer_words = words
    where c.id = of_challenge and c.item_id = of_item and c.answered_at is null;
  return found;
end $$;

-- The marking stays, and why. False: it was answered already.
create function sharing.keep_marking(of_challenge uuid, words text, at timestamptz) returns boolean volatile security definer language plpgsql
set search_path = pg_catalog, pg_temp as $$
declare item sharing.items;
begin
  select h.* into item from sharing.challenges c cross join lateral sharing.held_item(c.item_id) h where c.id = of_challenge;
  if item.id is null or not sharing.answers_for(item) then raise exception 'not yours to answer' using errcode = '42501'; end if;
  return sharing.answer_to(of_challenge, item.id, 'kept', words, at);
end $$;
