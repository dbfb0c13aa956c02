-- The watch: how messages come, what came, and what the desk makes of it. Times are mission time, given by the caller.
create schema if not exists watch;
comment on schema watch is 'Sources, signals, desk and log, activation and call-out.';

create table watch.sources (
  id uuid primary key,
  code text not null unique check (code ~ '^[a-z0-9][a-z0-9-]{0,39}$'),
  name text not null check (name <> ''),
  owner text not null default '',
  kind text not null check (kind in ('http', 'folder', 'feed')),
  address text check ((address is not null) = (kind = 'feed')),
  token_hash bytea check ((token_hash is not null) = (kind = 'http') and length(token_hash) = 32),
  every_seconds int not null default 60 check (every_seconds between 5 and 86400),
  lost_after int not null default 3 check (lost_after between 1 and 100),
  added_by uuid not null references access.account (person) on delete restrict,
  added_at timestamptz not null,
  retired_at timestamptz,
  retired_by uuid references access.account (person) on delete restrict,
  check ((retired_at is null) = (retired_by is null))
);
comment on table watch.sources is 'How messages come: posted with a token, laid in a folder, or fetched from a feed. Kept by an administrator, who cannot read what comes.';
select record.labelled('watch.sources', 'city-wide');
create unique index sources_token on watch.sources (token_hash) where token_hash is not null;

create table watch.source_states (
  source_id uuid primary key references watch.sources on delete restrict,
  next_at timestamptz not null,
  tried_at timestamptz,
  answered_at timestamptz,
  received_at timestamptz,
  failures int not null default 0,
  failure text,
  lost_at timestamptz,
  etag text,
  last_modified text,
  body_hash text
);
comment on table watch.source_states is 'Where each source stands: when it last answered, when something last came, and what is remembered to ask politely again.';

create table watch.source_links (
  source_id uuid not null references watch.sources on delete restrict,
  key text not null,
  failures int not null default 0,
  fetched_at timestamptz,
  primary key (source_id, key)
);
comment on table watch.source_links is 'Which messages that a feed only points to were fetched already (a hash of address and edition), or how often that failed.';

create table watch.source_events (
  id uuid primary key,
  source_id uuid not null references watch.sources on delete restrict,
  kind text not null check (kind in ('lost', 'back')),
  at timestamptz not null,
  failures int not null check (failures >= 0),
  detail text not null default ''
);
comment on table watch.source_events is 'A feed was lost, or came back (R-3.2.6): silence is an event, never a quiet screen.';
select record.labelled('watch.source_events', 'city-wide');
create index source_events_of on watch.source_events (source_id, at desc);

create table watch.trust_anchors (
  id uuid primary key,
  name text not null check (name <> ''),
  pem text not null check (pem like '%BEGIN CERTIFICATE%' and length(pem) <= 100000),
  fingerprint text not null,
  added_by uuid not null references access.account (person) on delete restrict,
  added_at timestamptz not null,
  retired_at timestamptz,
  retired_by uuid references access.account (person) on delete restrict,
  check ((retired_at is null) = (retired_by is null))
);
comment on table watch.trust_anchors is 'Certificates to which a signature must lead to be verified. With none, a sound signature is only present.';
select record.labelled('watch.trust_anchors', 'city-wide');

create table watch.originals (
  id uuid primary key,
  sha256 text not null check (sha256 ~ '^[0-9a-f]{64}$'),
  bytes bytea not null
);
comment on table watch.originals is 'Bytes exactly as they came. Written once, and read at the desk only: nothing unjudged goes past it.';
select record.labelled('watch.originals', 'per-world');

create table watch.deliveries (
  id uuid primary key,
  source_id uuid references watch.sources on delete restrict,
  way text not null check (way in ('http', 'folder', 'feed', 'person', 'demo', 'exercise')),
  name text not null,
  sha256 text not null,
  size int not null check (size >= 0),
  received_at timestamptz not null,
  received_by uuid references access.account (person) on delete restrict,
  outcome text not null check (outcome in ('accepted', 'quarantined', 'refused', 'duplicate')),
  reasons text[] not null,
  alerts jsonb not null,
  original_id uuid,
  receipt text
);
comment on table watch.deliveries is
  'One row for each file that came, also those that were refused or held nothing new: its hash, its outcome and why. receipt: what makes a retry the same delivery.';
select record.labelled('watch.deliveries', 'per-world');
alter table watch.deliveries add foreign key (world, original_id) references watch.originals (world, id) on delete restrict;
create unique index deliveries_receipt on watch.deliveries (world, source_id, receipt);
create index deliveries_refused on watch.deliveries (world, received_at desc) where outcome = 'refused';
create index deliveries_latest on watch.deliveries (world, received_at desc);

create table watch.signals (
  id uuid primary key,
  delivery_id uuid not null,
  original_id uuid not null,
  source_id uuid references watch.sources on delete restrict,
  assigned_from uuid,
  identity_key text not null,
  reference_keys text[] not null default '{}',
  identifier text,
  sender text,
  sent text,
  status text,
  msg_type text,
  scope text,
  route text not null check (route in ('live', 'not-actual')),
  outcome text not null check (outcome in ('accepted', 'quarantined')),
  standing text not null check (standing in ('accepted', 'quarantined', 'released')),
  signature text not null check (signature in ('absent', 'present', 'verified', 'failed')),
  signer text,
  errors text[] not null default '{}',
  flags text[] not null default '{}',
  summary jsonb not null,
  bytes_hash text not null,
  element_hash text not null,
  received_at timestamptz not null,
  state text not null default 'new' check (state in ('new', 'claimed', 'judged')),
  claimed_by uuid references access.account (person) on delete restrict,
  claimed_at timestamptz,
  triage text check (triage in ('noise', 'watch', 'assess', 'activate')),
  judged_by uuid references access.account (person) on delete restrict,
  judged_at timestamptz,
  review_at timestamptz,
  released_by uuid references access.account (person) on delete restrict,
  released_at timestamptz,
  release_reason text,
  check ((claimed_by is null) = (claimed_at is null)),
  check ((triage is null) = (judged_by is null) and (triage is null) = (judged_at is null)),
  check ((released_by is null) = (released_at is null) and (released_by is null) = (release_reason is null)),
  check (standing <> 'released' or released_by is not null)
);
comment on table watch.signals is
  'One warning as judged by machine (outcome), by a person who let it through (standing) and by the desk (triage). What is said in it stands in watch.contents.';
select record.labelled('watch.signals', 'per-world');
alter table watch.signals add foreign key (world, delivery_id) references watch.deliveries (world, id) on delete restrict;
alter table watch.signals add foreign key (world, original_id) references watch.originals (world, id) on delete restrict;
create index signals_identity on watch.signals (world, identity_key);
create index signals_references on watch.signals using gin (reference_keys);
create index signals_latest on watch.signals (world, received_at desc);
create unique index signals_assigned_once on watch.signals (world, assigned_from) where assigned_from is not null;

create table watch.contents (
  id uuid primary key,
  content jsonb not null,
  verdict jsonb not null
);
comment on table watch.contents is 'Everything readable of one signal, under the signal''s own label; written once, so that handling a signal does not write it again.';
select record.labelled('watch.contents', 'per-world');
alter table watch.contents add foreign key (world, id) references watch.signals (world, id) on delete restrict;

create table watch.signal_actions (
  id uuid primary key,
  acting_id uuid not null,
  target_id uuid not null,
  kind text not null check (kind in ('update', 'cancel')),
  other_sender boolean not null,
  at timestamptz not null,
  check (acting_id <> target_id)
);
comment on table watch.signal_actions is 'An Update or Cancel acts on the messages that it names, and on nothing else. It counts while the acting message is not in quarantine.';
select record.labelled('watch.signal_actions', 'per-world');
alter table watch.signal_actions add foreign key (world, acting_id) references watch.signals (world, id) on delete restrict;
alter table watch.signal_actions add foreign key (world, target_id) references watch.signals (world, id) on delete restrict;
alter table watch.signal_actions add unique (world, acting_id, target_id);
create index signal_actions_target on watch.signal_actions (world, target_id);

create table watch.judgements (
  id uuid primary key,
  signal_id uuid not null,
  triage text not null check (triage in ('noise', 'watch', 'assess', 'activate')),
  reliability text not null default '',
  reason text not null check (reason <> ''),
  review_at timestamptz check (review_at > at),
  by_person uuid not null references access.account (person) on delete restrict,
  by_post uuid references structure.posts on delete restrict,
  at timestamptz not null,
  check (triage = 'activate' or review_at is not null)
);
comment on table watch.judgements is 'What the desk made of a signal, who and why; a decision not to activate says when it is looked at again (R-3.4.5).';
select record.labelled('watch.judgements', 'per-world');
alter table watch.judgements add foreign key (world, signal_id) references watch.signals (world, id) on delete restrict;
create index judgements_of on watch.judgements (world, signal_id, at desc);

-- What a person can and cannot make of a signal, whatever else an area allows.
create function watch.keep_signal() returns trigger volatile security definer language plpgsql
set search_path = pg_catalog, pg_temp as $$
begin
  if new.triage = 'activate' and old.triage is distinct from 'activate' and (new.standing = 'quarantined' or new.route <> 'live') then
    raise exception 'a signal in quarantine, or one that is not actual, raises no activation' using errcode = '23514';
  end if;
  if new.standing is distinct from old.standing then
    if new.standing = 'accepted' or (new.standing = 'released'
        and (old.standing <> 'quarantined' or new.released_by is distinct from access.person() or access.person() is null or trim(new.release_reason) = '')) then
      raise exception 'only a named person releases a signal, with a reason' using errcode = '23514';
    end if;
  end if;
  if (new.judged_at is distinct from old.judged_at and new.judged_by is distinct from access.person())
     or (new.claimed_at is distinct from old.claimed_at and new.claimed_by is distinct from access.person()) then
    raise exception 'everybody claims and judges in their own name' using errcode = '23514';
  end if;
  return new;
end $$;
create trigger keep_signal before update on watch.signals for each row execute function watch.keep_signal();

-- The receiving side. Whoever hands in a message need not be able to read the desk: these functions check who calls, write under the
-- desk's label, and answer only what is needed to judge identity.
create function watch.refuse_unless_receiving() returns void stable language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
  if current_setting('role', true) is distinct from 'concord_jobs' and not access.holds('kind:watch-officer', 'kind:operator') then
    raise exception 'not yours to hand in' using errcode = '42501';
  end if;
end $$;

create function watch.desk_label() returns int volatile language sql set search_path = pg_catalog, pg_temp as $$
  select access.intern('[["kind:watch-officer"]]', 'TLP:AMBER')
$$;

-- Waits for whoever is handing in a message of the same identity; held until the end of the transaction.
create function watch.lock_identities(keys text[]) returns void volatile security definer language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
  perform watch.refuse_unless_receiving();
  perform pg_advisory_xact_lock(hashtextextended(access.world() || ' ' || sorted.key, 7264))
    from (select distinct unnest(keys) as key order by 1) sorted;
end $$;

create function watch.known_signals(own text[], referred text[])
returns table (id uuid, identity_key text, sender text, identifier text, sent text, msg_type text, route text, standing text, signature text,
  bytes_hash text, element_hash text, refers jsonb)
stable security definer language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
  perform watch.refuse_unless_receiving();
  return query select s.id, s.identity_key, s.sender, s.identifier, s.sent, s.msg_type, s.route, s.standing, s.signature, s.bytes_hash, s.element_hash,
      case when s.reference_keys && own then c.content -> 'references' else '[]'::jsonb end
    from watch.signals s join watch.contents c on c.id = s.id
    where s.world = access.world() and (s.identity_key = any(own) or s.identity_key = any(referred) or (s.reference_keys && own and s.msg_type in ('Update', 'Cancel')));
end $$;

create function watch.receipt_of(of_source uuid, of_receipt text) returns jsonb stable security definer language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
  perform watch.refuse_unless_receiving();
  return (select jsonb_build_object('deliveryId', d.id, 'file', d.name, 'outcome', d.outcome, 'reasons', d.reasons, 'alerts', d.alerts)
    from watch.deliveries d where d.world = access.world() and d.source_id = of_source and d.receipt = of_receipt);
end $$;
comment on function watch.receipt_of is 'What was answered to the delivery of this receipt, so that handing it in again answers the same and does nothing.';

create function watch.receive_delivery(delivery jsonb) returns void volatile security definer language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
  perform watch.refuse_unless_receiving();
  insert into watch.deliveries select r.* from jsonb_populate_record(null::watch.deliveries,
    delivery || jsonb_build_object('label', watch.desk_label(), 'world', access.world(), 'received_by', access.person())) r;
end $$;

create function watch.receive_original(of_id uuid, of_sha256 text, of_bytes bytea) returns void volatile security definer language plpgsql
set search_path = pg_catalog, pg_temp as $$
begin
  perform watch.refuse_unless_receiving();
  insert into watch.originals (id, sha256, bytes, label) values (of_id, of_sha256, of_bytes, watch.desk_label());
end $$;

create function watch.receive_signal(signal jsonb, content jsonb, verdict jsonb) returns void volatile security definer language plpgsql
set search_path = pg_catalog, pg_temp as $$
declare new_row watch.signals;
begin
  perform watch.refuse_unless_receiving();
  new_row := jsonb_populate_record(null::watch.signals, signal || jsonb_build_object('label', watch.desk_label(), 'world', access.world(), 'state', 'new'));
  if new_row.standing = 'released' or new_row.triage is not null or new_row.claimed_by is not null or new_row.assigned_from is not null then
    raise exception 'a signal arrives unhandled' using errcode = '23514';
  end if;
  insert into watch.signals select new_row.*;
  insert into watch.contents (id, content, verdict, label) values (new_row.id, content, verdict, new_row.label);
end $$;

-- Another message says that it is the same and is not: those that do not stand wait for a person. One that a person released stays so.
create function watch.hold_signals(ids uuid[], why text) returns void volatile security definer language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
  perform watch.refuse_unless_receiving();
  update watch.signals s set standing = case s.standing when 'released' then 'released' else 'quarantined' end, errors = array_append(s.errors, why)
    where s.id = any(ids) and s.world = access.world() and not (why = any(s.errors));
end $$;

create function watch.note_action(of_id uuid, of_acting uuid, of_target uuid, of_kind text, of_other_sender boolean, of_at timestamptz) returns void
volatile security definer language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
  perform watch.refuse_unless_receiving();
  insert into watch.signal_actions (id, acting_id, target_id, kind, other_sender, at, label)
    values (of_id, of_acting, of_target, of_kind, of_other_sender, of_at, watch.desk_label())
    on conflict (world, acting_id, target_id) do nothing;
end $$;

create function watch.anchors_now() returns setof text stable security definer language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
  perform watch.refuse_unless_receiving();
  return query select a.pem from watch.trust_anchors a where a.retired_at is null order by a.id;
end $$;

-- Hands a not-actual message of the live world to an exercise: it becomes a signal of that world, and says where it came from.
create function watch.copy_to_exercise(of_signal uuid, into_world uuid, delivery uuid, original uuid, copy uuid, real_at timestamptz) returns uuid
volatile security definer language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
  given watch.signals;
  there timestamptz := (select w.world_from + (real_at - w.real_from) * w.rate from access.world w where w.id = into_world and w.kind = 'exercise' and w.ended_at is null);
  already uuid;
begin
  if not access.holds('kind:watch-officer') then raise exception 'not yours to assign' using errcode = '42501'; end if;
  if there is null then raise exception 'there is no such open exercise' using errcode = '23514', column = 'worldId'; end if;
  select s.* into given from watch.signals s where s.id = of_signal and s.label = any(access.readable())
    and s.world = (select w.id from access.world w where w.kind = 'live');
  if not found then return null; end if;
  if given.route <> 'not-actual' then raise exception 'what is actual stays in live' using errcode = '23514', column = 'signalId'; end if;
  select s.id into already from watch.signals s where s.world = into_world and s.assigned_from = of_signal;
  if found then return already; end if;
  insert into watch.originals (id, sha256, bytes, label, world)
    select original, o.sha256, o.bytes, watch.desk_label(), into_world from watch.originals o where o.id = given.original_id;
  insert into watch.deliveries (id, source_id, way, name, sha256, size, received_at, received_by, outcome, reasons, alerts, original_id, label, world)
    select delivery, d.source_id, 'exercise', d.name, o.sha256, length(o.bytes), there, access.person(), given.outcome, '{}', '[]', original, watch.desk_label(), into_world
    from watch.deliveries d, watch.originals o where d.id = given.delivery_id and o.id = given.original_id;
  given.id := copy; given.delivery_id := delivery; given.original_id := original; given.assigned_from := of_signal; given.route := 'live';
  given.world := into_world; given.label := watch.desk_label(); given.received_at := there; given.state := 'new';
  given.claimed_by := null; given.claimed_at := null; given.triage := null; given.judged_by := null; given.judged_at := null; given.review_at := null;
  insert into watch.signals select given.*;
  insert into watch.contents (id, content, verdict, label, world) select copy, c.content, c.verdict, given.label, into_world from watch.contents c where c.id = of_signal;
  insert into watch.signal_actions (id, acting_id, target_id, kind, other_sender, at, label, world)
    select gen_random_uuid(), case when a.acting_id = of_signal then copy else other.id end, case when a.target_id = of_signal then copy else other.id end,
      a.kind, a.other_sender, there, given.label, into_world
    from watch.signal_actions a join watch.signals other on other.world = into_world
      and other.assigned_from = case when a.acting_id = of_signal then a.target_id else a.acting_id end
    where of_signal in (a.acting_id, a.target_id)
    on conflict do nothing;
  return copy;
end $$;
