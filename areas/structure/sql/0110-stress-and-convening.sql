-- Where the city is weak is worked out for named people, and that it was worked out is an entry: every run is a row, under a raised label
-- (house: aggregation). Nothing of it stands on a wall.

create table structure.stress_runs (
  id uuid primary key,
  asked jsonb not null,
  found jsonb not null,
  on_version int,
  run_by uuid not null references access.account on delete restrict,
  run_at timestamptz not null
);
comment on table structure.stress_runs is 'What was taken away in thought, and who could then not be told, which responsibility had nobody, when a group had its quorum. For whoever ran it and whom they named.';
select record.labelled('structure.stress_runs', 'city-wide');

create table structure.convening_runs (
  id uuid primary key,
  group_id uuid not null references structure.groups on delete restrict,
  lines jsonb not null,
  run_by uuid not null references access.account on delete restrict,
  run_at timestamptz not null
);
create index convening_runs_group on structure.convening_runs (group_id, run_at desc);
comment on table structure.convening_runs is 'Could we convene tonight? Line by line, on the rota, rooms, protocols and contact tests of that moment (R-4.1.4). It says what it did not look at.';
select record.labelled('structure.convening_runs', 'city-wide');
