import { rows, run, sql } from '#core/db/sql.ts'
import type { Tx } from '#core/operation/implement.ts'
import type { OversightLine } from './contract.ts'

export interface OversightRow {
  id: string
  kind: OversightLine['kind']
  aboutTable: string
  aboutRow: string
  by: string
  byAgencyId: string | null
  agencyIds: string[]
  at: string
  times: number
  reviewDueAt: string | null
  reviewer: string
  reviewedAt: string | null
}
/** What waits for a review, all of it; and the newest of the rest. */
export const all = (tx: Tx) =>
  rows<OversightRow>(
    tx,
    sql`select o.id, o.kind, o.about_table, o.about_row, coalesce(who.name, '') as by, o.by_agency_id, o.agency_ids, o.at, o.times, o.review_due_at,
          coalesce(reviewer.name, '') as reviewer, o.reviewed_at
        from sharing.oversight o left join structure.people who on who.id = o.by_person left join structure.people reviewer on reviewer.id = o.reviewed_by
        order by (o.reviewed_at is null and o.review_due_at is not null) desc, (o.reviewed_at is null and o.kind = 'known-weakness') desc, o.at desc limit 1000`,
  )

export interface Overdue {
  id: string
  aboutTable: string
  aboutRow: string
  agencyIds: string[]
}
/** Reviews of this world that have run out and were not noted yet, with the agencies that answer for them. */
export const claimOverdue = (tx: Tx, now: Date, atMost: number) =>
  rows<Overdue>(
    tx,
    sql`select o.id, o.about_table, o.about_row, case when d.id is null then o.agency_ids
            else array_remove(array[d.discloser_agency_id, nullif(d.originator_agency_id, d.discloser_agency_id)], null) end as agency_ids
        from sharing.oversight o left join sharing.emergency_disclosures d on d.id = o.about_row and d.world = o.world
        where o.world = (select access.world()) and o.reviewed_at is null and o.overdue_at is null and o.review_due_at <= ${now}
        order by o.review_due_at limit ${atMost} for update of o skip locked`,
  )
/** Restrictions of this world whose end has come, each noted once. */
export const overseeRestrictions = (tx: Tx, now: Date) => run(tx, sql`select sharing.oversee_restrictions(${now})`)
/** What structure left undone, and what it has done since. */
export const overseeStructure = (tx: Tx, now: Date, weaknessDays: number) =>
  run(tx, sql`select sharing.oversee_structure(${now}, ${weaknessDays})`)
export const markOverdue = (tx: Tx, id: string, at: Date) => run(tx, sql`update sharing.oversight set overdue_at = ${at} where id = ${id}`)

/** Protocols in force whose review is due, with their parties. */
export const protocolsToReview = (tx: Tx, now: Date) =>
  rows<{ id: string; version: number; agencyId: string }>(
    tx,
    sql`select p.id, p.version_in_force as version, s.agency_id from sharing.protocols p join sharing.parties s on s.protocol_id = p.id and s.left_at is null
        where p.version_in_force is not null and p.ended_at is null and p.expires_at > ${now} and p.review_at <= ${now}
          and not exists (select from sharing.notices n where n.world = (select access.world())
            and n.key = 'protocol/' || p.id || '/review-' || p.version_in_force || '/' || s.agency_id)`,
  )
