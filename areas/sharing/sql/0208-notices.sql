-- Notices: that something waits, told to whoever is on duty in the posts that it waits for. Never what it is about.
create table sharing.notices (
  id uuid primary key default gen_random_uuid(),
  world uuid not null references access.world on delete restrict,
  key text not null check (length(key) between 8 and 200),
  agency_id uuid references structure.agencies on delete restrict,
  post_id uuid references structure.posts on delete restrict,
  part text check (part ~ '^incident:[0-9a-f-]{36}$'),
  kinds text[] not null default '{}',
  about_table text not null,
  about_row uuid not null,
  due_at timestamptz not null,
  tries int not null default 0,
  told int not null default 0,
  settled_at timestamptz,
  unique (world, key),
  check (num_nonnulls(agency_id, part) = 1)
);
create index notices_due on sharing.notices (world, due_at) where settled_at is null;
comment on table sharing.notices is
  'Who has to be told that something waits: the posts of these kinds of an agency (or one post), or whoever takes part in something in these kinds of post. One for each key. Whom it reached stands in record.sendings.';

-- The one way in. What it is about must be there for whoever says so.
create function sharing.put_notice(of_key text, agency uuid, post uuid, of_part text, of_kinds text[], in_table text, of_row uuid, due timestamptz) returns void
volatile security definer language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
  if current_setting('role', true) = 'concord_member' and not record.sees(in_table, of_row) then raise exception 'not yours to tell of' using errcode = '42501'; end if;
  insert into sharing.notices (world, key, agency_id, post_id, part, kinds, about_table, about_row, due_at)
    values (access.world(), of_key, agency, post, of_part, of_kinds, in_table, of_row, due) on conflict do nothing;
end $$;

-- Who takes part in something now, in one of these kinds of post: in every incident's own world.
create function sharing.in_part(of_part text, of_kinds text[]) returns table (person_id uuid) stable security definer language sql
set search_path = pg_catalog, pg_temp as $$
  select distinct r.person from access.reach r
  where (r.token = of_part or starts_with(r.token, of_part || '.')) and r.from_at <= access.real_now() and (r.until_at is null or r.until_at > access.real_now())
    and (r.only_in is null or r.only_in = access.world())
    and exists (select from access.reach k where k.person = r.person and k.token = any(array(select 'kind:' || kind from unnest(of_kinds) kind))
      and k.from_at <= access.real_now() and (k.until_at is null or k.until_at > access.real_now()) and (k.only_in is null or k.only_in = access.world()))
$$;

-- The tokens by which people take part in something: itself, and the epochs that were ever given.
create function sharing.part_tokens(of_part text) returns jsonb stable security definer language sql set search_path = pg_catalog, pg_temp as $$
  select coalesce(jsonb_agg(distinct t.token), '[]') from (
    select of_part as token union select r.token from access.reach r where starts_with(r.token, of_part || '.')) t
$$;

create function sharing.languages(people uuid[]) returns table (person uuid, language text) stable security definer language sql
set search_path = pg_catalog, pg_temp as $$
  select a.person, a.language from access.account a where a.person = any(people)
$$;
