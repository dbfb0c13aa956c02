import { maybe, one, rows, run, sql } from '#core/db/sql.ts'
import type { Tx } from '#core/operation/implement.ts'
import type { DutyLine, Holding } from '../contract.ts'

export const groupsOfAgencies = (tx: Tx) =>
  rows<{ agencyId: string; code: string; name: string; derived: boolean }>(
    tx,
    sql`select m.agency_id, g.code, g.name, m.derived from structure.memberships m join structure.groups g on g.id = m.group_id where m.ended_at is null order by g.code`,
  )

/** Returns how many of these there are; one that stands there already counts, and is left as it is. */
export async function setSector(tx: Tx, agencyIds: readonly string[], sector: string): Promise<number> {
  await run(
    tx,
    sql`update structure.agencies set sector = ${sector} where id = any(${agencyIds}::uuid[]) and sector is distinct from ${sector}`,
  )
  return (
    await one<{ count: number }>(
      tx,
      sql`select count(*)::int as count from structure.agencies where id = any(${agencyIds}::uuid[]) and sector = ${sector}`,
    )
  ).count
}

export const membersOfAll = (tx: Tx) =>
  rows<{
    groupId: string
    agencyId: string
    agencyName: string
    postId: string | null
    kind: 'core' | 'standing' | 'invitee'
    basis: string
    derived: boolean
  }>(
    tx,
    sql`select m.group_id, m.agency_id, a.name as agency_name, m.post_id, m.kind, m.basis, m.derived
        from structure.memberships m join structure.agencies a on a.id = m.agency_id
        where m.ended_at is null order by array_position(array['core', 'standing', 'invitee'], m.kind), a.name, a.id`,
  )

const holdingColumns = sql`h.id, h.post_id, h.person_id, p.name, h.capacity, h.rank, d.words as hours, h.from_at, h.until_at`
const holdingRows = sql`from structure.holdings h join structure.people p on p.id = h.person_id left join structure.duty_patterns d on d.id = h.pattern_id`

/** Holdings that are in force at a moment or begin later, holders first. */
export const holdings = (tx: Tx, at: Date) =>
  rows<Holding>(
    tx,
    sql`select ${holdingColumns} ${holdingRows} where h.until_at is null or h.until_at > ${at} order by (h.capacity = 'holder') desc, h.rank, h.from_at`,
  )

/** Errors: not found, also when it is not for this viewer. */
export const holding = (tx: Tx, id: string) => one<Holding>(tx, sql`select ${holdingColumns} ${holdingRows} where h.id = ${id}`)

export const overlapping = (tx: Tx, postId: string, personId: string, fromAt: string, untilAt: string | null) =>
  maybe<{ id: string }>(
    tx,
    sql`select id from structure.holdings where post_id = ${postId} and person_id = ${personId}
        and tstzrange(from_at, until_at) && tstzrange(${fromAt}::timestamptz, ${untilAt}::timestamptz) limit 1`,
  )

export const hoursByCode = (tx: Tx, code: string) =>
  maybe<{ id: string }>(tx, sql`select id from structure.duty_patterns where code = ${code}`)

export interface NewHolding {
  id: string
  postId: string
  personId: string
  capacity: string
  rank: number
  patternId: string | null
  fromAt: string
  untilAt: string | null
  label: number
}
/** Errors: not allowed (the policies: an administrator, or the executive of the post's agency). */
export const insertHolding = (tx: Tx, { id, postId, personId, capacity, rank, patternId, fromAt, untilAt, label }: NewHolding) =>
  run(
    tx,
    sql`insert into structure.holdings (id, post_id, person_id, capacity, rank, pattern_id, from_at, until_at, label)
        values (${id}, ${postId}, ${personId}, ${capacity}, ${rank}, ${patternId}, ${fromAt}, ${untilAt}, ${label})`,
  )

/** Errors: not found, when the policies let nothing be changed. */
export const endHolding = (tx: Tx, id: string, untilAt: Date) =>
  one<{ id: string }>(
    tx,
    sql`update structure.holdings set until_at = greatest(${untilAt}::timestamptz, from_at + interval '1 second')
        where id = ${id} and (until_at is null or until_at > ${untilAt}) returning id`,
  )

const part = sql`case when p.id = g.chair_post_id then 'chair' when p.id = g.deputy_chair_post_id then 'deputy-chair'
  when p.id = g.secretariat_post_id then 'secretariat' else m.kind end`

/** The posts of a group: who chairs and serves it, and who sits for a member, each once. */
export const postsOfGroup = (tx: Tx, groupId: string) =>
  rows<Omit<DutyLine, 'onDuty'>>(
    tx,
    sql`select p.id as post_id, p.code as post_code, p.title as post_title, a.name as agency_name, ${part} as part
        from structure.groups g
        join structure.posts p on p.id in (g.chair_post_id, g.deputy_chair_post_id, g.secretariat_post_id)
          or p.id in (select s.post_id from structure.memberships s where s.group_id = g.id and s.ended_at is null)
        join structure.agencies a on a.id = p.agency_id
        left join structure.memberships m on m.group_id = g.id and m.post_id = p.id and m.ended_at is null
        where g.id = ${groupId}
        order by array_position(array['chair', 'deputy-chair', 'secretariat', 'core', 'standing', 'invitee'], ${part}), a.name, p.code`,
  )

export const postAsLine = (tx: Tx, postId: string) =>
  one<Omit<DutyLine, 'onDuty'>>(
    tx,
    sql`select p.id as post_id, p.code as post_code, p.title as post_title, a.name as agency_name, 'post' as part
        from structure.posts p join structure.agencies a on a.id = p.agency_id where p.id = ${postId}`,
  )

/** Who is on duty for each of these posts, in the order in which they are asked. */
export const dutyOf = (tx: Tx, postIds: readonly string[], at: Date) =>
  rows<{ postId: string; personId: string; name: string; capacity: 'holder' | 'deputy'; rank: number }>(
    tx,
    sql`select wanted.id as post_id, duty.person_id, p.name, duty.capacity, duty.rank
        from unnest(${postIds}::uuid[]) wanted (id) cross join lateral structure.on_duty(wanted.id, ${at}) with ordinality duty
        join structure.people p on p.id = duty.person_id order by wanted.id, duty.ordinality`,
  )
