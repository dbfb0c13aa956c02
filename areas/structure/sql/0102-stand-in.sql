-- Who stands in within an exercise holds the post there and nowhere else.
create or replace function structure.stand_in(of_post uuid, of_person uuid, from_moment timestamptz, until_moment timestamptz, of_source text) returns int
volatile security definer language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
  granted int;
  only_here uuid := case when access.is_live() or access.world() is null then null else access.world() end;
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
  select count(access.put_reach(of_person, t.token, from_moment, until_moment, of_source, only_here)) into granted
  from structure.tokens_of_post(of_post) t (token)
  where not exists (select from access.reach r where r.person = of_person and r.token = t.token and r.source = of_source and r.only_in is not distinct from only_here and (r.until_at is null or r.until_at > from_moment));
  return granted;
end $$;
