-- REL TO on an item is kept by the database: whoever is not named in it does not read the item, whatever the protocol opens, and it is put before nobody else.

create or replace function sharing.agency_word(of_agency uuid) returns text stable security definer language sql set search_path = pg_catalog, pg_temp as $$
  select structure.marking_word(of_agency)
$$;

-- The agencies of this city that REL TO names; null where the marking does not limit to whom it may go, or is of a scheme of before.
create function sharing.releasable_to(marking text) returns uuid[] stable language plpgsql set search_path = pg_catalog, pg_temp as $$
declare read jsonb;
begin
  read := access.read_marking(marking, access.city_scheme());
  return case when read ? 'releasableTo' then array(select a.id from structure.agencies a where read -> 'releasableTo' ? structure.marking_word(a.id)) end;
exception when invalid_parameter_value then
  return null;
end $$;

-- Who may read an item: its audience, for as long as the clock says, who hold each caveat, whom REL TO names, and whatever its parts asked for. The
-- originator's agency and an inquiry stand in each clause of the audience, and in no caveat. Recalled, those two are left.
create or replace function sharing.item_label(item sharing.items, marking text) returns int volatile language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
  base jsonb := jsonb_build_array('agency:' || item.originator_agency_id, 'kind:inquiry');
  clauses jsonb := '[]';
  named uuid[];
  outside text;
begin
  if item.state = 'recalled' then
    clauses := jsonb_build_array(base);
  else
    named := sharing.releasable_to(marking);
    select string_agg(a.name, ', ' order by a.name) into outside
      from sharing.receivers(item.protocol_id, item.epoch, item.to_agencies, item.originator_agency_id) r join structure.agencies a on a.id = r.agency_id
      where named is not null and r.agency_id <> all(named);
    if outside is not null then
      perform sharing.refuse('marking', 'REL TO does not name ' || outside || '. Nothing was changed. Name them there, or leave them out of those who may read it.');
    end if;
    clauses := jsonb_build_array(base || case when item.protocol_id is not null then to_jsonb(sharing.circle(item.protocol_id, item.epoch))
      else (select jsonb_agg('agency:' || a.id) from unnest(item.to_agencies) a (id)) end);
    if item.protocol_id is not null and named is not null then
      clauses := clauses || jsonb_build_array(base || coalesce((select jsonb_agg('agency:' || a.id) from unnest(named) a (id)), '[]'));
    end if;
    if item.share_circle is not null then clauses := clauses || jsonb_build_array(base || to_jsonb('circle:share.' || item.share_circle)); end if;
  end if;
  return access.intern(clauses || coalesce((select jsonb_agg(jsonb_build_array(c.token)) from unnest(item.caveats) c (token)), '[]'::jsonb) || item.floor_clauses, marking);
end $$;

-- Agencies that had it or have it: told and not told off since, and those for whom the protocol opens it today, whom REL TO names.
create or replace function sharing.holders(item sharing.items, at timestamptz) returns uuid[] stable language sql set search_path = pg_catalog, pg_temp as $$
  select array(
    select d.agency_id from sharing.disclosures d where d.item_id = item.id group by d.agency_id
      having coalesce(max(d.sent_at) filter (where d.deed <> 'recalled') >= max(d.sent_at) filter (where d.deed = 'recalled'), true)
    union select r.agency_id from sharing.receivers(item.protocol_id, item.epoch,
      case when item.restricted_until is null or item.restricted_until > at then item.to_agencies end, item.originator_agency_id) r,
      (select sharing.releasable_to(l.marking) as named from access.label l where l.id = item.label) m
      where m.named is null or r.agency_id = any(m.named))
$$;
