-- Disclosure packs: a thread (an incident) as a bundle for a named receiver, redacted by label for that receiver, encrypted to them.

create table record.packs (
  id uuid primary key,
  thread uuid not null,
  asked_by uuid not null references access.account on delete restrict,
  post_id uuid,
  receiver text not null check (length(trim(receiver)) >= 2),
  purpose text not null check (length(trim(purpose)) >= 10),
  authority text not null check (length(trim(authority)) >= 3),
  reach text not null check (reach in ('all', 'members', 'agency')),
  tokens text[],
  withheld text not null check (withheld in ('absent', 'stubs')),
  threads uuid[] not null check (thread = any(threads)),
  row_tables text[] not null default '{}',
  row_ids uuid[] not null default '{}',
  chapters jsonb not null,
  pictures jsonb not null default '[]' check (jsonb_typeof(pictures) = 'array'),
  language text not null,
  marking text not null,
  recipient jsonb not null,
  asked_at timestamptz not null,
  expires_at timestamptz not null,
  state text not null default 'asked' check (state in ('asked', 'ready', 'failed', 'expired')),
  finished_at timestamptz,
  head_size bigint,
  size bigint,
  file_hash bytea check (length(file_hash) = 32),
  manifest_hash bytea check (length(manifest_hash) = 32),
  check ((tokens is null) = (reach = 'all')),
  check (cardinality(row_tables) = cardinality(row_ids)),
  check (expires_at > asked_at and expires_at <= asked_at + interval '31 days'),
  check (num_nulls(head_size, size, file_hash, manifest_hash) in (0, 4) and (state <> 'ready' or size is not null))
);
comment on table record.packs is
  'A pack: for whom, why, on whose authority, with which reach; what it was made of; the hash of its file and of the manifest in it. The file itself is encrypted to the receiver and is deleted at expires_at.';
select record.labelled('record.packs', 'per-world', 'thread');
create index packs_to_make on record.packs (asked_at) where state = 'asked';
create index packs_to_expire on record.packs (expires_at) where state in ('ready', 'failed');

create table record.pack_downloads (
  id uuid primary key,
  pack_id uuid not null,
  thread uuid not null,
  person_id uuid not null references access.account on delete restrict,
  at timestamptz not null,
  ticket_hash bytea not null unique check (length(ticket_hash) = 32),
  until_at timestamptz not null check (until_at <= at + interval '15 minutes')
);
comment on table record.pack_downloads is 'Who was given the file of a pack and when. The ticket works for some minutes, for that person.';
select record.labelled('record.pack_downloads', 'per-world', 'thread');
alter table record.pack_downloads add foreign key (world, pack_id) references record.packs (world, id) on delete restrict;

create table record.pack_work (
  pack uuid primary key references record.packs on delete restrict,
  claimed_at timestamptz not null,
  tries int not null default 1,
  done int not null default 0,
  whole int not null default 0
);
comment on table record.pack_work is 'Which process makes a pack and how far it is; no words of it, and no entries.';

-- Sure of the person: a step-up in a window; a program''s own token, which was made after one, counts, an operator acting for another never.
create function record.is_sure() returns boolean stable security definer language sql set search_path = pg_catalog, pg_temp as $$
  select access.is_strong() or coalesce((select v.kind = 'token' and v.operator_person is null from access.viewer() v), false)
$$;

-- Tokens of circles that stand in the labels of a thread: by these an area finds its protocols. For who answers for packs and holds.
create function record.circles_of(of_threads uuid[]) returns text[] stable security definer language plpgsql
set search_path = pg_catalog, pg_temp as $$
begin
  if not access.holds('kind:inquiry', 'kind:legal-adviser', 'kind:data-protection') then raise exception 'not yours to ask' using errcode = '42501'; end if;
  return array(select distinct t.token from record.place p join access.clause c on c.label = p.label, unnest(c.tokens) t (token)
    where p.thread = any(of_threads) and p.world = access.world() and t.token like 'circle:%' and (access.holds('kind:inquiry') or p.label = any(access.readable())));
end $$;

-- Which labels a pack shows: those of the receiver's reach, and, unless an inquiry post made it, those of its maker. Null: all of them.
create function record.pack_labels(of_pack record.packs) returns int[] stable language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
  theirs int[] := case when of_pack.reach = 'all' then null else access.readable_by(of_pack.tokens, 0) end;
  held text[] := access.tokens_in(of_pack.asked_by, of_pack.asked_at, of_pack.world);
  mine int[];
begin
  if 'kind:inquiry' = any(held) then return theirs; end if;
  mine := access.readable_by(held, 0);
  return case when theirs is null then mine else array(select unnest(mine) intersect select unnest(theirs)) end;
end $$;

create function record.pack_being_made(of_pack uuid) returns record.packs stable language plpgsql set search_path = pg_catalog, pg_temp as $$
declare found_pack record.packs;
begin
  select p.* into found_pack from record.packs p join record.pack_work w on w.pack = p.id where p.id = of_pack and p.state = 'asked';
  if not found then raise exception 'this pack is not being made' using errcode = '42501'; end if;
  return found_pack;
end $$;

-- The positions that belong to a pack, in order: the rows of its threads, the rows that areas add, and who was sent, opened, acknowledged or inspected them.
create function record.pack_positions(of_pack uuid, below bigint) returns table (place_position bigint, shown boolean)
stable security definer language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
  p record.packs := record.pack_being_made(of_pack);
  labels int[] := record.pack_labels(p);
begin
  return query
    with own as materialized (
      select l.position, l.label, l.table_name, l.row_id from record.place l where l.thread = any(p.threads) and l.world = p.world and l.position < below
      union
      select l.position, l.label, l.table_name, l.row_id from unnest(p.row_tables, p.row_ids) given (table_name, row_id)
        join record.place l on l.table_name = given.table_name and l.row_id = given.row_id where l.position < below
    ), looks as (
      select 'record.openings' as table_name, o.id from record.openings o
        where o.world = p.world and (o.table_name, o.row_id) in (select distinct w.table_name, w.row_id from own w)
      union all
      select 'record.acknowledgements', k.id from record.acknowledgements k
        where k.world = p.world and (k.table_name, k.row_id) in (select distinct w.table_name, w.row_id from own w)
      union all
      select 'record.sendings', d.id from record.sendings d
        where d.world = p.world and (d.table_name, d.row_id) in (select distinct w.table_name, w.row_id from own w)
      union all
      select 'record.inspections', i.id from record.inspections i where i.world = p.world and i.thread = any(p.threads)
    ), whole as (
      select w.position, w.label from own w
      union
      select l.position, l.label from looks k join record.place l on l.table_name = k.table_name and l.row_id = k.id where l.position < below
    )
    select w.position, labels is null or w.label in (select unnest(labels)) from whole w
    where p.withheld = 'stubs' or labels is null or w.label in (select unnest(labels)) order by w.position;
end $$;

-- The entries at some of these positions. What is not shown to the receiver comes without content and salt; what was deleted, too.
create function record.pack_page(of_pack uuid, positions bigint[])
returns table (place_position bigint, leaf bytea, header bytea, salt bytea, content bytea, content_hash bytea, marking text, shown boolean, table_name text, row_id uuid)
stable security definer language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
  p record.packs := record.pack_being_made(of_pack);
  labels int[] := record.pack_labels(p);
begin
  return query
    select l.position, l.leaf, e.header, case when s.shown then e.salt end, case when s.shown then e.content end, e.content_hash,
      case when s.shown then a.marking end, s.shown, l.table_name, l.row_id
    from unnest(positions) wanted (position) join record.place l on l.position = wanted.position join record.entry e on e.seq = l.seq
    join access.label a on a.id = l.label
    cross join lateral (select labels is null or l.label in (select unnest(labels)) as shown) s
    where ((l.thread = any(p.threads) and l.world = p.world) or l.table_name in ('record.openings', 'record.acknowledgements', 'record.sendings', 'record.inspections')
        or (l.table_name, l.row_id) in (select * from unnest(p.row_tables, p.row_ids)))
      and (s.shown or p.withheld = 'stubs')
    order by l.position;
end $$;

-- For one person at one moment: up to which position the record stood, and which labels they could read then.
create function record.pack_moment(of_pack uuid, of_person uuid, moment timestamptz, out upto bigint, out labels int[])
stable security definer language plpgsql set search_path = pg_catalog, pg_temp as $$
declare p record.packs := record.pack_being_made(of_pack);
begin
  if not exists (select from jsonb_array_elements(p.pictures) x where (x.value ->> 'personId')::uuid = of_person) then
    raise exception 'this picture was not asked for' using errcode = '42501';
  end if;
  upto := record.position_at(moment);
  labels := access.readable_by(access.tokens_in(of_person, moment, p.world), 0);
end $$;

create function record.pack_names(of_pack uuid, persons uuid[]) returns table (person uuid, name text) stable security definer language plpgsql
set search_path = pg_catalog, pg_temp as $$
begin
  perform record.pack_being_made(of_pack);
  return query select a.person, a.name from access.account a where a.person = any(persons);
end $$;

create function record.pack_progress(of_pack uuid) returns table (done int, whole int) stable security definer language sql
set search_path = pg_catalog, pg_temp as $$
  select w.done, w.whole from record.pack_work w join record.packs p on p.id = w.pack
  where w.pack = of_pack and p.world = access.world() and p.label = any(access.readable())
$$;
