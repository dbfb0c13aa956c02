import { one, rows, run, sql } from '#core/db/sql.ts'
import type { Tx } from '#core/operation/implement.ts'

export interface NewDisclosure {
  id: string
  incidentId: string | null
  title: string
  text: string
  reason: string
  to: readonly string[]
  originatorAgencyId: string
  agencyId: string
  personId: string
  postId: string | null
  at: Date
  reviewDueAt: Date
  label: number
}
export const put = (tx: Tx, it: NewDisclosure) =>
  run(
    tx,
    sql`insert into sharing.emergency_disclosures (id, incident_id, title, text, reason, to_agencies, originator_agency_id, discloser_agency_id, disclosed_by,
          post_id, disclosed_at, review_due_at, label)
        values (${it.id}, ${it.incidentId}, ${it.title}, ${it.text}, ${it.reason}, ${it.to}, ${it.originatorAgencyId}, ${it.agencyId}, ${it.personId},
          ${it.postId}, ${it.at}, ${it.reviewDueAt}, ${it.label})`,
  )

export interface DisclosureRow {
  id: string
  title: string
  text: string
  reason: string
  toAgencies: string[]
  originatorAgencyId: string
  discloserAgencyId: string
  disclosedBy: string
  by: string
  at: string
  reviewDueAt: string
  reviewer: string
  reviewedAt: string | null
  outcome: 'right' | 'right-otherwise' | 'not-right' | null
  reviewWords: string | null
  label: number
  marking: string
}
const columns = sql`d.id, d.title, d.text, d.reason, d.to_agencies, d.originator_agency_id, d.discloser_agency_id, d.disclosed_by, coalesce(who.name, '') as by,
  d.disclosed_at as at, d.review_due_at, coalesce(reviewer.name, '') as reviewer, d.reviewed_at, d.outcome, d.review_words, d.label, l.marking`
const joined = sql`from sharing.emergency_disclosures d join access.label l on l.id = d.label
  left join structure.people who on who.id = d.disclosed_by left join structure.people reviewer on reviewer.id = d.reviewed_by`

export const all = (tx: Tx) => rows<DisclosureRow>(tx, sql`select ${columns} ${joined} order by d.disclosed_at desc limit 500`)
export const byId = (tx: Tx, id: string) => one<DisclosureRow>(tx, sql`select ${columns} ${joined} where d.id = ${id}`)
/** False: the database let nobody change it. Errors: conflict (reviewed already, or one's own). */
export const review = async (tx: Tx, id: string, by: string, at: Date, outcome: string, words: string) =>
  (
    await rows(
      tx,
      sql`update sharing.emergency_disclosures set reviewed_by = ${by}, reviewed_at = ${at}, outcome = ${outcome}, review_words = ${words} where id = ${id} returning id`,
    )
  ).length === 1
