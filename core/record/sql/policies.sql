-- Policies and grants of core/record. Re-applied whole whenever this file changes.
do $$
declare name text;
begin
  foreach name in array array['entry', 'place', 'sequencer', 'head', 'node', 'stream', 'signing_key', 'labelled_table', 'statement', 'witness'] loop
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
grant execute on function record.oldest_unsealed, record.verify_rows to concord_verifier;
