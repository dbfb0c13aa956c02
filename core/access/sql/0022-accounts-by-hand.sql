-- Accounts kept by hand: where no directory provides a person, an administrator changes their account, closes it and opens it again. A mail
-- address is a way in, so who moves one says why, and the old address is told.

-- One more occasion for a message: the address to which it goes is no longer how its reader signs in.
alter table channels.outbox drop constraint outbox_kind_check;
alter table channels.outbox add constraint outbox_kind_check check (kind in ('call-out', 'remind', 'cancelled', 'sign-in', 'waits', 'address-changed'));

alter table access.note drop constraint note_kind_check;
alter table access.note add constraint note_kind_check check (kind in ('passkey-added', 'passkey-removed', 'passkey-copied', 'vouched-in', 'token-made',
  'token-ended', 'device-enrolled', 'device-ended', 'provider-linked', 'signed-out-everywhere', 'signed-out-by-another',
  'provisioner-made', 'provisioner-ended', 'provisioned', 'provisioning-changed', 'provisioning-closed', 'provisioning-opened',
  'address-changed', 'account-closed', 'account-opened'));

-- Who keeps accounts: an administrator, as themselves, in live. One at a time, and looked at only when it is their turn: of two who close each
-- other at once, the second is nobody by then; of two who change one person, the second begins from what the first left.
create function access.keeper() returns uuid volatile security definer language plpgsql set search_path = pg_catalog, pg_temp as $$
declare viewer record;
begin
  perform pg_advisory_xact_lock(7263, 17);
  select v.* into viewer from access.viewer() v;
  if viewer.person is null or viewer.operator_person is not null or not access.is_live() or not access.holds('kind:administrator') then
    raise exception 'an administrator, as themselves and in live' using errcode = '42501';
  end if;
  return viewer.person;
end $$;

create function access.need_reason(of_reason text) returns void immutable language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
  if length(trim(coalesce(of_reason, ''))) < 3 then
    raise exception 'Say why: it is kept with your name. Nothing was changed.' using errcode = '22023', column = 'reason';
  end if;
end $$;

-- Whose account a directory keeps; null: nobody of that number who could sign in (a device, or a second self, is not kept here).
create function access.is_provided(of_person uuid) returns boolean stable language sql set search_path = pg_catalog, pg_temp as $$
  select exists (select from access.provisioned p where p.person = a.person and p.removed_at is null)
  from access.account a where a.person = of_person and not a.device and a.duress_of is null
$$;

create function access.mail_is_taken(of_mail text, of_person uuid) returns boolean stable language sql set search_path = pg_catalog, pg_temp as $$
  select exists (select from access.account a where lower(a.mail) = lower(of_mail) and a.person <> of_person)
$$;

-- Returns 'done', 'absent', 'provided', 'closed', 'taken', or 'guarded' (nobody who administers or operates the city moves their own address).
create function access.change_account(of_person uuid, of_name text, of_mail text, of_language text, of_reason text) returns text
volatile security definer language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
  keeper uuid := access.keeper();
  provided boolean := access.is_provided(of_person);
  it access.account;
begin
  select a.* into it from access.account a where a.person = of_person;
  if provided is null then return 'absent'; end if;
  if provided then return 'provided'; end if;
  if it.disabled_at is not null then return 'closed'; end if;
  if it.mail is distinct from of_mail then
    if of_person = keeper and exists (select from access.reach r where r.person = of_person and r.token in ('kind:administrator', 'kind:operator')
      and r.from_at <= clock_timestamp() + interval '14 days' and (r.until_at is null or r.until_at > clock_timestamp())) then return 'guarded'; end if;
    perform access.need_reason(of_reason);
    if access.mail_is_taken(of_mail, of_person) then return 'taken'; end if;
    update access.link set used_at = clock_timestamp() where person = of_person and how = 'link' and used_at is null;
    perform access.put_note(of_person, 'address-changed', trim(of_reason), keeper);
  end if;
  update access.account set name = of_name, mail = of_mail, language = of_language where person = of_person;
  -- A second self is called as the first, or it would give itself away.
  update access.account set name = of_name, language = of_language where duress_of = of_person;
  return 'done';
end $$;
comment on function access.change_account is 'An administrator changes an account that no directory keeps. Another address needs a reason, ends the links sent to the old one, and is a note.';

-- Returns 'done', 'absent', 'self', 'provided', 'closed', or 'last' (nobody else would administer the city a week from now).
create function access.close_account(of_person uuid, of_reason text) returns text volatile security definer language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
  keeper uuid := access.keeper();
  provided boolean := access.is_provided(of_person);
  moment timestamptz := clock_timestamp();
begin
  perform access.need_reason(of_reason);
  if provided is null then return 'absent'; end if;
  if of_person = keeper then return 'self'; end if;
  if provided then return 'provided'; end if;
  if exists (select from access.account a where a.person = of_person and a.disabled_at is not null) then return 'closed'; end if;
  if exists (select from access.reach r where r.person = of_person and r.token = 'kind:administrator' and r.only_in is null
      and (r.until_at is null or r.until_at > moment))
    and not exists (select from access.reach r join access.account a on a.person = r.person and a.disabled_at is null and not a.device
      where r.person <> of_person and r.token = 'kind:administrator' and r.only_in is null
        and r.from_at <= moment + interval '14 days' and (r.until_at is null or r.until_at > moment + interval '7 days')) then
    return 'last';
  end if;
  update access.account set disabled_at = moment, mail = null where person = of_person;
  perform access.end_all_of(who.person) from access.account who where who.person = of_person or who.duress_of = of_person;
  update access.plea set expires_at = least(expires_at, moment) where person = of_person;
  update access.reach set until_at = greatest(from_at, moment) where person = of_person and (until_at is null or until_at > moment);
  perform access.put_note(of_person, 'account-closed', trim(of_reason), keeper);
  return 'done';
end $$;
comment on function access.close_account is 'An administrator closes the account of somebody who has left: sessions, links, pleas and reach end at once, the address is free again, the name and the past stay.';

-- Returns 'done', 'absent', 'provided', 'open' or 'taken'. What they held before does not come back.
create function access.reopen_account(of_person uuid, of_mail text, of_reason text) returns text volatile security definer language plpgsql
set search_path = pg_catalog, pg_temp as $$
declare
  keeper uuid := access.keeper();
  provided boolean := access.is_provided(of_person);
begin
  perform access.need_reason(of_reason);
  if provided is null then return 'absent'; end if;
  if provided then return 'provided'; end if;
  if exists (select from access.account a where a.person = of_person and a.disabled_at is null) then return 'open'; end if;
  if access.mail_is_taken(of_mail, of_person) then return 'taken'; end if;
  -- Given to them while they were away, by whatever way: it is not what they come back to.
  update access.reach set until_at = greatest(from_at, clock_timestamp()) where person = of_person and (until_at is null or until_at > clock_timestamp());
  update access.account set disabled_at = null, mail = of_mail where person = of_person;
  perform access.put_note(of_person, 'account-opened', trim(of_reason), keeper);
  return 'done';
end $$;
comment on function access.reopen_account is 'An administrator opens an account again that was closed by hand, with an address that nobody else has.';

create function access.provided_people() returns setof uuid stable security definer language sql set search_path = pg_catalog, pg_temp as $$
  select p.person from access.provisioned p where access.holds('kind:administrator') and p.removed_at is null
$$;

-- For those who would notice: addresses that administrators have moved lately, or given to somebody who came back, by whom and why. Never the addresses.
create function access.changed_addresses() returns table (id uuid, person uuid, name text, by_name text, reason text, at timestamptz)
stable security definer language sql set search_path = pg_catalog, pg_temp as $$
  select n.id, n.person, a.name, b.name, n.words, n.at from access.note n join access.account a on a.person = n.person join access.account b on b.person = n.by_person
  where access.holds('kind:administrator', 'kind:watch-officer') and n.kind in ('address-changed', 'account-opened') and n.at > clock_timestamp() - interval '30 days'
  order by n.at desc limit 100
$$;

-- Whoever's account is closed follows nothing any more, not even what is addressed to them alone.
create or replace function access.look_at(of_person uuid, in_world uuid, out tokens text[], out labels int[], out valid_until timestamptz) stable security definer language plpgsql
set search_path = pg_catalog, pg_temp as $$
begin
  if exists (select from access.account a where a.person = of_person and a.disabled_at is not null) then
    tokens := '{}';
    labels := '{}';
    return;
  end if;
  tokens := access.tokens_in(of_person, clock_timestamp(), in_world);
  labels := access.readable_by(tokens, 0);
  valid_until := access.next_change(of_person, clock_timestamp());
end $$;
