-- People whom an identity provider provisions belong to the agency of their group; and whoever's account is closed holds nothing here.

create or replace function structure.tokens_due(at timestamptz, horizon timestamptz)
returns table (person_id uuid, token text, source text, due tstzmultirange) stable language sql
set search_path = pg_catalog, pg_temp as $$
  select h.person_id, t.token, 'structure.holding:' || h.id, hours.due * tstzmultirange(tstzrange(h.from_at, h.until_at))
  from structure.holdings h
  join access.account a on a.person = h.person_id and a.disabled_at is null
  left join structure.duty_patterns p on p.id = h.pattern_id
  cross join lateral (select case
    when p.id is null then '{(,)}'::tstzmultirange
    when p.stands_at is null then structure.duty_stretches(p.id, at, horizon)
    when structure.duty_stretches(p.id, p.stands_at, p.stands_at + interval '1 second') @> p.stands_at then '{(,)}'::tstzmultirange
    else '{}'::tstzmultirange end as due) hours
  cross join lateral structure.tokens_of_post(h.post_id) t (token)
  where h.capacity = 'holder' and (h.until_at is null or h.until_at > at)
  union all
  select person.id, t.token, 'structure.person:' || person.id, '{(,)}'::tstzmultirange
  from structure.people person join access.account a on a.person = person.id and a.disabled_at is null
  join structure.agencies agency on agency.id = person.agency_id cross join access.city city
  cross join lateral (values ('agency:' || agency.id), ('city:' || coalesce(agency.home_city, city.code))) t (token)
$$;

-- Puts a provisioned person among the people of their agency, or moves them there. Nobody else's row can be reached this way, and no post.
create function structure.provision_person(of_key bytea, of_person uuid) returns void volatile security definer language plpgsql
set search_path = pg_catalog, pg_temp as $$
declare
  agency uuid := access.provisioned_agency(of_person);
  named record;
  own_code text;
begin
  perform access.provisioner_of(of_key);
  select a.name, p.user_name into named from access.provisioned p join access.account a on a.person = p.person where p.person = of_person;
  if not found then raise exception 'nobody whom a provider opened' using errcode = '42501'; end if;
  if agency is not null and exists (select from structure.agencies where id = agency) then
    own_code := regexp_replace(lower(split_part(named.user_name, '@', 1)), '[^[:alnum:]._-]', '.', 'g');
    if own_code = '' or exists (select from structure.people who where who.code = own_code and who.id <> of_person) then own_code := own_code || '.' || left(of_person::text, 8); end if;
    insert into structure.people as was (id, code, name, agency_id, label, world) values (of_person, own_code, named.name, agency, access.city_label(), access.live_world())
      on conflict (id) do update set name = excluded.name, agency_id = excluded.agency_id where (was.name, was.agency_id) is distinct from (excluded.name, excluded.agency_id);
  end if;
  perform structure.refresh_tokens(access.real_now());
end $$;
comment on function structure.provision_person is 'Called with a provider''s key after each change of a provisioned person: their row, their agency, their reach.';
