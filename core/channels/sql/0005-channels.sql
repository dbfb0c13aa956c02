-- Messages that have to go out, and what became of them. A row is written in the transaction of the deed that causes it and sent after the commit.
create schema channels;
comment on schema channels is 'The outbox: messages to people, per world, sent after the commit, at least once and always with the same key.';

create table channels.outbox (
  number bigint generated always as identity primary key,
  world uuid not null references access.world on delete restrict,
  key text not null check (length(key) between 8 and 300),
  kind text not null check (kind in ('call-out', 'remind', 'cancelled', 'sign-in')),
  channel text not null check (channel in ('mail', 'sms', 'voice', 'webhook')),
  recipient text,
  words jsonb,
  queued_at timestamptz not null default clock_timestamp(),
  lease_until timestamptz,
  attempts int not null default 0,
  state text not null default 'waiting' check (state in ('waiting', 'withdrawn', 'simulated', 'attempted', 'delivered', 'read', 'failed')),
  detail text,
  gateway_id text,
  settled_at timestamptz,
  told boolean not null default true,
  unique (key, world),
  check ((state = 'waiting') = (settled_at is null)),
  -- The address and the link are kept only as long as they are needed.
  check (case when state = 'waiting' then recipient is not null and words is not null else recipient is null and words is null end)
) with (fillfactor = 60);
create index outbox_waiting on channels.outbox (channel, number) where state = 'waiting';
create index outbox_news on channels.outbox (world, number) where not told;
comment on table channels.outbox is
  'One message to one address. lease_until: a sender is at it until then. told = false: its state has news that whoever queued it has not taken yet. Times are real time.';

create table channels.configured (
  world_kind text primary key check (world_kind in ('live', 'exercise')),
  channels text[] not null,
  changed_at timestamptz not null default clock_timestamp()
);
comment on table channels.configured is 'Which channels really send, by kind of world, as the servers of this city were started; the others are simulated.';

-- The one way in. A key that is there already is the same message: nothing is written twice.
create function channels.queue(messages jsonb) returns int volatile security definer language plpgsql
set search_path = pg_catalog, pg_temp as $$
declare queued int;
begin
  insert into channels.outbox (world, key, kind, channel, recipient, words)
    select coalesce(access.world(), (select w.id from access.world w where w.kind = 'live')), m.key, m.kind, m.channel, m.recipient, m.words
    from jsonb_to_recordset(messages) as m (key text, kind text, channel text, recipient text, words jsonb)
    on conflict do nothing;
  get diagnostics queued = row_count;
  return queued;
end $$;
comment on function channels.queue is 'Puts messages into the outbox, in the world of this transaction (live at the desk).';

-- What a gateway reports later about a message. A later report never takes back an earlier, further one.
create function channels.receipt(of_key text, of_state text) returns boolean volatile security definer language plpgsql
set search_path = pg_catalog, pg_temp as $$
declare reached constant jsonb := '{"waiting": 0, "simulated": 1, "attempted": 1, "failed": 1, "delivered": 2, "read": 3, "withdrawn": 4}';
begin
  if of_state not in ('delivered', 'read', 'failed') then return false; end if;
  update channels.outbox o set state = of_state, recipient = null, words = null, settled_at = coalesce(o.settled_at, clock_timestamp()),
      told = o.kind not in ('call-out', 'remind')
    where o.key = of_key and ((reached -> of_state)::int > (reached -> o.state)::int or (of_state = 'failed' and o.state = 'attempted'));
  return exists (select from channels.outbox o where o.key = of_key);
end $$;
comment on function channels.receipt is 'Notes a delivery receipt by the message''s key; true when there is such a message.';
