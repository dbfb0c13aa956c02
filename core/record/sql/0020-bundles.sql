-- The whole record in one file for a stranger: leaves, heads, keys, and what opens the commitments that witnesses hold. Hashes, never what an entry says.

create table record.bundles (
  id uuid primary key,
  person_id uuid not null references access.account on delete restrict,
  size bigint not null check (size > 0),
  statements bigint not null check (statements >= 0),
  taken_at timestamptz not null,
  ticket_hash bytea not null unique check (length(ticket_hash) = 32),
  until_at timestamptz not null check (until_at <= taken_at + interval '15 minutes')
);
comment on table record.bundles is
  'Who took the whole record as one file and when: all under the head of `size`, and the statements to witnesses up to that number. The ticket works for some minutes, for that person.';
select record.labelled('record.bundles', 'city-wide');

create function record.bundle_leaves(after bigint, below bigint, at_most int) returns table (place_position bigint, leaf bytea)
stable security definer language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
  if not record.may_see_sizes() then raise exception 'not yours to take' using errcode = '42501'; end if;
  return query select p.position, p.leaf from record.place p where p.position > after and p.position < below order by p.position limit at_most;
end $$;
comment on function record.bundle_leaves is 'Leaves by position: a leaf is a hash over a salted hash, and tells nothing of the entry to whoever has not got the entry.';

create function record.bundle_statements(after bigint, upto bigint, at_most int) returns table (statement_number bigint, salt bytea, head text)
stable security definer language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
  if not record.may_see_sizes() then raise exception 'not yours to take' using errcode = '42501'; end if;
  return query select s.number, s.salt, s.head from record.statement s where s.number > after and s.number <= upto order by s.number limit at_most;
end $$;
comment on function record.bundle_statements is 'What opens the commitments that witnesses hold.';

create function record.bundle_counts(below bigint, out statements bigint, out upto bigint, out told timestamptz) stable security definer language plpgsql
set search_path = pg_catalog, pg_temp as $$
begin
  if not record.may_see_sizes() then raise exception 'not yours to take' using errcode = '42501'; end if;
  -- Statements are made one at a time, under a lock, so that their numbers are committed in order.
  select count(*), coalesce(max(s.number), 0), max(s.moment) into statements, upto, told from record.statement s where s.number <= below;
end $$;
comment on function record.bundle_counts is 'How many statements there are up to a number, the highest of them, and the newest moment of any.';
