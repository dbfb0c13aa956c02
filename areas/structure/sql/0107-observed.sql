-- Who actually told whom: worked out from the ledger, for named hands, of rows that they may read. Structure knows no higher area: which of their
-- tables tell an agency something, and which mark a moment, those areas say in their own policies.sql.

alter table structure.analyses add column what text not null default 'network' check (what in ('network', 'observed'));
-- A number of findings would tell another hand what the first one's reach held.
alter table structure.analyses drop column findings;
comment on column structure.analyses.what is 'Whether the declared network was looked at, or who actually told whom.';

create table structure.telling_tables (
  table_name text not null,
  what text not null check (what in ('tells', 'began', 'decided', 'acted')),
  at_field text not null,
  agency_field text check ((agency_field is null) = (what <> 'tells')),
  primary key (table_name, what)
);
comment on table structure.telling_tables is
  'Said by higher areas: in which of their tables an agency was told something (which field names it, and when it took it), and which mark when something began, was decided, was acted on.';
alter table structure.telling_tables enable row level security;
alter table structure.telling_tables force row level security;

create function structure.tells(of_table text, what text, at_field text, agency_field text default null) returns void volatile language sql
set search_path = pg_catalog, pg_temp as $$
  insert into structure.telling_tables (table_name, what, at_field, agency_field) values (of_table, what, at_field, agency_field)
  on conflict (table_name, what) do update set at_field = excluded.at_field, agency_field = excluded.agency_field
$$;
comment on function structure.tells is 'For the policies.sql of a higher area: this table tells, or marks a moment.';

create function structure.agency_of(of_post uuid, of_person uuid) returns uuid stable language sql set search_path = pg_catalog, pg_temp as $$
  select coalesce((select p.agency_id from structure.posts p where p.id = of_post), (select p.agency_id from structure.people p where p.id = of_person))
$$;

-- One line for each time an agency took something that another had written, of rows that the asker may read: as they stand now and as they were
-- first written. Opening is not knowing; `known`: acknowledged or accepted.
create function structure.tellings(of_thread uuid, from_at timestamptz, until_at timestamptz)
returns table (from_agency uuid, to_agency uuid, row_id uuid, at timestamptz, known boolean) stable language plpgsql
set search_path = pg_catalog, pg_temp as $$
declare
  mine int[] := access.readable();
  here uuid := access.world();
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
        and (of_thread is null or p.thread = of_thread)
      join record.entry e on e.seq = p.seq
      cross join lateral (select convert_from(e.content, 'UTF8')::jsonb -> 'row' as content) v
      where s.what = 'tells' and p.action <> 'left' and v.content ->> s.at_field is not null
    )
    select structure.agency_of((w.content ->> 'post')::uuid, (w.content ->> 'person')::uuid), t.reader, t.r, t.seen_at, t.sure
    from taken t
    cross join lateral (select p.thread, p.label, convert_from(e.content, 'UTF8')::jsonb as content from record.place p join record.entry e on e.seq = p.seq
      where p.table_name = t.t and p.row_id = t.r order by p.position limit 1) w
    cross join lateral (select p.label from record.place p where p.table_name = t.t and p.row_id = t.r order by p.position desc limit 1) stands
    where w.label = any(mine) and stands.label = any(mine) and (of_thread is null or w.thread = of_thread)
      and (from_at is null or t.seen_at >= from_at) and (until_at is null or t.seen_at < until_at) and t.reader is not null;
end $$;

create function structure.may_observe() returns boolean stable language sql set search_path = pg_catalog, pg_temp as $$
  select access.holds('kind:administrator', 'kind:secretariat', 'kind:chair', 'kind:inquiry')
$$;

create function structure.observed(of_thread uuid, from_at timestamptz, until_at timestamptz)
returns table (from_id uuid, to_id uuid, count int, acknowledged int, first_at timestamptz, last_at timestamptz) stable security definer language plpgsql
set search_path = pg_catalog, pg_temp as $$
begin
  if not structure.may_observe() then raise exception 'not yours to ask' using errcode = '42501'; end if;
  return query
    select t.from_agency, t.to_agency, count(distinct t.row_id)::int, (count(distinct t.row_id) filter (where t.known))::int, min(t.at), max(t.at)
    from structure.tellings(of_thread, from_at, until_at) t
    where t.from_agency is not null and t.from_agency <> t.to_agency group by t.from_agency, t.to_agency;
end $$;
comment on function structure.observed is 'Which agency took what which other had written: pairs with how often, first and last; of rows that the asker may read, for named hands.';

-- When each agency first surely knew something of this incident (acknowledged or accepted), written by whomever; and its first moments.
create function structure.observed_moments(of_thread uuid) returns table (what text, agency_id uuid, at timestamptz) stable security definer language plpgsql
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
    where s.what <> 'tells' and p.action <> 'left' and v.content ->> s.at_field is not null
    group by s.what;
end $$;
comment on function structure.observed_moments is 'When an incident began, was decided on and acted on, and when each agency first acknowledged or accepted something of it; of rows that the asker may read.';
