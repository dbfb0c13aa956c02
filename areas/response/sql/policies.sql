-- Policies and grants of response. Re-applied whole whenever this file changes. Reading follows the labels (record.labelled).
drop policy if exists open on response.incidents;
create policy open on response.incidents for insert to concord_member
  with check ((select access.holds('kind:watch-officer', 'kind:secretariat', 'kind:chair')) and opened_by = (select access.person()));
drop policy if exists keep_going on response.incidents;
create policy keep_going on response.incidents for update to concord_member
  using (access.holds('incident:' || id) and (select access.holds('kind:watch-officer', 'kind:secretariat', 'kind:chair', 'kind:loggist'))) with check (true);

drop policy if exists propose on response.lead_agencies;
create policy propose on response.lead_agencies for insert to concord_member
  with check (access.holds('incident:' || incident_id) and proposed_by = (select access.person()));
drop policy if exists decide on response.lead_agencies;
create policy decide on response.lead_agencies for update to concord_member
  using (access.holds('incident:' || incident_id)) with check (true);

drop policy if exists appoint on response.neutral_commanders;
create policy appoint on response.neutral_commanders for insert to concord_member
  with check (access.holds('incident:' || incident_id) and (select access.holds('kind:secretariat', 'kind:chair')) and appointed_by = (select access.person()));
drop policy if exists relieve on response.neutral_commanders;
create policy relieve on response.neutral_commanders for update to concord_member
  using (access.holds('incident:' || incident_id) and (select access.holds('kind:secretariat', 'kind:chair'))) with check (true);

do $$
declare name text;
begin
  foreach name in array array['incidents', 'lead_agencies', 'neutral_commanders'] loop
    execute format('grant select, insert on response.%I to concord_member', name);
    execute format('drop policy if exists duty on response.%I', name);
    execute format('create policy duty on response.%I for select to concord_jobs using (true)', name);
    execute format('grant select on response.%I to concord_jobs', name);
  end loop;
end $$;
grant update (name, phase, status, closed_at, activation_id, label) on response.incidents to concord_member;
grant update (state, decided_by, decided_at, basis, position_not_adopted) on response.lead_agencies to concord_member;
grant update (until_at, end_reason) on response.neutral_commanders to concord_member;
grant usage on schema response to concord_member, concord_jobs;
revoke all on all functions in schema response from public;
