-- Legal holds, and retention: what is deleted when its time is over, on what basis, and the sealed stub that stays.

create table record.holds (
  id uuid primary key,
  thread uuid,
  table_name text references record.labelled_table (name) on delete restrict,
  row_id uuid,
  threads uuid[] not null default '{}',
  row_tables text[] not null default '{}',
  row_ids uuid[] not null default '{}',
  reason text not null check (length(trim(reason)) >= 10),
  authority text not null check (length(trim(authority)) >= 3),
  placed_by uuid not null references access.account on delete restrict,
  post_id uuid,
  placed_at timestamptz not null,
  released_by uuid references access.account on delete restrict,
  released_at timestamptz check (released_at >= placed_at),
  release_reason text check (length(trim(release_reason)) >= 10),
  check (num_nulls(table_name, row_id) in (0, 2) and (thread is null) = (row_id is not null)),
  check (num_nulls(released_by, released_at, release_reason) in (0, 3)),
  check (cardinality(row_tables) = cardinality(row_ids))
);
comment on table record.holds is
  'A legal hold on a thread (an incident) or on one row: retention deletes nothing of it. threads, row_tables and row_ids: what belonged to it when it was placed.';
select record.labelled('record.holds', 'per-world', 'thread');
create index holds_open on record.holds (thread) where released_at is null;

-- A hold says what it is on once, and is released once; what it is on is never changed.
create function record.keep_hold() returns trigger language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
  if old.released_at is not null or (new.thread, new.table_name, new.row_id, new.threads, new.row_tables, new.row_ids, new.reason, new.authority, new.placed_by, new.placed_at)
     is distinct from (old.thread, old.table_name, old.row_id, old.threads, old.row_tables, old.row_ids, old.reason, old.authority, old.placed_by, old.placed_at) then
    raise exception 'a hold is only released, once' using errcode = '23505';
  end if;
  return new;
end $$;
create trigger keep_hold before update on record.holds for each row execute function record.keep_hold();

-- Whoever can read the thread's own row is told that it is held and since when; why, and by whom, stands in the hold under its own label.
create function record.held_since(of_thread uuid) returns timestamptz stable security definer language sql
set search_path = pg_catalog, pg_temp as $$
  select min(h.placed_at) from record.holds h
  where h.released_at is null and h.world = access.world() and (h.thread = of_thread or of_thread = any(h.threads))
    and exists (select from record.place p where p.thread = of_thread and p.row_id = of_thread and p.label = any(access.readable()))
$$;

create table record.retention_rule (
  table_name text primary key references record.labelled_table (name) on delete restrict,
  root_table text references record.labelled_table (name) on delete restrict,
  root_key text,
  since text not null,
  default_days int not null check (default_days >= 1),
  basis text not null check (basis <> ''),
  replacing jsonb not null check (jsonb_typeof(replacing) = 'object'),
  check ((root_table is null) = (root_key is null))
);
comment on table record.retention_rule is
  'What retention does to a table, said by its area: counted from which moment (of the row, or of its thread''s own row), how long by default, on what basis, and what its content becomes.';

create table record.retention_policies (
  id uuid primary key,
  table_name text not null unique references record.retention_rule on delete restrict,
  keep_days int not null check (keep_days between 1 and 36525),
  basis text not null check (length(trim(basis)) >= 3),
  set_by uuid not null references access.account on delete restrict,
  set_at timestamptz not null,
  confirmed_by uuid references access.account on delete restrict,
  confirmed_at timestamptz,
  check ((confirmed_by is null) = (confirmed_at is null))
);
comment on table record.retention_policies is
  'How long this city keeps a kind of row. Nothing is deleted until an executive or data-protection post has confirmed it; a new period is confirmed anew.';
select record.labelled('record.retention_policies', 'city-wide');

-- Another period, or another basis, is another policy: its first run is confirmed again.
create function record.keep_policy() returns trigger language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
  if new.table_name <> old.table_name then raise exception 'a policy stays with its table' using errcode = '42501'; end if;
  if new.keep_days <> old.keep_days or new.basis <> old.basis then
    new.confirmed_by := null;
    new.confirmed_at := null;
  end if;
  return new;
end $$;
create trigger keep_policy before update on record.retention_policies for each row execute function record.keep_policy();

create table record.retention_runs (
  id uuid primary key,
  table_name text not null references record.retention_rule on delete restrict,
  kind text not null check (kind in ('asked', 'run')),
  keep_days int not null,
  upto timestamptz not null,
  found int not null check (found >= 0),
  by_person uuid references access.account on delete restrict,
  at timestamptz not null
);
comment on table record.retention_runs is 'Each time somebody asked what would go, and each time something went: how many rows of which table, under which period.';
select record.labelled('record.retention_runs', 'city-wide');

create table record.retained_row (
  table_name text not null,
  row_id uuid not null,
  at timestamptz not null,
  primary key (table_name, row_id)
);
comment on table record.retained_row is 'Rows of which retention has left the stub.';

-- Areas say in their policies.sql what retention does to a table. root_table: the period runs from a moment of another row, which root_key (else the
-- row's thread) points at. What is empty stays empty; the rest becomes what `replacing` says.
create function record.retains(of_table regclass, since text, default_days int, basis text, replacing jsonb, root_table regclass default null, root_key text default null) returns void
volatile language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
  named text := (select format('%s.%s', n.nspname, c.relname) from pg_class c join pg_namespace n on n.oid = c.relnamespace where c.oid = of_table);
  root text := (select format('%s.%s', n.nspname, c.relname) from pg_class c join pg_namespace n on n.oid = c.relnamespace where c.oid = root_table);
  missing text;
begin
  if root is not null then
    root_key := coalesce(root_key, (select l.thread from record.labelled_table l where l.name = named));
    if root_key is null then raise exception '% has no thread to count from', named; end if;
  end if;
  select k into missing from jsonb_object_keys(replacing) k
    where not exists (select from pg_attribute a where a.attrelid = of_table and a.attname = k and not a.attisdropped) or k in ('id', 'label', 'world');
  if missing is not null then raise exception '% has no column % to replace', named, missing; end if;
  if not exists (select from pg_attribute a where a.attrelid = coalesce(root_table, of_table) and a.attname = retains.since and not a.attisdropped) then
    raise exception '% has no column % to count from', coalesce(root, named), retains.since;
  end if;
  insert into record.retention_rule as r (table_name, root_table, root_key, since, default_days, basis, replacing)
    values (named, root, retains.root_key, retains.since, retains.default_days, retains.basis, retains.replacing)
    on conflict (table_name) do update set root_table = excluded.root_table, root_key = excluded.root_key, since = excluded.since, default_days = excluded.default_days,
      basis = excluded.basis, replacing = excluded.replacing;
end $$;
comment on function record.retains is 'Says what retention does to a labelled table; called again with every change of an area''s policies.';

-- A table's name, quoted, as it may stand in a statement.
create function record.rule_name(of_table text) returns text immutable language sql set search_path = pg_catalog, pg_temp as $$
  select format('%I.%I', split_part(of_table, '.', 1), split_part(of_table, '.', 2))
$$;

-- The rows whose time is over and that nothing holds, oldest first. For the two functions below alone.
create function record.over(of_table text, keep_days int, moment timestamptz, at_most int) returns table (row_id uuid)
stable language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
  rule record.retention_rule;
  thread_column text;
begin
  select r.* into strict rule from record.retention_rule r where r.table_name = of_table;
  select l.thread into thread_column from record.labelled_table l where l.name = of_table;
  return query execute format(
    'select t.id from %1$s t %2$s
     where %3$s.%4$I <= $1 - make_interval(days => $2)
       and not exists (select from record.retained_row d where d.table_name = $3 and d.row_id = t.id)
       and not exists (select from record.holds h where h.released_at is null and h.world = t.world
         and (%5$s or exists (select from unnest(h.row_tables || h.table_name, h.row_ids || h.row_id) held (table_name, row_id)
           where held.table_name = $3 and held.row_id = t.id)))
     order by %3$s.%4$I, t.id limit $4',
    record.rule_name(of_table), case when rule.root_table is null then '' else format('join %s r on r.id = t.%I and r.world = t.world', record.rule_name(rule.root_table), rule.root_key) end,
    case when rule.root_table is null then 't' else 'r' end, rule.since,
    case when thread_column is null then 'false' else format('h.thread = t.%1$I or t.%1$I = any(h.threads)', thread_column) end)
    using moment, keep_days, of_table, at_most;
end $$;

-- What would go: how many rows and none of their words, for those who answer for it.
create function record.would_go(of_table text, keep_days int, moment timestamptz) returns int stable security definer language plpgsql
set search_path = pg_catalog, pg_temp as $$
begin
  if not access.holds('kind:data-protection', 'kind:executive', 'kind:legal-adviser', 'kind:inquiry') then
    raise exception 'not yours to ask' using errcode = '42501';
  end if;
  return (select count(*) from record.over(of_table, keep_days, moment, 1000000));
end $$;

-- Deletes what must go: the row keeps its id and loses its words; every entry of it loses content and salt and keeps header and hash.
-- Only what is confirmed, never what is held, never ahead of the real clock. Returns how many rows went.
create function record.retain(of_table text, moment timestamptz, at_most int) returns int volatile security definer language plpgsql
set search_path = pg_catalog, pg_temp as $$
declare
  rule record.retention_rule;
  policy record.retention_policies;
  columns text;
  target uuid;
  gone int := 0;
begin
  select p.* into policy from record.retention_policies p where p.table_name = of_table and p.confirmed_at is not null;
  if not found then return 0; end if;
  select r.* into strict rule from record.retention_rule r where r.table_name = of_table;
  moment := least(moment, clock_timestamp());
  select string_agg(format('%1$I = case when t.%1$I is null then null else (jsonb_populate_record(null::%2$s, $2)).%1$I end', k, record.rule_name(of_table)), ', ') into columns from jsonb_object_keys(rule.replacing) k;
  for target in select o.row_id from record.over(of_table, policy.keep_days, moment, at_most) o loop
    if columns is not null then
      execute format('update %s t set %s where t.id = $1', record.rule_name(of_table), columns) using target, rule.replacing;
    end if;
    update record.entry e set content = null, salt = null from record.place p
      where p.seq = e.seq and p.table_name = of_table and p.row_id = target and e.content is not null;
    insert into record.retained_row (table_name, row_id, at) values (of_table, target, clock_timestamp());
    gone := gone + 1;
  end loop;
  if gone > 0 then
    insert into record.retention_runs (id, table_name, kind, keep_days, upto, found, at, label, world)
      values (gen_random_uuid(), of_table, 'run', policy.keep_days, moment, gone, clock_timestamp(),
        access.intern('[["kind:data-protection", "kind:executive", "kind:legal-adviser", "kind:inquiry"]]', 'TLP:AMBER+STRICT'), access.live_world());
  end if;
  return gone;
end $$;
comment on function record.retain is 'The one way in which content leaves the record: confirmed, not held, over by the real clock. The leaf of each entry stays what it was.';

-- Answers of commands, kept so that a command sent twice is done once, hold words too; nobody sends again after a month.
create function record.forget_answers() returns int volatile security definer language plpgsql set search_path = pg_catalog, pg_temp as $$
declare gone int;
begin
  delete from operation.answer a where a.at < clock_timestamp() - interval '30 days';
  get diagnostics gone = row_count;
  return gone;
end $$;
