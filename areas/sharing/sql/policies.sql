-- Policies and grants of sharing, feature by feature. Re-applied whole whenever this file changes. Reading follows the labels (record.labelled).
grant usage on schema sharing to concord_member, concord_jobs;
revoke all on all functions in schema sharing from public;

-- Protocols. A draft is written by a party's executive, data-protection post, legal adviser or secretariat; everything after goes through definer functions.
drop policy if exists draft on sharing.protocols;
create policy draft on sharing.protocols for insert to concord_member
  with check (drafted_by = (select access.person()) and version_in_force is null and epoch = 0 and ended_at is null
    and sharing.acts_for(drafting_agency_id, '{executive,data-protection,legal-adviser,secretariat}'));
grant select, insert (id, title, drafted_by, drafting_agency_id, drafted_at, label) on sharing.protocols to concord_member;
drop policy if exists write on sharing.protocol_versions;
create policy write on sharing.protocol_versions for insert to concord_member
  with check (state = 'draft' and written_by = (select access.person()) and sharing.may_write(protocol_id));
drop policy if exists rewrite on sharing.protocol_versions;
create policy rewrite on sharing.protocol_versions for update to concord_member
  using (state = 'draft' and sharing.may_write(protocol_id)) with check (state = 'draft' and written_by = (select access.person()));
grant select, insert (id, protocol_id, number, terms, written_by, written_at, label), update (terms, written_by, written_at) on sharing.protocol_versions to concord_member;
grant select on sharing.signatures, sharing.parties to concord_member;
grant select on sharing.protocols, sharing.parties, sharing.protocol_versions to concord_jobs;
do $$
declare name text;
begin
  foreach name in array array['protocols', 'parties', 'protocol_versions'] loop
    execute format('drop policy if exists duty on sharing.%I', name);
    execute format('create policy duty on sharing.%I for select to concord_jobs using (true)', name);
  end loop;
end $$;
grant execute on function sharing.acts_for, sharing.may_write, sharing.terms_hash, sharing.circle, sharing.offer, sharing.sign, sharing.withdraw, sharing.end_protocol, sharing.take_effect to concord_member;

-- Emergency disclosure. Who acts in a crisis discloses; the data-protection post or the executive of the discloser's or the originator's agency reviews.
drop policy if exists disclose on sharing.emergency_disclosures;
create policy disclose on sharing.emergency_disclosures for insert to concord_member
  with check (disclosed_by = (select access.person()) and reviewed_by is null
    and (incident_id is null or (select access.holds_part('incident:' || incident_id)))
    and sharing.acts_for(discloser_agency_id, '{duty,executive,watch-officer,secretariat,chair,loggist}'));
drop policy if exists review on sharing.emergency_disclosures;
create policy review on sharing.emergency_disclosures for update to concord_member
  using (disclosed_by <> (select access.person())
    and (sharing.acts_for(discloser_agency_id, '{data-protection,executive}') or sharing.acts_for(originator_agency_id, '{data-protection,executive}')))
  with check (reviewed_by = (select access.person()));
grant select, insert (id, incident_id, title, text, reason, to_agencies, originator_agency_id, discloser_agency_id, disclosed_by, post_id, disclosed_at, review_due_at, label),
  update (reviewed_by, reviewed_at, outcome, review_words) on sharing.emergency_disclosures to concord_member;

-- Caveats, pointers. Briefings are written by definer functions; whoever acts for an agency says what is held elsewhere, and takes it back.
grant select on sharing.briefings to concord_member;
drop policy if exists point on sharing.pointers;
create policy point on sharing.pointers for insert to concord_member
  with check (made_by = (select access.person()) and ended_at is null and sharing.acts_for(maker_agency_id, '{}'));
drop policy if exists take_back on sharing.pointers;
create policy take_back on sharing.pointers for update to concord_member
  using (sharing.acts_for(maker_agency_id, '{}')) with check (ended_by = (select access.person()));
grant select, insert (id, incident_id, title, holder_agency_id, ask_post_id, how, maker_agency_id, made_by, made_at, restriction_reason, label),
  update (ended_at, ended_by, end_reason) on sharing.pointers to concord_member;
grant execute on function sharing.brief, sharing.end_briefing, sharing.agency_word, sharing.read_by_nobody to concord_member;
-- Notices: written through one function, delivered by a timed duty; nobody else reads whom something waits for.
alter table sharing.notices enable row level security;
alter table sharing.notices force row level security;
drop policy if exists keep on sharing.notices;
create policy keep on sharing.notices to concord_owner using (true) with check (true);
drop policy if exists duty on sharing.notices;
create policy duty on sharing.notices to concord_jobs using (world = (select access.world())) with check (world = (select access.world()));
grant select, update (due_at, tries, told, settled_at) on sharing.notices to concord_jobs;
grant execute on function sharing.put_notice to concord_member, concord_jobs;
grant execute on function sharing.in_part, sharing.languages to concord_jobs;

-- Requests. Whoever acts for an agency asks for it and appeals; whoever answers for the asked one answers. What a request has come to, the database writes.
drop policy if exists ask on sharing.requests;
create policy ask on sharing.requests for insert to concord_member
  with check (asked_by = (select access.person()) and waiting and round = 0 and climbed = 0 and outcome is null
    and (incident_id is null or access.holds_part('incident:' || incident_id))
    and sharing.acts_for(from_agency_id, '{duty,executive,watch-officer,secretariat,chair,loggist,data-protection,legal-adviser,communications}')
    and (to_post_id is null or exists (select from structure.posts p where p.id = to_post_id and p.agency_id = to_agency_id)));
drop policy if exists answer on sharing.request_answers;
create policy answer on sharing.request_answers for insert to concord_member
  with check (answered_by = (select access.person()) and sharing.may_answer(request_id)
    and (item_id is null or exists (select from sharing.items i where i.id = item_id)) and (pointer_id is null or exists (select from sharing.pointers p where p.id = pointer_id)));
drop policy if exists appeal on sharing.request_appeals;
create policy appeal on sharing.request_appeals for insert to concord_member
  with check (appealed_by = (select access.person()) and sharing.may_appeal(request_id));
grant select, insert (id, incident_id, from_agency_id, to_agency_id, to_post_id, asked_by, post_id, what, why, duty, asked_at, needed_by) on sharing.requests to concord_member;
grant select, insert (id, request_id, outcome, words, reason_code, risk, item_id, pointer_id, answered_by, post_id, answered_at) on sharing.request_answers to concord_member;
grant select, insert (id, request_id, words, appealed_by, post_id, appealed_at, needed_by) on sharing.request_appeals to concord_member;
grant select on sharing.request_steps to concord_member;
grant execute on function sharing.may_answer, sharing.may_appeal, sharing.refusal_figures to concord_member;
grant select on sharing.requests, sharing.request_steps, sharing.emergency_disclosures to concord_jobs;
grant execute on function sharing.climb, sharing.oversee_restrictions, sharing.oversee_structure to concord_jobs;

-- The oversight list is read under its own label, and written by nobody but the database; a timed duty notes what is overdue.
grant select on sharing.oversight to concord_member, concord_jobs;
grant update (overdue_at) on sharing.oversight to concord_jobs;
grant execute on function sharing.protects to concord_member;
do $$
declare name text;
begin
  foreach name in array array['requests', 'request_steps', 'emergency_disclosures', 'oversight'] loop
    execute format('drop policy if exists duty on sharing.%I', name);
    execute format('create policy duty on sharing.%I for select to concord_jobs using (world = (select access.world()))', name);
  end loop;
end $$;
-- Claiming a row (for update) asks for the policy of a change, too.
drop policy if exists duty_claim on sharing.request_steps;
create policy duty_claim on sharing.request_steps for update to concord_jobs using (world = (select access.world())) with check (false);
grant update (state) on sharing.request_steps to concord_jobs;
drop policy if exists duty_mark on sharing.oversight;
create policy duty_mark on sharing.oversight for update to concord_jobs using (world = (select access.world())) with check (world = (select access.world()));

-- Items. Heads are read by their labels; what they say is selected by nobody. Everything is written by definer functions, each of which says who may.
grant select on sharing.items, sharing.disclosures, sharing.challenges, sharing.releases to concord_member;
grant execute on function sharing.share_item, sharing.report_upward, sharing.item_text, sharing.open_item, sharing.recall_item, sharing.remark_item, sharing.mine_to_answer,
  sharing.challenge_item, sharing.keep_marking, sharing.grade_item, sharing.derived_of, sharing.propose_release, sharing.decide_release, sharing.receivers, sharing.sharers, sharing.protects_items, sharing.marked, sharing.is_sensitive to concord_member;
-- ==== retention ====
-- A review is written once, by somebody else. Only retention, which runs as the owner, takes the words away when their time is over.
create or replace function sharing.keep_review() returns trigger language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
  if old.reviewed_at is not null and current_user <> 'concord_owner' then raise exception 'reviewed already' using errcode = '23505'; end if;
  return new;
end $$;
select record.retains('sharing.emergency_disclosures', 'disclosed_at', 3650, 'Who was told what, outside every protocol, is asked for as long as the incident.',
  '{"title": "(removed: its time was over)", "text": "(removed: its time was over)", "reason": "(removed: its time was over)", "review_words": "(removed: its time was over)"}');
grant execute on function sharing.usual_markings, sharing.restriction_shares to concord_member;

-- What is kept, how long, and why.
-- What was taken back stands; only retention, which runs as the owner, takes its words away.
create or replace function sharing.keep_pointer() returns trigger language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
  if old.ended_at is not null and current_user <> 'concord_owner' then raise exception 'taken back already' using errcode = '23505'; end if;
  return new;
end $$;
select record.retains('sharing.items', 'shared_at', 3650, 'What agencies shared, asked and answered is asked for as long as the incident it was for.',
  '{"title": "(removed: its time was over)", "restricted_because": "(removed: its time was over)", "changed_because": "(removed: its time was over)"}');
select record.retains('sharing.item_contents', 'shared_at', 3650, 'What agencies shared, asked and answered is asked for as long as the incident it was for.',
  '{"text": "(removed: its time was over)"}', 'sharing.items', 'item_id');
select record.retains('sharing.disclosures', 'sent_at', 3650, 'What agencies shared, asked and answered is asked for as long as the incident it was for.',
  '{"title": "(removed: its time was over)", "because": "(removed: its time was over)"}');
select record.retains('sharing.challenges', 'challenged_at', 3650, 'What agencies shared, asked and answered is asked for as long as the incident it was for.',
  '{"because": "(removed: its time was over)", "answer_words": "(removed: its time was over)"}');
select record.retains('sharing.releases', 'proposed_at', 3650, 'What agencies shared, asked and answered is asked for as long as the incident it was for.',
  '{"title": "(removed: its time was over)", "text": "(removed: its time was over)", "decided_words": "(removed: its time was over)"}');
select record.retains('sharing.requests', 'asked_at', 3650, 'What agencies shared, asked and answered is asked for as long as the incident it was for.',
  '{"what": "(removed: its time was over)", "why": "(removed: its time was over)"}');
select record.retains('sharing.request_answers', 'answered_at', 3650, 'What agencies shared, asked and answered is asked for as long as the incident it was for.',
  '{"words": "(removed: its time was over)", "risk": "(removed: its time was over)"}');
select record.retains('sharing.request_appeals', 'appealed_at', 3650, 'What agencies shared, asked and answered is asked for as long as the incident it was for.',
  '{"words": "(removed: its time was over)"}');
select record.retains('sharing.pointers', 'made_at', 3650, 'What agencies shared, asked and answered is asked for as long as the incident it was for.',
  '{"title": "(removed: its time was over)", "how": "(removed: its time was over)", "restriction_reason": "(removed: its time was over)", "end_reason": "(removed: its time was over)"}');
select record.retains('sharing.briefings', 'until_at', 2190, 'Who was briefed into what is asked for six years after the briefing ended.',
  '{"reason": "(removed: its time was over)", "end_reason": "(removed: its time was over)"}');
select record.retains('sharing.protocols', 'expires_at', 2190, 'Agreements are kept for six years after they ended, as contracts are.',
  '{"title": "(removed: its time was over)", "end_reason": "(removed: its time was over)"}');
select record.keeps(t::regclass, 'The terms under which things were shared, and who signed for which agency, by number: every disclosure rests on them.')
from unnest('{sharing.protocol_versions, sharing.parties, sharing.signatures}'::text[]) t;
select record.keeps(t::regclass, 'What happened and when, by number; the words are in the thing it is about and go with it.')
from unnest('{sharing.request_steps, sharing.oversight, sharing.notices}'::text[]) t;
