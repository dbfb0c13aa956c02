-- The co-ordination centre: which groups are convened, the seats of agencies, who is missing or silent, and the timeline.
create table response.convened_groups (
  id uuid primary key,
  incident_id uuid not null,
  group_id uuid not null references structure.groups on delete restrict,
  convened_at timestamptz not null
);
comment on table response.convened_groups is 'Which groups an incident has convened; quorum counts their core members, informs and never blocks.';
select record.labelled('response.convened_groups', 'per-world', 'incident_id');
alter table response.convened_groups add foreign key (world, incident_id) references response.incidents (world, id) on delete restrict,
  add unique (world, incident_id, group_id);

create table response.seats (
  id uuid primary key,
  incident_id uuid not null,
  agency_id uuid not null references structure.agencies on delete restrict,
  core boolean not null default false,
  state text not null check (state in ('expected', 'en-route', 'present', 'virtual', 'absent')),
  with_authority boolean not null default true,
  since timestamptz not null,
  expected_from timestamptz not null,
  post_id uuid references structure.posts on delete restrict,
  person_id uuid references structure.people on delete restrict,
  reason text not null default '',
  check (state <> 'absent' or reason <> '')
);
comment on table response.seats is
  'Where each agency stands in an incident: expected, en route, present, virtual (each with or without authority, R-3.1.3), absent with the reason; since when (R-3.1.2).';
select record.labelled('response.seats', 'per-world', 'incident_id');
alter table response.seats add foreign key (world, incident_id) references response.incidents (world, id) on delete restrict,
  add unique (world, incident_id, agency_id);
create trigger keep_independence before insert or update on response.seats for each row execute function response.keep_independence();

create table response.missing_agencies (
  id uuid primary key,
  incident_id uuid not null,
  agency_id uuid not null references structure.agencies on delete restrict,
  kind text not null check (kind in ('silent', 'core-absent')),
  since timestamptz not null,
  noted_at timestamptz not null,
  ended_at timestamptz
);
comment on table response.missing_agencies is
  'An agency that is expected and silent (R-3.1.4), or a core member that is not there (R-3.1.2). Under a stricter label than its seat: where the city is weak is for those who can end it.';
select record.labelled('response.missing_agencies', 'per-world', 'incident_id');
alter table response.missing_agencies add foreign key (world, incident_id) references response.incidents (world, id) on delete restrict;
create unique index missing_once on response.missing_agencies (world, incident_id, agency_id, kind) where ended_at is null;

create table response.log_entries (
  id uuid primary key,
  incident_id uuid not null,
  occurred_at timestamptz not null,
  entered_at timestamptz not null,
  kind text not null check (kind in ('note', 'status', 'activation', 'seat', 'missing', 'lead', 'neutral', 'decision', 'task', 'correction')),
  code text check (code ~ '^[a-z][a-zA-Z.-]*$'),
  params jsonb not null default '{}',
  text text not null default '',
  post_id uuid references structure.posts on delete restrict,
  by_person uuid references access.account (person) on delete restrict,
  by_post uuid references structure.posts on delete restrict,
  late_reason text check (late_reason <> ''),
  corrects uuid,
  named uuid[] not null default '{}',
  check (code is not null or text <> ''),
  check (entered_at - occurred_at <= interval '5 minutes' or late_reason is not null),
  check (occurred_at <= entered_at + interval '1 minute'),
  check ((kind = 'correction') = (corrects is not null))
);
comment on table response.log_entries is
  'The timeline. occurred_at and entered_at are the world''s time; the ledger has the real time of recording. code and params are words of the catalogue, text is a person''s own; post_id: on whose behalf; named: which agencies it speaks of. Corrections are new entries (X-1); late ones say why (X-2).';
select record.labelled('response.log_entries', 'per-world', 'incident_id');
alter table response.log_entries add foreign key (world, incident_id) references response.incidents (world, id) on delete restrict,
  add foreign key (world, corrects) references response.log_entries (world, id) on delete restrict;
create index log_newest on response.log_entries (incident_id, occurred_at desc, id desc) include (label);
create index log_newest_by_label on response.log_entries (incident_id, label, occurred_at desc, id desc);
create index log_corrected on response.log_entries (corrects) where corrects is not null;
create index log_named on response.log_entries using gin (named);

-- A correction stands beside what it corrects: the same incident, and nobody new may read it.
create function response.keep_correction() returns trigger volatile security definer language plpgsql
set search_path = pg_catalog, pg_temp as $$
begin
  if not exists (select from response.log_entries e where e.id = new.corrects and e.world = new.world and e.incident_id = new.incident_id and e.label = new.label) then
    raise exception 'a correction stands beside what it corrects' using errcode = '23514';
  end if;
  return new;
end $$;
create trigger keep_correction before insert on response.log_entries for each row when (new.corrects is not null) execute function response.keep_correction();

-- Ids of the newest entries that this transaction's person can read: ids only, and the rows are then read under their policy.
-- First a bounded look at the newest of all (which serves a viewer of some); when that is not enough, the newest of each readable label are merged
-- (which serves a viewer of almost nothing). Either way the work does not grow with the length of the timeline.
create function response.newest_entries(of_incident uuid, before_at timestamptz, before_id uuid, at_most int)
returns uuid[] stable security definer language plpgsql set search_path = pg_catalog, pg_temp
-- A general plan takes every viewer for one of ten labels; with 20,000 it would be thirty times slower.
set plan_cache_mode = force_custom_plan as $$
declare
  readable int[] := access.readable();
  walked int;
  found_ids uuid[];
begin
  if not exists (select from response.incidents i where i.id = of_incident and i.world = access.world() and i.label = any(readable)) then return '{}'; end if;
  before_at := coalesce(before_at, 'infinity');
  before_id := coalesce(before_id, 'ffffffff-ffff-ffff-ffff-ffffffffffff');
  with newest as materialized (
    select e.id, e.label, e.occurred_at from response.log_entries e
    where e.incident_id = of_incident and (e.occurred_at, e.id) < (before_at, before_id)
    order by e.occurred_at desc, e.id desc limit greatest(600, 4 * at_most)
  ), seen as (
    select n.id, n.occurred_at from newest n where n.label in (select unnest(readable)) order by n.occurred_at desc, n.id desc limit at_most
  )
  select (select count(*) from newest), (select array_agg(s.id order by s.occurred_at desc, s.id desc) from seen s) into walked, found_ids;
  if walked < greatest(600, 4 * at_most) or cardinality(found_ids) >= at_most then return coalesce(found_ids, '{}'); end if;
  return coalesce((select array_agg(merged.id order by merged.occurred_at desc, merged.id desc) from (
    select top.id, top.occurred_at from unnest(readable) l (label)
    cross join lateral (
      select e.id, e.occurred_at from response.log_entries e
      where e.incident_id = of_incident and e.label = l.label and (e.occurred_at, e.id) < (before_at, before_id)
      order by e.occurred_at desc, e.id desc limit at_most
    ) top
    order by top.occurred_at desc, top.id desc limit at_most
  ) merged), '{}');
end $$;

-- Who has accepted a call-out has a part in the incident, and only who has: the accepted ask itself is looked at here.
-- Their agency's seat becomes en route, unless it is further already. Doing it twice changes nothing. Returns whether it changed anything.
create function response.admit_accepted(of_activation uuid, of_post uuid, of_person uuid, at timestamptz, entry_id uuid) returns boolean
volatile security definer language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
  incident response.incidents;
  seat response.seats;
  agency structure.agencies;
begin
  select i.* into incident from response.incidents i where i.activation_id = of_activation and i.world = access.world() and i.closed_at is null;
  if not found or not exists (select from watch.asks a where a.activation_id = of_activation and a.post_id = of_post and a.person_id = of_person
      and a.world = incident.world and a.state = 'accepted') then
    return false;
  end if;
  if not exists (select from access.reach r where r.person = of_person and r.token = 'incident:' || incident.id and r.until_at is null) then
    perform access.put_reach(of_person, 'incident:' || incident.id, null, null, 'response.accepted:' || of_activation || '.' || of_person);
  end if;
  select s.* into seat from response.seats s join structure.posts p on p.agency_id = s.agency_id
    where s.world = incident.world and s.incident_id = incident.id and p.id = of_post;
  if not found or seat.state <> 'expected' then return false; end if;
  update response.seats set state = 'en-route', since = at, post_id = of_post, person_id = of_person where id = seat.id;
  select a.* into agency from structure.agencies a where a.id = seat.agency_id;
  insert into response.log_entries (id, incident_id, occurred_at, entered_at, kind, code, params, post_id, by_person, by_post, named, label, world)
    values (entry_id, incident.id, at, at, 'seat', 'seat.en-route', jsonb_build_object('agency', coalesce(agency.short_name, agency.name)),
      of_post, of_person, of_post, array[agency.id], incident.label, incident.world);
  return true;
end $$;

-- The neutral commander sits with the strategic groups: they read what those read, for as long as the appointment lasts.
create function response.admit_neutral_commander(appointment uuid) returns void
volatile security definer language plpgsql set search_path = pg_catalog, pg_temp as $$
declare appointed response.neutral_commanders;
begin
  select n.* into appointed from response.neutral_commanders n where n.id = appointment and n.until_at is null and n.appointed_by = access.person();
  if not found then raise exception 'not yours to grant' using errcode = '42501'; end if;
  perform access.put_reach(appointed.person_id, t.token, null, null, 'response.neutralCommander:' || appointed.id)
  from (
    select 'incident:' || appointed.incident_id as token
    union all
    select 'group:' || g.id from response.convened_groups c join structure.groups g on g.id = c.group_id
    where c.incident_id = appointed.incident_id and g.tier = 'strategic'
  ) t;
end $$;

-- Reach is real time in every world; the moment is given.
create function response.dismiss_neutral_commander(appointment uuid, real_at timestamptz) returns void
volatile security definer language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
  if not exists (select from response.neutral_commanders n where n.id = appointment and n.until_at is not null)
     or not access.holds('kind:secretariat', 'kind:chair') then
    raise exception 'not yours to end' using errcode = '42501';
  end if;
  update access.reach set until_at = greatest(from_at, real_at)
    where source = 'response.neutralCommander:' || appointment and (until_at is null or until_at > real_at);
end $$;
