-- The network itself: what joins groups, posts and agencies; who answers for what; what information goes where; who comes and goes by attack
-- type and time; and the versions of it all. City-wide, like the rest of structure.

alter table structure.agencies
  add column parent_id uuid references structure.agencies on delete restrict,
  add column services text[] not null default '{}',
  add constraint no_branch_of_itself check (parent_id <> id);
comment on column structure.agencies.parent_id is 'The agency of which this is a branch, or which runs it; a control room keeps its own row all the same (R-1.2.5).';
alter table structure.posts add column competences text[] not null default '{}';
alter table structure.groups
  add column terms_of_reference text not null default '',
  add column cells text[] not null default '{}',
  add column records_owner_post_id uuid references structure.posts on delete restrict,
  add column review_at timestamptz;

create table structure.media (
  id uuid primary key,
  code text not null unique check (code <> ''),
  name text not null check (name <> ''),
  depends_on text[] not null default '{}'
);
comment on table structure.media is 'Ways of telling each other, and what each depends on (mobile-network, internet, mains-power): two that share a dependence are not independent (R-1.1.1).';
select record.labelled('structure.media', 'city-wide');

create table structure.places (
  id uuid primary key,
  code text not null unique check (code <> ''),
  name text not null check (name <> '')
);
comment on table structure.places is 'Where groups meet and posts work, by name alone: no address, no plan. What is lost when a place is lost hangs on it.';
select record.labelled('structure.places', 'city-wide');
alter table structure.posts add column place_id uuid references structure.places on delete restrict;
alter table structure.groups add column place_id uuid references structure.places on delete restrict;

create table structure.links (
  id uuid primary key,
  from_group_id uuid references structure.groups on delete restrict,
  from_post_id uuid references structure.posts on delete restrict,
  from_agency_id uuid references structure.agencies on delete restrict,
  to_group_id uuid references structure.groups on delete restrict,
  to_post_id uuid references structure.posts on delete restrict,
  to_agency_id uuid references structure.agencies on delete restrict,
  kind text not null check (kind in ('directs', 'reports', 'informs', 'requests', 'liaises')),
  primary_medium_id uuid references structure.media on delete restrict,
  backup_medium_id uuid references structure.media on delete restrict,
  carries text[] not null default '{}',
  tested_at timestamptz,
  ended_at timestamptz,
  check (num_nonnulls(from_group_id, from_post_id, from_agency_id) = 1),
  check (num_nonnulls(to_group_id, to_post_id, to_agency_id) = 1),
  constraint no_link_to_itself check (coalesce(from_group_id, from_post_id, from_agency_id) <> coalesce(to_group_id, to_post_id, to_agency_id)),
  constraint backup_is_another_medium check (backup_medium_id <> primary_medium_id)
);
create unique index one_link_of_a_kind on structure.links (coalesce(from_group_id, from_post_id, from_agency_id), coalesce(to_group_id, to_post_id, to_agency_id), kind)
  where ended_at is null;
comment on table structure.links is 'Who directs, reports to, informs, asks or liaises with whom, by which medium and which other one, what it carries, when it was last tried (R-1.1.1).';
select record.labelled('structure.links', 'city-wide');

create table structure.responsibilities (
  id uuid primary key,
  activity text not null check (activity <> ''),
  phase text not null check (phase in ('response', 'transition', 'recovery')),
  agency_id uuid not null references structure.agencies on delete restrict,
  part text not null check (part in ('accountable', 'responsible', 'consulted', 'informed')),
  joint_basis text check (joint_basis <> ''),
  ended_at timestamptz
);
create unique index one_part_of_a_responsibility on structure.responsibilities (activity, phase, agency_id, part) where ended_at is null;
comment on table structure.responsibilities is 'Who answers for an activity in a phase, who does it, who is asked, who is told. Two accountable agencies are a finding, unless the law makes them so: joint_basis (R-1.2.1).';
select record.labelled('structure.responsibilities', 'city-wide');

create table structure.products (
  id uuid primary key,
  code text not null unique check (code <> ''),
  name text not null check (name <> ''),
  producer_agency_id uuid references structure.agencies on delete restrict,
  medium_id uuid references structure.media on delete restrict,
  protocol text check (protocol <> ''),
  ended_at timestamptz
);
comment on table structure.products is 'Information that the network needs: who makes it, by which channel it goes, under which sharing protocol (its title). What is missing is a finding.';
select record.labelled('structure.products', 'city-wide');

create table structure.product_receivers (
  id uuid primary key,
  product_id uuid not null references structure.products on delete restrict,
  agency_id uuid not null references structure.agencies on delete restrict,
  ended_at timestamptz
);
create unique index one_receipt on structure.product_receivers (product_id, agency_id) where ended_at is null;
comment on table structure.product_receivers is 'Which agencies need an information product.';
select record.labelled('structure.product_receivers', 'city-wide');

create table structure.variants (
  id uuid primary key,
  group_id uuid not null references structure.groups on delete restrict,
  incident_type text not null default 'any' check (incident_type <> ''),
  band text not null default 'any' check (band in ('any', 'first-hour', 'first-day', 'recovery')),
  effect text not null check (effect in ('joins', 'leaves', 'chairs', 'deputy-chairs')),
  agency_id uuid references structure.agencies on delete restrict,
  post_id uuid references structure.posts on delete restrict,
  basis text not null check (basis <> ''),
  ended_at timestamptz,
  check (case when effect in ('joins', 'leaves') then agency_id is not null else post_id is not null end),
  constraint a_variant_varies check (incident_type <> 'any' or band <> 'any')
);
comment on table structure.variants is 'The same city by attack type and time: who joins, who leaves, who chairs in the first hour, the first day, the recovery (GAP-04).';
select record.labelled('structure.variants', 'city-wide');

create table structure.versions (
  id uuid primary key,
  number int not null unique check (number > 0),
  network jsonb not null,
  hash bytea not null,
  in_force_from timestamptz not null,
  basis text not null check (basis in ('import', 'review')),
  review_id uuid
);
comment on table structure.versions is 'The network as it stood in each version, whole: what an incident pins, what a review compares (R-1.1.5).';
select record.labelled('structure.versions', 'city-wide');

-- A version is written once.
create trigger keep_version before update on structure.versions for each row execute function record.refuse_change();
