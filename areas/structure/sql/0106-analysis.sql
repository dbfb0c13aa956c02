-- What the network is for, and each look at how sound it is.

create table structure.goals (
  id uuid primary key,
  words text not null check (length(words) >= 10),
  shared_minutes int not null check (shared_minutes > 0),
  decided_minutes int not null check (decided_minutes > 0),
  acted_minutes int not null check (acted_minutes > 0),
  load_limit int not null check (load_limit > 0),
  span_limit int not null check (span_limit > 0),
  set_at timestamptz not null
);
comment on table structure.goals is 'What the network is for in the city''s own words, how soon after the first signal it should know, decide and act (minutes), and how many links a post may have (R-1.1.4). The newest holds.';
select record.labelled('structure.goals', 'city-wide');
create trigger keep_goal before update on structure.goals for each row execute function record.refuse_change();

create table structure.analyses (
  id uuid primary key,
  person_id uuid not null references access.account on delete restrict,
  at timestamptz not null,
  version_id uuid references structure.versions on delete restrict,
  incident_type text not null check (incident_type <> ''),
  band text not null check (band in ('any', 'first-hour', 'first-day', 'recovery')),
  findings int not null check (findings >= 0)
);
comment on table structure.analyses is 'Each look at how sound the network is: by whom, when, of which version, attack type and time band. What it found is told to that person and kept nowhere else.';
select record.labelled('structure.analyses', 'per-world');
create trigger keep_analysis before update on structure.analyses for each row execute function record.refuse_change();
