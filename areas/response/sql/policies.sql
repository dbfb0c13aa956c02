-- Policies and grants of response. Re-applied whole whenever this file changes. Reading follows the labels (record.labelled).
drop policy if exists open on response.incidents;
create policy open on response.incidents for insert to concord_member
  with check ((select access.holds('kind:watch-officer', 'kind:secretariat', 'kind:chair')) and opened_by = (select access.person()));
drop policy if exists keep_going on response.incidents;
create policy keep_going on response.incidents for update to concord_member
  using (access.holds_part('incident:' || id) and (select access.holds('kind:watch-officer', 'kind:secretariat', 'kind:chair', 'kind:loggist'))) with check (true);

drop policy if exists propose on response.lead_agencies;
create policy propose on response.lead_agencies for insert to concord_member
  with check (access.holds_part('incident:' || incident_id) and proposed_by = (select access.person()));
drop policy if exists decide on response.lead_agencies;
create policy decide on response.lead_agencies for update to concord_member
  using (access.holds_part('incident:' || incident_id)) with check (state <> 'confirmed' or (select access.holds('kind:chair', 'kind:executive')));

drop policy if exists appoint on response.neutral_commanders;
create policy appoint on response.neutral_commanders for insert to concord_member
  with check (access.holds_part('incident:' || incident_id) and (select access.holds('kind:secretariat', 'kind:chair')) and appointed_by = (select access.person()));
drop policy if exists relieve on response.neutral_commanders;
create policy relieve on response.neutral_commanders for update to concord_member
  using (access.holds_part('incident:' || incident_id) and (select access.holds('kind:secretariat', 'kind:chair'))) with check (true);

-- The centre: groups, seats, the timeline. An agency sets its own seat; the secretariat, the loggist, the desk and the chair set anybody's.
drop policy if exists convene on response.convened_groups;
create policy convene on response.convened_groups for insert to concord_member
  with check (access.holds_part('incident:' || incident_id) and (select access.holds('kind:watch-officer', 'kind:secretariat', 'kind:chair')));
drop policy if exists take on response.seats;
create policy take on response.seats for insert to concord_member
  with check (access.holds_part('incident:' || incident_id)
    and ((select access.holds('kind:secretariat', 'kind:loggist', 'kind:watch-officer', 'kind:chair')) or access.holds('agency:' || agency_id)));
drop policy if exists move on response.seats;
create policy move on response.seats for update to concord_member
  using (access.holds_part('incident:' || incident_id)
    and ((select access.holds('kind:secretariat', 'kind:loggist', 'kind:watch-officer', 'kind:chair')) or access.holds('agency:' || agency_id)))
  with check (true);
drop policy if exists write on response.log_entries;
create policy write on response.log_entries for insert to concord_member
  with check (access.holds_part('incident:' || incident_id) and by_person = (select access.person())
    and (post_id is null or access.holds('post:' || post_id) or (select access.holds('kind:loggist', 'kind:secretariat'))));
drop policy if exists duty_write on response.log_entries;
create policy duty_write on response.log_entries for insert to concord_jobs with check (by_person is null and kind in ('missing', 'lead'));
drop policy if exists duty_write on response.missing_agencies;
create policy duty_write on response.missing_agencies for insert to concord_jobs with check (true);
drop policy if exists duty_end on response.missing_agencies;
create policy duty_end on response.missing_agencies for update to concord_jobs using (true) with check (true);
drop policy if exists duty_mark on response.incidents;
create policy duty_mark on response.incidents for update to concord_jobs using (true) with check (true);

do $$
declare name text;
begin
  foreach name in array array['incidents', 'lead_agencies', 'neutral_commanders', 'convened_groups', 'seats', 'missing_agencies', 'log_entries'] loop
    execute format('grant select, insert on response.%I to concord_member', name);
    execute format('drop policy if exists duty on response.%I', name);
    execute format('create policy duty on response.%I for select to concord_jobs using (true)', name);
    execute format('grant select on response.%I to concord_jobs', name);
  end loop;
end $$;
grant update (name, phase, status, status_reason, lead_minutes, silent_minutes, absent_minutes, closed_at, activation_id, label) on response.incidents to concord_member;
grant update (state, decided_by, decided_at, agreed_by, note, position_not_adopted, label) on response.lead_agencies to concord_member;
grant update (until_at, end_reason) on response.neutral_commanders to concord_member;
grant update (core, state, with_authority, since, post_id, person_id, reason) on response.seats to concord_member;
revoke insert on response.missing_agencies from concord_member;
grant insert on response.missing_agencies, response.log_entries to concord_jobs;
grant update (ended_at) on response.missing_agencies to concord_jobs;
grant update (lead_unresolved_at) on response.incidents to concord_jobs;
grant usage on schema response to concord_member, concord_jobs;
revoke all on all functions in schema response from public;

-- ==== Decisions, tasks, confirmations, prompts (0402) ====
-- Whoever keeps the log writes; the post on whose behalf it was written gives reasons, confirms and corrects.
do $$
declare
  name text;
  keeps_log constant text := '(select access.holds(''kind:loggist'', ''kind:secretariat'', ''kind:watch-officer''))';
  decides constant text := 'exists (select from response.decisions d where d.id = decision_id and access.holds(''post:'' || d.decided_by_post_id))';
  wrote constant text := 'exists (select from response.decisions d where d.id = decision_id and coalesce(d.corrected_by, d.loggist_person_id) = (select access.person()))';
  here constant text := 'access.holds_part(''incident:'' || incident_id)';
  me constant text := '(select access.person())';
  checks constant jsonb := jsonb_build_object(
    'decision_options', 'true',
    'decisions', format('case when corrects_id is null then %1$s and loggist_person_id = %2$s
       else corrected_by = %2$s and (%1$s or access.holds(''post:'' || decided_by_post_id)) end', keeps_log, me),
    'decision_grounds', wrote,
    'decision_rationales', format('entered_by = %s and (%s or %s)', me, keeps_log, decides),
    'decision_dissents', format('entered_by = %s and (%s or access.holds(''agency:'' || agency_id))', me, keeps_log),
    'decision_reviews', format('entered_by = %s and (%s or %s)', me, keeps_log, decides),
    'decision_outcomes', format('told_by = %s and (select access.holds(''kind:loggist'', ''kind:secretariat'', ''kind:chair''))', me),
    'outcome_acknowledgements', format('person_id = %s and access.holds(''post:'' || post_id)', me),
    'confirmations', format('confirmed_by = %s and access.holds(''post:'' || post_id) and (subject <> ''decision''
       or exists (select from response.decisions d where d.id = subject_id and d.decided_by_post_id = confirmations.post_id))
       and (subject <> ''entry'' or exists (select from response.log_entries e where e.id = subject_id and e.post_id = confirmations.post_id))', me),
    'tasks', format('given_by = %s and (select access.holds(''kind:loggist'', ''kind:secretariat'', ''kind:chair'', ''kind:executive''))', me),
    'prompts', '(select access.holds(''kind:secretariat'', ''kind:loggist''))',
    'prompt_passes', format('passed_by = %s and (select access.holds(''kind:secretariat''))', me));
begin
  for name in select jsonb_object_keys(checks) loop
    execute format('drop policy if exists put_down on response.%I', name);
    execute format('create policy put_down on response.%I for insert to concord_member with check (%s and %s)', name, here, checks ->> name);
    execute format('drop policy if exists duty on response.%I', name);
    execute format('create policy duty on response.%I for select to concord_jobs using (true)', name);
    execute format('grant select, insert on response.%I to concord_member', name);
    execute format('grant select on response.%I to concord_jobs', name);
  end loop;
end $$;

drop policy if exists answer on response.tasks;
create policy answer on response.tasks for update to concord_member
  using (access.holds_part('incident:' || incident_id)
    and (access.holds('post:' || owner_post_id) or (select access.holds('kind:secretariat', 'kind:chair', 'kind:loggist')))) with check (true);
grant update (accepted_at, accepted_by, done_at, done_by, evidence, closed_at, closed_by) on response.tasks to concord_member;

drop policy if exists see_to on response.prompts;
create policy see_to on response.prompts for update to concord_member
  using (access.holds_part('incident:' || incident_id) and ((select access.holds('kind:secretariat')) or access.holds('post:' || passed_to))) with check (true);
grant update (passed_to, passed_at, passed_by, snoozed_until, snooze_reason, snoozed_by, closed_at, closed_by, done, label) on response.prompts to concord_member;

-- Timed duties raise prompts, pass what nobody looked at, and close what has settled itself; in their own world only.
drop policy if exists duty_raise on response.prompts;
create policy duty_raise on response.prompts for insert to concord_jobs with check (world = (select access.world()));
drop policy if exists duty_see_to on response.prompts;
create policy duty_see_to on response.prompts for update to concord_jobs using (world = (select access.world())) with check (true);
drop policy if exists duty_pass on response.prompt_passes;
create policy duty_pass on response.prompt_passes for insert to concord_jobs with check (world = (select access.world()) and passed_by is null);
grant insert, update (passed_to, passed_at, closed_at, done, label) on response.prompts to concord_jobs;
grant insert on response.prompt_passes to concord_jobs;
grant execute on function response.leading_posts, response.narrowed to concord_member, concord_jobs;
-- ==== end of decisions, tasks, confirmations, prompts ====
grant execute on function response.newest_entries, response.admit_neutral_commander, response.dismiss_neutral_commander to concord_member;
grant execute on function response.belongings to concord_member;
grant execute on function response.admit_accepted to concord_member, concord_desk, concord_jobs;

-- ==== retention: an incident's room goes ten years after it was closed, unless a hold or the city says otherwise ====
do $$
declare
  gone text := '(removed: its time was over)';
  replacing jsonb := jsonb_build_object(
    'log_entries', jsonb_build_object('text', gone, 'params', '{}'::jsonb, 'by_person', null, 'late_reason', gone),
    'lead_agencies', jsonb_build_object('basis', gone, 'note', gone, 'position_not_adopted', gone),
    'neutral_commanders', jsonb_build_object('interests', gone, 'end_reason', gone),
    'seats', jsonb_build_object('reason', gone, 'person_id', null),
    'decision_options', jsonb_build_object('words', gone, 'suitability', gone, 'feasibility', gone, 'acceptability', gone),
    'decisions', jsonb_build_object('question', gone, 'rationale', gone, 'late_reason', gone, 'correction_reason', gone),
    'decision_grounds', jsonb_build_object('words', gone, 'source', gone),
    'decision_rationales', jsonb_build_object('words', gone),
    'decision_dissents', jsonb_build_object('words', gone),
    'decision_reviews', jsonb_build_object('words', gone),
    'decision_outcomes', jsonb_build_object('words', gone),
    'part_changes', jsonb_build_object('reason', gone),
    'tasks', jsonb_build_object('words', gone, 'evidence', gone),
    'prompts', jsonb_build_object('parameters', '{}'::jsonb, 'snooze_reason', gone, 'done', gone),
    'incidents', jsonb_build_object('name', gone, 'status_reason', gone));
  name text;
begin
  for name in select jsonb_object_keys(replacing) loop
    perform record.retains(format('response.%I', name)::regclass, 'closed_at', 3650, 'Inquiries come late: ten years after the incident was closed.',
      replacing -> name, 'response.incidents'::regclass);
  end loop;
end $$;

-- What structure may count of this area (0107): a task accepted is an agency told; when an incident began, was decided on, was acted on.
select structure.tells('response.tasks', 'tells', 'accepted_at', 'owner_agency_id');
select structure.tells('response.incidents', 'began', 'opened_at');
select structure.tells('response.incidents', 'signalled', 'signalled_at');
select structure.tells('response.incidents', 'continues', 'activation_id');
select structure.tells('response.decisions', 'decided', 'decided_at');
select structure.tells('response.tasks', 'acted', 'done_at');
-- Joining late and coming back: through two functions alone.
grant select on response.part_changes to concord_member;
grant execute on function response.let_in, response.end_part, response.members to concord_member;

-- What is kept, and why.
select record.keeps(t::regclass, 'Who confirmed, came, was missing, acknowledged or was passed a prompt, by number and without words: the words go with the incident.')
from unnest('{response.confirmations, response.convened_groups, response.missing_agencies, response.outcome_acknowledgements, response.prompt_passes}'::text[]) t;
