-- What an agency is called in a marking (REL TO, ORIGINATOR): its code where that is one word and its alone, else its number.
create function structure.marking_word(of_agency uuid) returns text stable security definer language sql set search_path = pg_catalog, pg_temp as $$
  select case when a.org_code ~ '^[A-Za-z0-9][A-Za-z0-9._-]{0,59}$' and a.org_code <> 'NOBODY'
      and not exists (select from structure.agencies o where o.org_code = a.org_code and o.id <> a.id) then a.org_code else a.id::text end
  from structure.agencies a where a.id = of_agency
$$;
revoke all on function structure.marking_word from public;
