-- Since when somebody holds no post: what is known of how to reach them is kept for so long after that, and no longer.

alter table structure.people add column held_until timestamptz;
comment on column structure.people.held_until is
  'The end of the last post that they held or deputised for; empty while one has no end, and before there was one. Worked out from structure.holdings.';

create function structure.note_left() returns trigger volatile security definer language plpgsql set search_path = pg_catalog, pg_temp as $$
declare last timestamptz;
begin
  select case when bool_or(h.until_at is null) then null else max(h.until_at) end into last from structure.holdings h where h.person_id = new.person_id;
  update structure.people p set held_until = last where p.id = new.person_id and p.held_until is distinct from last;
  return null;
end $$;
create trigger note_left after insert or update of until_at, person_id on structure.holdings for each row execute function structure.note_left();
revoke all on function structure.note_left from public;
