-- Reading the record: what was available to whom at a moment, what they opened, what they acknowledged. Available is never *knew*.

create table record.signing_key (
  key_id text primary key,
  public_key text not null unique,
  from_at timestamptz not null default clock_timestamp()
);
comment on table record.signing_key is 'Public keys that have signed heads. Whoever checks for an inquiry should have them from elsewhere too.';

create table record.openings (
  id uuid primary key,
  person_id uuid not null references access.account on delete restrict,
  table_name text not null,
  row_id uuid not null,
  opened_at timestamptz not null
);
create index openings_row on record.openings (table_name, row_id, person_id);
comment on table record.openings is 'Who opened a row and when. Opening it is not knowing it.';
select record.labelled('record.openings', 'per-world');

create table record.acknowledgements (
  id uuid primary key,
  person_id uuid not null references access.account on delete restrict,
  post_id uuid,
  table_name text not null,
  row_id uuid not null,
  acknowledged_at timestamptz not null,
  unique (table_name, row_id, person_id)
);
comment on table record.acknowledgements is 'Who acknowledged a row, in which post, and when (X-6: statements about who knows come from here).';
select record.labelled('record.acknowledgements', 'per-world');

create table record.inspections (
  id uuid primary key,
  asked_by uuid not null references access.account on delete restrict,
  of_person uuid not null references access.account on delete restrict,
  as_of timestamptz not null,
  thread uuid,
  purpose text not null check (length(purpose) >= 10),
  authority text not null check (length(authority) >= 3)
);
comment on table record.inspections is 'Every look at another person''s picture: by whom, of whom, as of when, why, and on whose authority.';
select record.labelled('record.inspections', 'per-world');

create function record.position_at(moment timestamptz) returns bigint stable security definer language sql
set search_path = pg_catalog, pg_temp as $$
  select coalesce((select p.position from record.place p where p.at <= moment order by p.at desc, p.position desc limit 1), -1)
$$;

-- moment: by the real clock, as entries are recorded; world_moment: the same by the world's clock, as people note what they open.
-- The rows of one thread (an incident) as they stood at a moment, as one person could see them then. Cost follows the number of rows, not of
-- entries and not the age of the moment: each row is found by a step along the index, then its newest entry at or below the position.
create function record.picture(of_person uuid, moment timestamptz, world_moment timestamptz, of_thread uuid)
returns table (table_name text, row_id uuid, at timestamptz, label int, row_content jsonb, opened_at timestamptz, acknowledged_at timestamptz)
stable security definer language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
  asker uuid := access.person();
  upto bigint;
  theirs int[];
  mine int[];
  here uuid := access.world();
begin
  if asker is null then raise exception 'nobody is asking' using errcode = '42501'; end if;
  if asker = of_person then
    mine := access.readable();
  elsif not exists (select from record.inspections i where i.asked_by = asker and i.of_person = picture.of_person and i.as_of = world_moment
      and i.thread is not distinct from of_thread and i.world = here) or not access.holds('kind:inquiry') then
    raise exception 'another person''s picture needs an inquiry post and a stated purpose' using errcode = '42501';
  end if;
  upto := record.position_at(moment);
  theirs := access.readable_by(access.tokens_of(of_person, moment), 0);
  return query
    with recursive step as (
      (select p.table_name as t, p.row_id as r from record.place p where p.thread = of_thread order by p.table_name, p.row_id limit 1)
      union all
      select n.t, n.r from step s, lateral (
        select p.table_name as t, p.row_id as r from record.place p
        where p.thread = of_thread and (p.table_name, p.row_id) > (s.t, s.r) order by p.table_name, p.row_id limit 1) n
    )
    select s.t, s.r, newest.at, newest.label, convert_from(e.content, 'UTF8')::jsonb -> 'row',
      (select min(o.opened_at) from record.openings o where o.table_name = s.t and o.row_id = s.r and o.person_id = of_person and o.opened_at <= world_moment),
      (select min(k.acknowledged_at) from record.acknowledgements k where k.table_name = s.t and k.row_id = s.r and k.person_id = of_person and k.acknowledged_at <= world_moment)
    from step s
    cross join lateral (select p.* from record.place p where p.thread = of_thread and p.table_name = s.t and p.row_id = s.r and p.position <= upto
      order by p.position desc limit 1) newest
    join record.entry e on e.seq = newest.seq
    where newest.action <> 'left' and newest.world = here and newest.label = any(theirs) and (mine is null or newest.label = any(mine))
      and not exists (select from record.place l where l.thread = of_thread and l.table_name = s.t and l.row_id = s.r and l.action = 'left'
        and l.position > newest.position and l.position <= upto);
end $$;
comment on function record.picture is 'What was available to a person at a moment, row by row, with when they opened and when they acknowledged it.';

-- Verification without content: the database checks content against its hash; the caller checks everything else and the tree.
create function record.verify_page(after bigint, at_most int)
returns table (place_position bigint, header bytea, content_hash bytea, content_sound boolean, is_stub boolean, leaf bytea, label int, world uuid, thread uuid,
  table_name text, row_id uuid, action text) stable security definer language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
  if not access.holds('kind:administrator', 'kind:inquiry', 'kind:operator') then raise exception 'not yours to verify' using errcode = '42501'; end if;
  return query select p.position, e.header, e.content_hash, e.content is null or sha256(e.salt || e.content) = e.content_hash, e.content is null, p.leaf,
      p.label, p.world, p.thread, p.table_name, p.row_id, p.action
    from record.place p join record.entry e on e.seq = p.seq where p.position > after order by p.position limit at_most;
end $$;

create function record.unplaced() returns bigint stable security definer language sql set search_path = pg_catalog, pg_temp as $$
  select (select count(*) from record.entry) - (select count(*) from record.place)
$$;
