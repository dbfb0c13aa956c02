-- Joining late and coming back. An incident has epochs: who is let in *from joining* begins one, and holds incident:<id>.<n> instead of incident:<id>.
-- What is written in epoch n is for all who joined by then: its first clause names the incident and its epochs up to n. So nothing written before is
-- relabelled, and nobody new reads it; what stands now (the incident, its seats, its leads) is read by who came last, as it stands.
alter table response.incidents add column epoch int not null default 0 check (epoch >= 0);
comment on column response.incidents.epoch is 'How many came in from joining on: rows of the incident are for who joined by the epoch in which they were written.';

create table response.part_changes (
  id uuid primary key,
  incident_id uuid not null,
  person_id uuid not null references access.account on delete restrict,
  change text not null check (change in ('let-in', 'ended')),
  sees text check (sees in ('all', 'from-joining')),
  reason text not null check (length(trim(reason)) >= 3),
  by_person uuid not null references access.account on delete restrict,
  by_post uuid,
  at timestamptz not null,
  check ((change = 'let-in') = (sees is not null))
);
comment on table response.part_changes is 'Who was let into an incident and who was let go, by whom, why, and what of the past they see. Written by response.let_in and response.end_part alone.';
select record.labelled('response.part_changes', 'per-world', 'incident_id');
alter table response.part_changes add foreign key (world, incident_id) references response.incidents (world, id) on delete restrict;
create index part_changes_incident on response.part_changes (incident_id, person_id);

-- Who takes part: the tokens by which they do.
create function response.member_tokens(of_incident uuid, of_epoch int) returns jsonb immutable language sql set search_path = pg_catalog, pg_temp as $$
  select jsonb_agg('incident:' || of_incident || case when n = 0 then '' else '.' || n end order by n) from generate_series(0, of_epoch) n
$$;

create function response.has_part(of_person uuid, of_incident uuid) returns boolean stable language sql set search_path = pg_catalog, pg_temp as $$
  select exists (select from access.reach r where r.person = of_person and (r.token = 'incident:' || of_incident or starts_with(r.token, 'incident:' || of_incident || '.'))
    and r.from_at <= access.real_now() and (r.until_at is null or r.until_at > access.real_now()))
$$;

-- Lets somebody in who has no part: with all of the past (given by who sees all of it), or from joining on.
create function response.let_in(change_id uuid, of_incident uuid, of_person uuid, past text, why text, at timestamptz) returns void
volatile security definer language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
  incident response.incidents;
  viewer record;
  general int;
  given text := 'incident:' || of_incident;
begin
  select v.* into viewer from access.viewer() v;
  select i.* into incident from response.incidents i where i.id = of_incident and i.world = access.world() and i.label = any(access.readable()) for update;
  if not found or incident.closed_at is not null or access.holds('kind:device') or not access.holds_part('incident:' || of_incident)
     or not access.holds('kind:secretariat', 'kind:chair', 'kind:watch-officer') or (past = 'all' and not access.holds('incident:' || of_incident)) then
    raise exception 'not yours to let in' using errcode = '42501';
  end if;
  if not exists (select from access.account a where a.person = of_person and a.disabled_at is null) then raise exception 'nobody' using errcode = '42501'; end if;
  if response.has_part(of_person, of_incident) then raise exception 'in already' using errcode = '23505'; end if;
  general := incident.label;
  if past = 'from-joining' then
    incident.epoch := incident.epoch + 1;
    given := given || '.' || incident.epoch;
    general := access.intern(jsonb_build_array(response.member_tokens(of_incident, incident.epoch)), (select l.marking from access.label l where l.id = incident.label));
    -- What stands now is theirs to read; how it came to stand so stays under the labels of then.
    update response.incidents i set epoch = incident.epoch, label = general where i.id = of_incident;
    update response.seats s set label = general where s.incident_id = of_incident and s.label = incident.label;
    update response.convened_groups g set label = general where g.incident_id = of_incident and g.label = incident.label;
    update response.lead_agencies l set label = general where l.incident_id = of_incident and l.label = incident.label and l.state <> 'superseded';
    update response.neutral_commanders n set label = general where n.incident_id = of_incident and n.label = incident.label and n.until_at is null;
  end if;
  perform access.put_reach(of_person, given, null, null, 'response.letIn:' || change_id);
  insert into response.part_changes (id, incident_id, person_id, change, sees, reason, by_person, by_post, at, label, world)
    values (change_id, of_incident, of_person, 'let-in', past, why, viewer.person, viewer.post, at, general, incident.world);
end $$;

-- Ends somebody's part, wherever it came from. From that moment they read nothing of the incident, and every stream of theirs says that it is gone.
create function response.end_part(change_id uuid, of_incident uuid, of_person uuid, why text, at timestamptz) returns void
volatile security definer language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
  incident response.incidents;
  viewer record;
begin
  select v.* into viewer from access.viewer() v;
  select i.* into incident from response.incidents i where i.id = of_incident and i.world = access.world() and i.label = any(access.readable()) for update;
  if not found or of_person = viewer.person or access.holds('kind:device') or not access.holds_part('incident:' || of_incident)
     or not access.holds('kind:secretariat', 'kind:chair') then
    raise exception 'not yours to end' using errcode = '42501';
  end if;
  if exists (select from response.neutral_commanders n where n.incident_id = of_incident and n.person_id = of_person and n.until_at is null) then
    raise exception 'relieve the neutral commander first' using errcode = '23514';
  end if;
  if not response.has_part(of_person, of_incident) then raise exception 'not in' using errcode = '23505'; end if;
  update access.reach r set until_at = greatest(r.from_at, access.real_now())
    where r.person = of_person and (r.token = 'incident:' || of_incident or starts_with(r.token, 'incident:' || of_incident || '.'))
      and (r.until_at is null or r.until_at > access.real_now());
  insert into response.part_changes (id, incident_id, person_id, change, reason, by_person, by_post, at, label, world)
    values (change_id, of_incident, of_person, 'ended', why, viewer.person, viewer.post, at, incident.label, incident.world);
end $$;

-- Who takes part now and what of the past each sees: for who takes part and runs it. Names only.
create function response.members(of_incident uuid) returns table (person_id uuid, name text, sees text, since timestamptz) stable security definer language sql
set search_path = pg_catalog, pg_temp as $$
  select a.person, a.name, case when bool_or(r.token = 'incident:' || of_incident) then 'all' else 'from-joining' end, min(r.from_at)
  from access.reach r join access.account a on a.person = r.person
  where (r.token = 'incident:' || of_incident or starts_with(r.token, 'incident:' || of_incident || '.'))
    and r.from_at <= access.real_now() and (r.until_at is null or r.until_at > access.real_now()) and a.disabled_at is null
    and access.holds('kind:secretariat', 'kind:chair', 'kind:watch-officer') and access.holds_part('incident:' || of_incident) and not access.holds('kind:device')
    and exists (select from response.incidents i where i.id = of_incident and i.world = access.world())
  group by a.person, a.name order by a.name, a.person
$$;

-- As before, but that a part from joining on is a part.
create or replace function response.admit_accepted(of_activation uuid, of_post uuid, of_person uuid, at timestamptz, entry_id uuid) returns boolean
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
  if not response.has_part(of_person, incident.id) then
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

create or replace function response.leading_posts(of_incident uuid, at timestamptz) returns table (post_id uuid, kind text, title text, agency text)
stable security definer language sql set search_path = pg_catalog, pg_temp as $$
  select p.id, p.kind, p.title, a.name from structure.posts p join structure.agencies a on a.id = p.agency_id
  where p.kind in ('chair', 'neutral-commander', 'executive')
    and (current_setting('role', true) = 'concord_jobs' or access.holds_part('incident:' || of_incident))
    and exists (select from structure.on_duty(p.id, at) d where response.has_part(d.person_id, of_incident))
  order by array_position(array['chair', 'neutral-commander', 'executive'], p.kind), p.code
$$;
