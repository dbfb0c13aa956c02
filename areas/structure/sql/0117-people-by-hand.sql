-- Who has left, and by which ways they are reached no longer. Rows stay: the past is read by them.

alter table structure.people add column left_at timestamptz;
comment on column structure.people.left_at is 'Since when their account is closed: by an administrator, or by the directory that provides them. Empty while it is open.';

alter table structure.contacts add column ended_at timestamptz;
comment on column structure.contacts.ended_at is 'Since when it is no way to reach them any more. The row is taken up again when they have as many ways again.';

-- Nobody is given a post who has left: not by hand, not by a list, not by an executive.
create function structure.refuse_left() returns trigger volatile security definer language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
  if exists (select from structure.people p where p.id = new.person_id and p.left_at is not null) then
    raise exception 'Somebody who has left holds no post. Nothing was changed. Open their account again first, under People.' using errcode = '22023', column = 'personId';
  end if;
  return new;
end $$;
create trigger refuse_left before insert on structure.holdings for each row execute function structure.refuse_left();
revoke all on function structure.refuse_left from public;

create or replace function structure.provision_person(of_key bytea, of_person uuid) returns void volatile security definer language plpgsql
set search_path = pg_catalog, pg_temp as $$
declare
  agency uuid := access.provisioned_agency(of_person);
  named record;
  own_code text;
begin
  perform access.provisioner_of(of_key);
  select a.name, p.user_name, a.disabled_at into named from access.provisioned p join access.account a on a.person = p.person where p.person = of_person;
  if not found then raise exception 'nobody whom a provider opened' using errcode = '42501'; end if;
  if agency is not null and exists (select from structure.agencies where id = agency) then
    own_code := regexp_replace(lower(split_part(named.user_name, '@', 1)), '[^[:alnum:]._-]', '.', 'g');
    if own_code = '' or exists (select from structure.people who where who.code = own_code and who.id <> of_person) then own_code := own_code || '.' || left(of_person::text, 8); end if;
    insert into structure.people as was (id, code, name, agency_id, label, world) values (of_person, own_code, named.name, agency, access.city_label(), access.live_world())
      on conflict (id) do update set name = excluded.name, agency_id = excluded.agency_id where (was.name, was.agency_id) is distinct from (excluded.name, excluded.agency_id);
  end if;
  update structure.people who set left_at = named.disabled_at where who.id = of_person and who.left_at is distinct from named.disabled_at;
  perform structure.refresh_tokens(access.real_now());
end $$;
