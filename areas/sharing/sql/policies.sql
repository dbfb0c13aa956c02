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
