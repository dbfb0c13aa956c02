-- Provisioning (SCIM 2.0): a provider of identities opens, changes and closes accounts, with a token of its own kind. It holds no post and no
-- reach, reads nothing but the accounts that it opened, and can take over no account that was there before it.

create table access.provisioner (
  id uuid primary key default gen_random_uuid(),
  key_hash bytea not null unique,
  name text not null check (length(name) between 1 and 200),
  made_by uuid not null references access.account on delete restrict,
  made_at timestamptz not null default clock_timestamp(),
  used_at timestamptz,
  expires_at timestamptz not null,
  ended_at timestamptz
);
comment on table access.provisioner is 'Tokens of identity providers that provision people, by the hash of an unguessable key. A token of this kind opens nothing else, and no session opens provisioning.';

create table access.provisioned (
  person uuid primary key references access.account on delete restrict,
  user_name text not null check (user_name <> ''),
  external_id text check (external_id <> ''),
  given_name text,
  family_name text,
  active boolean not null default true,
  made_at timestamptz not null default clock_timestamp(),
  changed_at timestamptz not null default clock_timestamp(),
  removed_at timestamptz
);
create unique index one_user_name on access.provisioned (lower(user_name)) where removed_at is null;
create unique index one_external_id on access.provisioned (external_id) where removed_at is null;
comment on table access.provisioned is 'Accounts that a provider opened, as it names them. removed_at: it deleted the user; the account is closed and stays.';

create table access.provisioned_member (
  group_id uuid not null references access.provider_group on delete restrict,
  person uuid not null references access.provisioned on delete restrict,
  from_at timestamptz not null default clock_timestamp(),
  until_at timestamptz
);
create unique index one_membership on access.provisioned_member (group_id, person) where until_at is null;
comment on table access.provisioned_member is 'Who is in which group of the provider, as it says. A group gives an agency and nothing else this way: no post, no kind.';

alter table access.note drop constraint note_kind_check;
alter table access.note add constraint note_kind_check check (kind in ('passkey-added', 'passkey-removed', 'passkey-copied', 'vouched-in', 'token-made',
  'token-ended', 'device-enrolled', 'device-ended', 'provider-linked', 'signed-out-everywhere', 'signed-out-by-another',
  'provisioner-made', 'provisioner-ended', 'provisioned', 'provisioning-changed', 'provisioning-closed', 'provisioning-opened'));

create function access.make_provisioner(of_key bytea, of_name text, until_moment timestamptz) returns uuid volatile security definer language plpgsql
set search_path = pg_catalog, pg_temp as $$
declare
  mine access.session := access.here();
  made uuid;
begin
  if not access.holds('kind:administrator') or not access.is_sure() then raise exception 'an administrator, and sure of it' using errcode = '42501'; end if;
  if until_moment > clock_timestamp() + interval '400 days' or until_moment <= clock_timestamp() then
    raise exception 'a token lasts at most 400 days' using errcode = '22023', column = 'expiresAt';
  end if;
  insert into access.provisioner (key_hash, name, made_by, expires_at) values (of_key, of_name, mine.person, until_moment) returning id into made;
  perform access.put_note(mine.person, 'provisioner-made', of_name, mine.person);
  return made;
end $$;

create function access.provisioner_list() returns table (id uuid, name text, made_at timestamptz, used_at timestamptz, expires_at timestamptz) stable security definer language sql
set search_path = pg_catalog, pg_temp as $$
  select p.id, p.name, p.made_at, p.used_at, p.expires_at from access.provisioner p
  where access.holds('kind:administrator') and p.ended_at is null order by p.made_at
$$;

create function access.end_provisioner(of_id uuid) returns int volatile security definer language plpgsql set search_path = pg_catalog, pg_temp as $$
declare named text;
begin
  if not access.holds('kind:administrator') then raise exception 'an administrator' using errcode = '42501'; end if;
  update access.provisioner set ended_at = clock_timestamp() where id = of_id and ended_at is null returning name into named;
  if not found then return 0; end if;
  perform access.put_note(access.person(), 'provisioner-ended', named, access.person());
  return 1;
end $$;

-- Every function below begins by asking whose key this is: none but a provider's gets past it.
create function access.provisioner_of(of_key bytea) returns uuid volatile security definer language plpgsql set search_path = pg_catalog, pg_temp as $$
declare found_by uuid;
begin
  update access.provisioner set used_at = clock_timestamp() where key_hash = of_key and ended_at is null and expires_at > clock_timestamp() returning made_by into found_by;
  if found_by is null then raise exception 'no such provider' using errcode = '42501'; end if;
  return found_by;
end $$;

create function access.provisioned_users(of_key bytea, of_field text, of_value text, from_place int, at_most int)
returns table (total bigint, id uuid, user_name text, external_id text, name text, given_name text, family_name text, mail text, language text, active boolean, made_at timestamptz, changed_at timestamptz)
volatile security definer language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
  perform access.provisioner_of(of_key);
  return query select count(*) over (), p.person, p.user_name, p.external_id, a.name, p.given_name, p.family_name, a.mail, a.language, p.active, p.made_at, p.changed_at
    from access.provisioned p join access.account a on a.person = p.person
    where p.removed_at is null and case of_field
      when 'all' then true when 'id' then p.person::text = of_value when 'username' then lower(p.user_name) = lower(of_value)
      when 'externalid' then p.external_id = of_value when 'mail' then lower(a.mail) = lower(of_value) else false end
    order by p.made_at, p.person offset from_place limit at_most;
end $$;

-- Opens or closes: a person whom the provider says is active and who is in some group with an agency, or was in none yet.
create function access.settle_provisioned(of_person uuid) returns void volatile language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
  it access.provisioned;
  open_now boolean;
  was_open boolean;
begin
  select p.* into it from access.provisioned p where p.person = of_person;
  select a.disabled_at is null into was_open from access.account a where a.person = of_person;
  open_now := it.active and it.removed_at is null and (not exists (select from access.provisioned_member m where m.person = of_person)
    or exists (select from access.provisioned_member m join access.provider_group g on g.id = m.group_id
      where m.person = of_person and m.until_at is null and g.ended_at is null and exists (select from unnest(g.tokens) t (token) where t.token like 'agency:%')));
  if open_now and not was_open then
    update access.account set disabled_at = null where person = of_person;
    perform access.put_note(of_person, 'provisioning-opened', '', null);
  elsif not open_now and was_open then
    update access.account set disabled_at = clock_timestamp() where person = of_person;
    update access.session set ended_at = clock_timestamp() where person = of_person and ended_at is null;
    update access.link set used_at = clock_timestamp() where person = of_person and used_at is null;
    update access.reach set until_at = greatest(from_at, clock_timestamp()) where person = of_person and (until_at is null or until_at > clock_timestamp());
    perform access.put_note(of_person, 'provisioning-closed', '', null);
  end if;
end $$;

-- Returns 'done', 'absent', 'taken' (a user name, an external id or a mail address that somebody else has), or 'guarded' (the mail address of
-- somebody who administers or operates the city is changed by people, not by a provider).
create function access.put_provisioned(of_key bytea, is_new boolean, of_id uuid, of_user_name text, of_external_id text, of_name text, of_given text, of_family text, of_mail text,
  of_language text, is_active boolean) returns text volatile security definer language plpgsql set search_path = pg_catalog, pg_temp as $$
declare was text;
begin
  perform access.provisioner_of(of_key);
  perform pg_advisory_xact_lock(7263, 17);
  if not is_new and not exists (select from access.provisioned p where p.person = of_id and p.removed_at is null) then return 'absent'; end if;
  if exists (select from access.provisioned p where p.removed_at is null and p.person <> of_id and (lower(p.user_name) = lower(of_user_name) or p.external_id = of_external_id))
    or exists (select from access.account a where lower(a.mail) = lower(of_mail) and a.person <> of_id) then return 'taken'; end if;
  if is_new then
    insert into access.account (person, name, mail, language) values (of_id, of_name, of_mail, of_language);
    insert into access.provisioned (person, user_name, external_id, given_name, family_name, active) values (of_id, of_user_name, of_external_id, of_given, of_family, is_active);
    perform access.put_note(of_id, 'provisioned', of_user_name, null);
  else
    select a.mail into was from access.account a where a.person = of_id;
    if was is distinct from of_mail and exists (select from access.reach r where r.person = of_id and r.token in ('kind:administrator', 'kind:operator')
      and r.from_at <= clock_timestamp() + interval '14 days' and (r.until_at is null or r.until_at > clock_timestamp())) then return 'guarded'; end if;
    update access.account set name = of_name, mail = of_mail, language = of_language where person = of_id;
    update access.provisioned set user_name = of_user_name, external_id = of_external_id, given_name = of_given, family_name = of_family, active = is_active,
      changed_at = clock_timestamp() where person = of_id;
    perform access.put_note(of_id, 'provisioning-changed', of_user_name, null);
  end if;
  perform access.settle_provisioned(of_id);
  return 'done';
end $$;

create function access.remove_provisioned(of_key bytea, of_id uuid) returns boolean volatile security definer language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
  perform access.provisioner_of(of_key);
  update access.provisioned set removed_at = clock_timestamp(), active = false, changed_at = clock_timestamp() where person = of_id and removed_at is null;
  if not found then return false; end if;
  update access.provisioned_member set until_at = clock_timestamp() where person = of_id and until_at is null;
  perform access.settle_provisioned(of_id);
  -- The address is free again for whoever comes after; the account keeps its name and its past.
  update access.account set mail = null where person = of_id;
  return true;
end $$;

create function access.provisioned_groups(of_key bytea, of_field text, of_value text)
returns table (id uuid, name text, members jsonb) volatile security definer language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
  perform access.provisioner_of(of_key);
  return query select g.id, g.name, coalesce((select jsonb_agg(jsonb_build_object('value', m.person, 'display', p.user_name) order by p.user_name)
      from access.provisioned_member m join access.provisioned p on p.person = m.person where m.group_id = g.id and m.until_at is null and p.removed_at is null), '[]')
    from access.provider_group g
    where g.ended_at is null and case of_field when 'all' then true when 'id' then g.id::text = of_value when 'displayname' then lower(g.name) = lower(of_value) else false end
    order by g.name;
end $$;

-- mode: 'add', 'remove' or 'set'. Only users whom a provider opened are anybody's members. Returns whose groups changed; null: no such group, or somebody unknown.
create function access.put_provisioned_members(of_key bytea, of_group uuid, people uuid[], mode text) returns uuid[] volatile security definer language plpgsql
set search_path = pg_catalog, pg_temp as $$
declare changed uuid[];
begin
  perform access.provisioner_of(of_key);
  perform pg_advisory_xact_lock(7263, 17);
  if not exists (select from access.provider_group g where g.id = of_group and g.ended_at is null) then return null; end if;
  if mode <> 'remove' and exists (select from unnest(people) who (person) where not exists (select from access.provisioned p where p.person = who.person and p.removed_at is null)) then
    return null;
  end if;
  with gone as (
    update access.provisioned_member m set until_at = clock_timestamp()
      where m.group_id = of_group and m.until_at is null and case mode when 'remove' then m.person = any(people) when 'set' then m.person <> all(people) else false end returning m.person
  ), came as (
    insert into access.provisioned_member (group_id, person) select of_group, who.person from (select distinct unnest(people) as person) who
      where mode <> 'remove' and not exists (select from access.provisioned_member m where m.group_id = of_group and m.person = who.person and m.until_at is null) returning person
  )
  select coalesce(array_agg(distinct both_ways.person), '{}') into changed from (select person from gone union all select person from came) both_ways;
  perform access.settle_provisioned(person) from unnest(changed) who (person);
  return changed;
end $$;

-- The agency of a person by the groups that they are in now: the first by name. Null: none.
create function access.provisioned_agency(of_person uuid) returns uuid stable security definer language sql set search_path = pg_catalog, pg_temp as $$
  select substr(t.token, 8)::uuid from access.provisioned_member m join access.provider_group g on g.id = m.group_id and g.ended_at is null, unnest(g.tokens) t (token)
  where m.person = of_person and m.until_at is null and t.token ~ '^agency:[0-9a-f-]{36}$' order by g.name, t.token limit 1
$$;
