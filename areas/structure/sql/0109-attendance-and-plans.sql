-- Who came to the table, at which seniority, and which plans know each other. Between agencies there are findings about links, never
-- rankings (house: blame): an agency's attendance is its own, its group's chair's and its secretariat's to read.

create table structure.meetings (
  id uuid primary key,
  group_id uuid not null references structure.groups on delete restrict,
  kind text not null check (kind in ('meeting', 'exercise', 'incident')),
  title text not null check (title <> ''),
  held_at timestamptz not null,
  minimum_seniority int not null default 1 check (minimum_seniority between 1 and 5),
  recorded_by uuid not null references access.account on delete restrict
);
create index meetings_group on structure.meetings (group_id, held_at desc);
comment on table structure.meetings is 'When a group met, and the seniority it asked for: evidence that it can (R-4.1.1).';
select record.labelled('structure.meetings', 'city-wide');

create table structure.attendances (
  id uuid primary key,
  meeting_id uuid not null references structure.meetings on delete restrict,
  agency_id uuid not null references structure.agencies on delete restrict,
  state text not null check (state in ('present', 'apologies', 'absent')),
  seniority int check (seniority between 1 and 5),
  deputy boolean not null default false,
  unique (meeting_id, agency_id),
  check ((state = 'present') = (seniority is not null))
);
create index attendances_agency on structure.attendances (agency_id);
comment on table structure.attendances is 'Whether an agency sat at a meeting, at which seniority, and whether a deputy did. Readable by that agency, the chair and the secretariat (R-1.2.2).';
select record.labelled('structure.attendances', 'city-wide');

create table structure.attendance_notices (
  id uuid primary key,
  group_id uuid not null references structure.groups on delete restrict,
  agency_id uuid not null references structure.agencies on delete restrict,
  reason text not null check (reason in ('missed', 'too-junior')),
  meetings int not null check (meetings >= 2),
  raised_at timestamptz not null,
  answer text check (answer <> ''),
  answered_by uuid references access.account on delete restrict,
  answered_at timestamptz,
  ended_at timestamptz,
  check (num_nulls(answer, answered_by, answered_at) in (0, 3))
);
create unique index one_open_notice on structure.attendance_notices (group_id, agency_id) where ended_at is null;
comment on table structure.attendance_notices is 'After two misses in a row, or two sittings below the asked seniority: told to that agency and the chair, answered by the agency, ended by its coming (R-1.2.2).';
select record.labelled('structure.attendance_notices', 'city-wide');

-- Does this transaction's person chair a group or keep its record?
create function structure.keeps_group(of_group uuid) returns boolean stable security definer language sql set search_path = pg_catalog, pg_temp as $$
  select exists (select from structure.groups g, unnest(array[g.chair_post_id, g.deputy_chair_post_id, g.secretariat_post_id]) p (id)
    where g.id = of_group and p.id is not null and access.holds('post:' || p.id) and not access.holds('kind:device'))
$$;

create table structure.plans (
  id uuid primary key,
  agency_id uuid not null references structure.agencies on delete restrict,
  code text not null unique check (code <> ''),
  title text not null check (title <> ''),
  version text not null check (version <> ''),
  changed_at timestamptz not null,
  what_changed text not null default '',
  ended_at timestamptz
);
comment on table structure.plans is 'Plans of agencies that others lean on, by title and version alone: what is in them stays where it is kept.';
select record.labelled('structure.plans', 'city-wide');

create table structure.plan_references (
  id uuid primary key,
  plan_id uuid not null references structure.plans on delete restrict,
  refers_to uuid not null references structure.plans on delete restrict,
  ended_at timestamptz,
  constraint no_plan_refers_to_itself check (plan_id <> refers_to)
);
create unique index one_reference on structure.plan_references (plan_id, refers_to) where ended_at is null;
comment on table structure.plan_references is 'Which plan leans on which: a change in the second is read and reconciled by the owner of the first (R-1.2.3).';
select record.labelled('structure.plan_references', 'city-wide');

create table structure.plan_reviews (
  id uuid primary key,
  opened_at timestamptz not null,
  due_at timestamptz not null check (due_at > opened_at),
  closed_at timestamptz
);
create unique index one_open_plan_review on structure.plan_reviews ((true)) where closed_at is null;
comment on table structure.plan_reviews is 'Every six months police, fire and ambulance read each other''s major-incident plans (R-1.2.3; the Manchester Arena Inquiry''s first recommendation).';
select record.labelled('structure.plan_reviews', 'city-wide');

create table structure.reconciliations (
  id uuid primary key,
  agency_id uuid not null references structure.agencies on delete restrict,
  plan_id uuid not null references structure.plans on delete restrict,
  version text not null,
  plan_review_id uuid references structure.plan_reviews on delete restrict,
  raised_at timestamptz not null,
  due_at timestamptz not null,
  outcome text check (outcome in ('fits', 'ours-changes', 'conflict')),
  words text,
  read_by uuid references access.account on delete restrict,
  read_at timestamptz,
  check (num_nulls(outcome, read_by, read_at) in (0, 3)),
  check (outcome is distinct from 'conflict' or length(trim(words)) >= 3)
);
create unique index one_open_reconciliation on structure.reconciliations (agency_id, plan_id, version, coalesce(plan_review_id, '00000000-0000-0000-0000-000000000000'));
comment on table structure.reconciliations is 'An agency is asked to read a partner''s plan as it is now and to say whether its own still fits. Read is not understood; that is tried in exercises.';
select record.labelled('structure.reconciliations', 'city-wide');

-- Written once, by the agency that was asked.
create function structure.keep_answer() returns trigger language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
  if tg_table_name = 'reconciliations' and to_jsonb(old) ->> 'read_at' is not null or tg_table_name = 'attendance_notices' and to_jsonb(old) ->> 'answered_at' is not null
    and to_jsonb(old) ->> 'answer' is distinct from to_jsonb(new) ->> 'answer' then
    raise exception 'answered already' using errcode = '23505';
  end if;
  return new;
end $$;
create trigger keep_answer before update on structure.reconciliations for each row execute function structure.keep_answer();
create trigger keep_answer before update on structure.attendance_notices for each row execute function structure.keep_answer();

-- A plan has changed: everybody whose plan leans on it is asked to read it. Worked out here, so that no page forgets one.
create function structure.ask_to_reconcile() returns trigger volatile security definer language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
  if tg_op = 'UPDATE' and new.version = old.version then return new; end if;
  insert into structure.reconciliations (id, agency_id, plan_id, version, raised_at, due_at, label, world)
    select gen_random_uuid(), leaning.agency_id, new.id, new.version, new.changed_at, new.changed_at + interval '28 days',
      access.intern(jsonb_build_array(jsonb_build_array('agency:' || leaning.agency_id, 'agency:' || new.agency_id, 'kind:secretariat', 'kind:chair', 'kind:inquiry')), 'TLP:AMBER'),
      new.world
    from (select distinct p.agency_id from structure.plan_references r join structure.plans p on p.id = r.plan_id and p.ended_at is null
      where r.refers_to = new.id and r.ended_at is null and p.agency_id <> new.agency_id) leaning
    on conflict do nothing;
  return new;
end $$;
create trigger ask_to_reconcile after insert or update on structure.plans for each row execute function structure.ask_to_reconcile();

-- Opens the half-yearly reading when it is due: each blue-light agency of the city is asked to read every plan of the two others.
create function structure.open_plan_review(moment timestamptz) returns boolean volatile security definer language plpgsql set search_path = pg_catalog, pg_temp as $$
declare review uuid := gen_random_uuid();
begin
  perform pg_advisory_xact_lock(7263, 4);
  if not access.is_live() or exists (select from structure.plan_reviews p where p.closed_at is null or p.opened_at > moment - interval '182 days') then return false; end if;
  if (select count(distinct a.org_type) from structure.plans p join structure.agencies a on a.id = p.agency_id
      where p.ended_at is null and a.home_city is null and a.org_type in ('police', 'fire_and_rescue', 'ambulance')) < 2 then return false; end if;
  insert into structure.plan_reviews (id, opened_at, due_at, label, world) values (review, moment, moment + interval '42 days', structure.network_label(), access.live_world());
  insert into structure.reconciliations (id, agency_id, plan_id, version, plan_review_id, raised_at, due_at, label, world)
    select gen_random_uuid(), reader.id, p.id, p.version, review, moment, moment + interval '42 days',
      access.intern(jsonb_build_array(jsonb_build_array('agency:' || reader.id, 'agency:' || p.agency_id, 'kind:secretariat', 'kind:chair', 'kind:inquiry')), 'TLP:AMBER'), access.live_world()
    from structure.plans p join structure.agencies owner on owner.id = p.agency_id
    join structure.agencies reader on reader.id <> owner.id and reader.home_city is null and reader.org_type in ('police', 'fire_and_rescue', 'ambulance')
    where p.ended_at is null and owner.home_city is null and owner.org_type in ('police', 'fire_and_rescue', 'ambulance')
      and exists (select from structure.posts post where post.agency_id = reader.id);
  return true;
end $$;

-- Closes it when everything that it asked has been read.
create function structure.close_plan_reviews(moment timestamptz) returns int volatile security definer language plpgsql set search_path = pg_catalog, pg_temp as $$
declare closed int;
begin
  update structure.plan_reviews p set closed_at = moment where p.closed_at is null
    and not exists (select from structure.reconciliations r where r.plan_review_id = p.id and r.read_at is null);
  get diagnostics closed = row_count;
  return closed;
end $$;
