-- Sharing requests, from agency to agency: what, why, by which duty, by when; answered with a reason when it is refused, and with the risk of not sharing.
create table sharing.requests (
  id uuid primary key,
  incident_id uuid,
  from_agency_id uuid not null references structure.agencies on delete restrict,
  to_agency_id uuid not null references structure.agencies on delete restrict,
  to_post_id uuid references structure.posts on delete restrict,
  asked_by uuid not null references access.account on delete restrict,
  post_id uuid,
  what text not null check (trim(what) <> ''),
  why text not null check (length(trim(why)) >= 3),
  duty text not null default '',
  asked_at timestamptz not null,
  needed_by timestamptz not null,
  round int not null default 0 check (round in (0, 1)),
  waiting boolean not null default true,
  climbed int not null default 0 check (climbed in (0, 1, 2)),
  outcome text check (outcome in ('share', 'part', 'sanitised', 'pointer', 'refuse')),
  answered_at timestamptz,
  constraint another_is_asked check (from_agency_id <> to_agency_id),
  constraint time_to_answer check (needed_by >= asked_at + interval '2 minutes'),
  constraint answered_or_waiting check (waiting or outcome is not null)
);
create index requests_waiting on sharing.requests (to_agency_id, needed_by) where waiting;
comment on table sharing.requests is
  'What one agency asks of another (R-3.3.4). round 1: under appeal, or answered after one. waiting, outcome, answered_at, climbed and round are written by the database alone.';
select record.labelled('sharing.requests', 'per-world', 'incident_id');

create table sharing.request_answers (
  id uuid primary key,
  request_id uuid not null,
  agency_id uuid not null references structure.agencies on delete restrict,
  round int not null check (round in (0, 1)),
  outcome text not null check (outcome in ('share', 'part', 'sanitised', 'pointer', 'refuse')),
  words text not null check (length(trim(words)) >= 3),
  reason_code text check (reason_code in ('national-security', 'public-safety', 'commercial-prejudice', 'personal-data', 'confidentiality-to-source', 'not-held', 'other')),
  risk text check (length(trim(risk)) >= 3),
  item_id uuid,
  pointer_id uuid,
  answered_by uuid not null references access.account on delete restrict,
  post_id uuid,
  answered_at timestamptz not null,
  unique (request_id, round),
  constraint a_refusal_says_why check (outcome <> 'refuse' or reason_code is not null),
  constraint only_what_is_kept_back_has_a_reason check (reason_code is null or outcome in ('refuse', 'part')),
  constraint the_risk_is_written_down check (outcome not in ('refuse', 'part') or risk is not null)
);
comment on table sharing.request_answers is 'What was answered: shared, in part, sanitised, where else it is held, or refused with the reason; the risk of not sharing is written down (R-3.3.4).';
select record.labelled('sharing.request_answers', 'per-world');
alter table sharing.request_answers add foreign key (world, request_id) references sharing.requests (world, id) on delete restrict;

create table sharing.request_appeals (
  id uuid primary key,
  request_id uuid not null unique,
  words text not null check (length(trim(words)) >= 3),
  appealed_by uuid not null references access.account on delete restrict,
  post_id uuid,
  appealed_at timestamptz not null,
  needed_by timestamptz not null,
  constraint time_to_answer check (needed_by >= appealed_at + interval '2 minutes')
);
comment on table sharing.request_appeals is 'Once, against a refusal or an answer in part: another person decides, in an executive post of the agency that was asked.';
select record.labelled('sharing.request_appeals', 'per-world');
alter table sharing.request_appeals add foreign key (world, request_id) references sharing.requests (world, id) on delete restrict;

create table sharing.request_steps (
  id uuid primary key default gen_random_uuid(),
  request_id uuid not null,
  round int not null,
  step text not null check (step in ('asked-executive', 'requester-and-incident')),
  due_at timestamptz not null,
  state text not null default 'planned' check (state in ('planned', 'done', 'not-needed')),
  done_at timestamptz,
  unique (request_id, round, step),
  check ((state = 'planned') = (done_at is null))
);
comment on table sharing.request_steps is 'Where an unanswered request climbs to, and when: half of the time to the asked agency''s executive, half of the rest to the requester''s and to who runs the incident. World time.';
select record.labelled('sharing.request_steps', 'per-world');
create index request_steps_due on sharing.request_steps (world, due_at) where state = 'planned';
alter table sharing.request_steps add foreign key (world, request_id) references sharing.requests (world, id) on delete restrict;

-- Who answers: the post that was asked, or whoever answers for the agency; an appeal, its executive.
create function sharing.may_answer(of_request uuid) returns boolean stable security definer language sql set search_path = pg_catalog, pg_temp as $$
  select exists (select from sharing.requests r where r.id = of_request and r.waiting and case when r.round = 0
      then sharing.acts_for(r.to_agency_id, '{duty,executive,data-protection,legal-adviser,watch-officer,secretariat}')
        or (r.to_post_id is not null and access.holds('post:' || r.to_post_id) and access.holds('agency:' || r.to_agency_id) and not access.holds('kind:device'))
      else sharing.acts_for(r.to_agency_id, '{executive}')
        and not exists (select from sharing.request_answers a where a.request_id = r.id and a.answered_by = access.person()) end)
$$;

create function sharing.may_appeal(of_request uuid) returns boolean stable security definer language sql set search_path = pg_catalog, pg_temp as $$
  select exists (select from sharing.requests r where r.id = of_request and not r.waiting and r.round = 0 and r.outcome in ('refuse', 'part')
    and sharing.acts_for(r.from_agency_id, '{duty,executive,watch-officer,secretariat,chair,loggist,data-protection,legal-adviser,communications}'))
$$;

create function sharing.plan_steps(of_request uuid, of_round int, from_moment timestamptz, until_moment timestamptz, row_label int, in_world uuid) returns void
volatile language sql set search_path = pg_catalog, pg_temp as $$
  insert into sharing.request_steps (request_id, round, step, due_at, label, world)
    values (of_request, of_round, 'asked-executive', from_moment + (until_moment - from_moment) / 2, row_label, in_world),
      (of_request, of_round, 'requester-and-incident', from_moment + (until_moment - from_moment) * 0.75, row_label, in_world)
$$;

-- Who reads a request: the two agencies and an inquiry; once it has climbed to the incident, also who runs that.
create function sharing.request_label(agencies uuid[], of_incident uuid) returns int volatile language sql set search_path = pg_catalog, pg_temp as $$
  select access.intern(case when of_incident is null then jsonb_build_array(own.tokens)
      else jsonb_build_array(own.tokens || sharing.part_tokens('incident:' || of_incident), own.tokens || '["kind:chair", "kind:secretariat"]'::jsonb) end, 'TLP:AMBER')
  from (select (select jsonb_agg('agency:' || a) from unnest(agencies) a) || '["kind:inquiry"]'::jsonb as tokens) own
$$;

-- The database writes the label, whatever came with the row: a request, what was answered and an appeal are the two agencies' and an inquiry's.
create function sharing.label_request() returns trigger volatile security definer language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
  new.label := sharing.request_label(array[new.from_agency_id, new.to_agency_id], null);
  return new;
end $$;
create trigger label_it before insert on sharing.requests for each row execute function sharing.label_request();

create function sharing.label_beside_request() returns trigger volatile security definer language plpgsql set search_path = pg_catalog, pg_temp as $$
declare request sharing.requests;
begin
  select r.* into request from sharing.requests r where r.id = new.request_id and r.world = new.world;
  new.label := sharing.request_label(array[request.from_agency_id, request.to_agency_id], null);
  if tg_table_name = 'request_answers' then
    new.agency_id := request.to_agency_id;
    new.round := request.round;
  end if;
  return new;
end $$;
create trigger label_it before insert on sharing.request_answers for each row execute function sharing.label_beside_request();
create trigger label_it before insert on sharing.request_appeals for each row execute function sharing.label_beside_request();

create function sharing.request_put() returns trigger volatile security definer language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
  perform sharing.plan_steps(new.id, 0, new.asked_at, new.needed_by, new.label, new.world);
  return new;
end $$;
create trigger plan_steps after insert on sharing.requests for each row execute function sharing.request_put();

-- An answer and an appeal stand beside their request, in its round, and the request says that they do.
create function sharing.request_answered() returns trigger volatile security definer language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
  update sharing.requests r set waiting = false, outcome = new.outcome, answered_at = new.answered_at
    where r.id = new.request_id and r.world = new.world and r.waiting and r.round = new.round;
  if not found then raise exception 'answered already' using errcode = '23505'; end if;
  update sharing.request_steps s set state = 'not-needed', done_at = new.answered_at where s.request_id = new.request_id and s.state = 'planned';
  return new;
end $$;
create trigger answered after insert on sharing.request_answers for each row execute function sharing.request_answered();

create function sharing.request_appealed() returns trigger volatile security definer language plpgsql set search_path = pg_catalog, pg_temp as $$
declare request sharing.requests;
begin
  update sharing.requests r set waiting = true, round = 1, needed_by = new.needed_by, climbed = 0
    where r.id = new.request_id and r.world = new.world and not r.waiting and r.round = 0 returning * into request;
  if not found then raise exception 'appealed already' using errcode = '23505'; end if;
  perform sharing.plan_steps(new.request_id, 1, new.appealed_at, new.needed_by, request.label, request.world);
  return new;
end $$;
create trigger appealed after insert on sharing.request_appeals for each row execute function sharing.request_appealed();

-- One step of one request, by a timed duty that has claimed it: written once, whoever is at it.
create function sharing.climb(of_step uuid, at timestamptz) returns void volatile security definer language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
  taken sharing.request_steps;
  request sharing.requests;
  wider int;
begin
  update sharing.request_steps s set state = 'done', done_at = at where s.id = of_step and s.state = 'planned' and s.due_at <= at returning * into taken;
  if not found then return; end if;
  select r.* into strict request from sharing.requests r where r.id = taken.request_id and r.world = taken.world for update;
  wider := case when taken.step = 'requester-and-incident' and request.incident_id is not null
    then sharing.request_label(array[request.from_agency_id, request.to_agency_id], request.incident_id) else request.label end;
  update sharing.requests set climbed = case taken.step when 'asked-executive' then 1 else 2 end, label = wider where id = request.id;
  if wider <> request.label then update sharing.request_steps s set label = wider where s.request_id = request.id; end if;
end $$;

-- Figures of refusals: for the agency itself, and for the chair. Between agencies nobody is told (figures about an agency are its own and the chair's).
create function sharing.refusal_figures() returns table (agency_id uuid, asked int, answered_late int, unanswered int, reason_code text, refused int)
stable security definer language sql set search_path = pg_catalog, pg_temp as $$
  with mine as (
    select a.id from structure.agencies a
    where not access.holds('kind:device') and (access.holds('kind:chair') or sharing.acts_for(a.id, '{executive,data-protection}'))
  ), received as (
    select r.to_agency_id as agency, count(*)::int as asked, count(*) filter (where r.answered_at > r.needed_by)::int as late, count(*) filter (where r.waiting)::int as unanswered
    from sharing.requests r where r.world = access.world() and r.to_agency_id in (select id from mine) group by r.to_agency_id
  ), refused as (
    select r.to_agency_id as agency, a.reason_code, count(*)::int as refused from sharing.request_answers a join sharing.requests r on r.id = a.request_id
    where r.world = access.world() and a.outcome = 'refuse' and r.to_agency_id in (select id from mine) group by r.to_agency_id, a.reason_code
  )
  select c.agency, c.asked, c.late, c.unanswered, f.reason_code, coalesce(f.refused, 0) from received c left join refused f on f.agency = c.agency
$$;
comment on function sharing.refusal_figures is 'How often an agency was asked and refused, by reason: for that agency''s executive and data-protection post, and for the chair.';

