-- Incidents: what the city co-ordinates on, who leads, and who stands beside the lead.
create schema response;
comment on schema response is 'Incidents and their co-ordination centres: seats, lead agency, neutral commander, decisions, timeline.';

create table response.incidents (
  id uuid primary key,
  name text not null check (name <> ''),
  incident_type text not null check (incident_type <> ''),
  jurisdiction text not null default 'city',
  phase text not null default 'response' check (phase in ('response', 'transition', 'recovery', 'closed')),
  status text not null default 'potential' check (status in ('potential', 'standby', 'declared', 'stood-down')),
  opened_at timestamptz not null,
  opened_by uuid not null,
  activation_id uuid,
  status_reason text not null default '',
  lead_minutes int not null default 20 check (lead_minutes between 1 and 1440),
  silent_minutes int not null default 20 check (silent_minutes between 1 and 1440),
  absent_minutes int not null default 60 check (absent_minutes between 1 and 1440),
  lead_unresolved_at timestamptz,
  closed_at timestamptz
);
comment on table response.incidents is
  'One incident in one world. Everything else in the room hangs on it. The minutes: until a lead is unresolved, an agency silent, a core member absent.';
select record.labelled('response.incidents', 'per-world', 'id');
create unique index one_incident_of_an_activation on response.incidents (world, activation_id) where activation_id is not null;
create index open_incidents on response.incidents (world) where closed_at is null;

create table response.lead_agencies (
  id uuid primary key,
  incident_id uuid not null,
  phase text not null check (phase in ('response', 'transition', 'recovery')),
  agency_id uuid not null references structure.agencies on delete restrict,
  state text not null check (state in ('proposed', 'contested', 'confirmed', 'superseded')),
  basis text not null default '',
  claimed_by uuid references structure.agencies on delete restrict,
  proposed_by uuid not null,
  proposed_at timestamptz not null,
  agreed_by uuid[] not null default '{}',
  note text not null default '',
  decided_by uuid,
  decided_at timestamptz,
  position_not_adopted text
);
comment on table response.lead_agencies is 'Who says that which agency leads, by phase and on what basis: proposed, contested or confirmed (R-5.1.1). claimed_by: whose position it is; null is the arrangement made beforehand. Positions not adopted are kept (R-5.1.7).';
select record.labelled('response.lead_agencies', 'per-world', 'incident_id');
alter table response.lead_agencies add foreign key (world, incident_id) references response.incidents (world, id) on delete restrict;
create index leads_incident on response.lead_agencies (incident_id);
create unique index one_confirmed_lead on response.lead_agencies (world, incident_id, phase) where state = 'confirmed';

create table response.neutral_commanders (
  id uuid primary key,
  incident_id uuid not null,
  post_id uuid not null references structure.posts on delete restrict,
  person_id uuid not null references structure.people on delete restrict,
  agency_id uuid not null references structure.agencies on delete restrict,
  interests text not null check (interests <> ''),
  appointed_by uuid not null,
  from_at timestamptz not null,
  until_at timestamptz check (until_at > from_at),
  end_reason text,
  check ((until_at is null) = (end_reason is null))
);
comment on table response.neutral_commanders is
  'Who challenges and guards the process beside the lead agency, from when to when (R-5.1.2). Tasks no units: there is no such operation.';
select record.labelled('response.neutral_commanders', 'per-world', 'incident_id');
alter table response.neutral_commanders add foreign key (world, incident_id) references response.incidents (world, id) on delete restrict;
create unique index one_neutral_commander_at_a_time on response.neutral_commanders (world, incident_id) where until_at is null;

-- The database keeps the independence rule too (R-5.1.2, GAP-25): not of the lead agency and not in a seat, whichever comes first.
create function response.keep_independence() returns trigger volatile security definer language plpgsql
set search_path = pg_catalog, pg_temp as $$
begin
  if tg_table_name = 'neutral_commanders' then
    if new.until_at is null and exists (select from response.lead_agencies l where l.world = new.world and l.incident_id = new.incident_id
        and l.agency_id = new.agency_id and l.state in ('proposed', 'contested', 'confirmed')) then
      raise exception 'the neutral commander may not come from the lead agency' using errcode = '23514';
    end if;
    if new.until_at is null and exists (select from response.seats s where s.world = new.world and s.incident_id = new.incident_id
        and s.person_id = new.person_id and s.state in ('en-route', 'present', 'virtual')) then
      raise exception 'the neutral commander may not sit in the incident' using errcode = '23514';
    end if;
  elsif tg_table_name = 'seats' then
    if new.state in ('en-route', 'present', 'virtual') and exists (select from response.neutral_commanders n where n.world = new.world
        and n.incident_id = new.incident_id and n.person_id = new.person_id and n.until_at is null) then
      raise exception 'the neutral commander may not sit in the incident' using errcode = '23514';
    end if;
  elsif new.state = 'confirmed' and exists (select from response.neutral_commanders n where n.world = new.world
      and n.incident_id = new.incident_id and n.agency_id = new.agency_id and n.until_at is null) then
    raise exception 'the neutral commander comes from this agency: relieve them first' using errcode = '23514';
  end if;
  return new;
end $$;
create trigger keep_independence before insert or update on response.neutral_commanders for each row execute function response.keep_independence();
create trigger keep_independence before insert or update on response.lead_agencies for each row execute function response.keep_independence();
