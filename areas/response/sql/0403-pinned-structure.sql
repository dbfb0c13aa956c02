-- An incident pins the version of the structure that was in force when it was opened (R-1.1.5): who was to be at the table is read there for
-- good, whatever is agreed later. The database says which it is; nobody chooses or changes it.
alter table response.incidents add column structure_version_id uuid references structure.versions on delete restrict;
comment on column response.incidents.structure_version_id is 'The version of the structure in force when the incident was opened; null when the city had kept none yet.';

create function response.pin_structure() returns trigger volatile security definer language plpgsql
set search_path = pg_catalog, pg_temp as $$
begin
  if tg_op = 'INSERT' then
    new.structure_version_id := (select v.id from structure.versions v where v.in_force_from <= access.real_now() order by v.number desc limit 1);
  else
    new.structure_version_id := old.structure_version_id;
  end if;
  return new;
end $$;
create trigger pin_structure before insert or update on response.incidents for each row execute function response.pin_structure();
