-- What belongs to an incident besides its own rows: the call-out that began it with its answers,
-- what was answered when information was asked for, and who was given a part in it and lost it.
-- For whoever makes a pack or places a hold: an inquiry post for any incident, the others for one that they take part in.
create function response.belongings(of_incident uuid) returns table (thread uuid, table_name text, row_id uuid)
stable security definer language plpgsql set search_path = pg_catalog, pg_temp as $$
declare of_activation uuid;
begin
  if not (access.holds('kind:inquiry') or (access.holds('kind:legal-adviser', 'kind:data-protection') and access.holds('incident:' || of_incident))) then return; end if;
  select i.activation_id into of_activation from response.incidents i where i.id = of_incident and i.world = access.world();
  if not found then return; end if;
  if of_activation is not null then
    return query select of_activation, null::text, null::uuid;
    return query select null::uuid, 'watch.answers', a.id from watch.answers a join watch.call_outs c on c.id = a.call_out_id and c.world = a.world
      where c.activation_id = of_activation and a.world = access.world();
  end if;
  return query select null::uuid, 'sharing.request_answers', a.id from sharing.request_answers a join sharing.requests r on r.id = a.request_id and r.world = a.world
    where r.incident_id = of_incident and r.world = access.world();
  return query select null::uuid, 'sharing.request_appeals', a.id from sharing.request_appeals a join sharing.requests r on r.id = a.request_id and r.world = a.world
    where r.incident_id = of_incident and r.world = access.world();
  return query select null::uuid, 'access.reach', r.id from access.reach r where r.token = 'incident:' || of_incident;
end $$;
