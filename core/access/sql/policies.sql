-- Policies and grants of core/access. Re-applied whole whenever this file changes.
do $$
declare name text;
begin
  foreach name in array array['label', 'clause', 'city', 'world', 'account', 'session', 'sight'] loop
    execute format('alter table access.%I enable row level security', name);
    execute format('alter table access.%I force row level security', name);
    execute format('drop policy if exists keep on access.%I', name);
    execute format('create policy keep on access.%I to concord_owner using (true) with check (true)', name);
  end loop;
end $$;

-- Labels are read by number only where the viewer can read them, so that their words give nothing away.
drop policy if exists see on access.label;
create policy see on access.label for select to concord_member using (id = any((select access.readable())::int[]));
drop policy if exists see_all on access.label;
create policy see_all on access.label for select to concord_verifier using (true);
drop policy if exists see_all on access.clause;
create policy see_all on access.clause for select to concord_verifier using (true);
drop policy if exists see on access.city;
create policy see on access.city for select to concord_member, concord_desk, concord_jobs, concord_verifier using (true);
drop policy if exists see on access.world;
create policy see on access.world for select to concord_member, concord_desk, concord_jobs, concord_verifier using (true);
drop policy if exists open_exercise on access.world;
create policy open_exercise on access.world for insert to concord_member
  with check (kind = 'exercise' and (select access.holds('kind:administrator', 'kind:secretariat', 'kind:watch-officer')));
drop policy if exists end_exercise on access.world;
create policy end_exercise on access.world for update to concord_member
  using (kind = 'exercise' and (select access.holds('kind:administrator', 'kind:secretariat', 'kind:watch-officer')))
  with check (kind = 'exercise');
drop policy if exists see_self on access.account;
create policy see_self on access.account for select to concord_member
  using (person = (select access.person()) or (select access.holds('kind:administrator')));
drop policy if exists open_account on access.account;
create policy open_account on access.account for insert to concord_member with check ((select access.holds('kind:administrator')));
drop policy if exists change_account on access.account;
create policy change_account on access.account for update to concord_member
  using (person = (select access.person()) or (select access.holds('kind:administrator'))) with check (true);

grant usage on schema access to concord_member, concord_desk, concord_jobs, concord_verifier;
grant select on access.label to concord_member, concord_verifier;
grant select on access.clause to concord_verifier;
grant select on access.city, access.world to concord_member, concord_desk, concord_jobs, concord_verifier;
grant insert (id, kind, name, real_from, world_from, rate) on access.world to concord_member;
grant update (real_from, world_from, rate, ended_at) on access.world to concord_member;
grant select (person, name, mail, language, disabled_at) on access.account to concord_member;
grant insert (person, name, mail, language) on access.account to concord_member;
grant update (name, mail, language, disabled_at) on access.account to concord_member;
grant select on access.reach to concord_member, concord_verifier;

revoke all on all functions in schema access from public;
grant execute on function access.intern, access.enter, access.readable, access.reach_now, access.holds, access.person, access.world, access.is_live,
  access.viewer, access.grant_reach, access.end_reach, access.may_grant, access.city_label to concord_member;
grant execute on function access.viewer, access.world, access.is_live, access.person, access.holds, access.reach_now, access.readable, access.intern
  to concord_desk, concord_jobs, concord_verifier;
grant execute on function access.readable_by, access.tokens_of, access.look_at, access.can_see to concord_verifier;
drop policy if exists see_all on access.reach;
create policy see_all on access.reach for select to concord_verifier using (true);
