-- Who told whom, and how soon, is counted from the first signal where there was one: an area says in which of its fields that moment stands
-- (signalled), and which other thread of the record belongs to an incident (continues): its call-out began before it.
alter table structure.telling_tables drop constraint telling_tables_what_check;
alter table structure.telling_tables add constraint telling_tables_what_check
  check (what in ('tells', 'signalled', 'began', 'decided', 'acted', 'continues'));
comment on table structure.telling_tables is
  'Said by higher areas: in which of their tables an agency was told something (which field names it, and when it took it), which mark when something was signalled, began, was decided, was acted on, and which name another thread that belongs to it.';

-- A thread and those that belong to it, of rows that the asker may read.
create function structure.threads_of(of_thread uuid, mine int[], here uuid) returns uuid[] stable language sql set search_path = pg_catalog, pg_temp as $$
  select array[of_thread] || array(
    select distinct (v.content ->> s.at_field)::uuid
    from structure.telling_tables s join record.place p on p.table_name = s.table_name and p.thread = of_thread and p.world = here and p.label = any(mine)
    join record.entry e on e.seq = p.seq
    cross join lateral (select convert_from(e.content, 'UTF8')::jsonb -> 'row' as content) v
    where s.what = 'continues' and p.action <> 'left' and v.content ->> s.at_field is not null)
$$;
revoke all on function structure.threads_of from public;

create or replace function structure.tellings(of_thread uuid, from_at timestamptz, until_at timestamptz)
returns table (from_agency uuid, to_agency uuid, row_id uuid, at timestamptz, known boolean) stable language plpgsql
set search_path = pg_catalog, pg_temp as $$
declare
  mine int[] := access.readable();
  here uuid := access.world();
  threads uuid[] := case when of_thread is null then null else structure.threads_of(of_thread, mine, here) end;
begin
  return query
    with taken as (
      select o.table_name as t, o.row_id as r, structure.agency_of(null, o.person_id) as reader, o.opened_at as seen_at, false as sure
      from record.openings o where o.world = here and o.label = any(mine)
      union all
      select k.table_name, k.row_id, structure.agency_of(k.post_id, k.person_id), k.acknowledged_at, true
      from record.acknowledgements k where k.world = here and k.label = any(mine)
      union all
      select p.table_name, p.row_id, (v.content ->> s.agency_field)::uuid, (v.content ->> s.at_field)::timestamptz, true
      from structure.telling_tables s join record.place p on p.table_name = s.table_name and p.world = here and p.label = any(mine)
        and (threads is null or p.thread = any(threads))
      join record.entry e on e.seq = p.seq
      cross join lateral (select convert_from(e.content, 'UTF8')::jsonb -> 'row' as content) v
      where s.what = 'tells' and p.action <> 'left' and v.content ->> s.at_field is not null
    )
    select structure.agency_of((w.content ->> 'post')::uuid, (w.content ->> 'person')::uuid), t.reader, t.r, t.seen_at, t.sure
    from taken t
    cross join lateral (select p.thread, p.label, convert_from(e.content, 'UTF8')::jsonb as content from record.place p join record.entry e on e.seq = p.seq
      where p.table_name = t.t and p.row_id = t.r order by p.position limit 1) w
    cross join lateral (select p.label from record.place p where p.table_name = t.t and p.row_id = t.r order by p.position desc limit 1) stands
    where w.label = any(mine) and stands.label = any(mine) and (threads is null or w.thread = any(threads))
      and (from_at is null or t.seen_at >= from_at) and (until_at is null or t.seen_at < until_at) and t.reader is not null;
end $$;

create or replace function structure.observed_moments(of_thread uuid) returns table (what text, agency_id uuid, at timestamptz) stable security definer language plpgsql
set search_path = pg_catalog, pg_temp as $$
declare
  mine int[] := access.readable();
  here uuid := access.world();
begin
  if not structure.may_observe() then raise exception 'not yours to ask' using errcode = '42501'; end if;
  return query
    select 'knew', t.to_agency, min(t.at) from structure.tellings(of_thread, null, null) t where t.known group by t.to_agency
    union all
    select s.what, null::uuid, min((v.content ->> s.at_field)::timestamptz)
    from structure.telling_tables s join record.place p on p.table_name = s.table_name and p.thread = of_thread and p.world = here and p.label = any(mine)
    join record.entry e on e.seq = p.seq
    cross join lateral (select convert_from(e.content, 'UTF8')::jsonb -> 'row' as content) v
    where s.what in ('signalled', 'began', 'decided', 'acted') and p.action <> 'left' and v.content ->> s.at_field is not null
    group by s.what;
end $$;
