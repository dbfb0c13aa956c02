-- Duty time: who is on duty when, and which tokens that gives. Hours are local hours of the city: 06:00 stays 06:00 over a clock change.

-- The stretches of duty of a pattern that touch [after, before), joined where they meet. A stretch past midnight belongs to the
-- day on which it begins. A local hour that a clock change skips begins when the clocks have moved; one that comes twice begins once.
create function structure.duty_stretches(of_pattern uuid, after timestamptz, before timestamptz)
returns tstzmultirange stable security definer language sql set search_path = pg_catalog, pg_temp as $$
  select coalesce(range_agg(stretch) filter (where stretch && tstzrange(after, before)), '{}')
  from (
    select tstzrange((day + p.from_local::time) at time zone city.time_zone,
      (case when p.until_local = '24:00' then day + interval '1 day'
            when p.until_local::time > p.from_local::time then day + p.until_local::time
            else day + interval '1 day' + p.until_local::time end) at time zone city.time_zone) as stretch
    from structure.duty_patterns p, access.city city,
      generate_series(date_trunc('day', after at time zone city.time_zone) - interval '2 days', before at time zone city.time_zone, interval '1 day') day
    where p.id = of_pattern and extract(isodow from day)::int = any(p.weekdays)
      and (p.weeks = 'all' or (extract(week from day)::int % 2 = 1) = (p.weeks = 'odd'))
  ) stretches
$$;

-- Who is on duty for a post at a moment: holder first (who has these hours by name before who is there always), then deputies by rank.
-- Names only. A call-out resolves through it in the jobs' role; people read holdings by their label.
create function structure.on_duty(of_post uuid, at timestamptz)
returns table (person_id uuid, capacity text, rank int) stable security definer language sql
set search_path = pg_catalog, pg_temp as $$
  select h.person_id, h.capacity, h.rank from structure.holdings h
  where h.post_id = of_post and h.from_at <= at and (h.until_at is null or h.until_at > at)
    and (h.pattern_id is null or structure.duty_stretches(h.pattern_id, at, at + interval '1 second') @> at)
  order by (h.capacity = 'holder') desc, (h.pattern_id is not null) desc, h.rank, h.from_at desc
$$;

-- What being on duty in a post gives: the post, its kind, and the groups in which it sits (core or standing), chairs or serves.
create function structure.tokens_of_post(of_post uuid) returns setof text stable language sql
set search_path = pg_catalog, pg_temp as $$
  select 'post:' || of_post
  union select 'kind:' || p.kind from structure.posts p where p.id = of_post
  union select 'group:' || m.group_id from structure.memberships m where m.post_id = of_post and m.kind in ('core', 'standing')
  union select 'group:' || g.id from structure.groups g where of_post in (g.chair_post_id, g.deputy_chair_post_id, g.secretariat_post_id)
$$;

-- When each token should be held, by holdings (holders only: a deputy gets them when asked) and by belonging to an agency.
create function structure.tokens_due(at timestamptz, horizon timestamptz)
returns table (person_id uuid, token text, source text, due tstzmultirange) stable language sql
set search_path = pg_catalog, pg_temp as $$
  select h.person_id, t.token, 'structure.holding:' || h.id, hours.due * tstzmultirange(tstzrange(h.from_at, h.until_at))
  from structure.holdings h
  left join structure.duty_patterns p on p.id = h.pattern_id
  cross join lateral (select case
    when p.id is null then '{(,)}'::tstzmultirange
    when p.stands_at is null then structure.duty_stretches(p.id, at, horizon)
    when structure.duty_stretches(p.id, p.stands_at, p.stands_at + interval '1 second') @> p.stands_at then '{(,)}'::tstzmultirange
    else '{}'::tstzmultirange end as due) hours
  cross join lateral structure.tokens_of_post(h.post_id) t (token)
  where h.capacity = 'holder' and (h.until_at is null or h.until_at > at)
  union all
  select person.id, t.token, 'structure.person:' || person.id, '{(,)}'::tstzmultirange
  from structure.people person join structure.agencies agency on agency.id = person.agency_id cross join access.city city
  cross join lateral (values ('agency:' || agency.id), ('city:' || coalesce(agency.home_city, city.code))) t (token)
$$;

-- Brings reach into step with holdings: ends what is no longer due from `at` on, grants what is due and missing, two weeks ahead for hours
-- that come back. Only ever says what the holdings say, so whoever may call it can give nobody anything. Returns how many it changed.
create function structure.refresh_tokens(at timestamptz) returns int volatile security definer language plpgsql
set search_path = pg_catalog, pg_temp as $$
declare
  ended int;
  granted int;
begin
  perform pg_advisory_xact_lock(7263, 1);
  update access.reach r set until_at = greatest(r.from_at, at)
    where (r.source like 'structure.holding:%' or r.source like 'structure.person:%') and (r.until_at is null or r.until_at > at)
      and not exists (select from structure.tokens_due(at, at + interval '14 days') w where w.person_id = r.person and w.token = r.token and w.source = r.source
        and w.due @> tstzrange(greatest(r.from_at, at), r.until_at));
  get diagnostics ended = row_count;
  select count(access.put_reach(missing.person_id, missing.token, lower(missing.stretch), upper(missing.stretch), missing.source)) into granted
  from (
    select w.person_id, w.token, w.source, unnest(w.due * tstzmultirange(tstzrange(at, null)) - coalesce(
      (select range_agg(tstzrange(r.from_at, r.until_at)) from access.reach r
       where r.person = w.person_id and r.token = w.token and r.source = w.source), '{}')) as stretch
    from structure.tokens_due(at, at + interval '14 days') w
  ) missing;
  return ended + granted;
end $$;

-- Standing in: a deputy (or the agency's executive, to whom a call-out climbs) who has accepted gets the post's tokens for a time.
-- The source names what was accepted, and ends it again. At most a week: longer is a holding.
create function structure.stand_in(of_post uuid, of_person uuid, from_moment timestamptz, until_moment timestamptz, of_source text) returns int
volatile security definer language plpgsql set search_path = pg_catalog, pg_temp as $$
declare granted int;
begin
  if of_source !~ '^[a-z]+\.[A-Za-z]+:.' or of_source like 'structure.%' then
    raise exception 'a source names what was accepted' using errcode = '22023', column = 'source';
  end if;
  if until_moment is null or from_moment is null or until_moment <= from_moment or until_moment > from_moment + interval '7 days' then
    raise exception 'standing in has a beginning, and an end within a week' using errcode = '22023', column = 'until';
  end if;
  if not exists (select from structure.holdings h where h.person_id = of_person and h.post_id = of_post and (h.until_at is null or h.until_at > from_moment))
     and not exists (select from structure.holdings h join structure.posts executive on executive.id = h.post_id and executive.kind = 'executive'
                     join structure.posts post on post.agency_id = executive.agency_id and post.id = of_post
                     where h.person_id = of_person and (h.until_at is null or h.until_at > from_moment)) then
    raise exception 'only a holder, a deputy or the agency''s executive stands in' using errcode = '42501';
  end if;
  if current_setting('role', true) = 'concord_member' and of_person is distinct from access.person() and not access.holds('kind:watch-officer', 'kind:secretariat') then
    raise exception 'not yours to grant' using errcode = '42501';
  end if;
  select count(access.put_reach(of_person, t.token, from_moment, until_moment, of_source)) into granted
  from structure.tokens_of_post(of_post) t (token)
  where not exists (select from access.reach r where r.person = of_person and r.token = t.token and r.source = of_source and (r.until_at is null or r.until_at > from_moment));
  return granted;
end $$;

create function structure.stand_down(of_source text, at timestamptz) returns int
volatile security definer language plpgsql set search_path = pg_catalog, pg_temp as $$
declare ended int;
begin
  if of_source !~ '^[a-z]+\.[A-Za-z]+:.' or of_source like 'structure.%' or of_source like 'access.%' then
    raise exception 'a source names what was accepted' using errcode = '22023', column = 'source';
  end if;
  if current_setting('role', true) = 'concord_member' and not access.holds('kind:watch-officer', 'kind:secretariat')
     and exists (select from access.reach r where r.source = of_source and r.person is distinct from access.person()) then
    raise exception 'not yours to end' using errcode = '42501';
  end if;
  update access.reach set until_at = greatest(from_at, at)
    where source = of_source and split_part(token, ':', 1) in ('post', 'kind', 'group') and (until_at is null or until_at > at);
  get diagnostics ended = row_count;
  return ended;
end $$;
comment on function structure.stand_down is 'Ends what standing in gave, by its source.';

-- An agency's executive says who holds its posts; but for the posts that open doors to the whole city, which an administrator fills.
create function structure.is_my_agencys_post(of_post uuid) returns boolean stable security definer language sql
set search_path = pg_catalog, pg_temp as $$
  select exists (select from structure.posts p where p.id = of_post and access.holds('agency:' || p.agency_id)
    and p.kind not in ('administrator', 'operator', 'inquiry', 'device'))
$$;
