-- Policies and grants of core/record. Re-applied whole whenever this file changes.
do $$
declare name text;
begin
  foreach name in array array['entry', 'place', 'sequencer', 'head', 'node', 'stream', 'signing_key', 'labelled_table', 'answered_for'] loop
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
grant select on record.signing_key to concord_member;
grant insert on record.signing_key to concord_verifier;

-- Sendings are written through one function; who asks to whom a row was available says so first, and may ask.
grant select on record.sendings, record.lookups to concord_member;
grant insert on record.lookups to concord_member;
drop policy if exists ask on record.lookups;
create policy ask on record.lookups for insert to concord_member
  with check (asked_by = (select access.person()) and record.may_ask(table_name, row_id, authority is not null));
grant execute on function record.availability, record.sees, record.may_ask to concord_member;
grant execute on function record.note_sending to concord_member, concord_jobs;
