-- Items are read in the city's words by what 0207 brought; what came beside it from 0212 goes. Kept from it: what the scheme cannot read (a marking of a
-- scheme of before) is sensitive, so that reading it is an entry.

drop function sharing.marking_axes(text);
create or replace function sharing.is_sensitive(marking text, caveats text[]) returns boolean stable security definer language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
  scheme jsonb := access.city_scheme();
  read jsonb;
begin
  if cardinality(caveats) > 0 then return true; end if;
  read := access.read_marking(marking, scheme);
  return access.tlp_rank(read ->> 'tlp') >= access.tlp_rank('TLP:AMBER+STRICT') or access.level_rank(read ->> 'classification', scheme) >= (
    select min(l.ordinality)::int - 1 from jsonb_array_elements(scheme -> 'levels') with ordinality l
    where l.value ->> 'word' = 'OFFICIAL-SENSITIVE' or l.value -> 'aliases' ? 'OFFICIAL-SENSITIVE');
exception when invalid_parameter_value then
  return true;
end $$;
