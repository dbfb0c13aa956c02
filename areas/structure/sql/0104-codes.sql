-- Codes change: councils merge and split. What a code became, by whom said; which force and fire service serves an area; and who may say that
-- a link was tried.

create table structure.agency_codes (
  id uuid primary key,
  org_type text not null check (org_type ~ '^[a-z][a-z0-9_]*$'),
  org_code text not null check (org_code <> ''),
  name text not null check (name <> ''),
  successor_code text not null check (successor_code <> ''),
  successor_name text not null check (successor_name <> ''),
  since date not null,
  basis text not null check (basis <> ''),
  constraint a_code_becomes_another check (successor_code <> org_code),
  unique (org_type, org_code, successor_code)
);
comment on table structure.agency_codes is 'An agency''s old code, the one that took its place, since when, and by which source. Several successors of one code: it was split; which part is meant is never guessed.';
select record.labelled('structure.agency_codes', 'city-wide');

create table structure.areas (
  id uuid primary key,
  area_code text not null check (area_code <> ''),
  area_name text not null check (area_name <> ''),
  org_type text not null check (org_type ~ '^[a-z][a-z0-9_]*$'),
  org_code text not null check (org_code <> ''),
  org_name text not null check (org_name <> ''),
  basis text not null check (basis <> ''),
  unique (area_code, org_type)
);
comment on table structure.areas is 'Which police force or fire service serves the area of a local authority, as a published lookup says: what a membership from geography is derived from.';
select record.labelled('structure.areas', 'city-wide');

-- Whether the person of this transaction may say that a link was tried: whoever keeps the structure or the watch, or the duty and executive
-- posts of either end. A group's ends are the agencies whose posts chair it or keep its record.
create function structure.may_note_test(of_link uuid) returns boolean stable security definer language sql
set search_path = pg_catalog, pg_temp as $$
  select exists (select from structure.links l where l.id = of_link and l.ended_at is null and l.label = any((select access.readable())::int[]))
    and (access.holds('kind:administrator', 'kind:secretariat', 'kind:watch-officer')
      or (access.holds('kind:duty', 'kind:executive') and exists (
        select from structure.links l
        left join structure.posts p on p.id in (l.from_post_id, l.to_post_id)
        left join structure.groups g on g.id in (l.from_group_id, l.to_group_id)
        left join structure.posts seat on seat.id in (g.chair_post_id, g.secretariat_post_id)
        where l.id = of_link and access.holds('agency:' || l.from_agency_id, 'agency:' || l.to_agency_id, 'agency:' || p.agency_id, 'agency:' || seat.agency_id))))
$$;
comment on function structure.may_note_test is 'May the person of this transaction say that this link was tried? Absent and withheld links look the same: no.';

-- Notes that a link was tried; an older note never takes the place of a newer one. Returns how many links it changed.
create function structure.note_link_test(of_link uuid, at_moment timestamptz) returns int volatile security definer language plpgsql
set search_path = pg_catalog, pg_temp as $$
declare changed int;
begin
  if not access.is_live() then raise exception 'structure is written in live only' using errcode = '42501'; end if;
  if not structure.may_note_test(of_link) then raise exception 'not yours to note' using errcode = '42501'; end if;
  update structure.links set tested_at = at_moment where id = of_link and ended_at is null and (tested_at is null or tested_at < at_moment);
  get diagnostics changed = row_count;
  return changed;
end $$;
comment on function structure.note_link_test is 'Writes when a link was last tried, for those who may say so and change nothing else of it.';

-- Why a row was last changed by hand, in the words of whoever did; a list that changes it takes the words away. The record keeps each.
alter table structure.links add column reason text check (reason <> '');
alter table structure.responsibilities add column reason text check (reason <> '');
alter table structure.products add column reason text check (reason <> '');
