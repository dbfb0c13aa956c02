-- Who may see what. A label is a set of clauses, each a set of tokens; a viewer sees a row when every clause shares a token with
-- the viewer's reach. Nothing here knows the mission: a token is an opaque kind:id.
create schema access;
comment on schema access is 'Reach, labels, sessions and worlds: the one way to become a person inside a transaction.';

create table access.label (
  id int generated always as identity primary key,
  clauses jsonb not null,
  marking text not null,
  hash bytea not null unique
);
comment on table access.label is 'Each distinct label once, interned by content (clauses and marking); labelled rows carry its number.';

create table access.clause (
  label int not null references access.label on delete restrict,
  clause int not null,
  clauses int not null,
  tokens text[] not null,
  primary key (label, clause)
);
create index clause_tokens on access.clause using gin (tokens);
comment on table access.clause is 'The clauses of a label, row by row, so that readable labels are found by token.';

create table access.world (
  id uuid primary key,
  kind text not null check (kind in ('live', 'exercise')),
  name text not null check (name <> ''),
  real_from timestamptz not null,
  world_from timestamptz not null,
  rate double precision not null default 1 check (rate > 0),
  ended_at timestamptz
);
create unique index one_live_world on access.world (kind) where kind = 'live';
comment on table access.world is 'Live and exercise: two worlds in one city, each with its own clock (where it stood when, and how fast it runs).';

insert into access.world (id, kind, name, real_from, world_from)
  values ('00000000-0000-7000-8000-000000000001', 'live', 'Live', clock_timestamp(), clock_timestamp());

create table access.city (
  one boolean primary key default true check (one),
  code text not null check (code ~ '^[A-Za-z0-9._-]+$'),
  name text not null check (name <> ''),
  time_zone text not null default 'Europe/London'
);
comment on table access.city is 'Which city this is: its code makes the token city:<code> and the origin of the record''s heads.';

create table access.account (
  person uuid primary key,
  name text not null check (name <> ''),
  mail text unique,
  language text not null default 'en',
  reach_version bigint not null default 0,
  disabled_at timestamptz
);
comment on table access.account is 'A person who can sign in. Persons are rows, never database roles.';

create table access.session (
  key_hash bytea primary key,
  person uuid not null references access.account on delete restrict,
  post uuid,
  kind text not null check (kind in ('browser', 'token', 'device')),
  name text not null default '',
  opened_at timestamptz not null default clock_timestamp(),
  expires_at timestamptz not null,
  strong_at timestamptz,
  ended_at timestamptz
);
create index session_person on access.session (person) where ended_at is null;
comment on table access.session is 'Sessions and tokens by the hash of an unguessable key; no serving role can read or write it. strong_at: last step-up.';

create table access.sight (
  person uuid primary key references access.account on delete restrict,
  version bigint not null,
  highest int not null,
  valid_until timestamptz not null,
  tokens text[] not null,
  labels int[] not null
);
comment on table access.sight is 'Readable labels of a person, worked out once and kept until reach changes or runs out.';

create table access.reach (
  id uuid primary key,
  person uuid not null references access.account on delete restrict,
  token text not null check (token ~ '^[a-z]+:[A-Za-z0-9._-]+$'),
  from_at timestamptz not null,
  until_at timestamptz check (until_at >= from_at),
  source text not null check (source <> '')
);
create index reach_person on access.reach (person);
create index reach_token on access.reach (token);
create index reach_source on access.reach (source);
comment on table access.reach is 'Which token a person holds, from when to when, and where that came from. Granting and ending are entries of the ledger.';

-- The one canonical form, as core/access/label.ts has it: tokens sorted and unique, clauses sorted and unique; nobody is one empty clause.
create function access.canonical(clauses jsonb) returns jsonb immutable strict language sql
set search_path = pg_catalog, pg_temp as $$
  select case when count(*) = 0 or bool_or(c.tokens = '[]'::jsonb) then '[[]]'::jsonb
              else jsonb_agg(c.tokens order by jsonb_array_length(c.tokens), c.tokens::text collate "C") end
  from (
    select distinct coalesce((select jsonb_agg(t.token order by t.token collate "C")
                     from (select distinct jsonb_array_elements_text(clause.value) as token) t), '[]'::jsonb) as tokens
    from jsonb_array_elements(clauses) clause
  ) c
$$;

create function access.intern(clauses jsonb, marking text) returns int volatile strict security definer language plpgsql
set search_path = pg_catalog, pg_temp as $$
declare
  form jsonb := access.canonical(clauses);
  digest bytea := sha256(convert_to(form::text || chr(10) || marking, 'UTF8'));
  number int;
begin
  select id into number from access.label where hash = digest;
  if found then return number; end if;
  if exists (select from jsonb_array_elements(form) c, jsonb_array_elements_text(c.value) t where length(t.value) > 220 or t.value !~ '^(person|agency|group|post|kind|incident|city|cleared|briefed|circle|world|device):[A-Za-z0-9._-]+$') then
    raise exception 'a token of this label is malformed' using errcode = '22023', column = 'label';
  end if;
  -- New labels are numbered in commit order, so that "the highest number I know" leaves none out.
  perform pg_advisory_xact_lock(7261, 1);
  insert into access.label (clauses, marking, hash) values (form, marking, digest)
    on conflict (hash) do nothing returning id into number;
  if number is null then
    select id into strict number from access.label where hash = digest;
    return number;
  end if;
  insert into access.clause (label, clause, clauses, tokens)
    select number, c.ordinality, jsonb_array_length(form), array(select jsonb_array_elements_text(c.value))
    from jsonb_array_elements(form) with ordinality c;
  return number;
end $$;

-- The rule, in SQL. label.ts says the same; a differential test holds the two together.
create function access.can_see(label int, reach text[]) returns boolean stable language sql
set search_path = pg_catalog, pg_temp as $$
  select coalesce(bool_and(c.tokens && reach), false) from access.clause c where c.label = can_see.label
$$;

create function access.readable_by(reach text[], above int) returns int[] stable language sql
set search_path = pg_catalog, pg_temp as $$
  select coalesce(array_agg(seen.label order by seen.label), '{}')
  from (select c.label from access.clause c where c.tokens && reach and c.label > above
        group by c.label, c.clauses having count(*) = c.clauses) seen
$$;

create function access.tokens_of(of_person uuid, at timestamptz) returns text[] stable language sql
set search_path = pg_catalog, pg_temp as $$
  select array_agg(distinct t.token) from (
    select 'person:' || of_person as token
    union all
    select r.token from access.reach r where r.person = of_person and r.from_at <= at and (r.until_at is null or r.until_at > at)
  ) t
$$;

-- Who this transaction is: found by an unguessable key, never by a name that could be set.
-- An operator may act as another person: operator_person is then the operator, and both names go into every entry.
create function access.key_now() returns bytea stable language sql set search_path = pg_catalog, pg_temp as $$
  select sha256(convert_to(nullif(current_setting('concord.key', true), ''), 'UTF8'))
$$;

create function access.viewer(out person uuid, out operator_person uuid, out post uuid, out kind text, out strong_at timestamptz)
stable security definer language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
  key text := current_setting('concord.key', true);
  other uuid := nullif(current_setting('concord.as', true), '')::uuid;
  moment timestamptz := clock_timestamp();
begin
  if coalesce(key, '') = '' then return; end if;
  select s.person, s.post, s.kind, s.strong_at into person, post, kind, strong_at
    from access.session s join access.account a on a.person = s.person
    where s.key_hash = sha256(convert_to(key, 'UTF8')) and s.ended_at is null and s.expires_at > moment and s.idle_until > moment and a.disabled_at is null;
  if person is null or other is null or other = person then return; end if;
  if not ('kind:operator' = any(access.tokens_of(person, moment))) then
    person := null;
    return;
  end if;
  operator_person := person;
  strong_at := null;
  select a.person, null::uuid into person, post from access.account a where a.person = other and a.disabled_at is null;
end $$;

create function access.look(of_person uuid, out tokens text[], out labels int[]) stable security definer language plpgsql
set search_path = pg_catalog, pg_temp as $$
declare kept access.sight;
begin
  select s.* into kept from access.sight s join access.account a on a.person = s.person
    where s.person = of_person and s.version = a.reach_version and s.valid_until > clock_timestamp();
  if found then
    tokens := kept.tokens;
    labels := kept.labels || access.readable_by(kept.tokens, kept.highest);
  else
    tokens := access.tokens_of(of_person, clock_timestamp());
    labels := access.readable_by(tokens, 0);
  end if;
end $$;

-- For the live stream: a person's reach now, and the moment at which it changes by itself.
create function access.look_at(of_person uuid, out tokens text[], out labels int[], out valid_until timestamptz) stable security definer language plpgsql
set search_path = pg_catalog, pg_temp as $$
begin
  select l.tokens, l.labels into tokens, labels from access.look(of_person) l;
  select min(t.at) into valid_until from access.reach r, lateral (values (r.from_at), (r.until_at)) t (at)
    where r.person = of_person and t.at > clock_timestamp();
end $$;

-- Both are asked once per statement by policies, so the common case is one look-up: a session, and what its person can read as it was last
-- worked out. Anything else (reach changed or ran out, an operator acting for another) goes the long way.
create function access.readable() returns int[] stable security definer language plpgsql
set search_path = pg_catalog, pg_temp as $$
declare
  kept access.sight;
  latest int;
  viewer uuid;
begin
  if coalesce(current_setting('concord.as', true), '') = '' then
    select s.*, (select max(l.id) from access.label l) as latest into kept.person, kept.version, kept.highest, kept.valid_until, kept.tokens, kept.labels, latest
      from access.session x join access.account a on a.person = x.person
      join access.sight s on s.person = x.person and s.version = a.reach_version and s.valid_until > clock_timestamp()
      where x.key_hash = sha256(convert_to(current_setting('concord.key', true), 'UTF8'))
        and x.ended_at is null and x.expires_at > clock_timestamp() and x.idle_until > clock_timestamp() and a.disabled_at is null;
    if kept.person is not null then
      if kept.highest >= latest then return kept.labels; end if;
      return kept.labels || access.readable_by(kept.tokens, kept.highest);
    end if;
  end if;
  viewer := (access.viewer()).person;
  if viewer is null then return '{}'; end if;
  return (access.look(viewer)).labels;
end $$;
comment on function access.readable is 'The numbers of the labels that this transaction''s person can read now. Policies ask once per statement.';

create function access.reach_now() returns text[] stable security definer language plpgsql
set search_path = pg_catalog, pg_temp as $$
declare
  viewer uuid;
  kept text[];
begin
  if coalesce(current_setting('concord.as', true), '') = '' then
    select s.tokens into kept
      from access.session x join access.account a on a.person = x.person
      join access.sight s on s.person = x.person and s.version = a.reach_version and s.valid_until > clock_timestamp()
      where x.key_hash = sha256(convert_to(current_setting('concord.key', true), 'UTF8'))
        and x.ended_at is null and x.expires_at > clock_timestamp() and x.idle_until > clock_timestamp() and a.disabled_at is null;
    if kept is not null then return kept; end if;
  end if;
  viewer := (access.viewer()).person;
  if viewer is null then return '{}'; end if;
  return (access.look(viewer)).tokens;
end $$;

create function access.holds(variadic tokens text[]) returns boolean stable language sql
set search_path = pg_catalog, pg_temp as $$ select tokens && access.reach_now() $$;
comment on function access.holds is 'Does this transaction''s person hold any of these tokens now?';

create function access.person() returns uuid stable language sql
set search_path = pg_catalog, pg_temp as $$ select (access.viewer()).person $$;

create function access.world() returns uuid stable language sql
set search_path = pg_catalog, pg_temp as $$ select nullif(current_setting('concord.world', true), '')::uuid $$;

create function access.city_label() returns int volatile security definer language sql
set search_path = pg_catalog, pg_temp as $$
  select access.intern(jsonb_build_array(jsonb_build_array('city:' || code)), 'TLP:GREEN') from access.city
$$;
comment on function access.city_label is 'The label of what everybody in the city may read.';

create function access.is_live() returns boolean stable security definer language sql
set search_path = pg_catalog, pg_temp as $$ select exists (select from access.world where id = access.world() and kind = 'live') $$;

-- The first thing that a person's transaction does. A session that is used stays; a chosen post that is no longer held is let go at once, so
-- that no entry names it. Keeps what they can read, so that the next transaction need not work it out.
create function access.enter(key text, in_world text, as_person text, operation text, reason text, out person uuid, out name text, out language text, out post uuid, out operator_person uuid, out session_kind text, out strong_at timestamptz,
  out reach text[], out world uuid, out world_kind text, out world_name text, out real_from timestamptz, out world_from timestamptz, out rate double precision)
volatile security definer language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
  version_now bigint;
  highest_now int;
  kept access.sight;
  moment timestamptz := clock_timestamp();
  hash bytea := sha256(convert_to(key, 'UTF8'));
  seen_long_ago boolean;
begin
  perform set_config('concord.key', key, true), set_config('concord.world', in_world, true), set_config('concord.as', as_person, true),
    set_config('concord.operation', operation, true), set_config('concord.reason', reason, true);
  if as_person = '' then
    select x.person, x.post, x.kind, x.strong_at, a.name, a.language, a.reach_version, x.seen_at < moment - interval '1 minute'
      into person, post, session_kind, strong_at, name, language, version_now, seen_long_ago
      from access.session x join access.account a on a.person = x.person
      where x.key_hash = hash and x.ended_at is null and x.expires_at > moment and x.idle_until > moment and a.disabled_at is null;
  else
    select v.person, v.operator_person, v.post, v.kind, v.strong_at, a.name, a.language, a.reach_version
      into person, operator_person, post, session_kind, strong_at, name, language, version_now
      from access.viewer() v join access.account a on a.person = v.person;
  end if;
  if person is null then return; end if;
  if seen_long_ago then
    update access.session s set seen_at = moment, idle_until = coalesce(moment + s.idle_for, 'infinity')
      where s.key_hash = (select mine.key_hash from access.session mine where mine.key_hash = hash for update skip locked);
  end if;
  select s.*, (select max(l.id) from access.label l) into kept.person, kept.version, kept.highest, kept.valid_until, kept.tokens, kept.labels, highest_now
    from access.sight s where s.person = enter.person;
  highest_now := coalesce(highest_now, (select max(l.id) from access.label l), 0);
  if kept.version is distinct from version_now or kept.valid_until <= moment then
    reach := access.tokens_of(person, moment);
    insert into access.sight as s (person, version, highest, valid_until, tokens, labels)
      values (enter.person, version_now, highest_now,
        coalesce((select min(t.at) from access.reach r, lateral (values (r.from_at), (r.until_at)) t (at) where r.person = enter.person and t.at > moment), 'infinity'),
        reach, access.readable_by(reach, 0))
      on conflict on constraint sight_pkey do update set version = excluded.version, highest = excluded.highest, valid_until = excluded.valid_until,
        tokens = excluded.tokens, labels = excluded.labels;
  else
    reach := kept.tokens;
    if highest_now > kept.highest + 50 then
      update access.sight s set labels = s.labels || access.readable_by(kept.tokens, kept.highest), highest = highest_now
        where s.person = enter.person and s.highest = kept.highest;
    end if;
  end if;
  if post is not null and not (('post:' || post) = any(reach)) then
    post := null;
    update access.session s set post = null where s.key_hash = hash and operator_person is null;
  end if;
  select w.id, w.kind, w.name, w.real_from, w.world_from, w.rate into world, world_kind, world_name, real_from, world_from, rate
    from access.world w where w.ended_at is null and case when in_world = '' then w.kind = 'live' else w.id = in_world::uuid end;
  perform set_config('concord.world', coalesce(world::text, ''), true);
end $$;

create function access.reach_changed() returns trigger volatile security definer language plpgsql
set search_path = pg_catalog, pg_temp as $$
begin
  update access.account set reach_version = reach_version + 1 where person = new.person;
  return new;
end $$;
create trigger reach_changed after insert or update on access.reach for each row execute function access.reach_changed();

-- The writing side of reach; a grant without a beginning begins now, by the database's own clock. Called by definer functions of areas and by access.grant_reach; never by a serving role.
create function access.put_reach(of_person uuid, of_token text, from_moment timestamptz, until_moment timestamptz, of_source text) returns uuid
volatile language plpgsql set search_path = pg_catalog, pg_temp as $$
declare grant_id uuid := gen_random_uuid();
begin
  insert into access.reach (id, person, token, from_at, until_at, source, label, world)
    values (grant_id, of_person, of_token, coalesce(from_moment, clock_timestamp()), until_moment, of_source,
      access.intern(jsonb_build_array(jsonb_build_array('person:' || of_person, 'kind:administrator', 'kind:inquiry')), 'TLP:AMBER+STRICT'),
      (select id from access.world where kind = 'live'));
  return grant_id;
end $$;

-- What a person may grant. Structure's tokens: an administrator. An incident, briefing or circle: whoever holds it, in a post that
-- runs it; or whoever opens it, as its first holder. Nobody grants a person: or a city: token.
create function access.may_grant(of_token text) returns boolean stable security definer language sql
set search_path = pg_catalog, pg_temp as $$
  select case
    when split_part(of_token, ':', 1) in ('agency', 'post', 'kind', 'group', 'city', 'cleared', 'device') then access.holds('kind:administrator')
    when split_part(of_token, ':', 1) in ('incident', 'briefed', 'circle') then
      (access.holds(of_token) and access.holds('kind:secretariat', 'kind:chair', 'kind:watch-officer', 'kind:loggist'))
      or (access.person() is not null and not exists (select from access.reach r where r.token = of_token))
    else false end
$$;

create function access.grant_reach(of_person uuid, of_token text, from_moment timestamptz, until_moment timestamptz, of_source text) returns uuid
volatile security definer language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
  if not access.may_grant(of_token) then raise exception 'not yours to grant' using errcode = '42501'; end if;
  return access.put_reach(of_person, of_token, from_moment, until_moment, of_source);
end $$;
comment on function access.grant_reach is 'The one way in which an area grants a token to a person; the grant is an entry of the ledger.';

create function access.end_reach(of_source text, at timestamptz) returns int
volatile security definer language plpgsql set search_path = pg_catalog, pg_temp as $$
declare ended int;
begin
  if exists (select from access.reach r where r.source = of_source and not access.may_grant(r.token)) then
    raise exception 'not yours to end' using errcode = '42501';
  end if;
  at := coalesce(at, clock_timestamp());
  update access.reach set until_at = greatest(from_at, at) where source = of_source and (until_at is null or until_at > at);
  get diagnostics ended = row_count;
  return ended;
end $$;
comment on function access.end_reach is 'Ends every token that came from one source, from a moment on.';
