-- What call-outs have shown: how long posts took to accept, and when one was last tried. Evidence of the whole city, over all its worlds
-- (a test call-out runs in an exercise), for the named hands who may know where the city is thin. Posts and seconds, nothing of any incident.
create function watch.acceptance_times() returns table (post_id uuid, seconds double precision) stable security definer language plpgsql
set search_path = pg_catalog, pg_temp as $$
begin
  if not access.holds('kind:administrator', 'kind:secretariat', 'kind:watch-officer', 'kind:chair') then return; end if;
  return query
    select c.post_id, extract(epoch from c.accepted_at - c.started_at)::double precision from watch.call_outs c
    where c.state in ('accepted', 'unanswered') and c.started_at > access.real_now() - interval '2 years'
    order by c.started_at desc, c.id limit 20000;
end $$;

create function watch.last_test(out tested_at timestamptz, out called int, out accepted int) stable security definer language plpgsql
set search_path = pg_catalog, pg_temp as $$
declare last watch.activations;
begin
  if not access.holds('kind:administrator', 'kind:secretariat', 'kind:watch-officer', 'kind:chair') then return; end if;
  select a.* into last from watch.activations a where a.purpose = 'test' order by a.at desc limit 1;
  if not found then return; end if;
  select last.at, count(*), count(*) filter (where c.state = 'accepted') into tested_at, called, accepted from watch.call_outs c where c.activation_id = last.id;
end $$;
