import { maybe, rows, run, sql } from '#core/db/sql.ts'
import type { Tx } from '#core/operation/implement.ts'
import type { Readiness } from './contract.ts'
import type { Evidence } from './rules.ts'

const called = sql`coalesce((select name from structure.groups where id = coalesce(l.from_group_id, l.to_group_id) and l.from_group_id is not null),
  (select title from structure.posts where id = l.from_post_id), (select name from structure.agencies where id = l.from_agency_id), '')`
const calledTo = sql`coalesce((select name from structure.groups where id = l.to_group_id), (select title from structure.posts where id = l.to_post_id),
  (select name from structure.agencies where id = l.to_agency_id), '')`

/** What evidence there is for each standing arrangement, as far as whoever asks can read it. */
export const evidence = (tx: Tx) =>
  rows<Evidence>(
    tx,
    sql`select 'link' as arrangement, ${called} || ' → ' || ${calledTo} as about, l.primary_medium_id is not null as there, l.tested_at, null::timestamptz as proved_at
          from structure.links l where l.ended_at is null
        union all
        select 'group', g.name, g.chair_post_id is not null,
            (select max(m.held_at) from structure.meetings m where m.group_id = g.id and m.kind <> 'incident'),
            (select max(m.held_at) from structure.meetings m where m.group_id = g.id and m.kind = 'incident')
          from structure.groups g
        union all
        select 'contact', p.title || ', ' || a.name, exists (select from structure.holdings h join structure.contacts c on c.person_id = h.person_id and c.ended_at is null
              where h.post_id = p.id and (h.until_at is null or h.until_at > access.real_now())),
            (select max(c.tested_at) from structure.holdings h join structure.contacts c on c.person_id = h.person_id and c.ended_at is null
              where h.post_id = p.id and (h.until_at is null or h.until_at > access.real_now())), null
          from structure.posts p join structure.agencies a on a.id = p.agency_id where p.kind in ('duty', 'watch-officer', 'executive', 'chair', 'secretariat')
        union all
        select 'product', d.name, d.producer_agency_id is not null and d.medium_id is not null and d.protocol is not null
              and exists (select from structure.product_receivers r where r.product_id = d.id and r.ended_at is null), null, null
          from structure.products d where d.ended_at is null
        union all
        select 'responsibility', r.activity || ' (' || r.phase || ')', count(*) filter (where r.part = 'accountable') = 1
              or (count(*) filter (where r.part = 'accountable') > 1 and bool_and(r.joint_basis is not null) filter (where r.part = 'accountable')), null, null
          from structure.responsibilities r where r.ended_at is null group by r.activity, r.phase
        union all
        select 'review', g.name, g.review_at is not null,
            (select max(v.adopted_at) from structure.reviews v where v.state = 'adopted' and exists (
              select from jsonb_array_elements(v.proposed -> 'groups') e where e.value ->> 'id' = g.id::text)), null
          from structure.groups g
        union all
        select 'plans', '', exists (select from structure.plan_reviews), (select max(p.closed_at) from structure.plan_reviews p), null`,
  )

export const put = (tx: Tx, it: { id: string; lines: Readiness['lines']; personId: string; at: Date; label: number }) =>
  run(
    tx,
    sql`insert into structure.readiness_runs (id, lines, run_by, run_at, label)
        values (${it.id}, ${JSON.stringify(it.lines)}::jsonb, ${it.personId}, ${it.at}, ${it.label})`,
  )

export const last = (tx: Tx) =>
  maybe<Readiness>(
    tx,
    sql`select r.id, r.lines, coalesce(p.name, '') as by, r.run_at as at, r.label, l.marking
        from structure.readiness_runs r join access.label l on l.id = r.label left join structure.people p on p.id = r.run_by order by r.run_at desc limit 1`,
  )
