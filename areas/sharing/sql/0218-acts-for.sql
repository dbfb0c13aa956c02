-- Who acts for an agency is structure's to say; sharing asks it under the name that its policies use.
create or replace function sharing.acts_for(of_agency uuid, of_kinds text[]) returns boolean stable security definer language sql
set search_path = pg_catalog, pg_temp as $$
  select structure.acts_for(of_agency, of_kinds)
$$;
