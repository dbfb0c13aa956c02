-- Policies and grants of core/record. Re-applied whole whenever this file changes.
do $$
declare name text;
begin
  foreach name in array array['entry', 'place', 'sequencer', 'head', 'node', 'stream', 'signing_key', 'labelled_table', 'answered_for', 'statement', 'witness'] loop
    execute format('alter table record.%I enable row level security', name);
    execute format('alter table record.%I force row level security', name);
    execute format('drop policy if exists keep on record.%I', name);
    execute format('create policy keep on record.%I to concord_owner using (true) with check (true)', name);
    execute format('drop policy if exists verify on record.%I', name);
    execute format('create policy verify on record.%I to concord_verifier using (true) with check (true)', name);
  end loop;
end $$;

drop policy if exists see on record.entry;
create policy see on record.entry for select to concord_member using (label = any((select access.readable())::int[]));
drop policy if exists see on record.place;
create policy see on record.place for select to concord_member using (label = any((select access.readable())::int[]));
drop policy if exists see on record.head;
create policy see on record.head for select to concord_member using ((select access.holds('kind:administrator', 'kind:inquiry')));

grant usage on schema record to concord_member, concord_verifier, concord_jobs, concord_desk;
grant select on record.entry, record.place to concord_member;
grant select on record.head to concord_member;
grant select on all tables in schema record to concord_verifier;
grant insert on record.head, record.node to concord_verifier;
revoke all on all functions in schema record from public;
grant execute on function record.place_entries to concord_verifier;

drop policy if exists note_own on record.openings;
create policy note_own on record.openings for insert to concord_member with check (person_id = (select access.person()));
drop policy if exists note_own on record.acknowledgements;
create policy note_own on record.acknowledgements for insert to concord_member with check (person_id = (select access.person()));
drop policy if exists ask on record.inspections;
create policy ask on record.inspections for insert to concord_member with check (asked_by = (select access.person()) and (select access.holds('kind:inquiry')));
grant select, insert on record.openings, record.acknowledgements, record.inspections to concord_member;
drop policy if exists see on record.head;
create policy see on record.head for select to concord_member using ((select access.holds('kind:administrator', 'kind:inquiry', 'kind:operator')));
grant execute on function record.picture, record.position_at, record.verify_page, record.unplaced to concord_member;
drop policy if exists see on record.signing_key;
create policy see on record.signing_key for select to concord_member using (true);
revoke select on record.signing_key from concord_member;
grant select (key_id, public_key, from_at, until_at, ended) on record.signing_key to concord_member;
grant insert on record.signing_key to concord_verifier;

-- Keys, verifications, witnesses (0013). The process that seals writes what it did; people ask, by their posts.
grant update (until_at, ended) on record.signing_key to concord_verifier;
grant insert on record.statement, record.witness to concord_verifier;
grant update (every_seconds, wanted_at, told_number, told_at, attempts, next_at, detail) on record.witness to concord_verifier;
grant usage on all sequences in schema record to concord_verifier;
grant update (old_key, new_key, at_size, done_at) on record.key_changes to concord_verifier;
grant update (finished_at, ok, report), insert on record.verifications to concord_verifier;
do $$
declare name text;
begin
  foreach name in array array['key_changes', 'verifications'] loop
    execute format('drop policy if exists work on record.%I', name);
    execute format('create policy work on record.%I to concord_verifier using (true) with check (true)', name);
  end loop;
end $$;
grant select on record.key_changes, record.verifications, record.witnessed_cities, record.witnessed to concord_member;
grant insert (id, kind, reason, overlap_hours, asked_by, asked_at, label) on record.key_changes to concord_member;
drop policy if exists ask on record.key_changes;
create policy ask on record.key_changes for insert to concord_member with check (asked_by = (select access.person()) and (select access.holds('kind:operator')));
grant insert (id, asked_by, asked_at, label) on record.verifications to concord_member;
drop policy if exists ask on record.verifications;
create policy ask on record.verifications for insert to concord_member with check (asked_by = (select access.person()) and (select record.may_see_sizes()));
grant insert (id, name, code, public_key, added_by, added_at, label), update (ended_at) on record.witnessed_cities to concord_member;
drop policy if exists add on record.witnessed_cities;
create policy add on record.witnessed_cities for insert to concord_member
  with check (added_by = (select access.person()) and (select access.holds('kind:administrator')));
drop policy if exists let_go on record.witnessed_cities;
create policy let_go on record.witnessed_cities for update to concord_member using ((select access.holds('kind:administrator'))) with check (true);
grant usage on schema record to concord_desk;
grant execute on function record.witnessed_keys, record.put_witnessed to concord_desk;
grant execute on function record.may_see_sizes, record.tree_nodes, record.open_statements, record.sealed_at, record.seal_state, record.witness_state
  to concord_member;
grant execute on function record.oldest_unsealed, record.ledger_page to concord_verifier;
-- Sendings are written through one function; who asks to whom a row was available says so first, and may ask.
grant select on record.sendings, record.lookups to concord_member;
grant insert on record.lookups to concord_member;
drop policy if exists ask on record.lookups;
create policy ask on record.lookups for insert to concord_member
  with check (asked_by = (select access.person()) and record.may_ask(table_name, row_id, authority is not null));
grant execute on function record.availability, record.sees, record.may_ask to concord_member;
grant execute on function record.note_sending to concord_member, concord_jobs;

-- ==== holds, retention, packs ====
-- Said anew here: as first written (0016) it asked who the viewer is once for every entry of the thread.
create or replace function record.circles_of(of_threads uuid[]) returns text[] stable security definer language plpgsql
set search_path = pg_catalog, pg_temp as $$
declare
  whole boolean := access.holds('kind:inquiry');
  readable int[];
begin
  if not (whole or access.holds('kind:legal-adviser', 'kind:data-protection')) then raise exception 'not yours to ask' using errcode = '42501'; end if;
  readable := case when whole then '{}' else access.readable() end;
  return array(select distinct t.token
    from (select distinct p.label from record.place p where p.thread = any(of_threads) and p.world = access.world()) used
    join access.clause c on c.label = used.label, unnest(c.tokens) t (token)
    where t.token like 'circle:%' and (whole or used.label = any(readable)));
end $$;

do $$
declare name text;
begin
  foreach name in array array['retention_rule', 'retained_row', 'pack_work', 'kept_table'] loop
    execute format('alter table record.%I enable row level security', name);
    execute format('alter table record.%I force row level security', name);
    execute format('drop policy if exists keep on record.%I', name);
    execute format('create policy keep on record.%I to concord_owner using (true) with check (true)', name);
  end loop;
end $$;

drop policy if exists place on record.holds;
create policy place on record.holds for insert to concord_member
  with check (placed_by = (select access.person()) and (select access.holds('kind:legal-adviser', 'kind:data-protection', 'kind:inquiry')));
drop policy if exists release on record.holds;
create policy release on record.holds for update to concord_member
  using ((select access.holds('kind:legal-adviser', 'kind:data-protection', 'kind:inquiry'))) with check (released_by = (select access.person()));
grant select, insert on record.holds to concord_member;
grant update (released_by, released_at, release_reason) on record.holds to concord_member;
grant execute on function record.held_since to concord_member;

drop policy if exists see on record.retention_rule;
create policy see on record.retention_rule for select to concord_member, concord_jobs
  using (current_user = 'concord_jobs' or (select access.holds('kind:data-protection', 'kind:executive', 'kind:legal-adviser', 'kind:inquiry')));
grant select on record.retention_rule to concord_member, concord_jobs;
drop policy if exists set_policy on record.retention_policies;
create policy set_policy on record.retention_policies for insert to concord_member
  with check (set_by = (select access.person()) and confirmed_at is null and (select access.holds('kind:data-protection', 'kind:executive')) and (select record.is_sure()));
drop policy if exists change_policy on record.retention_policies;
create policy change_policy on record.retention_policies for update to concord_member
  using ((select access.holds('kind:data-protection', 'kind:executive')) and (select record.is_sure()))
  with check (confirmed_by is null or confirmed_by = (select access.person()));
grant select, insert on record.retention_policies to concord_member;
grant update (keep_days, basis, set_by, set_at, confirmed_by, confirmed_at) on record.retention_policies to concord_member;
drop policy if exists ask on record.retention_runs;
create policy ask on record.retention_runs for insert to concord_member with check (by_person = (select access.person()) and kind = 'asked'
  and (select access.holds('kind:data-protection', 'kind:executive', 'kind:legal-adviser', 'kind:inquiry')));
grant select, insert on record.retention_runs to concord_member;
grant execute on function record.would_go, record.is_sure to concord_member;
grant execute on function record.retain, record.forget_answers to concord_jobs;

drop policy if exists ask on record.packs;
create policy ask on record.packs for insert to concord_member with check (asked_by = (select access.person()) and state = 'asked' and (select record.is_sure())
  and ((select access.holds('kind:inquiry'))
    or (reach <> 'all' and withheld = 'absent' and pictures = '[]' and (select access.holds('kind:legal-adviser', 'kind:data-protection')))));
drop policy if exists make on record.packs;
create policy make on record.packs for update to concord_jobs using (true) with check (true);
drop policy if exists make_see on record.packs;
create policy make_see on record.packs for select to concord_jobs using (true);
grant select, insert on record.packs to concord_member;
grant select on record.packs to concord_jobs;
grant update (state, finished_at, head_size, size, file_hash, manifest_hash) on record.packs to concord_jobs;
drop policy if exists take on record.pack_downloads;
create policy take on record.pack_downloads for insert to concord_member with check (person_id = (select access.person()) and (select record.is_sure())
  and exists (select from record.packs p where p.id = pack_id and p.thread = pack_downloads.thread and p.state = 'ready' and p.expires_at > clock_timestamp()));
grant select, insert on record.pack_downloads to concord_member;
drop policy if exists work on record.pack_work;
create policy work on record.pack_work to concord_jobs using (true) with check (true);
grant select, insert, update on record.pack_work to concord_jobs;
grant execute on function record.circles_of, record.pack_progress to concord_member;
grant execute on function record.pack_positions, record.pack_page, record.pack_moment, record.pack_names to concord_jobs;
-- ==== end of holds, retention, packs ====

-- The whole record as one file of hashes (0020).
drop policy if exists take on record.bundles;
create policy take on record.bundles for insert to concord_member with check (person_id = (select access.person()) and (select record.may_see_sizes())
  and exists (select from record.head h where h.size = bundles.size));
grant select, insert on record.bundles to concord_member;
grant execute on function record.bundle_leaves, record.bundle_statements, record.bundle_counts to concord_member;

-- What is kept, and for how long (0021).
drop policy if exists see on record.kept_table;
create policy see on record.kept_table for select to concord_member
  using ((select access.holds('kind:data-protection', 'kind:executive', 'kind:legal-adviser', 'kind:inquiry')));
grant select on record.kept_table to concord_member;
select record.retains('record.openings', 'opened_at', 3650, 'Who opened and acknowledged what is asked for as long as the incident it was about.',
  '{"person_id": null}');
select record.retains('record.acknowledgements', 'acknowledged_at', 3650, 'Who opened and acknowledged what is asked for as long as the incident it was about.',
  '{"person_id": null, "post_id": null}');
select record.retains('record.sendings', 'really_at', 3650, 'What was sent to whom is asked for as long as the incident it was about.',
  '{"to_token": "nobody:removed"}');
select record.retains('record.packs', 'expires_at', 3650, 'To whom a pack was given is asked for as long as the incident it was about.',
  '{"receiver": "(removed: its time was over)", "purpose": "(removed: its time was over)", "authority": "(removed: its time was over)"}');
select record.keeps(t::regclass, 'It proves the record: hashes, signatures and their keys. It names nobody.')
from unnest('{record.head, record.node, record.place, record.sequencer, record.stream, record.signing_key, record.statement, record.witness,
  record.witnessed, record.witnessed_cities, record.verifications}'::text[]) t;
select record.keeps('record.entry', 'Its content goes with the row it is of; the sealed header and the hash stay and name nobody.');
select record.keeps('record.key_changes', 'A change or loss of the key is part of the proof, with the reason that was given.');
select record.keeps(t::regclass, 'Whoever looked into what others had answers for it as long as the record stands. It names them by number.')
from unnest('{record.inspections, record.lookups, record.pack_downloads, record.bundles}'::text[]) t;
select record.keeps(t::regclass, 'Why something was held, or deleted, is asked after it has gone. It names those who answer for it by number.')
from unnest('{record.holds, record.retention_policies, record.retention_runs, record.retained_row}'::text[]) t;
select record.keeps(t::regclass, 'How the house is built: names of tables and functions, nothing of anybody.')
from unnest('{record.labelled_table, record.answered_for, record.retention_rule, record.kept_table, concord.migration}'::text[]) t;
select record.keeps('record.pack_work', 'Work that is being done, by number; the pack goes with its days.');
