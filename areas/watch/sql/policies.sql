-- Policies and grants of watch, a section for each feature. Re-applied whole whenever this file changes. Reading follows the labels (record.labelled).
grant usage on schema watch to concord_member, concord_desk, concord_jobs;
revoke all on all functions in schema watch from public;

-- Sources, signals and the desk -----------------------------------------------------------------------------------------------------
drop policy if exists add_source on watch.sources;
create policy add_source on watch.sources for insert to concord_member
  with check ((select access.holds('kind:administrator')) and added_by = (select access.person()));
drop policy if exists change_source on watch.sources;
create policy change_source on watch.sources for update to concord_member
  using ((select access.holds('kind:administrator'))) with check (retired_by is null or retired_by = (select access.person()));
drop policy if exists add_anchor on watch.trust_anchors;
create policy add_anchor on watch.trust_anchors for insert to concord_member
  with check ((select access.holds('kind:administrator')) and added_by = (select access.person()));
drop policy if exists retire_anchor on watch.trust_anchors;
create policy retire_anchor on watch.trust_anchors for update to concord_member
  using ((select access.holds('kind:administrator'))) with check (retired_by = (select access.person()));
grant select (id, code, name, owner, kind, address, every_seconds, lost_after, added_by, added_at, retired_at, retired_by, label, world) on watch.sources to concord_member;
grant insert on watch.sources, watch.trust_anchors to concord_member;
grant update (name, owner, token_hash, every_seconds, lost_after, retired_at, retired_by) on watch.sources to concord_member;
grant update (retired_at, retired_by) on watch.trust_anchors to concord_member;
grant select on watch.trust_anchors, watch.source_events to concord_member;

-- The state of a source follows the source: whoever sees the one sees the other; the timed duties keep it.
do $$
declare name text;
begin
  foreach name in array array['source_states', 'source_links'] loop
    execute format('alter table watch.%I enable row level security', name);
    execute format('alter table watch.%I force row level security', name);
    execute format('drop policy if exists keep on watch.%I', name);
    execute format('create policy keep on watch.%I to concord_owner using (true) with check (true)', name);
    execute format('drop policy if exists duty on watch.%I', name);
    execute format('create policy duty on watch.%I to concord_jobs using (true) with check (true)', name);
    execute format('grant select, insert, update on watch.%I to concord_jobs', name);
  end loop;
end $$;
drop policy if exists see on watch.source_states;
create policy see on watch.source_states for select to concord_member using (exists (select from watch.sources s where s.id = source_id));
drop policy if exists begin on watch.source_states;
create policy begin on watch.source_states for insert to concord_member with check ((select access.holds('kind:administrator')) and failures = 0);
grant select (source_id, next_at, tried_at, answered_at, received_at, failures, failure, lost_at) on watch.source_states to concord_member;
grant insert (source_id, next_at) on watch.source_states to concord_member;
drop policy if exists duty on watch.sources;
create policy duty on watch.sources for select to concord_jobs using (true);
drop policy if exists duty on watch.source_events;
create policy duty on watch.source_events for select to concord_jobs using (true);
drop policy if exists duty_add on watch.source_events;
create policy duty_add on watch.source_events for insert to concord_jobs with check (world = (select access.world()) and (select access.is_live()));
grant select on watch.sources to concord_jobs;
grant select, insert on watch.source_events to concord_jobs;

-- What came is written by the receiving functions alone. The desk claims, judges and releases; keep_signal says the rest.
drop policy if exists handle on watch.signals;
create policy handle on watch.signals for update to concord_member
  using ((select access.holds('kind:watch-officer'))) with check ((select access.holds('kind:watch-officer')));
drop policy if exists relabel on watch.contents;
create policy relabel on watch.contents for update to concord_member using ((select access.holds('kind:watch-officer'))) with check (true);
drop policy if exists relabel on watch.signal_actions;
create policy relabel on watch.signal_actions for update to concord_member using ((select access.holds('kind:watch-officer'))) with check (true);
drop policy if exists judge on watch.judgements;
create policy judge on watch.judgements for insert to concord_member
  with check ((select access.holds('kind:watch-officer')) and by_person = (select access.person()));
grant select on watch.originals, watch.deliveries, watch.signals, watch.contents, watch.signal_actions, watch.judgements to concord_member;
grant update (label, state, claimed_by, claimed_at, triage, judged_by, judged_at, review_at, standing, released_by, released_at, release_reason)
  on watch.signals to concord_member;
grant update (label) on watch.contents, watch.signal_actions to concord_member;
grant insert on watch.judgements to concord_member;
revoke all on function watch.refuse_unless_receiving, watch.desk_label, watch.keep_signal from public;
grant execute on function watch.lock_identities, watch.known_signals, watch.receipt_of, watch.receive_delivery, watch.receive_original, watch.receive_signal,
  watch.hold_signals, watch.note_action, watch.anchors_now to concord_member, concord_jobs;
grant execute on function watch.copy_to_exercise to concord_member;

-- Activation and call-out -----------------------------------------------------------------------------------------------------------
drop policy if exists keep_levels on watch.levels;
create policy keep_levels on watch.levels for insert to concord_member with check ((select access.holds('kind:administrator')));
drop policy if exists change_levels on watch.levels;
create policy change_levels on watch.levels for update to concord_member using ((select access.holds('kind:administrator'))) with check (true);

drop policy if exists activate on watch.activations;
create policy activate on watch.activations for insert to concord_member
  with check ((select access.holds('kind:watch-officer')) and activated_by = (select access.person()) and (purpose = 'activation' or not (select access.is_live())));
drop policy if exists stand_down on watch.activations;
create policy stand_down on watch.activations for update to concord_member
  using ((select access.holds('kind:watch-officer', 'kind:secretariat', 'kind:chair')) and stood_down_at is null)
  with check (stood_down_by = (select access.person()));

drop policy if exists decide on watch.decisions_not_to_activate;
create policy decide on watch.decisions_not_to_activate for insert to concord_member
  with check ((select access.holds('kind:watch-officer')) and decided_by = (select access.person()));

-- Who is called is planned by the watch officer's deed, and carried on by the timed duties alone.
drop policy if exists call_out on watch.call_outs;
create policy call_out on watch.call_outs for insert to concord_member
  with check ((select access.holds('kind:watch-officer')) and state = 'planned' and accepted_by is null and people = '[]');

-- Everybody answers for themselves; the desk notes what was said on the telephone.
drop policy if exists answer on watch.answers;
create policy answer on watch.answers for insert to concord_member
  with check (taken_at is null and noted_by = (select access.person())
    and ((person_id = (select access.person()) and way = 'signed-in') or ((select access.holds('kind:watch-officer', 'kind:secretariat')) and way = 'telephone')));

do $$
declare name text;
begin
  foreach name in array array['levels', 'activations', 'decisions_not_to_activate', 'call_outs', 'steps', 'asks', 'answers'] loop
    execute format('grant select on watch.%I to concord_member', name);
    execute format('drop policy if exists duty on watch.%I', name);
    execute format('create policy duty on watch.%I for select to concord_jobs using (true)', name);
    execute format('grant select on watch.%I to concord_jobs', name);
  end loop;
  foreach name in array array['call_outs', 'steps', 'asks', 'answers'] loop
    execute format('drop policy if exists duty_change on watch.%I', name);
    execute format('create policy duty_change on watch.%I for update to concord_jobs using (world = (select access.world())) with check (world = (select access.world()))', name);
  end loop;
  foreach name in array array['steps', 'asks'] loop
    execute format('drop policy if exists duty_add on watch.%I', name);
    execute format('create policy duty_add on watch.%I for insert to concord_jobs with check (world = (select access.world()))', name);
    execute format('grant insert on watch.%I to concord_jobs', name);
  end loop;
end $$;
grant insert on watch.levels, watch.activations, watch.decisions_not_to_activate, watch.call_outs, watch.answers to concord_member;
grant update (rank, name, name_fr, criteria, criteria_fr, calls_out, convenes, retired_at) on watch.levels to concord_member;
grant update (stood_down_at, stood_down_by, stand_down_reason) on watch.activations to concord_member;
grant update (state, next_due, accepted_by, accepted_at, unanswered_since, flags, people) on watch.call_outs to concord_jobs;
grant update (state) on watch.steps to concord_jobs;
grant update (state, reason, detail, queued_at, simulated_at, attempted_at, delivered_at, read_at, accepted_at, declined_at, failed_at, expired_at, announced_at)
  on watch.asks to concord_jobs;
grant update (taken_at) on watch.answers to concord_jobs;

alter table watch.ways enable row level security;
alter table watch.ways force row level security;
drop policy if exists keep on watch.ways;
create policy keep on watch.ways to concord_owner using (true) with check (true);
drop policy if exists duty on watch.ways;
create policy duty on watch.ways to concord_jobs using (true) with check (world = (select access.world()));
grant select, insert, update (closed) on watch.ways to concord_jobs;
revoke all on function watch.put_answer, watch.world_time from public;
grant execute on function watch.look_at_ask, watch.answer_by_token, watch.answer_by_key, watch.answer_by_code to concord_desk;
grant execute on function watch.languages to concord_jobs;

-- ==== retention ====
select record.retains('watch.contents', 'received_at', 3650, 'Warnings may be asked for as long as the incident they led to.',
  '{"content": {}, "verdict": {}}', 'watch.signals', 'id');
select record.retains('watch.judgements', 'at', 3650, 'What the desk made of a warning is asked for as long as the warning.',
  '{"reason": "(removed: its time was over)", "reliability": "(removed: its time was over)"}');
select record.retains('watch.asks', 'due_at', 730, 'How people were reached is looked at when call-outs are tested.',
  '{"reason": "(removed: its time was over)", "detail": "(removed: its time was over)"}');
select record.retains('watch.answers', 'at', 730, 'How people were reached is looked at when call-outs are tested.', '{"reason": "(removed: its time was over)"}');

-- What structure may count of this area (structure 0107): a call-out accepted is an agency told.
select structure.tells('watch.call_outs', 'tells', 'accepted_at', 'agency_id');
-- What call-outs have shown, for named hands; the functions say themselves who that is.
revoke all on function watch.acceptance_times, watch.last_test from public;
grant execute on function watch.acceptance_times, watch.last_test to concord_member;

-- What else is kept, how long, and why.
select record.retains('watch.originals', 'received_at', 3650, 'Warnings may be asked for as long as the incident they led to.',
  '{"bytes": "\\x"}');
select record.retains('watch.deliveries', 'received_at', 3650, 'Warnings may be asked for as long as the incident they led to.',
  '{"name": "(removed: its time was over)", "alerts": []}');
select record.retains('watch.signals', 'received_at', 3650, 'Warnings may be asked for as long as the incident they led to.',
  '{"summary": {"infos": []}, "release_reason": "(removed: its time was over)"}');
select record.retains('watch.decisions_not_to_activate', 'decided_at', 3650, 'Why a warning was not acted on is asked for as long as why another was.',
  '{"about": "(removed: its time was over)", "reason": "(removed: its time was over)"}');
select record.retains('watch.activations', 'at', 3650, 'Why people were called is asked for as long as the incident.',
  '{"criteria_matched": "(removed: its time was over)", "reason": "(removed: its time was over)", "stand_down_reason": "(removed: its time was over)", "call_back": "(removed: its time was over)"}');
select record.retains('watch.call_outs', 'started_at', 730, 'How people were reached is looked at when call-outs are tested.',
  '{"people": []}');
select record.retains('watch.source_events', 'at', 730, 'When a source was lost is looked at when warnings are reviewed.',
  '{"detail": "(removed: its time was over)"}');
select record.keeps(t::regclass, 'Settings of the desk: levels, where warnings come from and by whose certificate they are known; by number who added them.')
from unnest('{watch.levels, watch.sources, watch.trust_anchors, watch.source_links, watch.source_states}'::text[]) t;
select record.keeps(t::regclass, 'What was due and what one message did to another, by number and without words.')
from unnest('{watch.steps, watch.signal_actions}'::text[]) t;
select record.keeps('watch.ways', 'A hash and a code by which one ask could be answered; it opens nothing after its end.');
