-- Signing in: one-time links, passkeys, an outside provider, vouching at 03:00, devices and tokens. Sessions end by themselves.
-- No serving role reads any of these tables but by the functions here. Times are the real clock's: a session belongs to no world.
alter table access.account add column device boolean not null default false;
create unique index account_mail on access.account (lower(mail));

alter table access.session
  add column id uuid not null default gen_random_uuid() unique,
  add column how text not null default 'key' check (how in ('key', 'link', 'vouched', 'passkey', 'provider', 'device', 'token')),
  add column seen_at timestamptz not null default clock_timestamp(),
  add column idle_for interval,
  add column idle_until timestamptz not null default 'infinity',
  add column replaced boolean not null default false;
comment on column access.session.replaced is 'The key was exchanged for a fresh one (step-up); the old one lives a few seconds more for requests under way.';

create table access.sign_in_rule (
  id uuid primary key default '00000000-0000-7000-8000-000000000004' check (id = '00000000-0000-7000-8000-000000000004'),
  session_for interval not null default '12 hours' check (session_for between '10 minutes' and '7 days'),
  idle_for interval not null default '4 hours' check (idle_for between '5 minutes' and '7 days'),
  strong_for interval not null default '15 minutes' check (strong_for between '1 minute' and '12 hours'),
  link_for interval not null default '15 minutes' check (link_for between '2 minutes' and '2 hours'),
  plea_for interval not null default '30 minutes' check (plea_for between '5 minutes' and '2 hours')
);
comment on table access.sign_in_rule is 'How long sessions, step-ups, links and pleas last in this city. One row; an administrator sets it.';

create table access.link (
  key_hash bytea primary key,
  person uuid not null references access.account on delete restrict,
  how text not null check (how in ('link', 'vouched', 'device')),
  made_at timestamptz not null default clock_timestamp(),
  opens_at timestamptz,
  expires_at timestamptz not null,
  used_at timestamptz,
  delivery text not null default 'printed' check (delivery in ('printed', 'waiting', 'attempted', 'delivered', 'failed', 'simulated'))
);
create index link_person on access.link (person) where used_at is null;
comment on table access.link is 'One-time sign-in links by the hash of their key. opens_at: null until others have vouched, for a link that waits for them.';

create table access.challenge (
  hash bytea primary key,
  purpose text not null check (purpose in ('sign-in', 'add-passkey', 'step-up', 'provider')),
  session uuid,
  state jsonb not null,
  expires_at timestamptz not null,
  used_at timestamptz
);
comment on table access.challenge is 'What was asked of a browser and not yet answered (WebAuthn challenges, OpenID Connect states). Each is taken once.';

create table access.passkey (
  id uuid primary key,
  credential text not null unique,
  person uuid not null references access.account on delete restrict,
  name text not null check (length(name) between 1 and 80),
  public_key bytea not null,
  counter bigint not null,
  transports text[] not null,
  synced boolean not null,
  added_at timestamptz not null default clock_timestamp(),
  used_at timestamptz,
  removed_at timestamptz
);
create index passkey_person on access.passkey (person) where removed_at is null;
comment on table access.passkey is 'Public keys of passkeys. counter: the highest seen; a lower one means a copy, and is refused.';

create table access.subject (
  issuer text not null,
  subject text not null,
  person uuid not null references access.account on delete restrict,
  linked_at timestamptz not null default clock_timestamp(),
  primary key (issuer, subject)
);
comment on table access.subject is 'Which person an outside provider''s subject is, once a verified mail address has said so.';

create table access.plea (
  id uuid primary key,
  person uuid references access.account on delete restrict,
  link bytea not null,
  code_hash bytea not null unique,
  made_at timestamptz not null default clock_timestamp(),
  expires_at timestamptz not null,
  ready_at timestamptz
);
create index plea_person on access.plea (person, made_at);
comment on table access.plea is 'Somebody lost their passkey and asks two others to vouch. person is null where no such account exists; nobody is told.';

create table access.vouch (
  id uuid primary key,
  plea uuid not null references access.plea on delete restrict,
  person uuid not null references access.account on delete restrict,
  voucher uuid not null references access.account on delete restrict,
  related boolean not null,
  at timestamptz not null default clock_timestamp(),
  unique (plea, voucher),
  check (voucher <> person)
);
comment on table access.vouch is 'Who vouched for whom on the telephone. related: in an agency of the asker''s, or a watch officer.';

create table access.note (
  id uuid primary key,
  person uuid not null references access.account on delete restrict,
  kind text not null check (kind in ('passkey-added', 'passkey-removed', 'passkey-copied', 'vouched-in', 'token-made', 'token-ended',
    'device-enrolled', 'device-ended', 'provider-linked', 'signed-out-everywhere')),
  words text not null default '',
  by_person uuid references access.account on delete restrict,
  at timestamptz not null default clock_timestamp()
);
create index note_person on access.note (person, at);
comment on table access.note is 'What happened to somebody''s ways of signing in: theirs and the administrators'' to read, each an entry of the ledger.';

-- What a group may stand for: structure's tokens, never an operator, a person or a whole city.
create function access.is_structural(tokens text[]) returns boolean immutable language sql set search_path = pg_catalog, pg_temp as $$
  select cardinality(tokens) between 1 and 20 and coalesce(bool_and(t.token ~ '^(agency|post|kind|group):[A-Za-z0-9._-]+$' and t.token <> 'kind:operator'), false)
  from unnest(tokens) t (token)
$$;

create table access.provider_group (
  id uuid primary key,
  name text not null unique check (length(name) between 1 and 300),
  tokens text[] not null check (access.is_structural(tokens)),
  ended_at timestamptz
);
comment on table access.provider_group is 'What a group of the outside provider means here: the tokens its members hold while they are in it.';

create table access.limits (key text primary key, points int not null default 0, expire bigint);
comment on table access.limits is 'Counts of attempts, shared by all server processes of the city; keys are hashes.';

select record.labelled('access.sign_in_rule', 'city-wide');
select record.labelled('access.vouch', 'city-wide');
select record.labelled('access.note', 'city-wide');
select record.labelled('access.provider_group', 'city-wide');

create function access.live_world() returns uuid stable language sql set search_path = pg_catalog, pg_temp as $$
  select id from access.world where kind = 'live'
$$;

create function access.private_label(variadic persons uuid[]) returns int volatile language sql set search_path = pg_catalog, pg_temp as $$
  select access.intern(jsonb_build_array((select jsonb_agg('person:' || p) from unnest(persons) p) || '["kind:administrator", "kind:inquiry"]'::jsonb), 'TLP:AMBER+STRICT')
$$;

insert into access.sign_in_rule (label, world)
  values (access.intern('[["kind:administrator", "kind:inquiry"]]', 'TLP:AMBER'), access.live_world());

create function access.put_note(of_person uuid, of_kind text, of_words text, by_whom uuid) returns void volatile language sql
set search_path = pg_catalog, pg_temp as $$
  insert into access.note (id, person, kind, words, by_person, label, world)
    values (gen_random_uuid(), of_person, of_kind, of_words, by_whom, access.private_label(of_person), access.live_world())
$$;

create function access.is_strong() returns boolean stable security definer language sql set search_path = pg_catalog, pg_temp as $$
  select coalesce((select v.operator_person is null and v.strong_at > clock_timestamp() - r.strong_for from access.viewer() v, access.sign_in_rule r), false)
$$;
comment on function access.is_strong is 'Has this session shown a passkey within the last minutes (sign_in_rule.strong_for)? Grave acts ask. Never true for an operator who acts as another.';

-- This window: the session of a browser, at its own person's hand. An operator acting as another gets no say over that person's keys.
create function access.here() returns access.session stable language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
  viewer record;
  mine access.session;
begin
  select v.* into viewer from access.viewer() v;
  if viewer.person is null or viewer.operator_person is not null or viewer.kind <> 'browser' then
    raise exception 'only in a window of one''s own' using errcode = '42501';
  end if;
  select s.* into mine from access.session s where s.key_hash = access.key_now();
  return mine;
end $$;

-- Sure of the person: a step-up; or, for who has no passkey to step up with, a sign-in of a moment ago; or one that two others vouched for.
create function access.is_sure() returns boolean stable security definer language plpgsql set search_path = pg_catalog, pg_temp as $$
declare mine access.session := access.here();
begin
  if access.is_strong() then return true; end if;
  return mine.opened_at > clock_timestamp() - (select r.strong_for from access.sign_in_rule r)
    and (mine.how = 'vouched' or not exists (select from access.passkey p where p.person = mine.person and p.removed_at is null));
end $$;

create function access.put_session(of_person uuid, of_key bytea, of_kind text, of_how text, of_name text, strong boolean) returns void
volatile language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
  moment timestamptz := clock_timestamp();
  rule access.sign_in_rule;
  posts uuid[];
  before uuid;
begin
  select r.* into strict rule from access.sign_in_rule r;
  select coalesce(array_agg(substr(t.token, 6)::uuid), '{}') into posts
    from unnest(access.tokens_of(of_person, moment)) t (token) where t.token ~ '^post:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$';
  select s.post into before from access.session s where s.person = of_person and s.post = any(posts) order by s.opened_at desc limit 1;
  insert into access.session (key_hash, person, post, kind, how, name, opened_at, seen_at, expires_at, idle_for, idle_until, strong_at)
    values (of_key, of_person, coalesce(before, case when cardinality(posts) = 1 then posts[1] end), of_kind, of_how, left(of_name, 80), moment, moment,
      moment + case of_kind when 'device' then interval '1 year' else rule.session_for end,
      case of_kind when 'browser' then rule.idle_for end,
      case of_kind when 'browser' then moment + rule.idle_for else 'infinity' end,
      case when strong then moment end);
end $$;

-- At the desk, before anybody has signed in ------------------------------------------------------------------------------------------

create function access.ask_link(of_mail text, of_key bytea) returns table (mail text, language text, city text, minutes int)
volatile security definer language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
  somebody access.account;
  rule access.sign_in_rule;
begin
  select r.* into strict rule from access.sign_in_rule r;
  select a.* into somebody from access.account a where lower(a.mail) = lower(of_mail) and a.disabled_at is null and not a.device for update;
  if not found then return; end if;
  if (select count(*) from access.link l where l.person = somebody.person and l.how = 'link' and l.made_at > clock_timestamp() - rule.link_for) >= 5 then return; end if;
  insert into access.link (key_hash, person, how, opens_at, expires_at, delivery)
    values (of_key, somebody.person, 'link', clock_timestamp(), clock_timestamp() + rule.link_for, 'waiting');
  return query select somebody.mail, somebody.language, (select c.name from access.city c), (extract(epoch from rule.link_for) / 60)::int;
end $$;

create function access.note_delivery(of_key bytea, of_state text) returns void volatile security definer language sql
set search_path = pg_catalog, pg_temp as $$
  update access.link set delivery = of_state where key_hash = of_key and delivery = 'waiting'
$$;

create function access.use_link(of_link bytea, of_key bytea, of_name text) returns table (person uuid, how text)
volatile security definer language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
  found_link access.link;
  moment timestamptz := clock_timestamp();
begin
  update access.link l set used_at = moment from access.account a
    where l.key_hash = of_link and l.used_at is null and l.expires_at > moment and l.opens_at <= moment and a.person = l.person and a.disabled_at is null
    returning l.* into found_link;
  if not found then return; end if;
  perform access.put_session(found_link.person, of_key, case found_link.how when 'device' then 'device' else 'browser' end, found_link.how, of_name, false);
  if found_link.how = 'vouched' then
    perform access.put_note(found_link.person, 'vouched-in', '', null);
  end if;
  return query select found_link.person, found_link.how;
end $$;

create function access.put_challenge(of_hash bytea, of_purpose text, of_state jsonb) returns void volatile security definer language plpgsql
set search_path = pg_catalog, pg_temp as $$
begin
  if of_purpose not in ('sign-in', 'provider') then raise exception 'not at the desk' using errcode = '42501'; end if;
  insert into access.challenge (hash, purpose, state, expires_at) values (of_hash, of_purpose, of_state, clock_timestamp() + interval '10 minutes');
end $$;

create function access.take(of_hash bytea, of_purpose text, of_session uuid) returns jsonb volatile language sql
set search_path = pg_catalog, pg_temp as $$
  update access.challenge set used_at = clock_timestamp()
    where hash = of_hash and purpose = of_purpose and session is not distinct from of_session and used_at is null and expires_at > clock_timestamp()
    returning state
$$;

create function access.take_challenge(of_hash bytea, of_purpose text) returns jsonb volatile security definer language sql
set search_path = pg_catalog, pg_temp as $$
  select access.take(of_hash, of_purpose, null) where of_purpose in ('sign-in', 'provider')
$$;

create function access.passkey_for(of_credential text) returns table (public_key bytea, counter bigint, transports text[], person uuid)
stable security definer language sql set search_path = pg_catalog, pg_temp as $$
  select p.public_key, p.counter, p.transports, p.person from access.passkey p where p.credential = of_credential and p.removed_at is null
$$;

-- A counter that does not go up, where it ever went up, means that the passkey was copied: refused, and its person is told.
create function access.count_passkey(of_credential text, new_counter bigint) returns uuid volatile language plpgsql
set search_path = pg_catalog, pg_temp as $$
declare key access.passkey;
begin
  select p.* into key from access.passkey p join access.account a on a.person = p.person
    where p.credential = of_credential and p.removed_at is null and a.disabled_at is null for update of p;
  if not found then return null; end if;
  if (key.counter > 0 or new_counter > 0) and new_counter <= key.counter then
    perform access.put_note(key.person, 'passkey-copied', key.name, null);
    return null;
  end if;
  update access.passkey set counter = new_counter, used_at = clock_timestamp() where id = key.id;
  return key.person;
end $$;

create function access.open_by_passkey(of_credential text, new_counter bigint, of_key bytea, of_name text) returns uuid
volatile security definer language plpgsql set search_path = pg_catalog, pg_temp as $$
declare somebody uuid := access.count_passkey(of_credential, new_counter);
begin
  if somebody is not null then perform access.put_session(somebody, of_key, 'browser', 'passkey', of_name, true); end if;
  return somebody;
end $$;

-- The tokens of the groups that the provider has just named, for as long as a session may last; those of groups left end now.
create function access.follow_groups(of_person uuid, presented text[], until_moment timestamptz) returns void volatile language plpgsql
set search_path = pg_catalog, pg_temp as $$
declare
  mapped record;
  from_source text;
begin
  for mapped in select g.* from access.provider_group g loop
    from_source := format('access.providerGroup:%s:%s', mapped.id, of_person);
    if mapped.ended_at is null and mapped.name = any(presented) then
      update access.reach r set until_at = case when r.token = any(mapped.tokens) then greatest(r.until_at, until_moment) else greatest(r.from_at, clock_timestamp()) end
        where r.source = from_source and r.until_at > clock_timestamp();
      perform access.put_reach(of_person, t.token, null, until_moment, from_source) from unnest(mapped.tokens) t (token)
        where not exists (select from access.reach r where r.source = from_source and r.token = t.token and r.until_at > clock_timestamp());
    else
      update access.reach r set until_at = greatest(r.from_at, clock_timestamp()) where r.source = from_source and r.until_at > clock_timestamp();
    end if;
  end loop;
end $$;

create function access.open_by_provider(of_issuer text, of_subject text, verified_mail text, presented text[], of_key bytea, of_name text) returns uuid
volatile security definer language plpgsql set search_path = pg_catalog, pg_temp as $$
declare somebody uuid;
begin
  select s.person into somebody from access.subject s where s.issuer = of_issuer and s.subject = of_subject;
  if somebody is null and verified_mail is not null then
    select a.person into somebody from access.account a where lower(a.mail) = lower(verified_mail) and not a.device and a.disabled_at is null;
    if somebody is not null then
      -- One person, one subject: a second subject with the same mail address is for an administrator to look at, not to let in.
      if exists (select from access.subject s where s.issuer = of_issuer and s.person = somebody) then return null; end if;
      insert into access.subject (issuer, subject, person) values (of_issuer, of_subject, somebody);
      perform access.put_note(somebody, 'provider-linked', of_issuer, null);
    end if;
  end if;
  if somebody is null or exists (select from access.account a where a.person = somebody and a.disabled_at is not null) then return null; end if;
  perform access.follow_groups(somebody, presented, clock_timestamp() + (select r.session_for from access.sign_in_rule r));
  perform access.put_session(somebody, of_key, 'browser', 'provider', of_name, false);
  return somebody;
end $$;

create function access.plead(of_mail text, of_link bytea, of_code bytea) returns timestamptz
volatile security definer language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
  somebody uuid;
  until_moment timestamptz := clock_timestamp() + (select r.plea_for from access.sign_in_rule r);
begin
  select a.person into somebody from access.account a where lower(a.mail) = lower(of_mail) and a.disabled_at is null and not a.device;
  if (select count(*) from access.plea p where p.person = somebody and p.made_at > clock_timestamp() - interval '1 hour') >= 5 then somebody := null; end if;
  insert into access.plea (id, person, link, code_hash, expires_at) values (gen_random_uuid(), somebody, of_link, of_code, until_moment);
  return until_moment;
end $$;

create function access.plea_ready(of_link bytea) returns boolean stable security definer language sql
set search_path = pg_catalog, pg_temp as $$
  select exists (select from access.plea p where p.link = of_link and p.ready_at is not null and p.expires_at > clock_timestamp())
$$;

-- What is long over, swept away by a timed duty: nothing of it is part of the record.
create function access.sweep() returns void volatile security definer language sql set search_path = pg_catalog, pg_temp as $$
  delete from access.challenge where expires_at < clock_timestamp() - interval '1 day';
  delete from access.limits where expire < (extract(epoch from clock_timestamp()) * 1000)::bigint - 3600000;
$$;

-- What a signed-in person may do to their own sessions, passkeys and tokens; and vouching for a colleague ---------------------------

create function access.my_session() returns table (id uuid, kind text, how text, opened_at timestamptz, expires_at timestamptz, strong_until timestamptz, sure boolean, has_passkey boolean)
stable security definer language sql set search_path = pg_catalog, pg_temp as $$
  select s.id, s.kind, s.how, s.opened_at, s.expires_at,
    case when access.is_strong() then s.strong_at + (select r.strong_for from access.sign_in_rule r) end,
    case when s.kind = 'browser' and v.operator_person is null then access.is_sure() else false end,
    exists (select from access.passkey p where p.person = v.person and p.removed_at is null)
  from access.viewer() v join access.session s on s.key_hash = access.key_now() where v.person is not null
$$;

create function access.choose_post(of_post uuid) returns void volatile security definer language plpgsql set search_path = pg_catalog, pg_temp as $$
declare viewer record;
begin
  select v.* into viewer from access.viewer() v;
  if viewer.person is null or viewer.operator_person is not null or (of_post is not null and not access.holds('post:' || of_post)) then
    raise exception 'not a post of yours' using errcode = '42501';
  end if;
  update access.session set post = of_post where key_hash = access.key_now();
end $$;

create function access.my_sessions() returns table (id uuid, kind text, how text, name text, opened_at timestamptz, seen_at timestamptz, expires_at timestamptz, this boolean)
stable security definer language sql set search_path = pg_catalog, pg_temp as $$
  select s.id, s.kind, s.how, s.name, s.opened_at, s.seen_at, least(s.expires_at, s.idle_until), s.key_hash = access.key_now()
  from access.viewer() v join access.session s on s.person = v.person
  where s.ended_at is null and not s.replaced and s.expires_at > clock_timestamp() and s.idle_until > clock_timestamp()
  order by s.seen_at desc
$$;

-- Ending is always allowed to a session's own person, from anywhere: it only takes away.
create function access.end_session(of_id uuid) returns int volatile security definer language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
  viewer record;
  ended record;
begin
  select v.* into viewer from access.viewer() v;
  if viewer.person is null or viewer.operator_person is not null then raise exception 'not yours' using errcode = '42501'; end if;
  update access.session s set ended_at = clock_timestamp() where s.id = of_id and s.person = viewer.person and s.ended_at is null returning s.kind, s.name into ended;
  if not found then return 0; end if;
  if ended.kind = 'token' then perform access.put_note(viewer.person, 'token-ended', ended.name, viewer.person); end if;
  return 1;
end $$;

-- Everywhere else (or here too), and every token: what to do when a telephone is gone.
create function access.end_sessions(here_too boolean) returns int volatile security definer language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
  viewer record;
  ended int;
begin
  select v.* into viewer from access.viewer() v;
  if viewer.person is null or viewer.operator_person is not null then raise exception 'not yours' using errcode = '42501'; end if;
  update access.session s set ended_at = clock_timestamp() where s.person = viewer.person and s.ended_at is null and (here_too or s.key_hash <> access.key_now());
  get diagnostics ended = row_count;
  update access.link l set used_at = clock_timestamp() where l.person = viewer.person and l.used_at is null;
  perform access.put_note(viewer.person, 'signed-out-everywhere', '', viewer.person);
  return ended;
end $$;

create function access.sign_out() returns void volatile security definer language sql set search_path = pg_catalog, pg_temp as $$
  update access.session set ended_at = clock_timestamp() where key_hash = access.key_now() and kind in ('browser', 'device') and ended_at is null
$$;

create function access.my_passkeys() returns table (id uuid, name text, added_at timestamptz, used_at timestamptz, synced boolean, credential text, transports text[])
stable security definer language sql set search_path = pg_catalog, pg_temp as $$
  select p.id, p.name, p.added_at, p.used_at, p.synced, p.credential, p.transports from access.viewer() v join access.passkey p on p.person = v.person
  where p.removed_at is null and v.operator_person is null order by p.added_at
$$;

create function access.ask_own(of_hash bytea, of_purpose text) returns void volatile security definer language plpgsql set search_path = pg_catalog, pg_temp as $$
declare mine access.session := access.here();
begin
  if of_purpose not in ('add-passkey', 'step-up') or (of_purpose = 'add-passkey' and not access.is_sure()) then
    raise exception 'not sure of the person' using errcode = '42501';
  end if;
  insert into access.challenge (hash, purpose, session, state, expires_at) values (of_hash, of_purpose, mine.id, '{}', clock_timestamp() + interval '10 minutes');
end $$;

create function access.add_passkey(of_challenge bytea, of_id uuid, of_credential text, of_name text, of_public_key bytea, of_counter bigint, of_transports text[], of_synced boolean)
returns void volatile security definer language plpgsql set search_path = pg_catalog, pg_temp as $$
declare mine access.session := access.here();
begin
  if not access.is_sure() or access.take(of_challenge, 'add-passkey', mine.id) is null then raise exception 'not sure of the person' using errcode = '42501'; end if;
  insert into access.passkey (id, credential, person, name, public_key, counter, transports, synced)
    values (of_id, of_credential, mine.person, of_name, of_public_key, of_counter, of_transports, of_synced);
  perform access.put_note(mine.person, 'passkey-added', of_name, mine.person);
end $$;

create function access.name_passkey(of_id uuid, of_name text) returns int volatile security definer language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
  mine access.session := access.here();
  named int;
begin
  update access.passkey set name = of_name where id = of_id and person = mine.person and removed_at is null;
  get diagnostics named = row_count;
  return named;
end $$;

create function access.remove_passkey(of_id uuid) returns int volatile security definer language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
  mine access.session := access.here();
  gone access.passkey;
begin
  if not access.is_sure() then raise exception 'not sure of the person' using errcode = '42501'; end if;
  update access.passkey set removed_at = clock_timestamp() where id = of_id and person = mine.person and removed_at is null returning * into gone;
  if not found then return 0; end if;
  perform access.put_note(mine.person, 'passkey-removed', gone.name, mine.person);
  return 1;
end $$;

-- The step-up: the same person's passkey again; the window gets a fresh key, and the old one lives ten seconds for requests under way.
create function access.step_up(of_challenge bytea, of_credential text, new_counter bigint, of_key bytea) returns boolean
volatile security definer language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
  mine access.session := access.here();
  moment timestamptz := clock_timestamp();
begin
  if access.take(of_challenge, 'step-up', mine.id) is null then return false; end if;
  if access.count_passkey(of_credential, new_counter) is distinct from mine.person then return false; end if;
  update access.session set expires_at = least(expires_at, moment + interval '10 seconds'), replaced = true where key_hash = mine.key_hash;
  insert into access.session (key_hash, person, post, kind, how, name, opened_at, seen_at, expires_at, idle_for, idle_until, strong_at)
    values (of_key, mine.person, mine.post, mine.kind, mine.how, mine.name, mine.opened_at, moment, mine.expires_at, mine.idle_for, coalesce(moment + mine.idle_for, 'infinity'), moment);
  return true;
end $$;

create function access.make_token(of_key bytea, of_name text, until_moment timestamptz) returns uuid volatile security definer language plpgsql
set search_path = pg_catalog, pg_temp as $$
declare
  mine access.session := access.here();
  made uuid;
begin
  if not access.is_sure() then raise exception 'not sure of the person' using errcode = '42501'; end if;
  if until_moment > clock_timestamp() + interval '400 days' or until_moment <= clock_timestamp() then
    raise exception 'a token lasts at most 400 days' using errcode = '22023', column = 'expiresAt';
  end if;
  insert into access.session (key_hash, person, post, kind, how, name, expires_at) values (of_key, mine.person, mine.post, 'token', 'token', of_name, until_moment)
    returning id into made;
  perform access.put_note(mine.person, 'token-made', of_name, mine.person);
  return made;
end $$;

-- Vouching: who is asked for, by the code that was read out. Only for strong sessions of people who hold an agency or a post.
create function access.may_vouch() returns boolean stable language sql set search_path = pg_catalog, pg_temp as $$
  select access.is_strong() and exists (select from unnest(access.reach_now()) t (token) where t.token like 'agency:%' or t.token like 'post:%')
$$;

create function access.plea_of(of_code bytea) returns table (person uuid, name text, expires_at timestamptz) stable security definer language sql
set search_path = pg_catalog, pg_temp as $$
  select a.person, a.name, p.expires_at from access.plea p join access.account a on a.person = p.person
  where access.may_vouch() and p.code_hash = of_code and p.expires_at > clock_timestamp() and p.ready_at is null and a.person <> access.person() and a.disabled_at is null
$$;

create function access.vouch_for(of_id uuid, of_code bytea, of_person uuid) returns table (vouchers uuid[], related boolean, ready boolean)
volatile security definer language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
  mine access.session := access.here();
  asked access.plea;
  moment timestamptz := clock_timestamp();
  is_related boolean;
begin
  if not access.may_vouch() then raise exception 'not yours to vouch' using errcode = '42501'; end if;
  select p.* into asked from access.plea p where p.code_hash = of_code and p.person = of_person and p.person <> mine.person and p.expires_at > moment and p.ready_at is null for update;
  if not found then return; end if;
  -- Off duty one holds no agency, so the asker's of the last ninety days count.
  is_related := access.holds('kind:watch-officer') or exists (select from access.reach r where r.person = asked.person and r.token like 'agency:%'
    and r.from_at <= moment and (r.until_at is null or r.until_at > moment - interval '90 days') and r.token = any(access.reach_now()));
  insert into access.vouch (id, plea, person, voucher, related, label, world)
    select of_id, asked.id, asked.person, mine.person, is_related, access.private_label(asked.person, mine.person), access.live_world()
    where not exists (select from access.vouch v where v.plea = asked.id and v.voucher = mine.person);
  select array_agg(v.voucher), bool_or(v.related) into vouchers, related from access.vouch v where v.plea = asked.id;
  ready := cardinality(vouchers) >= 2 and related;
  if ready then
    update access.plea set ready_at = moment where id = asked.id;
    insert into access.link (key_hash, person, how, opens_at, expires_at) values (asked.link, asked.person, 'vouched', moment, asked.expires_at);
  end if;
  return next;
end $$;

-- Administrators: devices, the provider's groups, how long things last.
create function access.enrol_device(of_person uuid, of_name text, of_link bytea) returns timestamptz volatile security definer language plpgsql
set search_path = pg_catalog, pg_temp as $$
declare
  mine access.session := access.here();
  until_moment timestamptz := clock_timestamp() + interval '1 hour';
begin
  if not access.holds('kind:administrator') or not access.is_sure() then raise exception 'for administrators' using errcode = '42501'; end if;
  insert into access.account (person, name, device) values (of_person, of_name, true);
  insert into access.link (key_hash, person, how, opens_at, expires_at) values (of_link, of_person, 'device', clock_timestamp(), until_moment);
  perform access.put_note(of_person, 'device-enrolled', of_name, mine.person);
  return until_moment;
end $$;

create function access.device_list() returns table (id uuid, name text, seen_at timestamptz, expires_at timestamptz, open boolean) stable security definer language sql
set search_path = pg_catalog, pg_temp as $$
  select a.person, a.name, s.seen_at, s.expires_at, s.key_hash is not null
  from access.account a left join lateral (select x.* from access.session x where x.person = a.person and x.ended_at is null and x.expires_at > clock_timestamp()
    order by x.opened_at desc limit 1) s on true
  where access.holds('kind:administrator') and a.device and a.disabled_at is null order by a.name
$$;

create function access.end_device(of_person uuid) returns int volatile security definer language plpgsql set search_path = pg_catalog, pg_temp as $$
declare name_of text;
begin
  if not access.holds('kind:administrator') then raise exception 'for administrators' using errcode = '42501'; end if;
  update access.account set disabled_at = clock_timestamp() where person = of_person and device and disabled_at is null returning name into name_of;
  if not found then return 0; end if;
  update access.session set ended_at = clock_timestamp() where person = of_person and ended_at is null;
  update access.link set used_at = clock_timestamp() where person = of_person and used_at is null;
  update access.reach set until_at = greatest(from_at, clock_timestamp()) where person = of_person and (until_at is null or until_at > clock_timestamp());
  perform access.put_note(of_person, 'device-ended', name_of, access.person());
  return 1;
end $$;
