-- Caveats and who is briefed for them; pointers to what is held elsewhere; what nobody can read, told to its originators alone.

-- Reading under a caveat is given by a legal adviser or a data-protection post, by name, with a reason and an end. Circles of protocols open by
-- signatures. Neither is anybody's to take by being the first to ask for it.
insert into access.caveat (token, descriptor, place) values
  ('briefed:legal-privilege', 'LEGAL PRIVILEGE', 1), ('briefed:investigation', 'INVESTIGATION', 2);
insert into access.reserved (prefix) values ('briefed:legal-privilege'), ('briefed:investigation'), ('circle:protocol.');

create table sharing.briefings (
  id uuid primary key,
  token text not null references access.caveat (token) on delete restrict,
  person_id uuid not null references structure.people on delete restrict,
  agency_id uuid not null references structure.agencies on delete restrict,
  given_by uuid not null references access.account on delete restrict,
  reason text not null check (length(trim(reason)) >= 3),
  given_at timestamptz not null,
  until_at timestamptz not null check (until_at > given_at and until_at <= given_at + interval '1 year'),
  ended_at timestamptz,
  ended_by uuid references access.account on delete restrict,
  end_reason text,
  check (num_nulls(ended_at, ended_by, end_reason) in (0, 3))
);
create index briefings_person on sharing.briefings (person_id, token);
comment on table sharing.briefings is 'Who may read what carries a caveat: given by name for an agency, with a reason and an end. Written by sharing.brief and sharing.end_briefing alone.';
select record.labelled('sharing.briefings', 'city-wide');

create function sharing.brief(of_id uuid, of_token text, of_person uuid, of_agency uuid, why text, until_moment timestamptz) returns void
volatile security definer language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
  viewer record;
  moment timestamptz := access.real_now();
begin
  select v.* into viewer from access.viewer() v;
  if viewer.person is null or viewer.operator_person is not null or not access.is_live() or not sharing.acts_for(of_agency, '{legal-adviser,data-protection}')
    or not exists (select from access.caveat c where c.token = of_token)
    or not exists (select from structure.people p where p.id = of_person and p.agency_id = of_agency) then
    raise exception 'not yours to give' using errcode = '42501';
  end if;
  if until_moment <= moment or until_moment > moment + interval '1 year' then
    raise exception 'A briefing ends within a year from now. Nothing was changed. Choose another day.' using errcode = '22023', column = 'until';
  end if;
  if exists (select from sharing.briefings b where b.person_id = of_person and b.token = of_token and b.agency_id = of_agency and b.ended_at is null and b.until_at > moment) then
    raise exception 'briefed already' using errcode = '23505';
  end if;
  perform access.put_reach(of_person, of_token, moment, until_moment, 'sharing.briefing:' || of_id);
  insert into sharing.briefings (id, token, person_id, agency_id, given_by, reason, given_at, until_at, label, world)
    values (of_id, of_token, of_person, of_agency, viewer.person, why, moment, until_moment,
      access.intern(jsonb_build_array(jsonb_build_array('person:' || of_person, 'agency:' || of_agency, 'kind:inquiry'),
        jsonb_build_array('person:' || of_person, 'kind:legal-adviser', 'kind:data-protection', 'kind:executive', 'kind:inquiry')), 'TLP:AMBER+STRICT'),
      access.live_world());
end $$;

create function sharing.end_briefing(of_id uuid, why text) returns boolean volatile security definer language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
  briefing sharing.briefings;
  moment timestamptz := access.real_now();
begin
  select b.* into briefing from sharing.briefings b where b.id = of_id and b.label = any(access.readable()) for update;
  if not found then return false; end if;
  if not access.is_live() or not sharing.acts_for(briefing.agency_id, '{legal-adviser,data-protection}') then
    raise exception 'not yours to end' using errcode = '42501';
  end if;
  if briefing.ended_at is not null or briefing.until_at <= moment then raise exception 'ended already' using errcode = '23505'; end if;
  update access.reach r set until_at = greatest(r.from_at, moment) where r.source = 'sharing.briefing:' || of_id and (r.until_at is null or r.until_at > moment);
  update sharing.briefings b set ended_at = moment, ended_by = access.person(), end_reason = why where b.id = of_id;
  return true;
end $$;

create table sharing.pointers (
  id uuid primary key,
  incident_id uuid,
  title text not null check (length(trim(title)) between 1 and 200),
  holder_agency_id uuid not null references structure.agencies on delete restrict,
  ask_post_id uuid references structure.posts on delete restrict,
  how text not null check (length(trim(how)) between 3 and 2000),
  maker_agency_id uuid not null references structure.agencies on delete restrict,
  made_by uuid not null references access.account on delete restrict,
  made_at timestamptz not null,
  restriction_reason text,
  ended_at timestamptz,
  ended_by uuid references access.account on delete restrict,
  end_reason text,
  check (num_nulls(ended_at, ended_by, end_reason) in (0, 3))
);
comment on table sharing.pointers is 'That something is held elsewhere, by whom, whom to ask and how to be briefed (R-2.2.6, R-3.3.1): a title without content.';
select record.labelled('sharing.pointers', 'per-world', 'incident_id');

create function sharing.keep_pointer() returns trigger language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
  if old.ended_at is not null then raise exception 'taken back already' using errcode = '23505'; end if;
  return new;
end $$;
create trigger keep_pointer before update on sharing.pointers for each row execute function sharing.keep_pointer();

-- What an agency is called in a marking: its code where that is one word and its alone, else its number.
create function sharing.agency_word(of_agency uuid) returns text stable security definer language sql set search_path = pg_catalog, pg_temp as $$
  select case when a.org_code ~ '^[A-Za-z0-9][A-Za-z0-9._-]{0,59}$' and a.org_code <> 'NOBODY'
      and not exists (select from structure.agencies o where o.org_code = a.org_code and o.id <> a.id) then a.org_code else a.id::text end
  from structure.agencies a where a.id = of_agency
$$;

-- Labels of the asker's own agency, as originator, under which nobody who is here can read. Whoever acts for no originator gets nothing, and
-- so does everybody about labels that name no originator of theirs.
create function sharing.read_by_nobody() returns table (marking text, clauses jsonb, agency_id uuid) stable security definer language plpgsql
set search_path = pg_catalog, pg_temp as $$
begin
  return query
    select n.marking, n.clauses, mine.id
    from (select p.agency_id as id, sharing.agency_word(p.agency_id) as word from structure.posts p
          where p.kind in ('executive', 'data-protection', 'legal-adviser', 'secretariat') and access.holds('post:' || p.id)
            and access.holds('agency:' || p.agency_id) and not access.holds('kind:device') group by p.agency_id) mine
    cross join lateral access.read_by_nobody(array[mine.word]) n;
end $$;
