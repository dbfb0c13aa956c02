-- Signing in under duress, and signing out somebody whose telephone is gone.

-- A second self: the same name, its own number, no reach but what everybody in the city has. A passkey of duress opens it, so whoever is forced
-- shows an ordinary Concord with nothing in it, and no rule of reading knows a special case.
alter table access.account add duress_of uuid unique references access.account on delete restrict;
comment on column access.account.duress_of is 'Whose second self this is: what a passkey of duress opens. It holds nothing.';

create table access.alarm (
  id uuid primary key,
  person uuid not null references access.account on delete restrict,
  kind text not null check (kind in ('duress')),
  at timestamptz not null default clock_timestamp(),
  answered_by uuid references access.account on delete restrict,
  answered_at timestamptz,
  words text,
  check ((answered_by is null) = (answered_at is null) and (answered_by is null) = (words is null))
);
comment on table access.alarm is 'Somebody signed in under duress: for watch officers and administrators, never for the person''s own screen.';
select record.labelled('access.alarm', 'city-wide');

alter table access.note drop constraint note_kind_check;
alter table access.note add constraint note_kind_check check (kind in ('passkey-added', 'passkey-removed', 'passkey-copied', 'vouched-in', 'token-made',
  'token-ended', 'device-enrolled', 'device-ended', 'provider-linked', 'signed-out-everywhere', 'signed-out-by-another'));

create function access.alarm_label() returns int volatile language sql set search_path = pg_catalog, pg_temp as $$
  select access.intern('[["kind:administrator", "kind:inquiry", "kind:watch-officer"]]', 'TLP:AMBER+STRICT')
$$;

-- The second self of whoever asks; made when it is first needed. Asked from a second self, it is that one: nothing tells the two apart.
create function access.second_self() returns uuid volatile security definer language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
  mine access.session := access.here();
  self access.account;
  second uuid;
begin
  if not access.is_sure() then raise exception 'not sure of the person' using errcode = '42501'; end if;
  select a.* into strict self from access.account a where a.person = mine.person for update;
  if self.duress_of is not null then return self.person; end if;
  select a.person into second from access.account a where a.duress_of = mine.person;
  if second is null then
    second := gen_random_uuid();
    insert into access.account (person, name, language, duress_of) values (second, self.name, self.language, self.person);
    perform access.put_reach(second, 'city:' || c.code, null, null, 'access.duress:' || self.person) from access.city c;
  end if;
  return second;
end $$;

create function access.add_duress_passkey(of_challenge bytea, of_id uuid, of_credential text, of_name text, of_public_key bytea, of_counter bigint, of_transports text[], of_synced boolean)
returns void volatile security definer language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
  mine access.session := access.here();
  second uuid := access.second_self();
begin
  if access.take(of_challenge, 'add-passkey', mine.id) is null then raise exception 'not sure of the person' using errcode = '42501'; end if;
  insert into access.passkey (id, credential, person, name, public_key, counter, transports, synced)
    values (of_id, of_credential, second, of_name, of_public_key, of_counter, of_transports, of_synced);
end $$;

-- Passkeys of duress are listed only in a window of the first self: in one of the second they stand as ordinary ones.
create function access.my_duress_passkeys() returns table (id uuid, name text, added_at timestamptz)
stable security definer language sql set search_path = pg_catalog, pg_temp as $$
  select p.id, p.name, p.added_at from access.viewer() v join access.account second on second.duress_of = v.person
    join access.passkey p on p.person = second.person
  where p.removed_at is null and v.operator_person is null order by p.added_at
$$;

create function access.remove_duress_passkey(of_id uuid) returns int volatile security definer language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
  mine access.session := access.here();
  gone int;
begin
  if not access.is_sure() then raise exception 'not sure of the person' using errcode = '42501'; end if;
  update access.passkey p set removed_at = clock_timestamp() from access.account second
    where p.id = of_id and second.duress_of = mine.person and p.person = second.person and p.removed_at is null;
  get diagnostics gone = row_count;
  return gone;
end $$;

-- Somebody's windows, tokens and unused links end, wherever they are. What is kept on a device goes when it next asks.
create function access.end_all_of(of_person uuid) returns int volatile language plpgsql set search_path = pg_catalog, pg_temp as $$
declare ended int;
begin
  update access.session s set ended_at = clock_timestamp() where s.person = of_person and s.ended_at is null;
  get diagnostics ended = row_count;
  update access.link l set used_at = clock_timestamp() where l.person = of_person and l.used_at is null;
  return ended;
end $$;

create or replace function access.open_by_passkey(of_credential text, new_counter bigint, of_key bytea, of_name text) returns uuid
volatile security definer language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
  somebody uuid := access.count_passkey(of_credential, new_counter);
  forced uuid := (select a.duress_of from access.account a where a.person = somebody);
begin
  if somebody is null or exists (select from access.account a where a.person = forced and a.disabled_at is not null) then return null; end if;
  if forced is not null then
    perform access.end_all_of(forced);
    insert into access.alarm (id, person, kind, label, world) values (gen_random_uuid(), forced, 'duress', access.alarm_label(), access.live_world());
  end if;
  perform access.put_session(somebody, of_key, 'browser', 'passkey', of_name, true);
  return somebody;
end $$;

create function access.answer_alarm(of_id uuid, of_words text) returns int volatile security definer language plpgsql set search_path = pg_catalog, pg_temp as $$
declare answered int;
begin
  if not access.holds('kind:administrator', 'kind:watch-officer') then raise exception 'not yours to answer' using errcode = '42501'; end if;
  if length(trim(coalesce(of_words, ''))) = 0 then raise exception 'say what was done' using errcode = '22023', column = 'words'; end if;
  update access.alarm set answered_by = access.person(), answered_at = clock_timestamp(), words = of_words where id = of_id and answered_at is null;
  get diagnostics answered = row_count;
  return answered;
end $$;

-- The names of people, for the alarm and for signing out: only for those who answer for them.
create function access.alarm_list() returns table (id uuid, person uuid, name text, at timestamptz, answered_by text, answered_at timestamptz, words text)
stable security definer language sql set search_path = pg_catalog, pg_temp as $$
  select m.id, m.person, a.name, m.at, b.name, m.answered_at, m.words from access.alarm m join access.account a on a.person = m.person
    left join access.account b on b.person = m.answered_by
  where access.holds('kind:administrator', 'kind:watch-officer') order by m.at desc limit 100
$$;

-- A watch officer or an administrator signs anybody out; an executive whoever holds a token of the same agency. null: nobody or several are called so.
create function access.sign_out_person(of_name text, of_reason text) returns table (person uuid, name text, ended int)
volatile security definer language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
  viewer record;
  found_people uuid[];
  moment timestamptz := clock_timestamp();
begin
  select v.* into viewer from access.viewer() v;
  if viewer.person is null or viewer.operator_person is not null then raise exception 'not yours' using errcode = '42501'; end if;
  if length(trim(coalesce(of_reason, ''))) < 3 then raise exception 'a reason is needed' using errcode = '22023', column = 'reason'; end if;
  select array_agg(a.person) into found_people from access.account a
    where a.duress_of is null and (lower(a.name) = lower(trim(of_name)) or lower(a.mail) = lower(trim(of_name)))
      and (access.holds('kind:administrator', 'kind:watch-officer')
        or (access.holds('kind:executive') and exists (select from access.reach r where r.person = a.person and r.token like 'agency:%'
          and r.from_at <= moment and (r.until_at is null or r.until_at > moment) and access.holds(r.token))));
  if coalesce(cardinality(found_people), 0) <> 1 then return; end if;
  person := found_people[1];
  ended := access.end_all_of(person) + coalesce((select access.end_all_of(second.person) from access.account second where second.duress_of = sign_out_person.person), 0);
  select a.name into name from access.account a where a.person = sign_out_person.person;
  perform access.put_note(person, 'signed-out-by-another', of_reason, viewer.person);
  return next;
end $$;
