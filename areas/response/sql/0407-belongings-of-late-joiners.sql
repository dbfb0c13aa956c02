-- What belongs to an incident, for whoever takes part in it, from the beginning or from joining on (decision 016). As first written (0405) it asked for
-- the token of the beginning, so that who joined later made packs without call-out, answers and parts.
create or replace function response.belongings(of_incident uuid) returns table (thread uuid, table_name text, row_id uuid)
stable security definer language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
  of_activation uuid;
  whole boolean := access.holds('kind:inquiry');
begin
  if not (whole or (access.holds('kind:legal-adviser', 'kind:data-protection') and access.holds_part('incident:' || of_incident))) then return; end if;
  select i.activation_id into of_activation from response.incidents i where i.id = of_incident and i.world = access.world();
  if not found then return; end if;
  if of_activation is not null then
    return query select of_activation, null::text, null::uuid;
  end if;
  -- Named on the pack's own row are only those that its maker can read: ids of what they cannot would tell them when it was, and how much.
  return query
    with belong as (
      select 'watch.answers' as found_table, a.id from watch.answers a join watch.call_outs c on c.id = a.call_out_id and c.world = a.world
        where c.activation_id = of_activation and a.world = access.world()
      union all
      select 'sharing.request_answers', a.id from sharing.request_answers a join sharing.requests r on r.id = a.request_id and r.world = a.world
        where r.incident_id = of_incident and r.world = access.world()
      union all
      select 'sharing.request_appeals', a.id from sharing.request_appeals a join sharing.requests r on r.id = a.request_id and r.world = a.world
        where r.incident_id = of_incident and r.world = access.world()
      union all
      select 'access.reach', r.id from access.reach r where r.token = 'incident:' || of_incident or starts_with(r.token, 'incident:' || of_incident || '.')
    )
    select null::uuid, b.found_table, b.id from belong b where whole or record.sees(b.found_table, b.id);
end $$;
