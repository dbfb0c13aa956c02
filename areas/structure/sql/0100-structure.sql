-- Who is who: agencies, posts, people, holdings, groups and their members, lead arrangements. City-wide: read in every world, written in live.
create schema structure;
comment on schema structure is 'Who is who: agencies, people and posts, groups, links, responsibilities.';

create table structure.agencies (
  id uuid primary key,
  org_type text not null check (org_type ~ '^[a-z][a-z0-9_]*$'),
  org_code text not null check (org_code <> ''),
  name text not null check (name <> ''),
  short_name text,
  sector text,
  call_back text,
  home_city text check (home_city ~ '^[A-Za-z0-9._-]+$'),
  unique (org_type, org_code)
);
comment on table structure.agencies is 'An agency is (org_type, org_code), never a name. home_city: the neighbour whose agency it is; null is this city.';
select record.labelled('structure.agencies', 'city-wide');

create table structure.posts (
  id uuid primary key,
  code text not null unique check (code <> ''),
  agency_id uuid not null references structure.agencies on delete restrict,
  kind text not null check (kind in ('watch-officer', 'duty', 'executive', 'data-protection', 'legal-adviser', 'loggist', 'secretariat', 'chair',
    'neutral-commander', 'communications', 'inquiry', 'administrator', 'operator', 'device')),
  title text not null check (title <> ''),
  minimum_seniority int not null default 1 check (minimum_seniority between 1 and 5)
);
create index posts_agency on structure.posts (agency_id);
comment on table structure.posts is 'What a person is in an agency. Call-outs, seats and powers belong to posts; a post resolves to whoever is on duty (X-7).';
select record.labelled('structure.posts', 'city-wide');

create table structure.people (
  id uuid primary key references access.account (person) on delete restrict,
  code text not null unique check (code <> ''),
  name text not null check (name <> ''),
  agency_id uuid not null references structure.agencies on delete restrict,
  needs text
);
comment on table structure.people is 'People by name and agency. How to reach them stands apart, under a stricter label.';
select record.labelled('structure.people', 'city-wide');

create table structure.contacts (
  id uuid primary key,
  person_id uuid not null references structure.people on delete restrict,
  channel text not null check (channel in ('mail', 'sms', 'voice', 'webhook')),
  address text not null check (address <> ''),
  rank int not null check (rank >= 1),
  tested_at timestamptz,
  unique (person_id, rank)
);
comment on table structure.contacts is 'Channels of a person in the order in which they are tried (R-3.4.8: two independent ones at least).';
select record.labelled('structure.contacts', 'city-wide');

create table structure.duty_patterns (
  id uuid primary key,
  code text not null unique check (code <> ''),
  words text not null check (words <> ''),
  weekdays int[] not null check (cardinality(weekdays) between 1 and 7 and weekdays <@ '{1,2,3,4,5,6,7}'),
  from_local text not null check (from_local ~ '^([01][0-9]|2[0-3]):[0-5][0-9]$'),
  until_local text not null check (until_local ~ '^(([01][0-9]|2[0-3]):[0-5][0-9]|24:00)$'),
  weeks text not null default 'all' check (weeks in ('all', 'odd', 'even')),
  stands_at timestamptz
);
comment on table structure.duty_patterns is 'Hours that come back, in the city''s local time: ISO weekdays, from and until (past midnight when until is not later), all, odd or even ISO weeks.
stands_at is for a demo only: whoever is on duty at that moment keeps the post''s tokens at every hour, so that its story can be played at night.';
select record.labelled('structure.duty_patterns', 'city-wide');

create table structure.holdings (
  id uuid primary key,
  post_id uuid not null references structure.posts on delete restrict,
  person_id uuid not null references structure.people on delete restrict,
  capacity text not null check (capacity in ('holder', 'deputy')),
  rank int not null default 1 check (rank >= 1),
  pattern_id uuid references structure.duty_patterns on delete restrict,
  from_at timestamptz not null,
  until_at timestamptz check (until_at > from_at)
);
create index holdings_post on structure.holdings (post_id, from_at);
create index holdings_person on structure.holdings (person_id);
comment on table structure.holdings is 'Who holds a post, or deputises, from when to when, and in which hours (no pattern: always). Where the city is thin shows here: named hands only.';
select record.labelled('structure.holdings', 'city-wide');

create table structure.groups (
  id uuid primary key,
  code text not null unique check (code <> ''),
  name text not null check (name <> ''),
  name_fr text,
  tier text not null check (tier in ('strategic', 'tactical', 'operational', 'policy', 'national', 'partnership')),
  purpose text not null default '',
  authority text not null default '',
  convening text not null default '',
  chair_post_id uuid references structure.posts on delete restrict,
  deputy_chair_post_id uuid references structure.posts on delete restrict,
  secretariat_post_id uuid references structure.posts on delete restrict,
  quorum int check (quorum > 0)
);
comment on table structure.groups is 'Groups that meet: who chairs, who keeps the record; quorum counts core members and informs, it never blocks.';
select record.labelled('structure.groups', 'city-wide');

create table structure.memberships (
  id uuid primary key,
  group_id uuid not null references structure.groups on delete restrict,
  agency_id uuid not null references structure.agencies on delete restrict,
  post_id uuid references structure.posts on delete restrict,
  kind text not null check (kind in ('core', 'standing', 'invitee')),
  basis text not null check (basis <> ''),
  derived boolean not null default false,
  unique (group_id, agency_id)
);
create index memberships_agency on structure.memberships (agency_id);
comment on table structure.memberships is 'Which agency sits in which group, in which standing, and on what basis; derived: from geography, not declared.';
select record.labelled('structure.memberships', 'city-wide');

create table structure.lead_arrangements (
  id uuid primary key,
  incident_type text not null check (incident_type <> ''),
  jurisdiction text not null check (jurisdiction <> ''),
  phase text not null check (phase in ('response', 'transition', 'recovery')),
  agency_id uuid not null references structure.agencies on delete restrict,
  basis text not null check (basis <> ''),
  unique (incident_type, jurisdiction, phase)
);
comment on table structure.lead_arrangements is 'The lead agency agreed beforehand, by incident type, jurisdiction and phase (R-5.1.1).';
select record.labelled('structure.lead_arrangements', 'city-wide');

create table structure.findings (
  id uuid primary key,
  kind text not null check (kind <> ''),
  about text not null check (about <> ''),
  words text not null check (words <> ''),
  source text not null check (source <> ''),
  found_at timestamptz not null,
  resolved_at timestamptz
);
comment on table structure.findings is 'What is missing or odd in the structure, in words: a finding, not an error.';
select record.labelled('structure.findings', 'city-wide');

