-- The ledger: every change to every labelled row, with when, who, in which post, by which operation, why, and what the row became.
-- Entries are never changed. A sequencer gives each committed entry its position; streams, cursors, seals and proofs use positions only.
create schema record;
comment on schema record is 'The ledger of the city: entries, their places in the sealed tree, and signed heads.';

create table record.entry (
  seq bigint generated always as identity primary key,
  transaction xid8 not null default pg_current_xact_id(),
  label int not null, -- the labelled row's own, checked there
  header bytea not null,
  salt bytea,
  content bytea,
  content_hash bytea not null,
  check ((salt is null) = (content is null))
);
create index entry_transaction on record.entry (transaction, seq);
comment on table record.entry is
  'One change: header and content as stored bytes. Retention removes content and salt and keeps header and content_hash; the leaf stays sound.';

create table record.place (
  position bigint primary key check (position >= 0),
  seq bigint not null unique references record.entry on delete restrict,
  leaf bytea not null,
  at timestamptz not null,
  label int not null,
  world uuid not null,
  thread uuid,
  table_name text not null,
  row_id uuid not null,
  action text not null check (action in ('insert', 'update', 'left', 'arrived'))
);
create index place_label on record.place (label, position desc);
create index place_thread_label on record.place (thread, label, position desc) where thread is not null;
create index place_row on record.place (thread, table_name, row_id, position desc);
create index place_table_row on record.place (table_name, row_id, position desc);
create index place_at on record.place (at, position);
comment on table record.place is 'The position of each committed entry in the one order of the city, with its leaf hash: narrow, append-only, what is read and sealed.';

create table record.sequencer (
  one boolean primary key default true check (one),
  below xid8 not null,
  next_position bigint not null
);
comment on table record.sequencer is 'Where the sequencer stands: entries of transactions below this have their positions.';
insert into record.sequencer (below, next_position) values ('0'::xid8, 0);

create table record.head (
  size bigint primary key check (size > 0),
  root bytea not null,
  at timestamptz not null,
  key_id text not null,
  note text not null,
  frontier bytea not null
);
comment on table record.head is 'Signed tree heads (RFC 9162): an Ed25519 signed note over origin, size and root; frontier lets the sealer go on.';

create table record.node (
  level int not null check (level >= 0),
  index bigint not null check (index >= 0),
  hash bytea not null,
  primary key (level, index)
);
comment on table record.node is 'Hashes of perfect subtrees above the leaves, so that a proof among millions reads few rows.';

create table record.stream (
  one boolean primary key default true check (one),
  cursor_key bytea not null check (length(cursor_key) = 16)
);
comment on table record.stream is 'The key that makes a stream''s cursors opaque: gaps between positions tell nothing.';
insert into record.stream (cursor_key) values (substring(sha256(uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid())) for 16));

create table record.labelled_table (
  name text primary key,
  scope text not null check (scope in ('per-world', 'city-wide')),
  thread text
);
comment on table record.labelled_table is 'Which tables are labelled, whether they belong to a world, and which column ties a row to its incident.';

-- One entry. The header holds no personal data and no label words; who acted stands in the content, under the row's own label.
create function record.write_entry(table_name text, row_id uuid, action text, row_label int, row_world uuid, row_thread uuid, after jsonb) returns void
volatile security definer language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
  viewer record;
  header bytea;
  content bytea;
  salt bytea := sha256(uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid()));
begin
  select v.person, v.operator_person, v.post into viewer from access.viewer() v;
  header := convert_to(jsonb_build_object(
    'v', 1, 'id', gen_random_uuid(), 'at', to_char(clock_timestamp() at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
    'world', row_world, 'table', table_name, 'row', row_id, 'action', action, 'label', row_label,
    'operation', coalesce(nullif(current_setting('concord.operation', true), ''), 'none'), 'thread', row_thread)::text, 'UTF8');
  content := convert_to(jsonb_build_object(
    'person', viewer.person, 'operator', viewer.operator_person, 'post', viewer.post, 'role', current_setting('role', true),
    'reason', nullif(current_setting('concord.reason', true), ''), 'row', after)::text, 'UTF8');
  insert into record.entry (label, header, salt, content, content_hash) values (row_label, header, salt, content, sha256(salt || content));
end $$;

create function record.note_change() returns trigger volatile security definer language plpgsql
set search_path = pg_catalog, pg_temp as $$
declare
  after jsonb := to_jsonb(new);
  thread uuid := case when tg_argv[0] is null then null else (after ->> tg_argv[0])::uuid end;
  named text := tg_table_schema || '.' || tg_table_name;
begin
  if tg_op = 'INSERT' then
    perform record.write_entry(named, new.id, 'insert', new.label, new.world, thread, after);
  elsif old.label = new.label then
    perform record.write_entry(named, new.id, 'update', new.label, new.world, thread, after);
  else
    perform record.write_entry(named, new.id, 'left', old.label, old.world, thread, jsonb_build_object('id', old.id));
    perform record.write_entry(named, new.id, 'arrived', new.label, new.world, thread, after);
  end if;
  return new;
end $$;

create function record.refuse_change() returns trigger language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
  raise exception 'the record is append-only' using errcode = '42501';
end $$;

create function record.keep_world() returns trigger language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
  if new.world is distinct from old.world or new.id is distinct from old.id then
    raise exception 'a row stays in its world' using errcode = '42501';
  end if;
  return new;
end $$;

-- Retention alone may take content and salt away, together, from an entry (its header and content hash stay).
create function record.keep_entry() returns trigger language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
  if tg_op = 'UPDATE' and new.content is null and new.salt is null and old.content is not null
     and (new.seq, new.transaction, new.label, new.header, new.content_hash) is not distinct from (old.seq, old.transaction, old.label, old.header, old.content_hash) then
    return new;
  end if;
  raise exception 'the record is append-only' using errcode = '42501';
end $$;
create trigger keep_entry before update or delete on record.entry for each row execute function record.keep_entry();
create trigger keep_place before update or delete on record.place for each row execute function record.refuse_change();
create trigger keep_head before update or delete on record.head for each row execute function record.refuse_change();

-- The one call that makes a table labelled: label and world columns, forced row security, the reading policy, the ledger.
-- scope: 'per-world' or 'city-wide'; thread: the column that ties a row to its incident, if any.
create function record.labelled(target regclass, scope text, thread text default null) returns void
volatile language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
  named text := (select format('%s.%s', n.nspname, c.relname) from pg_class c join pg_namespace n on n.oid = c.relnamespace where c.oid = target);
  seen_in text := case scope when 'per-world' then ' and world = (select access.world())' else '' end;
  -- A wall is looked at: whoever is signed in as a device writes nothing, anywhere.
  written_in text := case scope when 'per-world' then 'world = (select access.world())' else '(select access.is_live())' end
    || ' and not (select access.holds(''kind:device''))';
begin
  insert into record.labelled_table (name, scope, thread) values (named, scope, thread);
  execute format('alter table %s add column label int not null references access.label on delete restrict,
    add column world uuid not null default access.world() references access.world on delete restrict', target);
  if scope = 'per-world' then
    execute format('alter table %s add unique (world, id)', target);
  end if;
  execute format('create index on %s (label)', target);
  execute format('alter table %s enable row level security', target);
  execute format('alter table %s force row level security', target);
  execute format('create policy keep on %s to concord_owner using (true) with check (true)', target);
  execute format('create policy see on %s for select to concord_member using (label = any((select access.readable())::int[])%s)', target, seen_in);
  -- No writing into the dark, and no city-wide change from an exercise: both hold whatever else an area allows.
  execute format('create policy no_dark_insert on %s as restrictive for insert to concord_member with check (label = any((select access.readable())::int[]) and %s)', target, written_in);
  execute format('create policy no_dark_update on %s as restrictive for update to concord_member using (%s) with check (label = any((select access.readable())::int[]) and %s)', target, written_in, written_in);
  execute format('create trigger ledger after insert or update on %s for each row execute function record.note_change(%s)', target, coalesce(quote_literal(thread), ''));
  execute format('create trigger keep_world before update on %s for each row execute function record.keep_world()', target);
  execute format('create trigger keep_rows before delete on %s for each row execute function record.refuse_change()', target);
end $$;
comment on function record.labelled is 'Makes a table labelled: nobody can forget the audit, and no code path gets round it.';

-- Gives positions to all entries of transactions that are over, in (transaction, seq) order. One at a time: the row is locked.
create function record.place_entries(at_most int) returns bigint volatile security definer language plpgsql
set search_path = pg_catalog, pg_temp as $$
declare
  stand record.sequencer;
  horizon xid8;
  placed bigint;
  last_transaction xid8;
begin
  select * into stand from record.sequencer for update;
  horizon := pg_snapshot_xmin(pg_current_snapshot());
  with whole as (
    -- With ties: never half a transaction.
    select e.* from record.entry e
    where e.transaction >= stand.below and e.transaction < horizon
    order by e.transaction fetch first at_most rows with ties
  ), put as (
    insert into record.place (position, seq, leaf, at, label, world, thread, table_name, row_id, action)
    select stand.next_position + row_number() over (order by w.transaction, w.seq) - 1, w.seq,
      sha256('\x00'::bytea || w.header || w.content_hash),
      (h.header ->> 'at')::timestamptz, w.label, (h.header ->> 'world')::uuid, (h.header ->> 'thread')::uuid,
      h.header ->> 'table', (h.header ->> 'row')::uuid, h.header ->> 'action'
    from whole w, lateral (select convert_from(w.header, 'UTF8')::jsonb as header) h
    returning 1
  )
  select count(*), (select max(transaction) from whole) into placed, last_transaction from put;
  if placed > 0 then
    update record.sequencer set below = (last_transaction::text::bigint + 1)::text::xid8, next_position = next_position + placed;
  elsif horizon > stand.below then
    update record.sequencer set below = horizon;
  end if;
  return placed;
end $$;

select record.labelled('access.reach', 'city-wide');
