-- What is made of others is marked as strictly as they are (R-3.3.3), also when one of them is marked otherwise afterwards: the database follows, item by
-- item, at every remove, whoever can read which of them.

-- One item's floors raised to what it was made of asks now; its own marking rises with them.
-- Whoever made it keeps what they wrote, as after a recall, unless a caveat was added that they do not hold.
create function sharing.follow_sources(of_item uuid, at timestamptz) returns void volatile security definer language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
  was sharing.items;
  item sharing.items;
  marked text;
  named uuid[];
  clauses jsonb;
  because constant text := 'What this was made of is marked otherwise now.';
begin
  select i.* into strict was from sharing.items i where i.id = of_item for update;
  item := was;
  -- What was asked before is asked for good: a floor never falls. What an older clause implies is left out.
  select was.floor_clauses || coalesce(jsonb_agg(distinct f.clause) filter (where not exists (
        select from jsonb_array_elements(was.floor_clauses) o where f.clause @> o.value)), '[]'), was.floor_markings || array_agg(distinct f.marking), bool_or(f.sensitive)
    into item.floor_clauses, item.floor_markings, item.sensitive
    from (
      select case when c.value::text like '%"agency:%' then c.value || to_jsonb('agency:' || was.originator_agency_id) else c.value end as clause, l.marking, s.sensitive
        from sharing.items s join access.label l on l.id = s.label, jsonb_array_elements(l.clauses) c where s.id = any(was.derived_from) and s.world = was.world and s.state = 'shared'
    ) f;
  item.floor_clauses := (select jsonb_agg(distinct c.value) from jsonb_array_elements(item.floor_clauses) c);
  item.floor_markings := array(select distinct m from unnest(item.floor_markings) m order by 1);
  select l.marking into strict marked from access.label l where l.id = was.label;
  item.sensitive := was.sensitive or item.sensitive;
  item.label := sharing.item_label(item, marked);
  select l.clauses into strict clauses from access.label l where l.id = item.label;
  marked := sharing.marked(marked, item.floor_markings);
  named := sharing.releasable_to(marked);
  -- Those to whom the source may not go any more lose this, too; a marking never promises more than its clauses keep.
  if named is not null then
    clauses := clauses || jsonb_build_array(jsonb_build_array('agency:' || was.originator_agency_id, 'kind:inquiry')
      || coalesce((select jsonb_agg('agency:' || a.id) from unnest(named) a (id)), '[]'));
  end if;
  item.label := access.intern(clauses, marked);
  if item.label <> was.label then
    item.changed_at := at;
    item.changed_because := because;
  end if;
  update sharing.items i set floor_clauses = item.floor_clauses, floor_markings = item.floor_markings, sensitive = item.sensitive, changed_at = item.changed_at,
    changed_because = item.changed_because, label = item.label where i.id = of_item;
  if item.label = was.label then return; end if;
  perform sharing.follow_item(item);
  -- Under what was asked until now, so that whoever loses it by this is told.
  perform sharing.tell(was, 'remarked', array(select unnest(sharing.holders(was, at)) union select was.originator_agency_id), marked, because, at);
  insert into sharing.notices (world, key, agency_id, kinds, about_table, about_row, due_at)
    select d.world, 'remarked/' || d.id, d.agency_id, '{duty,watch-officer,data-protection}', 'sharing.disclosures', d.id, at
    from sharing.disclosures d where d.item_id = of_item and d.sent_at = at and d.deed = 'remarked' on conflict do nothing;
end $$;

create function sharing.items_follow() returns trigger security definer language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
  one uuid;
begin
  for one in select i.id from sharing.items i where new.id = any(i.derived_from) and i.world = new.world and i.state = 'shared' order by i.id loop
    perform sharing.follow_sources(one, new.changed_at);
  end loop;
  return null;
end $$;
create trigger items_follow after update of label on sharing.items for each row
  when (old.label is distinct from new.label and new.state = 'shared') execute function sharing.items_follow();
