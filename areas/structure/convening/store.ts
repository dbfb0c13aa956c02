import { maybe, one, rows, run, sql } from '#core/db/sql.ts'
import type { Tx } from '#core/operation/implement.ts'
import type { Convening, Line } from './contract.ts'
import type { PostTonight } from './rules.ts'

export interface GroupRow {
  id: string
  name: string
  place: string | null
  quorum: number | null
  reviewAt: string | null
  lastMet: string | null
  chairPostId: string | null
  deputyChairPostId: string | null
  secretariatPostId: string | null
  links: number
  untested: number
}
/** Errors: not found. */
export const groupTonight = (tx: Tx, id: string, at: Date) =>
  one<GroupRow>(
    tx,
    sql`select g.id, g.name, p.name as place, g.quorum, g.review_at, (select max(m.held_at) from structure.meetings m where m.group_id = g.id) as last_met,
          g.chair_post_id, g.deputy_chair_post_id, g.secretariat_post_id,
          count(l.id)::int as links, (count(l.id) filter (where l.tested_at is null or l.tested_at < ${at}::timestamptz - interval '365 days'))::int as untested
        from structure.groups g left join structure.places p on p.id = g.place_id
        left join structure.links l on l.ended_at is null and g.id in (l.from_group_id, l.to_group_id)
        where g.id = ${id} group by g.id, p.name`,
  )

export const coreSeats = (tx: Tx, groupId: string) =>
  rows<{ agencyId: string; agencyName: string; postId: string | null }>(
    tx,
    sql`select m.agency_id, a.name as agency_name, m.post_id from structure.memberships m join structure.agencies a on a.id = m.agency_id
        where m.group_id = ${groupId} and m.kind = 'core' and m.ended_at is null order by a.name`,
  )

/** Who is on duty for these posts, how many channels lead to each and when one was last tried. */
export const postsTonight = (tx: Tx, postIds: readonly string[], at: Date) =>
  rows<PostTonight>(
    tx,
    sql`select p.id as post_id, p.title, a.name as agency_name, coalesce((select jsonb_agg(jsonb_build_object('name', who.name, 'capacity', d.capacity,
            'channels', (select count(distinct c.channel) from structure.contacts c where c.person_id = who.id and c.ended_at is null),
            'testedAt', (select max(c.tested_at) from structure.contacts c where c.person_id = who.id and c.ended_at is null)) order by d.place)
          from structure.on_duty(p.id, ${at}) with ordinality d (person_id, capacity, rank, place) join structure.people who on who.id = d.person_id), '[]') as on_duty
        from structure.posts p join structure.agencies a on a.id = p.agency_id where p.id = any(${postIds}::uuid[])`,
  )

export const put = (tx: Tx, it: { id: string; groupId: string; lines: readonly Line[]; personId: string; at: Date; label: number }) =>
  run(
    tx,
    sql`insert into structure.convening_runs (id, group_id, lines, run_by, run_at, label)
        values (${it.id}, ${it.groupId}, ${JSON.stringify(it.lines)}::jsonb, ${it.personId}, ${it.at}, ${it.label})`,
  )

export const strategicGroups = (tx: Tx) =>
  rows<{ groupId: string; name: string }>(
    tx,
    sql`select id as group_id, name from structure.groups where tier = 'strategic' order by name, id`,
  )

export const last = (tx: Tx, groupId: string) =>
  maybe<Convening>(
    tx,
    sql`select r.id, r.group_id, g.name as group_name, r.lines, coalesce(p.name, '') as by, r.run_at as at, r.label, l.marking
        from structure.convening_runs r join structure.groups g on g.id = r.group_id join access.label l on l.id = r.label left join structure.people p on p.id = r.run_by
        where r.group_id = ${groupId} order by r.run_at desc limit 1`,
  )
