-- How much is restricted, and whether markings of items are read by the scheme that the city has chosen.

-- The words of a marking by axis, as the city's scheme reads them; what that scheme cannot read (a marking of a scheme of before) counts as the strictest.
create or replace function sharing.marking_axes(marking text, out tlp int, out classification int, out words text[]) stable language plpgsql
set search_path = pg_catalog, pg_temp as $$
declare
  scheme jsonb := access.city_scheme();
  read jsonb;
begin
  begin
    read := access.read_marking(marking, scheme);
  exception when invalid_parameter_value then
    tlp := 5; classification := 99; words := array[marking];
    return;
  end;
  tlp := access.tlp_rank(read ->> 'tlp') + 1;
  classification := access.level_rank(read ->> 'classification', scheme) + 1;
  words := array(select '[' || jsonb_array_elements_text(read -> 'descriptors') || ']' union all select jsonb_array_elements_text(read -> 'handling'));
end $$;

create or replace function sharing.lowers(marking text, before text) returns boolean stable language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
  return marking is distinct from before and access.lowers(before, marking);
exception when invalid_parameter_value then
  return true;
end $$;

-- Sensitive: reading it is an entry. TLP:AMBER+STRICT and TLP:RED, the level with which descriptors stand (OFFICIAL-SENSITIVE) and above, or any caveat.
create or replace function sharing.is_sensitive(marking text, caveats text[]) returns boolean stable language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
  scheme jsonb := access.city_scheme();
  axes record;
begin
  if cardinality(caveats) > 0 then return true; end if;
  select m.tlp, m.classification into axes from sharing.marking_axes(marking) m;
  return axes.tlp >= 4 or axes.classification > access.level_rank(coalesce((select l.value ->> 'word' from jsonb_array_elements(scheme -> 'levels') l
    where l.value ->> 'word' = 'OFFICIAL-SENSITIVE' or l.value -> 'aliases' ? 'OFFICIAL-SENSITIVE' limit 1), scheme ->> 'descriptorsAt'), scheme);
end $$;

-- What a kind of information usually carries here: the TLP word that most items of the last year carry, where there are five at least. It tells of no
-- one item and of no agency.
create function sharing.usual_markings(at timestamptz) returns table (kind text, tlp text) stable security definer language sql set search_path = pg_catalog, pg_temp as $$
  select distinct on (u.kind) u.kind, u.tlp from (
    select i.kind, (select p from unnest(string_to_array(l.marking, ' // ')) p where p like 'TLP:%') as tlp, count(*) as many, sum(count(*)) over (partition by i.kind) as altogether
    from sharing.items i join access.label l on l.id = i.label
    where i.world = access.world() and i.shared_at > at - interval '1 year' and i.shared_at <= at group by 1, 2) u
  where u.tlp is not null and u.altogether >= 5 order by u.kind, u.many desc, access.tlp_rank(u.tlp)
$$;

-- Shares for the chair and the data-protection posts: of each agency's items of the last year up to midnight before, how many of a hundred keep
-- somebody out, in steps of five, and only where there are twenty at least. No count: it tells neither how many there are nor that one came.
create function sharing.restriction_shares(at timestamptz) returns table (agency_id uuid, restricted int, past_end int) stable security definer language plpgsql
set search_path = pg_catalog, pg_temp as $$
declare midnight timestamptz := date_trunc('day', at, 'UTC');
begin
  if not access.holds('kind:chair', 'kind:data-protection') or access.holds('kind:device') then return; end if;
  return query
    select f.agency_id, (round(20.0 * f.kept / f.altogether) * 5)::int, (round(20.0 * f.late / f.altogether) * 5)::int from (
      select i.originator_agency_id as agency_id, count(*) as altogether,
        count(*) filter (where i.restricted_because is not null or cardinality(i.caveats) > 0 or l.marking ~ '(^| // )TLP:(AMBER\+STRICT|RED)( // |$)') as kept,
        count(*) filter (where i.restricted_until <= midnight or substring(l.marking from '(?:^| // )UNTIL (\d{4}-\d{2}-\d{2})') < to_char(midnight at time zone 'UTC', 'YYYY-MM-DD')) as late
      from sharing.items i join access.label l on l.id = i.label
      where i.world = access.world() and i.state = 'shared' and i.shared_at > midnight - interval '1 year' and i.shared_at <= midnight group by 1) f
    where f.altogether >= 20;
end $$;
