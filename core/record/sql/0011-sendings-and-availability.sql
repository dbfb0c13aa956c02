-- To whom a row was available at a moment, who was sent it, who opened it, who acknowledged it: one question, asked by whoever answers for the
-- row, or by an inquiry. Core knows no area: areas say who answers for a row, and what was sent to whom.

-- One more occasion for a message: something waits. It has no field that could say what.
alter table channels.outbox drop constraint outbox_kind_check;
alter table channels.outbox add constraint outbox_kind_check check (kind in ('call-out', 'remind', 'cancelled', 'sign-in', 'waits'));

create table record.sendings (
  id uuid primary key,
  table_name text not null,
  row_id uuid not null,
  to_token text not null check (to_token ~ '^[a-z]+:[A-Za-z0-9._-]+$'),
  way text not null check (way in ('shared', 'notice')),
  sent_at timestamptz not null,
  really_at timestamptz not null default access.real_now()
);
create index sendings_row on record.sendings (table_name, row_id);
comment on table record.sendings is
  'What was sent to whom: shared (put before them by name) or notice (a message that something waits, and nothing more). Sent is never *knows*. sent_at: world time; really_at: real time.';
select record.labelled('record.sendings', 'per-world');

-- The one way in, for areas: under the label of the row itself, as the row stands. A row that the writer cannot see was sent to nobody by them.
create function record.note_sending(of_table text, of_row uuid, token text, in_way text, at timestamptz) returns boolean volatile security definer language plpgsql
set search_path = pg_catalog, pg_temp as $$
declare row_label int;
begin
  row_label := record.label_now(of_table, of_row);
  if row_label is null or (current_setting('role', true) = 'concord_member' and not row_label = any(access.readable())) then return false; end if;
  insert into record.sendings (id, table_name, row_id, to_token, way, sent_at, label, world)
    values (gen_random_uuid(), of_table, of_row, token, in_way, at, row_label, access.world());
  return true;
end $$;

-- The label of a row by its newest entry, whether that has its position yet or not: asked of the row itself.
create function record.label_now(of_table text, of_row uuid) returns int stable language plpgsql set search_path = pg_catalog, pg_temp as $$
declare row_label int;
begin
  if not exists (select from record.labelled_table t where t.name = of_table) then return null; end if;
  execute format('select label from %I.%I where id = $1 and (world = $2 or $3)', split_part(of_table, '.', 1), split_part(of_table, '.', 2))
    into row_label using of_row, access.world(), (select t.scope = 'city-wide' from record.labelled_table t where t.name = of_table);
  return row_label;
end $$;

create table record.answered_for (
  table_name text primary key references record.labelled_table on delete restrict,
  column_name text not null,
  guard regprocedure not null
);
comment on table record.answered_for is 'Which column of a labelled table names whose information a row is, and the function that says whether this transaction''s person answers for them.';

create function record.answers(target regclass, column_name text, guard regprocedure) returns void volatile language sql set search_path = pg_catalog, pg_temp as $$
  insert into record.answered_for (table_name, column_name, guard)
    select format('%s.%s', n.nspname, c.relname), column_name, guard from pg_class c join pg_namespace n on n.oid = c.relnamespace where c.oid = target
$$;
comment on function record.answers is 'Called in an area''s migration: guard(value of the column) is true for whoever answers for such a row.';

create table record.lookups (
  id uuid primary key,
  asked_by uuid not null references access.account on delete restrict,
  table_name text not null,
  row_id uuid not null,
  as_of timestamptz not null,
  purpose text not null check (length(trim(purpose)) >= 10),
  authority text check (length(trim(authority)) >= 3)
);
create index lookups_asked on record.lookups (asked_by, table_name, row_id);
comment on table record.lookups is 'Every question to whom a row was available: by whom, of which row, as of when, why, and (an inquiry) on whose authority.';
select record.labelled('record.lookups', 'per-world');

-- May this transaction's person ask it of this row? Whoever answers for the row as it stands, or an inquiry with an authority. They must be able to
-- read the row now: what is withheld from them does not exist for them.
create function record.may_ask(of_table text, of_row uuid, has_authority boolean) returns boolean stable security definer language plpgsql
set search_path = pg_catalog, pg_temp as $$
declare
  answered record.answered_for;
  may boolean;
begin
  if not record.sees(of_table, of_row) or access.holds('kind:device') then return false; end if;
  if has_authority and access.holds('kind:inquiry') then return true; end if;
  select a.* into answered from record.answered_for a where a.table_name = of_table;
  if not found then return false; end if;
  execute format('select coalesce(%s((select %I from %I.%I where id = $1)), false)', answered.guard::oid::regproc, answered.column_name,
    split_part(of_table, '.', 1), split_part(of_table, '.', 2)) into may using of_row;
  return may;
end $$;

create function record.sees(of_table text, of_row uuid) returns boolean stable security definer language sql set search_path = pg_catalog, pg_temp as $$
  select coalesce(record.label_now(of_table, of_row) = any(access.readable()), false)
$$;
comment on function record.sees is 'Can this transaction''s person read such a row now? One that is not there, and one that is withheld, are the same no.';

-- Who could read under a label at a moment in a world, and since when they held what let them in without a break that still lasted then.
-- Set by set, from the label's tokens to people: the cost follows how many hold them, not how many people or entries there are.
create function record.readers(of_label int, moment timestamptz, in_world uuid) returns table (person uuid, since timestamptz) stable language sql
set search_path = pg_catalog, pg_temp as $$
  with asked as (
    select c.clause, c.clauses, t.token from access.clause c cross join lateral unnest(c.tokens) t (token) where c.label = of_label
  ), admitting as (
    select distinct on (a.id) a.id, a.token, a.bearers, a.from_at from access.admission a join asked q on q.token = a.token
    where a.from_at <= moment and (a.until_at is null or a.until_at > moment)
  ), bearing as (
    select a.id, a.token, a.from_at, b.clause, jsonb_array_length(a.bearers) as clauses, t.token as bearer
    from admitting a cross join lateral jsonb_array_elements(a.bearers) with ordinality b (tokens, clause) cross join lateral jsonb_array_elements_text(b.tokens) t (token)
  ), held as (
    select r.person, r.token, min(r.from_at) as since from access.reach r
    where r.token in (select q.token from asked q union select b.bearer from bearing b)
      and r.from_at <= moment and (r.until_at is null or r.until_at > moment) and (r.only_in is null or r.only_in = in_world)
    group by r.person, r.token
    union all
    select a.person, s.token, '-infinity' from (select q.token from asked q union select b.bearer from bearing b) s
      join access.account a on 'person:' || a.person = s.token where s.token like 'person:%'
  ), admitted as (
    select m.person, m.token, greatest(m.from_at, max(m.since)) as since from (
      select h.person, b.id, b.token, b.from_at, b.clauses, b.clause, min(h.since) as since from bearing b join held h on h.token = b.bearer
      group by h.person, b.id, b.token, b.from_at, b.clauses, b.clause) m
    group by m.person, m.id, m.token, m.from_at, m.clauses having count(*) = m.clauses
  ), met as (
    select h.person, q.clause, q.clauses, min(h.since) as since from asked q
      join (select * from held union all select * from admitted) h on h.token = q.token group by h.person, q.clause, q.clauses
  )
  select m.person, max(m.since) from met m join access.account a on a.person = m.person
  where a.disabled_at is null or a.disabled_at > moment
  group by m.person, m.clauses having count(*) = m.clauses
$$;

-- moment: by the real clock, as reach is held and entries are recorded; world_moment: the same by the world's clock, as people note what they do.
create function record.availability(of_table text, of_row uuid, moment timestamptz, world_moment timestamptz, at_most int)
returns table (person uuid, name text, available_since timestamptz, sent_at timestamptz, told_at timestamptz, opened_at timestamptz, acknowledged_at timestamptz)
stable security definer language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
  here uuid := access.world();
  upto bigint;
  newest record.place;
  standing timestamptz;
begin
  if not exists (select from record.lookups k where k.asked_by = access.person() and k.table_name = of_table and k.row_id = of_row and k.as_of = world_moment
      and k.world = here and record.may_ask(of_table, of_row, k.authority is not null)) then
    raise exception 'the question needs a stated purpose, and who may ask it' using errcode = '42501';
  end if;
  upto := record.position_at(moment);
  select p.* into newest from record.place p where p.table_name = of_table and p.row_id = of_row and p.position <= upto and p.action <> 'left'
    order by p.position desc limit 1;
  -- Never more than the asker may see now: a label of then that they cannot read now answers nothing.
  if newest.position is null or not newest.label = any(access.readable()) then return; end if;
  select p.at into standing from record.place p where p.table_name = of_table and p.row_id = of_row and p.position <= newest.position and p.action in ('insert', 'arrived')
    order by p.position desc limit 1;
  return query
    with reader as (
      select r.person, greatest(r.since, standing) as since from record.readers(newest.label, moment, here) r
    ), sending as (
      select s.to_token, s.way, s.sent_at, s.really_at from record.sendings s
      where s.table_name = of_table and s.row_id = of_row and s.world = here and s.sent_at <= world_moment and s.label = any(access.readable())
    ), sent as (
      select x.person, min(x.sent_at) filter (where x.way = 'shared') as shared, min(x.sent_at) filter (where x.way = 'notice') as told from (
        select a.person, s.way, s.sent_at from sending s join access.account a on 'person:' || a.person = s.to_token
        union all
        select r.person, s.way, s.sent_at from sending s join access.reach r on r.token = s.to_token and r.from_at <= s.really_at
          and (r.until_at is null or r.until_at > s.really_at) and (r.only_in is null or r.only_in = here)) x
      group by x.person
    ), opened as (
      select o.person_id as person, min(o.opened_at) as at from record.openings o where o.table_name = of_table and o.row_id = of_row and o.world = here
        and o.opened_at <= world_moment and o.label = any(access.readable()) group by o.person_id
    ), acknowledged as (
      select k.person_id as person, min(k.acknowledged_at) as at from record.acknowledgements k where k.table_name = of_table and k.row_id = of_row and k.world = here
        and k.acknowledged_at <= world_moment and k.label = any(access.readable()) group by k.person_id
    )
    select a.person, a.name, r.since, s.shared, s.told, o.at, k.at
    from access.account a
    left join reader r on r.person = a.person left join sent s on s.person = a.person
    left join opened o on o.person = a.person left join acknowledged k on k.person = a.person
    where a.person in (select e.person from reader e union select e.person from sent e union select e.person from opened e union select e.person from acknowledged e)
    order by a.name, a.person limit at_most;
end $$;
comment on function record.availability is 'To whom a row was available at a moment and since when, who was sent it, told that it waits, opened it, acknowledged it. Available is never *knew*.';

-- A part of something, or a later part of it: a token, or one of its epochs (`incident:<id>.3`), which says from when on its holder sees.
create function access.holds_part(of_token text) returns boolean stable language sql set search_path = pg_catalog, pg_temp as $$
  select exists (select from unnest(access.reach_now()) held where held = of_token or starts_with(held, of_token || '.'))
$$;
comment on function access.holds_part is 'Does this transaction''s person hold a token, or one of its epochs?';

-- As before, but for epochs: they are given by their area alone, so that nobody holds one before it begins.
create or replace function access.may_grant(of_token text) returns boolean stable security definer language sql
set search_path = pg_catalog, pg_temp as $$
  select case
    when split_part(of_token, ':', 1) = 'incident' and strpos(of_token, '.') > 0 then false
    when split_part(of_token, ':', 1) in ('agency', 'post', 'kind', 'group', 'city', 'cleared', 'device') then access.holds('kind:administrator')
    when split_part(of_token, ':', 1) in ('incident', 'briefed', 'circle') then
      (access.holds(of_token) and access.holds('kind:secretariat', 'kind:chair', 'kind:watch-officer', 'kind:loggist'))
      or (access.person() is not null and not exists (select from access.reach r where r.token = of_token))
    else false end
$$;
