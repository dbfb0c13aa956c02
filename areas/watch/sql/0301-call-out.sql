-- Activation and call-out: levels and criteria, who was called, by which channel, where each stands. Times are mission time, given by the caller.
create table watch.levels (
  id uuid primary key,
  code text not null unique check (code ~ '^[a-z][a-z0-9-]*$'),
  rank int not null check (rank >= 1),
  name text not null check (name <> ''),
  name_fr text,
  criteria text not null check (criteria <> ''),
  criteria_fr text,
  calls_out uuid[] not null default '{}',
  convenes uuid[] not null default '{}',
  retired_at timestamptz
);
comment on table watch.levels is 'Activation levels: when to take each, which posts it calls out and which groups it convenes.';
select record.labelled('watch.levels', 'city-wide');

create table watch.activations (
  id uuid primary key,
  purpose text not null check (purpose in ('activation', 'test')),
  level_code text not null check (level_code <> ''),
  incident_type text not null check (incident_type <> ''),
  jurisdiction text not null default 'city' check (jurisdiction <> ''),
  criteria_matched text not null check (criteria_matched <> ''),
  reason text not null check (reason <> ''),
  signal_id uuid,
  convened uuid[] not null default '{}',
  call_back text not null default '',
  activated_by uuid not null references access.account (person) on delete restrict,
  activated_post uuid references structure.posts on delete restrict,
  at timestamptz not null,
  stood_down_at timestamptz check (stood_down_at >= at),
  stood_down_by uuid references access.account (person) on delete restrict,
  stand_down_reason text,
  check ((stood_down_at is null) = (stood_down_by is null) and (stood_down_at is null) = (stand_down_reason is null))
);
comment on table watch.activations is 'The duty structure was activated: by whom, at which level, on which criteria and signal; or a test call-out in an exercise.';
select record.labelled('watch.activations', 'per-world', 'id');

create table watch.decisions_not_to_activate (
  id uuid primary key,
  signal_id uuid,
  about text not null check (about <> ''),
  reason text not null check (reason <> ''),
  review_at timestamptz not null check (review_at > decided_at),
  decided_by uuid not null references access.account (person) on delete restrict,
  decided_at timestamptz not null
);
comment on table watch.decisions_not_to_activate is 'A decision not to activate, with its reason and when it is looked at again (R-3.4.5).';
select record.labelled('watch.decisions_not_to_activate', 'per-world');

create table watch.call_outs (
  id uuid primary key,
  activation_id uuid not null,
  post_id uuid not null references structure.posts on delete restrict,
  agency_id uuid not null references structure.agencies on delete restrict,
  state text not null default 'planned' check (state in ('planned', 'asking', 'accepted', 'unanswered', 'stood-down')),
  started_at timestamptz not null,
  next_due timestamptz,
  accepted_by uuid references structure.people on delete restrict,
  accepted_at timestamptz,
  unanswered_since timestamptz,
  flags text[] not null default '{}',
  people jsonb not null default '[]',
  check ((accepted_by is null) = (accepted_at is null))
);
comment on table watch.call_outs is
  'One post called out in one activation. planned: its people are not looked up yet; next_due: when a step of it is due. people: who is in line, on which of their contacts.';
select record.labelled('watch.call_outs', 'per-world', 'activation_id');
alter table watch.call_outs add foreign key (world, activation_id) references watch.activations (world, id) on delete restrict;
alter table watch.call_outs add unique (world, activation_id, post_id);
create index call_outs_due on watch.call_outs (world, next_due) where state in ('planned', 'asking', 'unanswered') and next_due is not null;

create table watch.steps (
  id uuid primary key,
  call_out_id uuid not null,
  key text not null,
  after_minutes double precision not null check (after_minutes >= 0),
  due_at timestamptz not null,
  action text not null check (action in ('ask', 'remind', 'unanswered', 'expire')),
  capacity text check (capacity in ('holder', 'deputy', 'executive')),
  state text not null check (state in ('waiting', 'done', 'cancelled'))
);
comment on table watch.steps is 'The timers of a call-out: when somebody is reminded, or the next in line asked. A done or cancelled step never runs.';
select record.labelled('watch.steps', 'per-world');
alter table watch.steps add foreign key (world, call_out_id) references watch.call_outs (world, id) on delete restrict;
alter table watch.steps add unique (world, call_out_id, key);

create table watch.asks (
  id uuid primary key,
  call_out_id uuid not null,
  activation_id uuid not null,
  post_id uuid not null references structure.posts on delete restrict,
  person_id uuid not null references structure.people on delete restrict,
  key text not null,
  kind text not null check (kind in ('call-out', 'remind')),
  capacity text not null check (capacity in ('holder', 'deputy', 'executive')),
  address int not null check (address >= 0),
  channel text not null check (channel in ('mail', 'sms', 'voice', 'webhook')),
  contact_id uuid not null references structure.contacts on delete restrict,
  due_at timestamptz not null,
  state text not null check (state in ('queued', 'simulated', 'attempted', 'delivered', 'read', 'accepted', 'declined', 'failed', 'expired')),
  reason text,
  detail text,
  queued_at timestamptz,
  simulated_at timestamptz,
  attempted_at timestamptz,
  delivered_at timestamptz,
  read_at timestamptz,
  accepted_at timestamptz,
  declined_at timestamptz,
  failed_at timestamptz,
  expired_at timestamptz,
  announced_at timestamptz
);
comment on table watch.asks is
  'One message to one person on one of their contacts, and when each state was reached. Only accepted stops escalation (R-3.4.1). Numbers and addresses stay with the contact.';
select record.labelled('watch.asks', 'per-world', 'activation_id');
alter table watch.asks add foreign key (world, call_out_id) references watch.call_outs (world, id) on delete restrict;
create unique index asks_key on watch.asks (key, world);
create index asks_call_out on watch.asks (call_out_id);
create index asks_person on watch.asks (person_id, activation_id);
create index asks_to_announce on watch.asks (world, accepted_at) where state = 'accepted' and announced_at is null;

create table watch.answers (
  id uuid primary key,
  ask_id uuid not null,
  call_out_id uuid not null,
  person_id uuid not null references structure.people on delete restrict,
  answer text not null check (answer in ('accepted', 'declined', 'call-me', 'unclear')),
  reason text check (length(reason) <= 300),
  way text not null check (way in ('page', 'sms', 'voice', 'webhook', 'signed-in', 'telephone')),
  noted_by uuid references access.account (person) on delete restrict,
  at timestamptz not null,
  taken_at timestamptz
);
comment on table watch.answers is 'What was answered, by which way, in the order in which it came. taken_at: the call-out has taken it in. call-me and unclear wait for a person.';
select record.labelled('watch.answers', 'per-world');
alter table watch.answers add foreign key (world, ask_id) references watch.asks (world, id) on delete restrict;
alter table watch.answers add foreign key (world, call_out_id) references watch.call_outs (world, id) on delete restrict;
alter table watch.answers add unique (world, ask_id, answer);
create index answers_waiting on watch.answers (world, at) where taken_at is null and answer in ('accepted', 'declined');
create index answers_call_out on watch.answers (call_out_id);

create table watch.ways (
  ask_id uuid primary key,
  world uuid not null references access.world on delete restrict,
  token_hash bytea not null unique check (length(token_hash) = 32),
  reply_code text not null check (reply_code ~ '^[0-9]{6}$'),
  expires_at timestamptz not null,
  closed boolean not null default false,
  foreign key (world, ask_id) references watch.asks (world, id) on delete restrict
);
create unique index open_reply_code on watch.ways (reply_code) where not closed;
comment on table watch.ways is 'How somebody answers without signing in: the hash of the page''s unguessable token, and the reply code, unique among open asks.';

-- World time of a real moment: for answers that come before anybody has signed in.
create function watch.world_time(of_world uuid, real_at timestamptz) returns timestamptz stable language sql
set search_path = pg_catalog, pg_temp as $$
  select case when w.kind = 'live' then real_at else w.world_from + (real_at - w.real_from) * w.rate end from access.world w where w.id = of_world
$$;

-- What the accept page shows: nothing of the incident. Reads only; a token that is not known, or is forged, finds nothing.
create function watch.look_at_ask(of_hash bytea, real_at timestamptz)
returns table (world_kind text, post text, agency text, call_back text, city text, language text, state text, answer text, filled boolean, expired boolean)
stable security definer language sql set search_path = pg_catalog, pg_temp as $$
  select w.kind, post.title, agency.name, activation.call_back, city.name, account.language, called.state,
    (select a.answer from watch.answers a where a.call_out_id = ask.call_out_id and a.person_id = ask.person_id and a.answer <> 'unclear'
       order by (a.answer = 'accepted') desc, (a.answer = 'declined') desc limit 1),
    called.accepted_by is not null and called.accepted_by <> ask.person_id,
    way.expires_at < watch.world_time(way.world, real_at) or w.ended_at is not null
  from watch.ways way
  join access.world w on w.id = way.world
  join watch.asks ask on ask.id = way.ask_id
  join watch.call_outs called on called.id = ask.call_out_id
  join watch.activations activation on activation.id = called.activation_id
  join structure.posts post on post.id = ask.post_id
  join structure.agencies agency on agency.id = post.agency_id
  join access.account account on account.person = ask.person_id
  left join access.city city on true
  where way.token_hash = of_hash
$$;

-- Writes one answer of one ask; the same answer again changes nothing. Called by the functions below, never by a serving role.
create function watch.put_answer(of_ask uuid, given text, why text, by_way text, real_at timestamptz) returns text
volatile language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
  ask watch.asks;
  world_at timestamptz;
begin
  select a.* into ask from watch.asks a where a.id = of_ask;
  if not found then return 'unknown'; end if;
  if exists (select from access.world w where w.id = ask.world and w.ended_at is not null) then return 'expired'; end if;
  world_at := watch.world_time(ask.world, real_at);
  if exists (select from watch.ways w where w.ask_id = of_ask and w.expires_at < world_at) then return 'expired'; end if;
  insert into watch.answers (id, ask_id, call_out_id, person_id, answer, reason, way, at, label, world)
    values (gen_random_uuid(), of_ask, ask.call_out_id, ask.person_id, given, nullif(left(trim(why), 300), ''), by_way, world_at, ask.label, ask.world)
    on conflict do nothing;
  return case when found then 'noted' else 'repeated' end;
end $$;

create function watch.answer_by_token(of_hash bytea, given text, why text, real_at timestamptz) returns text
volatile security definer language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
  if given not in ('accepted', 'declined', 'call-me') then return 'unknown'; end if;
  return watch.put_answer((select w.ask_id from watch.ways w where w.token_hash = of_hash), given, why, 'page', real_at);
end $$;

create function watch.answer_by_key(of_key text, given text, why text, by_way text, real_at timestamptz) returns text
volatile security definer language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
  return watch.put_answer((select a.id from watch.asks a where a.key = of_key), given, why, by_way, real_at);
end $$;

create function watch.answer_by_code(of_code text, given text, why text, by_way text, real_at timestamptz) returns text
volatile security definer language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
  return watch.put_answer((select w.ask_id from watch.ways w where w.reply_code = of_code and not w.closed), given, why, by_way, real_at);
end $$;

create function watch.languages(people uuid[]) returns table (person uuid, language text) stable security definer language sql
set search_path = pg_catalog, pg_temp as $$
  select a.person, a.language from access.account a where a.person = any(people)
$$;
comment on function watch.languages is 'In which language somebody is called; nothing else of their account.';
