-- Commands can be sent again: the answer to a (person, key) is kept with the change it answered.
create schema operation;
comment on schema operation is 'Idempotency: what a command answered, so that sending it again does nothing twice.';

create table operation.answer (
  person uuid not null,
  world uuid not null,
  key text not null check (length(key) between 8 and 200),
  input_hash bytea not null,
  answer jsonb not null,
  at timestamptz not null default clock_timestamp(),
  primary key (person, world, key)
);
comment on table operation.answer is 'One row for each acknowledged command that carried an idempotency key, written in the command''s own transaction.';
