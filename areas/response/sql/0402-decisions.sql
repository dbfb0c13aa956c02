-- Decisions with their reasons, tasks that follow from them, confirmations of what a loggist entered for a post, and prompts.
-- Everything here is append-only in meaning: a correction or a reversal is a new row that points at the old one, and both are shown (X-1, D-6).

-- Options come first and the decision chooses one of them, so that a decision without an option cannot be stored at all (D-1).
create table response.decision_options (
  id uuid primary key,
  decision_id uuid not null,
  incident_id uuid not null,
  place int not null check (place >= 0),
  words text not null check (words <> ''),
  suitability text not null default '',
  feasibility text not null default '',
  acceptability text not null default '',
  suitable text not null check (suitable in ('yes', 'in-part', 'no', 'not-known')),
  feasible text not null check (feasible in ('yes', 'in-part', 'no', 'not-known')),
  acceptable text not null check (acceptable in ('yes', 'in-part', 'no', 'not-known')),
  unique (decision_id, place)
);
comment on table response.decision_options is 'What was considered, doing nothing included, each with suitability, feasibility and acceptability in words and as a verdict.';
select record.labelled('response.decision_options', 'per-world', 'incident_id');
alter table response.decision_options add foreign key (world, incident_id) references response.incidents (world, id) on delete restrict,
  add unique (world, decision_id, id);

create table response.decisions (
  id uuid primary key,
  root_id uuid not null,
  incident_id uuid not null,
  group_id uuid references structure.groups on delete restrict,
  question text not null check (question <> ''),
  chosen_option_id uuid not null,
  rationale text check (rationale <> ''),
  rationale_due_at timestamptz,
  decided_at timestamptz not null,
  entered_at timestamptz not null,
  late_reason text check (late_reason <> ''),
  decided_by_post_id uuid not null references structure.posts on delete restrict,
  decided_by_person_id uuid not null references structure.people on delete restrict,
  loggist_person_id uuid not null,
  review_at timestamptz not null check (review_at > decided_at),
  corrects_id uuid,
  corrected_by uuid,
  correction_reason text check (correction_reason <> ''),
  reverses_id uuid,
  check (loggist_person_id <> decided_by_person_id),
  check (rationale is not null or rationale_due_at is not null),
  check (rationale_due_at <= decided_at + interval '30 minutes'),
  check (entered_at - decided_at <= interval '5 minutes' or late_reason is not null),
  check (decided_at <= entered_at + interval '1 minute'),
  check ((corrects_id is null) = (root_id = id)),
  check ((corrects_id is null) = (corrected_by is null) and (corrects_id is null) = (correction_reason is null))
);
comment on table response.decisions is
  'A version of a decision: question, choice, reasons or reasons owed (at most 30 minutes, D-2), who decided, who logged (never the same, D-3), when it is looked at again (D-5).';
select record.labelled('response.decisions', 'per-world', 'incident_id');
alter table response.decisions
  add foreign key (world, incident_id) references response.incidents (world, id) on delete restrict,
  add foreign key (world, id, chosen_option_id) references response.decision_options (world, decision_id, id) on delete restrict,
  add foreign key (world, root_id) references response.decisions (world, id) on delete restrict,
  add foreign key (world, corrects_id) references response.decisions (world, id) on delete restrict,
  add foreign key (world, reverses_id) references response.decisions (world, id) on delete restrict,
  add unique (world, corrects_id);
create index decisions_incident on response.decisions (incident_id, id);
create index decisions_root on response.decisions (root_id);
create unique index decision_reversed_once on response.decisions (world, reverses_id) where corrects_id is null;

-- A version keeps what its first version said of who, where and for whom; options are closed once the decision stands.
create function response.keep_decision() returns trigger volatile security definer language plpgsql
set search_path = pg_catalog, pg_temp as $$
declare old_version response.decisions;
begin
  if tg_table_name = 'decision_options' then
    if exists (select from response.decisions d where d.id = new.decision_id) then
      raise exception 'the options of a decision are closed once it stands' using errcode = '23514';
    end if;
    return new;
  end if;
  if exists (select from response.decision_options o where o.decision_id = new.id
      and (o.label <> new.label or o.world <> new.world or o.incident_id <> new.incident_id)) then
    raise exception 'the options of a decision stand beside it' using errcode = '23514';
  end if;
  if new.corrects_id is not null then
    select * into old_version from response.decisions d where d.id = new.corrects_id and d.world = new.world;
    if (old_version.root_id, old_version.incident_id, old_version.decided_by_post_id, old_version.loggist_person_id, old_version.label)
       is distinct from (new.root_id, new.incident_id, new.decided_by_post_id, new.loggist_person_id, new.label)
       or old_version.reverses_id is distinct from new.reverses_id then
      raise exception 'a correction keeps who decided, who logged and who may read' using errcode = '23514';
    end if;
  end if;
  return new;
end $$;
create trigger keep_decision before insert on response.decision_options for each row execute function response.keep_decision();
create trigger keep_decision before insert on response.decisions for each row execute function response.keep_decision();

create table response.decision_grounds (
  id uuid primary key,
  decision_id uuid not null,
  incident_id uuid not null,
  place int not null check (place >= 0),
  kind text not null check (kind in ('fact', 'inference', 'assumption', 'uncertainty')),
  words text not null check (words <> ''),
  source text not null default '',
  as_of timestamptz,
  flag text not null default 'none' check (flag in ('none', 'stale', 'contested')),
  unique (decision_id, place)
);
comment on table response.decision_grounds is 'What a decision rests on: facts with their source, inferences, assumptions, uncertainties (X-5); stale or contested ones are flagged (D-4).';
select record.labelled('response.decision_grounds', 'per-world', 'incident_id');
alter table response.decision_grounds add foreign key (world, decision_id) references response.decisions (world, id) on delete restrict,
  add foreign key (world, incident_id) references response.incidents (world, id) on delete restrict;

create table response.decision_rationales (
  id uuid primary key,
  decision_id uuid not null,
  incident_id uuid not null,
  words text not null check (words <> ''),
  given_at timestamptz not null,
  entered_by uuid not null
);
comment on table response.decision_rationales is 'Reasons that were owed and came later; both times stay (D-2).';
select record.labelled('response.decision_rationales', 'per-world', 'incident_id');
alter table response.decision_rationales add foreign key (world, decision_id) references response.decisions (world, id) on delete restrict,
  add foreign key (world, incident_id) references response.incidents (world, id) on delete restrict, add unique (world, decision_id);

create table response.decision_dissents (
  id uuid primary key,
  decision_id uuid not null,
  incident_id uuid not null,
  place int not null check (place >= 0),
  agency_id uuid not null references structure.agencies on delete restrict,
  post_id uuid references structure.posts on delete restrict,
  words text not null check (words <> ''),
  said_at timestamptz not null,
  entered_by uuid not null
);
comment on table response.decision_dissents is 'Positions not adopted, word for word, with agency and post. Never changed, never shortened (D-7).';
select record.labelled('response.decision_dissents', 'per-world', 'incident_id');
alter table response.decision_dissents add foreign key (world, decision_id) references response.decisions (world, id) on delete restrict,
  add foreign key (world, incident_id) references response.incidents (world, id) on delete restrict;

create table response.decision_reviews (
  id uuid primary key,
  decision_id uuid not null,
  incident_id uuid not null,
  words text not null check (words <> ''),
  reviewed_at timestamptz not null,
  next_review_at timestamptz not null check (next_review_at > reviewed_at),
  entered_by uuid not null
);
comment on table response.decision_reviews is 'A decision was looked at again and stands: what was found, and when it is looked at next (D-5).';
select record.labelled('response.decision_reviews', 'per-world', 'incident_id');
alter table response.decision_reviews add foreign key (world, decision_id) references response.decisions (world, id) on delete restrict,
  add foreign key (world, incident_id) references response.incidents (world, id) on delete restrict;

create table response.decision_outcomes (
  id uuid primary key,
  decision_id uuid not null,
  incident_id uuid not null,
  words text not null check (words <> ''),
  told_at timestamptz not null,
  acknowledge_by timestamptz not null check (acknowledge_by > told_at),
  told_by uuid not null
);
comment on table response.decision_outcomes is
  'What a decision means for those who carry it out: a row of its own with its own label, without options, reasons or dissent (R-3.2.4).';
select record.labelled('response.decision_outcomes', 'per-world', 'incident_id');
alter table response.decision_outcomes add foreign key (world, decision_id) references response.decisions (world, id) on delete restrict,
  add foreign key (world, incident_id) references response.incidents (world, id) on delete restrict;

create table response.outcome_acknowledgements (
  id uuid primary key,
  outcome_id uuid not null,
  incident_id uuid not null,
  agency_id uuid not null references structure.agencies on delete restrict,
  post_id uuid not null references structure.posts on delete restrict,
  person_id uuid not null,
  at timestamptz not null
);
comment on table response.outcome_acknowledgements is 'Which post said that it has an outcome. Who knows is derived from these, never from sending (X-6).';
select record.labelled('response.outcome_acknowledgements', 'per-world', 'incident_id');
alter table response.outcome_acknowledgements add foreign key (world, outcome_id) references response.decision_outcomes (world, id) on delete restrict,
  add foreign key (world, incident_id) references response.incidents (world, id) on delete restrict, add unique (world, outcome_id, post_id);

create table response.confirmations (
  id uuid primary key,
  incident_id uuid not null,
  subject text not null check (subject in ('entry', 'decision')),
  subject_id uuid not null,
  post_id uuid not null references structure.posts on delete restrict,
  confirmed_by uuid not null,
  confirmed_at timestamptz not null
);
comment on table response.confirmations is 'The post on whose behalf something was entered says that it is right; until then it shows as not confirmed. A correction is a new row of its own.';
select record.labelled('response.confirmations', 'per-world', 'incident_id');
alter table response.confirmations add foreign key (world, incident_id) references response.incidents (world, id) on delete restrict,
  add unique (world, subject_id);

create table response.tasks (
  id uuid primary key,
  incident_id uuid not null,
  decision_id uuid,
  words text not null check (words <> ''),
  owner_post_id uuid not null references structure.posts on delete restrict,
  owner_agency_id uuid not null references structure.agencies on delete restrict,
  given_on_behalf_of uuid references structure.posts on delete restrict,
  given_by uuid not null,
  given_at timestamptz not null,
  due_at timestamptz not null check (due_at > given_at),
  accept_by timestamptz not null check (accept_by > given_at),
  priority text not null default 'normal' check (priority in ('high', 'normal')),
  accepted_at timestamptz,
  accepted_by uuid,
  done_at timestamptz,
  done_by uuid,
  evidence text check (evidence <> ''),
  closed_at timestamptz,
  closed_by uuid,
  check ((accepted_at is null) = (accepted_by is null)),
  check ((done_at is null) = (evidence is null) and (done_at is null) = (done_by is null)),
  check ((closed_at is null) = (closed_by is null)),
  check (closed_at is null or done_at is not null),
  check (priority <> 'high' or closed_by <> done_by)
);
comment on table response.tasks is 'What one post of one agency is asked to do by when; accepted, done with evidence, and of high priority closed by somebody else.';
select record.labelled('response.tasks', 'per-world', 'incident_id');
alter table response.tasks add foreign key (world, incident_id) references response.incidents (world, id) on delete restrict,
  add foreign key (world, decision_id) references response.decisions (world, id) on delete restrict;
create index tasks_incident on response.tasks (incident_id, id);

-- The neutral commander challenges and guards the process; no task is given by them or in their name (R-5.1.3).
create function response.keep_neutral_untasking() returns trigger volatile security definer language plpgsql
set search_path = pg_catalog, pg_temp as $$
begin
  if exists (select from response.neutral_commanders n where n.world = new.world and n.incident_id = new.incident_id and n.until_at is null
      and (n.person_id = new.given_by or n.post_id = new.given_on_behalf_of)) then
    raise exception 'the neutral commander gives no tasks' using errcode = '42501';
  end if;
  return new;
end $$;
create trigger keep_neutral_untasking before insert on response.tasks for each row execute function response.keep_neutral_untasking();

create table response.prompts (
  id uuid primary key,
  incident_id uuid not null,
  cause text not null check (cause in ('life-safety', 'lead-unresolved', 'call-out-unanswered', 'agency-silent', 'core-absent', 'task-not-accepted',
    'outcome-not-acknowledged', 'rationale-owed', 'task-overdue', 'review-due', 'entry-not-confirmed')),
  key text not null check (key <> ''),
  subject_id uuid,
  parameters jsonb not null default '{}' check (jsonb_typeof(parameters) = 'object'),
  base_label int not null references access.label on delete restrict,
  raised_at timestamptz not null,
  passed_to uuid references structure.posts on delete restrict,
  passed_at timestamptz,
  passed_by uuid,
  snoozed_until timestamptz,
  snooze_reason text check (snooze_reason <> ''),
  snoozed_by uuid,
  closed_at timestamptz,
  closed_by uuid,
  done text check (done <> ''),
  check ((passed_to is null) = (passed_at is null)),
  check ((snoozed_until is null) = (snooze_reason is null)),
  check ((closed_at is null) = (done is null))
);
comment on table response.prompts is
  'What somebody should look at: raised once per cause, to the secretariat first; passed to a leader, put off with a reason, or closed with what was done. Blocks nothing.';
select record.labelled('response.prompts', 'per-world', 'incident_id');
alter table response.prompts add foreign key (world, incident_id) references response.incidents (world, id) on delete restrict,
  add unique (world, incident_id, key);
create index prompts_open on response.prompts (incident_id, raised_at) where closed_at is null;

-- How often prompts came before a post: what holds a leader to twelve an hour.
create table response.prompt_passes (
  id uuid primary key,
  incident_id uuid not null,
  prompt_id uuid not null,
  post_id uuid not null references structure.posts on delete restrict,
  at timestamptz not null,
  passed_by uuid
);
comment on table response.prompt_passes is 'Each time a prompt was passed to a leading post, and when; without a person it was a timed duty.';
select record.labelled('response.prompt_passes', 'per-world', 'incident_id');
alter table response.prompt_passes add foreign key (world, incident_id) references response.incidents (world, id) on delete restrict,
  add foreign key (world, prompt_id) references response.prompts (world, id) on delete restrict;
create index prompt_passes_post on response.prompt_passes (post_id, at);

-- A label narrowed by further clauses: who meets it and each of these. What it is about is never more widely read for being prompted.
create function response.narrowed(base int, further jsonb) returns int volatile security definer language sql
set search_path = pg_catalog, pg_temp as $$
  select access.intern(l.clauses || further, l.marking) from access.label l where l.id = base
$$;

-- Leading posts whose holders on duty take part in an incident. Names posts only, to those who hold the incident, and to timed duties.
create function response.leading_posts(of_incident uuid, at timestamptz) returns table (post_id uuid, kind text, title text, agency text)
stable security definer language sql set search_path = pg_catalog, pg_temp as $$
  select p.id, p.kind, p.title, a.name from structure.posts p join structure.agencies a on a.id = p.agency_id
  where p.kind in ('chair', 'neutral-commander', 'executive')
    and (current_setting('role', true) = 'concord_jobs' or access.holds('incident:' || of_incident))
    and exists (select from structure.on_duty(p.id, at) d where 'incident:' || of_incident = any((access.look(d.person_id)).tokens))
  order by array_position(array['chair', 'neutral-commander', 'executive'], p.kind), p.code
$$;
