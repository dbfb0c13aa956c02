-- Policies and grants of structure. Re-applied whole whenever this file changes.
-- The structure is kept by administrators; reading follows the labels; jobs (call-out) resolve posts to people and contacts.
do $$
declare name text;
begin
  foreach name in array array['agencies', 'posts', 'people', 'contacts', 'duty_patterns', 'holdings', 'groups', 'memberships', 'lead_arrangements', 'findings',
    'media', 'places', 'links', 'responsibilities', 'products', 'product_receivers', 'variants', 'agency_codes', 'areas'] loop
    execute format('drop policy if exists keep_structure on structure.%I', name);
    execute format('create policy keep_structure on structure.%I for insert to concord_member with check ((select access.holds(''kind:administrator'')))', name);
    execute format('drop policy if exists change_structure on structure.%I', name);
    execute format('create policy change_structure on structure.%I for update to concord_member using ((select access.holds(''kind:administrator''))) with check (true)', name);
    execute format('drop policy if exists duty on structure.%I', name);
    execute format('create policy duty on structure.%I for select to concord_jobs using (true)', name);
    execute format('grant select, insert, update on structure.%I to concord_member', name);
    execute format('grant select on structure.%I to concord_jobs', name);
  end loop;
end $$;

-- The operator of the machine may take in a list of members (`concord structure import`): agencies, groups, memberships, and what the list
-- shows. Names of people, posts and holdings are the administrator's.
do $$
declare name text;
begin
  foreach name in array array['agencies', 'groups', 'memberships', 'findings', 'agency_codes', 'areas'] loop
    execute format('drop policy if exists take_list on structure.%I', name);
    execute format('create policy take_list on structure.%I for insert to concord_member with check ((select access.holds(''kind:operator'')))', name);
    execute format('drop policy if exists renew_list on structure.%I', name);
    execute format('create policy renew_list on structure.%I for update to concord_member using ((select access.holds(''kind:operator''))) with check (true)', name);
  end loop;
end $$;

-- The hourly review of the structure.
drop policy if exists find on structure.findings;
create policy find on structure.findings for insert to concord_jobs with check ((select access.is_live()));
drop policy if exists resolve on structure.findings;
create policy resolve on structure.findings for update to concord_jobs using ((select access.is_live())) with check (true);
grant insert, update (resolved_at) on structure.findings to concord_jobs;

-- An agency's executive says who holds its own posts, and from when to when.
drop policy if exists hold_own on structure.holdings;
create policy hold_own on structure.holdings for insert to concord_member
  with check ((select access.holds('kind:executive')) and structure.is_my_agencys_post(post_id));
drop policy if exists end_own on structure.holdings;
create policy end_own on structure.holdings for update to concord_member
  using ((select access.holds('kind:executive')) and structure.is_my_agencys_post(post_id)) with check (structure.is_my_agencys_post(post_id));

-- What the network is for: administrator, secretariat and chair say it. Each look at how sound it is, by those who may look.
drop policy if exists say_goal on structure.goals;
create policy say_goal on structure.goals for insert to concord_member
  with check ((select access.holds('kind:administrator')) or (select access.holds('kind:secretariat')) or (select access.holds('kind:chair')));
drop policy if exists limits on structure.goals;
create policy limits on structure.goals for select to concord_jobs using (true);
grant select, insert on structure.goals to concord_member;
grant select on structure.goals to concord_jobs;
drop policy if exists look on structure.analyses;
create policy look on structure.analyses for insert to concord_member with check (person_id = (select access.person())
  and ((select access.holds('kind:administrator')) or (select access.holds('kind:secretariat'))
    or (select access.holds('kind:watch-officer')) or (select access.holds('kind:chair')) or (what = 'observed' and (select access.holds('kind:inquiry')))));
drop policy if exists keep on structure.telling_tables;
create policy keep on structure.telling_tables to concord_owner using (true) with check (true);
grant select, insert on structure.analyses to concord_member;

grant usage on schema structure to concord_member, concord_jobs, concord_desk;
revoke all on all functions in schema structure from public;
grant execute on function structure.provision_person to concord_desk;
grant execute on function structure.is_my_agencys_post, structure.may_note_test, structure.note_link_test to concord_member;
grant execute on function structure.on_duty, structure.duty_stretches, structure.refresh_tokens to concord_member, concord_jobs;
grant execute on function structure.stand_in, structure.stand_down to concord_member, concord_jobs, concord_desk;

-- Reviews. A draft is written by an executive, a secretariat or a chair of an agency, or by an administrator; everything after goes through
-- definer functions, which compute from signatures.
drop policy if exists propose on structure.reviews;
create policy propose on structure.reviews for insert to concord_member
  with check (state = 'draft' and round = 1 and proposed_by = (select access.person())
    and (structure.acts_for(proposing_agency_id, '{executive,secretariat,chair}') or (select access.holds('kind:administrator'))));
grant select, insert (id, title, reason, trigger, base, proposed, proposed_by, proposing_agency_id, drafted_at, label) on structure.reviews to concord_member;
drop policy if exists comment_own on structure.review_comments;
create policy comment_own on structure.review_comments for insert to concord_member
  with check (person_id = (select access.person()) and (select access.holds('agency:' || agency_id))
    and exists (select from structure.reviews r where r.id = review_id and r.state in ('draft', 'offered') and r.label = review_comments.label));
grant select, insert (id, review_id, about, words, person_id, agency_id, written_at, label) on structure.review_comments to concord_member;
grant select on structure.review_parties, structure.review_verdicts, structure.versions to concord_member;
do $$
declare name text;
begin
  foreach name in array array['reviews', 'review_parties', 'review_verdicts', 'review_comments', 'versions'] loop
    execute format('drop policy if exists duty on structure.%I', name);
    execute format('create policy duty on structure.%I for select to concord_jobs using (true)', name);
    execute format('grant select on structure.%I to concord_jobs', name);
  end loop;
end $$;
grant execute on function structure.marking_word, structure.acts_for, structure.network_label, structure.network_now, structure.network_changes, structure.proposal_hash, structure.is_stale,
  structure.may_propose, structure.offer_review, structure.revise_review, structure.give_verdict, structure.withdraw_review to concord_member;
grant execute on function structure.adopt, structure.keep_version, structure.is_stale, structure.network_now, structure.network_changes to concord_member, concord_jobs;

-- Attendance: kept by a group's chair or secretariat; a notice is answered by the agency's executive.
drop policy if exists keep_meeting on structure.meetings;
create policy keep_meeting on structure.meetings for insert to concord_member
  with check (structure.keeps_group(group_id) and recorded_by = (select access.person()));
drop policy if exists keep_attendance on structure.attendances;
create policy keep_attendance on structure.attendances for insert to concord_member
  with check (exists (select from structure.meetings m where m.id = meeting_id and structure.keeps_group(m.group_id)));
drop policy if exists raise_notice on structure.attendance_notices;
create policy raise_notice on structure.attendance_notices for insert to concord_member with check (structure.keeps_group(group_id) and answer is null);
drop policy if exists end_notice on structure.attendance_notices;
create policy end_notice on structure.attendance_notices for update to concord_member
  using (structure.keeps_group(group_id) or structure.acts_for(agency_id, '{executive}'))
  with check (answered_by is null or answered_by = (select access.person()) or structure.keeps_group(group_id));
grant select, insert (id, group_id, kind, title, held_at, minimum_seniority, recorded_by, label) on structure.meetings to concord_member;
grant select, insert (id, meeting_id, agency_id, state, seniority, deputy, label) on structure.attendances to concord_member;
grant select, insert (id, group_id, agency_id, reason, meetings, raised_at, label), update (reason, meetings, answer, answered_by, answered_at, ended_at) on structure.attendance_notices to concord_member;

-- Plans: each agency keeps the list of its own; what it leans on is its to say; what it has read is its executive's or planner's to answer.
drop policy if exists keep_plan on structure.plans;
create policy keep_plan on structure.plans for insert to concord_member with check (structure.acts_for(agency_id, '{executive,secretariat,duty}'));
drop policy if exists change_plan on structure.plans;
create policy change_plan on structure.plans for update to concord_member
  using (structure.acts_for(agency_id, '{executive,secretariat,duty}')) with check (structure.acts_for(agency_id, '{executive,secretariat,duty}'));
drop policy if exists lean on structure.plan_references;
create policy lean on structure.plan_references for insert to concord_member
  with check (exists (select from structure.plans p where p.id = plan_id and structure.acts_for(p.agency_id, '{executive,secretariat,duty}')));
drop policy if exists lean_no_more on structure.plan_references;
create policy lean_no_more on structure.plan_references for update to concord_member
  using (exists (select from structure.plans p where p.id = plan_id and structure.acts_for(p.agency_id, '{executive,secretariat,duty}'))) with check (true);
drop policy if exists say_read on structure.reconciliations;
create policy say_read on structure.reconciliations for update to concord_member
  using (structure.acts_for(agency_id, '{executive,secretariat,duty}')) with check (read_by = (select access.person()));
grant select, insert (id, agency_id, code, title, version, changed_at, what_changed, label), update (title, version, changed_at, what_changed, ended_at) on structure.plans to concord_member;
grant select, insert (id, plan_id, refers_to, label), update (ended_at) on structure.plan_references to concord_member;
grant select on structure.plan_reviews to concord_member;
grant select, update (outcome, words, read_by, read_at) on structure.reconciliations to concord_member;
do $$
declare name text;
begin
  foreach name in array array['meetings', 'attendances', 'attendance_notices', 'plans', 'plan_references', 'plan_reviews', 'reconciliations'] loop
    execute format('drop policy if exists duty on structure.%I', name);
    execute format('create policy duty on structure.%I for select to concord_jobs using (true)', name);
    execute format('grant select on structure.%I to concord_jobs', name);
  end loop;
end $$;
grant execute on function structure.keeps_group to concord_member;
grant execute on function structure.open_plan_review, structure.close_plan_reviews to concord_jobs;
grant execute on function structure.observed, structure.observed_moments to concord_member;

-- Stress tests and convening: run by named hands in live or in an exercise of a live structure; a run is written once.
drop policy if exists run_stress on structure.stress_runs;
create policy run_stress on structure.stress_runs for insert to concord_member
  with check (run_by = (select access.person()) and (select access.holds('kind:administrator', 'kind:secretariat', 'kind:watch-officer', 'kind:chair')));
drop policy if exists run_convening on structure.convening_runs;
create policy run_convening on structure.convening_runs for insert to concord_member
  with check (run_by = (select access.person()) and (select access.holds('kind:administrator', 'kind:secretariat', 'kind:watch-officer')));
grant select, insert (id, asked, found, on_version, run_by, run_at, label) on structure.stress_runs to concord_member;
grant select, insert (id, group_id, lines, run_by, run_at, label) on structure.convening_runs to concord_member;

drop policy if exists run_readiness on structure.readiness_runs;
create policy run_readiness on structure.readiness_runs for insert to concord_member
  with check (run_by = (select access.person()) and (select access.holds('kind:administrator', 'kind:secretariat', 'kind:watch-officer')));
grant select, insert (id, lines, run_by, run_at, label) on structure.readiness_runs to concord_member;

-- What is kept, how long, and why.
-- An answer stands; only retention, which runs as the owner, takes its words away.
create or replace function structure.keep_answer() returns trigger language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
  if current_user = 'concord_owner' then return new; end if;
  if tg_table_name = 'reconciliations' and to_jsonb(old) ->> 'read_at' is not null or tg_table_name = 'attendance_notices' and to_jsonb(old) ->> 'answered_at' is not null
    and to_jsonb(old) ->> 'answer' is distinct from to_jsonb(new) ->> 'answer' then
    raise exception 'answered already' using errcode = '23505';
  end if;
  return new;
end $$;
select record.retains('structure.contacts', 'held_until', 365, 'How to reach somebody is kept for a year after their last post ended.',
  '{"address": "(removed: its time was over)"}', 'structure.people', 'person_id');
select record.retains('structure.people', 'held_until', 3650, 'Who acted is asked for as long as the incident: ten years after their last post ended.',
  '{"name": "(removed: its time was over)", "needs": "(removed: its time was over)"}');
select record.retains('structure.reviews', 'drafted_at', 2190, 'Why the structure was changed is asked for over two rounds of plans.',
  '{"title": "(removed: its time was over)", "reason": "(removed: its time was over)", "end_reason": "(removed: its time was over)"}');
select record.retains('structure.review_verdicts', 'given_at', 2190, 'Why the structure was changed is asked for over two rounds of plans.',
  '{"reason": "(removed: its time was over)"}');
select record.retains('structure.review_comments', 'written_at', 2190, 'Why the structure was changed is asked for over two rounds of plans.',
  '{"words": "(removed: its time was over)"}');
select record.retains('structure.stress_runs', 'run_at', 730, 'Where the city was weak two years ago helps an attacker more than the city.',
  '{"asked": {"mode": "these", "taken": [], "incidentType": "any", "band": "any", "seed": 1}, "found": {"loss": null, "singles": [], "pairs": null, "quorum": [], "names": {}}}');
select record.retains('structure.convening_runs', 'run_at', 730, 'Where the city was weak two years ago helps an attacker more than the city.',
  '{"lines": []}');
select record.retains('structure.readiness_runs', 'run_at', 730, 'Where the city was weak two years ago helps an attacker more than the city.',
  '{"lines": []}');
select record.retains('structure.findings', 'resolved_at', 730, 'What was wrong and is mended is looked at for two years.',
  '{"about": "(removed: its time was over)", "words": "(removed: its time was over)"}');
select record.retains('structure.attendance_notices', 'raised_at', 2190, 'Who came and who did not is looked at over two rounds of plans.',
  '{"answer": "(removed: its time was over)"}');
select record.retains('structure.reconciliations', 'raised_at', 2190, 'What agencies made of each other’s plans is looked at over two rounds of plans.',
  '{"words": "(removed: its time was over)"}');
select record.keeps(t::regclass, 'Who held which post from when to when, by number: every act in the record is read by it. The name goes with structure.people.')
from unnest('{structure.holdings, structure.duty_patterns}'::text[]) t;
select record.keeps(t::regclass, 'The structure itself, of agencies and posts, without anybody’s name: past versions are what past incidents are read by.')
from unnest('{structure.agencies, structure.agency_codes, structure.areas, structure.posts, structure.groups, structure.memberships,
  structure.lead_arrangements, structure.links, structure.responsibilities, structure.media, structure.places, structure.products,
  structure.product_receivers, structure.variants, structure.versions, structure.review_parties, structure.goals, structure.plans,
  structure.plan_references, structure.plan_reviews}'::text[]) t;
select record.keeps(t::regclass, 'Meetings and which agencies came, with what seniority: nobody’s name, and no words but a title.')
from unnest('{structure.meetings, structure.attendances}'::text[]) t;
select record.keeps('structure.analyses', 'Who looked at which analysis, by number: a collection shows more than its parts, so every look is kept.');
select record.keeps('structure.telling_tables', 'How the house is built: names of tables and columns, nothing of anybody.');
