-- What structure leaves undone rises by itself: a review that was not signed in its time, a group whose agreed day of review has passed (R-1.2.4),
-- and a known weakness that stays open, the sooner the more often it came back (R-4.1.3). Only that it is so, since when and whose; never what it says.
alter table sharing.oversight drop constraint oversight_kind_check;
alter table sharing.oversight add constraint oversight_kind_check
  check (kind in ('emergency-disclosure', 'reporting-upward', 'restriction-past-end', 'structure-review', 'group-review', 'known-weakness'));
alter table sharing.oversight add column times int not null default 1 check (times > 0);
comment on column sharing.oversight.times is 'How often it came about: a weakness that was mended and came back weighs more.';
comment on table sharing.oversight is
  'One line for each emergency disclosure, reporting upward, restriction past its end, review of structure past its day, and known weakness that stays open. Under a label of its own: data-protection posts, the chair and an inquiry. Written by the database alone.';

-- In live, where structure is kept. weakness_days: how long a finding may stay open before it rises; half of that when it came back once, a third when twice.
-- A line is done with when what it says is no longer so. Returns how many lines came or went.
create function sharing.oversee_structure(now_in_world timestamptz, weakness_days int) returns int volatile security definer language plpgsql
set search_path = pg_catalog, pg_temp as $$
declare
  here uuid := access.live_world();
  it record;
  changed int := 0;
  more int;
begin
  if not access.is_live() then return 0; end if;

  for it in
    select r.id, r.proposed_by, r.proposing_agency_id, r.sign_by, late.agencies from structure.reviews r
    cross join lateral (select array_agg(p.agency_id order by p.agency_id) as agencies from structure.review_parties p
      where p.review_id = r.id and p.round = r.round
        and coalesce((select v.verdict from structure.review_verdicts v where v.review_id = r.id and v.round = r.round and v.agency_id = p.agency_id
          order by v.given_at desc, v.id limit 1), '') <> 'signed') late
    where r.state = 'offered' and r.sign_by <= now_in_world and late.agencies is not null
      and not exists (select from sharing.oversight o where o.about_row = r.id and o.kind = 'structure-review' and o.reviewed_at is null and o.agency_ids = late.agencies)
    limit 100
  loop
    perform sharing.oversee('structure-review', 'structure.reviews', it.id, it.proposed_by, it.proposing_agency_id, it.agencies, it.sign_by, it.sign_by, here);
    -- Offered again and late again is the same line, once more.
    update sharing.oversight o set times = o.times + (case when o.reviewed_at is null then 0 else 1 end), overdue_at = case when o.reviewed_at is null then o.overdue_at end,
        reviewed_at = null, at = it.sign_by, review_due_at = it.sign_by, agency_ids = it.agencies
      where o.about_row = it.id and o.kind = 'structure-review' and (o.reviewed_at is not null or o.agency_ids <> it.agencies);
    changed := changed + 1;
  end loop;
  update sharing.oversight o set reviewed_at = coalesce(r.adopted_at, now_in_world) from structure.reviews r
    where r.id = o.about_row and o.kind = 'structure-review' and o.reviewed_at is null
      and (r.state <> 'offered' or r.sign_by > now_in_world or not exists (select from structure.review_parties p
        where p.review_id = r.id and p.round = r.round
          and coalesce((select v.verdict from structure.review_verdicts v where v.review_id = r.id and v.round = r.round and v.agency_id = p.agency_id
            order by v.given_at desc, v.id limit 1), '') <> 'signed'));
  get diagnostics more = row_count;
  changed := changed + more;

  for it in
    select g.id, g.review_at, (select p.agency_id from structure.posts p where p.id = g.chair_post_id) as chair from structure.groups g
    where g.review_at <= now_in_world
      and not exists (select from sharing.oversight o where o.about_row = g.id and o.kind = 'group-review' and o.reviewed_at is null) limit 100
  loop
    perform sharing.oversee('group-review', 'structure.groups', it.id, null, it.chair, array_remove(array[it.chair], null), it.review_at, it.review_at, here);
    update sharing.oversight o set times = o.times + 1, reviewed_at = null, overdue_at = null, at = it.review_at, review_due_at = it.review_at, by_agency_id = it.chair,
        agency_ids = array_remove(array[it.chair], null)
      where o.about_row = it.id and o.kind = 'group-review' and o.reviewed_at is not null;
    changed := changed + 1;
  end loop;
  update sharing.oversight o set reviewed_at = now_in_world from structure.groups g
    where g.id = o.about_row and o.kind = 'group-review' and o.reviewed_at is null and (g.review_at is null or g.review_at > now_in_world);
  get diagnostics more = row_count;
  changed := changed + more;

  for it in
    select f.id, f.found_at, n.times from structure.findings f
    cross join lateral (select count(*)::int as times from structure.findings s where s.kind = f.kind and s.about = f.about and s.found_at <= f.found_at) n
    where f.resolved_at is null and f.found_at + make_interval(days => weakness_days) / n.times <= now_in_world
      and not exists (select from sharing.oversight o where o.about_row = f.id and o.kind = 'known-weakness')
    order by f.found_at limit 100
  loop
    perform sharing.oversee('known-weakness', 'structure.findings', it.id, null, null, '{}', it.found_at, null, here);
    update sharing.oversight o set times = it.times where o.about_row = it.id and o.kind = 'known-weakness';
    changed := changed + 1;
  end loop;
  update sharing.oversight o set reviewed_at = f.resolved_at from structure.findings f
    where f.id = o.about_row and o.kind = 'known-weakness' and o.reviewed_at is null and f.resolved_at is not null;
  get diagnostics more = row_count;
  return changed + more;
end $$;
