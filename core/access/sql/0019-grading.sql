-- How sure something is, held against the scale that the city uses: one word on each axis, in order, after the scale's name (`admiralty-scale:B2`). As
-- core/access/grading.ts reads it; a test holds the two together.
create function access.is_grading(grading text) returns boolean stable security definer language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
  scale jsonb := (select s.content from access.marking_rule r join access.scheme s on s.code = r.grading);
  rest text;
  axis jsonb;
  word text;
begin
  if grading is null or not starts_with(grading, (scale ->> 'code') || ':') then return false; end if;
  rest := substr(grading, length(scale ->> 'code') + 2);
  for axis in select a.value from jsonb_array_elements(scale -> 'axes') with ordinality a order by a.ordinality loop
    -- The longest first, so that no word hides behind its own beginning.
    select g.value ->> 'word' into word from jsonb_array_elements(axis -> 'grades') with ordinality g
      where starts_with(rest, g.value ->> 'word') order by length(g.value ->> 'word') desc, g.ordinality limit 1;
    if word is null then return false; end if;
    rest := substr(rest, length(word) + 1);
  end loop;
  return rest = '';
end $$;
comment on function access.is_grading is 'Is this a grade of the scale that the city uses now?';
revoke all on function access.is_grading from public;
