-- Reach in one world only, and admissions: whoever may read under these clauses holds this token too.

alter table access.reach add column only_in uuid references access.world on delete restrict;
comment on column access.reach.only_in is 'The one world in which the token counts: what a deputy holds in an exercise opens nothing in live. null: every world.';

create table access.admission (
  id uuid primary key,
  token text not null check (token ~ '^circle:[A-Za-z0-9._-]{1,200}$'),
  bearers jsonb not null check (jsonb_typeof(bearers) = 'array'),
  from_at timestamptz not null,
  until_at timestamptz check (until_at >= from_at),
  source text not null check (source <> '')
);
create index admission_source on access.admission (source);
create index admission_token on access.admission (token);
comment on table access.admission is
  'Whoever''s own reach meets every clause of bearers holds the token as well, from when to when. One step: what was admitted admits nobody further.';
select record.labelled('access.admission', 'city-wide');

-- What is agreed and granted holds in real time, in every world: by the database's own clock, so that no caller can move it.
create function access.real_now() returns timestamptz volatile language sql set search_path = pg_catalog, pg_temp as $$ select clock_timestamp() $$;

create function access.world_or_live() returns uuid stable language sql set search_path = pg_catalog, pg_temp as $$
  select coalesce(access.world(), access.live_world())
$$;

-- What somebody holds of their own at a moment in a world.
create function access.own_tokens(of_person uuid, at timestamptz, in_world uuid) returns text[] stable language sql
set search_path = pg_catalog, pg_temp as $$
  select array_agg(distinct t.token) from (
    select 'person:' || of_person as token
    union all
    select r.token from access.reach r where r.person = of_person and r.from_at <= at and (r.until_at is null or r.until_at > at)
      and (r.only_in is null or r.only_in = in_world)
  ) t
$$;

-- Do these tokens meet every clause? No clauses, or an empty one, is nobody.
create function access.meets(clauses jsonb, reach text[]) returns boolean immutable language sql set search_path = pg_catalog, pg_temp as $$
  select coalesce(bool_and(array(select jsonb_array_elements_text(c.value)) && reach), false) from jsonb_array_elements(clauses) c
$$;

create function access.tokens_in(of_person uuid, at timestamptz, in_world uuid) returns text[] stable language sql
set search_path = pg_catalog, pg_temp as $$
  select own.tokens || array(
    select distinct a.token from access.admission a
    where a.from_at <= at and (a.until_at is null or a.until_at > at) and access.meets(a.bearers, own.tokens) and not a.token = any(own.tokens))
  from (select access.own_tokens(of_person, at, in_world) as tokens) own
$$;

-- Everything that asked for tokens asks in the world of its transaction.
create or replace function access.tokens_of(of_person uuid, at timestamptz) returns text[] stable language sql
set search_path = pg_catalog, pg_temp as $$ select access.tokens_in(of_person, at, access.world_or_live()) $$;

-- The next moment at which a person's tokens change by themselves.
create function access.next_change(of_person uuid, moment timestamptz) returns timestamptz stable language sql set search_path = pg_catalog, pg_temp as $$
  select min(t.at) from (
    select x.at from access.reach r, lateral (values (r.from_at), (r.until_at)) x (at) where r.person = of_person
    union all
    select x.at from access.admission a, lateral (values (a.from_at), (a.until_at)) x (at) where a.until_at is null or a.until_at > moment
  ) t where t.at > moment
$$;

alter table access.sight add column world uuid references access.world on delete restrict;
delete from access.sight;
alter table access.sight alter column world set not null;
alter table access.sight drop constraint sight_pkey;
alter table access.sight add primary key (person, world);
comment on table access.sight is 'Readable labels of a person in a world, worked out once and kept until reach changes or runs out.';

create or replace function access.look(of_person uuid, out tokens text[], out labels int[]) stable security definer language plpgsql
set search_path = pg_catalog, pg_temp as $$
declare kept access.sight;
begin
  select s.* into kept from access.sight s join access.account a on a.person = s.person
    where s.person = of_person and s.world = access.world_or_live() and s.version = a.reach_version and s.valid_until > clock_timestamp();
  if found then
    tokens := kept.tokens;
    labels := kept.labels || access.readable_by(kept.tokens, kept.highest);
  else
    tokens := access.tokens_of(of_person, clock_timestamp());
    labels := access.readable_by(tokens, 0);
  end if;
end $$;

drop function access.look_at(uuid);
create function access.look_at(of_person uuid, in_world uuid, out tokens text[], out labels int[], out valid_until timestamptz) stable security definer language plpgsql
set search_path = pg_catalog, pg_temp as $$
begin
  tokens := access.tokens_in(of_person, clock_timestamp(), in_world);
  labels := access.readable_by(tokens, 0);
  valid_until := access.next_change(of_person, clock_timestamp());
end $$;
comment on function access.look_at is 'For the live stream: a person''s reach in a world now, and the moment at which it changes by itself.';

create or replace function access.readable() returns int[] stable security definer language plpgsql
set search_path = pg_catalog, pg_temp as $$
declare
  kept access.sight;
  latest int;
  viewer uuid;
begin
  if coalesce(current_setting('concord.as', true), '') = '' then
    select s.person, s.highest, s.tokens, s.labels, (select max(l.id) from access.label l) into kept.person, kept.highest, kept.tokens, kept.labels, latest
      from access.session x join access.account a on a.person = x.person
      join access.sight s on s.person = x.person and s.world = access.world() and s.version = a.reach_version and s.valid_until > clock_timestamp()
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

create or replace function access.reach_now() returns text[] stable security definer language plpgsql
set search_path = pg_catalog, pg_temp as $$
declare
  viewer uuid;
  kept text[];
begin
  if coalesce(current_setting('concord.as', true), '') = '' then
    select s.tokens into kept
      from access.session x join access.account a on a.person = x.person
      join access.sight s on s.person = x.person and s.world = access.world() and s.version = a.reach_version and s.valid_until > clock_timestamp()
      where x.key_hash = sha256(convert_to(current_setting('concord.key', true), 'UTF8'))
        and x.ended_at is null and x.expires_at > clock_timestamp() and x.idle_until > clock_timestamp() and a.disabled_at is null;
    if kept is not null then return kept; end if;
  end if;
  viewer := (access.viewer()).person;
  if viewer is null then return '{}'; end if;
  return (access.look(viewer)).tokens;
end $$;

-- As before, but that the world is found first: what somebody holds is worked out and kept for that world.
create or replace function access.enter(key text, in_world text, as_person text, operation text, reason text, out person uuid, out name text, out language text, out post uuid, out operator_person uuid, out session_kind text, out strong_at timestamptz,
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
  select w.id, w.kind, w.name, w.real_from, w.world_from, w.rate into world, world_kind, world_name, real_from, world_from, rate
    from access.world w where w.ended_at is null and case when in_world = '' then w.kind = 'live' else w.id = in_world::uuid end;
  perform set_config('concord.key', key, true), set_config('concord.world', coalesce(world::text, ''), true), set_config('concord.as', as_person, true),
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
  if person is null or world is null then return; end if;
  if seen_long_ago then
    update access.session s set seen_at = moment, idle_until = coalesce(moment + s.idle_for, 'infinity')
      where s.key_hash = (select mine.key_hash from access.session mine where mine.key_hash = hash for update skip locked);
  end if;
  select s.*, (select max(l.id) from access.label l) into kept.person, kept.version, kept.highest, kept.valid_until, kept.tokens, kept.labels, kept.world, highest_now
    from access.sight s where s.person = enter.person and s.world = enter.world;
  highest_now := coalesce(highest_now, (select max(l.id) from access.label l), 0);
  if kept.version is distinct from version_now or kept.valid_until <= moment then
    reach := access.tokens_in(person, moment, world);
    insert into access.sight as s (person, world, version, highest, valid_until, tokens, labels)
      values (enter.person, enter.world, version_now, highest_now, coalesce(access.next_change(person, moment), 'infinity'), reach, access.readable_by(reach, 0))
      on conflict on constraint sight_pkey do update set version = excluded.version, highest = excluded.highest, valid_until = excluded.valid_until,
        tokens = excluded.tokens, labels = excluded.labels;
  else
    reach := kept.tokens;
    if highest_now > kept.highest + 50 then
      update access.sight s set labels = s.labels || access.readable_by(kept.tokens, kept.highest), highest = highest_now
        where s.person = enter.person and s.world = enter.world and s.highest = kept.highest;
    end if;
  end if;
  if post is not null and not (('post:' || post) = any(reach)) then
    post := null;
    -- In an exercise a post may be held that live does not know: the session's own choice stays.
    update access.session s set post = null where s.key_hash = hash and operator_person is null and world_kind = 'live';
  end if;
end $$;

create function access.admission_changed() returns trigger volatile security definer language plpgsql
set search_path = pg_catalog, pg_temp as $$
begin
  update access.account set reach_version = reach_version + 1 where person in (
    select r.person from access.reach r, jsonb_array_elements(new.bearers) c where r.token = any(array(select jsonb_array_elements_text(c.value)))
    union
    select substr(t.token, 8)::uuid from jsonb_array_elements(new.bearers) c, jsonb_array_elements_text(c.value) t (token) where t.token ~ '^person:[0-9a-f-]{36}$');
  return new;
end $$;
create trigger admission_changed after insert or update on access.admission for each row execute function access.admission_changed();

drop function access.put_reach(uuid, text, timestamptz, timestamptz, text);
create function access.put_reach(of_person uuid, of_token text, from_moment timestamptz, until_moment timestamptz, of_source text, in_world uuid default null) returns uuid
volatile language plpgsql set search_path = pg_catalog, pg_temp as $$
declare grant_id uuid := gen_random_uuid();
begin
  insert into access.reach (id, person, token, from_at, until_at, source, only_in, label, world)
    values (grant_id, of_person, of_token, coalesce(from_moment, clock_timestamp()), until_moment, of_source, in_world,
      access.intern(jsonb_build_array(jsonb_build_array('person:' || of_person, 'kind:administrator', 'kind:inquiry')), 'TLP:AMBER+STRICT'),
      access.live_world());
  return grant_id;
end $$;

-- The writing side of admissions, as put_reach is of reach: called by definer functions of areas, which say themselves who may; never by a serving role.
-- Those who are admitted can read that they are, and the city's administrators and inquiries can.
create function access.put_admission(of_token text, of_bearers jsonb, from_moment timestamptz, until_moment timestamptz, of_source text) returns uuid
volatile language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
  admission_id uuid := gen_random_uuid();
  form jsonb := access.canonical(of_bearers);
begin
  insert into access.admission (id, token, bearers, from_at, until_at, source, label, world)
    values (admission_id, of_token, form, coalesce(from_moment, clock_timestamp()), until_moment, of_source,
      access.intern(jsonb_build_array((form -> 0) || '["kind:administrator", "kind:inquiry"]'::jsonb), 'TLP:AMBER+STRICT'), access.live_world());
  return admission_id;
end $$;

create function access.close_admission(of_source text, at timestamptz) returns int
volatile language plpgsql set search_path = pg_catalog, pg_temp as $$
declare closed int;
begin
  at := coalesce(at, clock_timestamp());
  update access.admission set until_at = greatest(from_at, at) where source = of_source and (until_at is null or until_at > at);
  get diagnostics closed = row_count;
  return closed;
end $$;

-- Why this transaction's person can read under a label: each clause, which of their tokens meets it, and where each came from.
create function access.why(of_label int) returns table (clause int, token text, source text) stable security definer language plpgsql
set search_path = pg_catalog, pg_temp as $$
declare
  viewer uuid := (access.viewer()).person;
  moment timestamptz := clock_timestamp();
  here uuid := access.world_or_live();
  own text[] := access.own_tokens(viewer, moment, here);
begin
  if viewer is null or not of_label = any(access.readable()) then return; end if;
  return query
    select c.clause, t.token, coalesce(r.source, a.source, 'access.self')
    from access.clause c cross join lateral unnest(c.tokens) t (token)
    left join access.reach r on r.person = viewer and r.token = t.token and r.from_at <= moment and (r.until_at is null or r.until_at > moment)
      and (r.only_in is null or r.only_in = here)
    left join access.admission a on a.token = t.token and a.from_at <= moment and (a.until_at is null or a.until_at > moment) and access.meets(a.bearers, own)
    where c.label = of_label and t.token = any(access.tokens_in(viewer, moment, here)) order by 1, 2, 3;
end $$;
comment on function access.why is 'Which of the asker''s own tokens let them read under a label, and from what each came.';
