-- May this transaction's person act for an agency, in one of these kinds of post, which is one of that agency (none named: in any post, or none)?
-- One function for all areas: sharing had one of its own that differed in nothing but this.
create or replace function structure.acts_for(of_agency uuid, of_kinds text[]) returns boolean stable security definer language sql
set search_path = pg_catalog, pg_temp as $$
  select access.holds('agency:' || of_agency) and not access.holds('kind:device')
    and (coalesce(cardinality(of_kinds), 0) = 0
      or exists (select from structure.posts p where p.agency_id = of_agency and p.kind = any(of_kinds) and access.holds('post:' || p.id)))
$$;
