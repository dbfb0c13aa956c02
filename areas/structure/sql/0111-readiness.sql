-- Readiness is computed from evidence, never typed (R-4.1.1): what was tried, when, and until when that counts. Each look is a row of its own,
-- under a raised label: together the lines show where the city is weak.
create table structure.readiness_runs (
  id uuid primary key,
  lines jsonb not null,
  run_by uuid not null references access.account on delete restrict,
  run_at timestamptz not null
);
comment on table structure.readiness_runs is 'What evidence there was for each standing arrangement at a moment: none, on paper, tested, or proved in an incident; and when it decays (R-4.1.1, R-4.1.2).';
select record.labelled('structure.readiness_runs', 'city-wide');
