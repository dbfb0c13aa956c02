-- Recall reaches what was made of an item: its releasable versions, and items made from it, and what was made from those. Its originator is told which
-- there are, and recalls them in the same step. Whoever holds one is told of that one alone, as of any recall: no row, entry or word of theirs names the source.

create function sharing.derived_of(of_item uuid) returns table (id uuid, way text) stable security definer language sql set search_path = pg_catalog, pg_temp as $$
  with recursive here as (
    -- One walks through what the asker can read, and no further: what they could not read is not found by way of it.
    select i.* from sharing.items i where i.world = access.world() and i.label = any(access.readable())
  ), made as (
    select h.id, null::text as way from here h where h.id = of_item and sharing.answers_for(h::sharing.items)
    union
    select h.id, coalesce(m.way, case when of_item = any(h.derived_from) then 'made' else 'released' end)
      from made m join here h on h.id <> of_item and (m.id = any(h.derived_from)
        or exists (select from sharing.releases r where r.item_id = m.id and r.released_id = h.id and r.world = h.world))
  )
  select distinct on (m.id) m.id, m.way from made m join here h on h.id = m.id where m.id <> of_item and h.state = 'shared' order by m.id, m.way
$$;
comment on function sharing.derived_of is 'What was made of an item and stands: released (a tear line), or made of it. For whoever answers for the item, as far as they can read; nothing for everybody else.';

-- Takes one back; who may was looked at before. From now on the originator's agency and an inquiry read it, and nobody else.
-- Where another's originator takes it back, whoever made it is told, too.
create function sharing.take_back(item sharing.items, because text, at timestamptz, tells_originator boolean) returns void volatile language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
  marked text;
  had uuid[] := sharing.holders(item, at);
begin
  select l.marking into strict marked from access.label l where l.id = item.label;
  item.state := 'recalled';
  item.label := sharing.item_label(item, marked);
  if item.share_circle is not null then perform access.close_admission('sharing.item:' || item.share_circle, null); end if;
  update sharing.items i set state = 'recalled', changed_at = at, changed_because = because, label = item.label where i.id = item.id;
  perform sharing.follow_item(item);
  perform sharing.tell(item, 'recalled', case when tells_originator then had || item.originator_agency_id else had end, marked, because, at);
  -- What was taken back cannot wait until somebody looks: who is on duty there is told that something waits. Here, and not by the recaller, who may not
  -- see every row by which somebody was told of what another made.
  insert into sharing.notices (world, key, agency_id, kinds, about_table, about_row, due_at)
    select d.world, 'recalled/' || d.id, d.agency_id, '{duty,watch-officer,data-protection}', 'sharing.disclosures', d.id, at
    from sharing.disclosures d where d.item_id = item.id and d.sent_at = at and d.deed = 'recalled' on conflict do nothing;
end $$;

drop function sharing.recall_item(uuid, text, timestamptz);
-- also: of what was made of it, those to recall with it, for a reason of their own; null is all. Answers by which rows who was told of which, the item
-- itself first; null: it was recalled already.
create function sharing.recall_item(of_item uuid, because text, also uuid[], also_because text, at timestamptz) returns jsonb volatile security definer language plpgsql
set search_path = pg_catalog, pg_temp as $$
declare
  item sharing.items := sharing.held_item(of_item);
  recaller uuid := item.originator_agency_id;
  derived uuid[];
  one uuid;
begin
  if item.id is null or not sharing.answers_for(item) then raise exception 'not yours to recall' using errcode = '42501'; end if;
  if item.state = 'recalled' then return null; end if;
  derived := array(select d.id from sharing.derived_of(of_item) d);
  if not derived @> coalesce(also, '{}') then raise exception 'not made of it' using errcode = '42501'; end if;
  if cardinality(coalesce(also, derived)) > 0 and length(trim(coalesce(also_because, ''))) < 3 then
    perform sharing.refuse('derivedBecause', 'Say why, in words that those may read who hold what was made of it. Nothing was changed.');
  end if;
  perform sharing.take_back(item, because, at, false);
  derived := coalesce(also, derived);
  -- One after the other, each whole: what its holders are told of one stands together, as it does when that one is recalled alone.
  foreach one in array derived loop
    select i.* into strict item from sharing.items i where i.id = one for update;
    perform sharing.take_back(item, also_because, at, item.originator_agency_id <> recaller);
  end loop;
  return (select jsonb_agg(jsonb_build_object('itemId', i.id, 'title', i.title, 'incidentId', i.incident_id, 'originatorAgencyId', i.originator_agency_id, 'told',
      coalesce((select jsonb_agg(jsonb_build_object('agencyId', d.agency_id) order by d.id) from sharing.disclosures d
        where d.item_id = i.id and d.sent_at = at and d.deed = 'recalled'), '[]')) order by o.place)
    from unnest(of_item || derived) with ordinality o (id, place) join sharing.items i on i.id = o.id);
end $$;
