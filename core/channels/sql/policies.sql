-- Policies and grants of core/channels. Re-applied whole whenever this file changes.
do $$
declare name text;
begin
  foreach name in array array['outbox', 'configured'] loop
    execute format('alter table channels.%I enable row level security', name);
    execute format('alter table channels.%I force row level security', name);
    execute format('drop policy if exists keep on channels.%I', name);
    execute format('create policy keep on channels.%I to concord_owner using (true) with check (true)', name);
  end loop;
end $$;

-- Nobody but the timed duties reads the outbox: it holds addresses and links.
drop policy if exists duty on channels.outbox;
create policy duty on channels.outbox to concord_jobs using (true) with check (true);
drop policy if exists duty on channels.configured;
create policy duty on channels.configured to concord_jobs using (true) with check (true);
drop policy if exists see on channels.configured;
create policy see on channels.configured for select to concord_member, concord_desk using (true);

grant usage on schema channels to concord_member, concord_desk, concord_jobs;
grant select on channels.outbox to concord_jobs;
grant update (lease_until, attempts, state, detail, gateway_id, settled_at, told, recipient, words) on channels.outbox to concord_jobs;
grant select on channels.configured to concord_member, concord_desk, concord_jobs;
grant insert (world_kind, channels), update (channels, changed_at) on channels.configured to concord_jobs;
revoke all on all functions in schema channels from public;
grant execute on function channels.queue to concord_member, concord_desk, concord_jobs;
grant execute on function channels.receipt to concord_desk, concord_jobs;

-- What is kept, and why.
select record.keeps('channels.outbox', 'Its words are taken out when a message is settled; that something was sent, by which way, is asked for with the call-out.');
select record.keeps('channels.configured', 'Which ways of sending are set up: nothing of anybody.');
