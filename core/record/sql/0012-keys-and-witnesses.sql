-- Keys that change and are lost in plain sight, heads held by somebody else, and a verification whose outcome stays.

alter table record.signing_key
  add column until_at timestamptz,
  add column ended text check (ended in ('rotated', 'lost')),
  add check ((until_at is null) = (ended is null));
comment on column record.signing_key.until_at is 'It signs no head after this; until then it signs beside the one that followed it.';

create table record.key_changes (
  id uuid primary key,
  kind text not null check (kind in ('rotation', 'loss')),
  reason text not null check (length(reason) >= 10),
  overlap_hours int not null check (overlap_hours between 0 and 2160),
  asked_by uuid not null references access.account on delete restrict,
  asked_at timestamptz not null,
  old_key text,
  new_key text,
  at_size bigint,
  done_at timestamptz,
  check ((done_at is null) = (new_key is null) and (done_at is null) = (at_size is null))
);
create unique index one_key_change_at_a_time on record.key_changes ((true)) where done_at is null;
comment on table record.key_changes is
  'Asked for by the operator of the machine, carried out by the process that seals: the head of at_size states the change under both keys, or the loss under the new key alone.';
select record.labelled('record.key_changes', 'city-wide');

-- Once it is done it stands.
create function record.keep_key_change() returns trigger language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
  if old.done_at is not null or (new.kind, new.reason, new.asked_by, new.asked_at) is distinct from (old.kind, old.reason, old.asked_by, old.asked_at) then
    raise exception 'a change of key stands as it was recorded' using errcode = '42501';
  end if;
  return new;
end $$;
create trigger keep_key_change before update on record.key_changes for each row execute function record.keep_key_change();

create table record.verifications (
  id uuid primary key,
  asked_by uuid references access.account on delete restrict,
  asked_at timestamptz not null,
  finished_at timestamptz,
  ok boolean,
  report jsonb,
  check ((finished_at is null) = (report is null) and (finished_at is null) = (ok is null))
);
create index verifications_newest on record.verifications (asked_at desc);
comment on table record.verifications is 'The whole ledger worked out again from its rows: asked for, and what was found. Places and kinds of fault only, never a word of any content.';
select record.labelled('record.verifications', 'city-wide');

-- What witnesses are given, always at the interval, changed or not: a commitment that says nothing until it is opened.
create table record.statement (
  number bigint generated always as identity primary key,
  moment timestamptz not null,
  commitment bytea not null unique check (length(commitment) = 32),
  salt bytea not null check (length(salt) = 32),
  head text not null,
  statement text not null
);
comment on table record.statement is
  'commitment = SHA-256(salt, head): head is the signed head that stood at the moment, empty before the first. The witness gets the commitment alone; the city opens it for an inquiry.';
create trigger keep_statement before update or delete on record.statement for each row execute function record.refuse_change();

create table record.witness (
  name text primary key,
  kind text not null check (kind in ('file', 'mail', 'city')),
  every_seconds int not null check (every_seconds > 0),
  since_at timestamptz not null,
  wanted_at timestamptz not null,
  told_number bigint not null,
  told_at timestamptz,
  attempts int not null default 0,
  next_at timestamptz not null,
  detail text
);
comment on table record.witness is 'Who holds our heads besides us: configured where the city runs; how far each was told, and since when one was not reached.';

-- And what we hold of others.
create table record.witnessed_cities (
  id uuid primary key,
  name text not null check (length(name) between 1 and 200),
  code text not null,
  public_key text not null,
  added_by uuid not null references access.account on delete restrict,
  added_at timestamptz not null,
  ended_at timestamptz
);
comment on table record.witnessed_cities is 'Cities whose commitments this city keeps, and the key by which each is known. Nothing else is believed of them here.';
select record.labelled('record.witnessed_cities', 'city-wide');

create table record.witnessed (
  id uuid primary key,
  city_id uuid not null references record.witnessed_cities on delete restrict,
  moment timestamptz not null,
  commitment bytea not null check (length(commitment) = 32),
  statement text not null check (length(statement) <= 2000),
  received_at timestamptz not null,
  unique (city_id, commitment)
);
create index witnessed_newest on record.witnessed (city_id, moment desc);
comment on table record.witnessed is 'Commitments that other cities gave us to hold: signed, dated, and closed to us.';
select record.labelled('record.witnessed', 'city-wide');

create function record.witnessed_keys(of_code text) returns table (city_id uuid, public_key text) stable security definer language sql
set search_path = pg_catalog, pg_temp as $$
  select c.id, c.public_key from record.witnessed_cities c where c.code = of_code and c.ended_at is null
$$;
comment on function record.witnessed_keys is 'For the door: by which key a statement may be known. The door checks the signature, then hands it in.';

create function record.put_witnessed(of_id uuid, of_city uuid, at_moment timestamptz, held bytea, signed text) returns boolean
volatile security definer language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
  insert into record.witnessed (id, city_id, moment, commitment, statement, received_at, label, world)
    select of_id, c.id, at_moment, held, signed, clock_timestamp(), c.label, (select w.id from access.world w where w.kind = 'live')
    from record.witnessed_cities c where c.id = of_city and c.ended_at is null
  on conflict (city_id, commitment) do nothing;
  return found;
end $$;
comment on function record.put_witnessed is 'Stores a statement of another city under that city''s label.';

-- What only those may ask who look after the record or look into it.
create function record.may_see_sizes() returns boolean stable security definer language sql set search_path = pg_catalog, pg_temp as $$
  select access.holds('kind:administrator', 'kind:inquiry', 'kind:operator')
$$;
comment on function record.may_see_sizes is 'Positions, sizes and heads show traffic: for these posts alone (decision 017).';

-- Hashes only: of leaves and of subtrees. Said to nobody else, because where they stand would show positions.
create function record.tree_nodes(levels int[], indexes bigint[]) returns table (level int, index bigint, hash bytea)
stable security definer language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
  if not record.may_see_sizes() then raise exception 'not yours to prove' using errcode = '42501'; end if;
  return query select a.l, a.i, case when a.l = 0 then (select p.leaf from record.place p where p.position = a.i)
      else (select n.hash from record.node n where n.level = a.l and n.index = a.i) end
    from unnest(levels, indexes) a (l, i);
end $$;
comment on function record.tree_nodes is 'Nodes of the tree for an audit path: at most some dozens of index look-ups.';

create function record.open_statements(held bytea[]) returns table (commitment bytea, moment timestamptz, salt bytea, head text)
stable security definer language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
  if not record.may_see_sizes() then raise exception 'not yours to open' using errcode = '42501'; end if;
  return query select s.commitment, s.moment, s.salt, s.head from record.statement s where s.commitment = any(held);
end $$;
comment on function record.open_statements is 'Opens commitments that a witness holds: which head each was.';

-- When an entry of one's own came under a signed head: the time, never the size. Null while it has not.
create function record.sealed_at(of_position bigint) returns timestamptz stable security definer language plpgsql
set search_path = pg_catalog, pg_temp as $$
begin
  if not exists (select from record.place p where p.position = of_position and p.label = any(access.readable())) then return null; end if;
  return (select h.at from record.head h where h.size > of_position order by h.size limit 1);
end $$;
comment on function record.sealed_at is 'For a receipt: when this entry, which the asker can read, came under a signed head.';

create function record.oldest_unsealed() returns timestamptz stable security definer language sql set search_path = pg_catalog, pg_temp as $$
  select min(waiting.at) from (
    (select p.at from record.place p where p.position >= (select coalesce(max(h.size), 0) from record.head h) order by p.position limit 1)
    union all
    (select (convert_from(e.header, 'UTF8')::jsonb ->> 'at')::timestamptz from record.entry e, record.sequencer s
      where e.transaction >= s.below order by e.transaction, e.seq limit 1)) waiting
$$;
comment on function record.oldest_unsealed is 'When the oldest entry was recorded that no head covers yet; null when all are covered. A time, no count.';

create function record.seal_state(out oldest_unsealed timestamptz, out last_head timestamptz, out size bigint, out unplaced bigint)
stable security definer language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
  if not record.may_see_sizes() then raise exception 'not yours to see' using errcode = '42501'; end if;
  oldest_unsealed := record.oldest_unsealed();
  select h.at, h.size into last_head, size from record.head h order by h.size desc limit 1;
  unplaced := (select count(*) from record.entry e, record.sequencer s where e.transaction >= s.below);
end $$;
comment on function record.seal_state is 'How sealing stands, for the page of those who look after the record.';

create function record.witness_state() returns setof record.witness stable security definer language plpgsql
set search_path = pg_catalog, pg_temp as $$
begin
  if not record.may_see_sizes() then raise exception 'not yours to see' using errcode = '42501'; end if;
  return query select w.* from record.witness w order by w.name;
end $$;
comment on function record.witness_state is 'Which witnesses are configured and how far each was told, for the same page.';

-- The same page of rows for the process that verifies by itself.
create function record.verify_rows(after bigint, at_most int)
returns table (place_position bigint, header bytea, content_hash bytea, content_sound boolean, is_stub boolean, leaf bytea, label int, world uuid, thread uuid,
  table_name text, row_id uuid, action text) stable language sql set search_path = pg_catalog, pg_temp as $$
  select p.position, e.header, e.content_hash, e.content is null or sha256(e.salt || e.content) = e.content_hash, e.content is null, p.leaf,
    p.label, p.world, p.thread, p.table_name, p.row_id, p.action
  from record.place p join record.entry e on e.seq = p.seq where p.position > after order by p.position limit at_most
$$;
comment on function record.verify_rows is 'What verify_page gives to people, for the verifying role, by its own rights.';
