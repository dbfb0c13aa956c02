import { maybe, one, rows, run, sql } from '#core/db/sql.ts'
import type { Tx } from '#core/operation/implement.ts'
import type { Candidate, NeutralCommander } from './contract.ts'

const columns = sql`n.id, n.incident_id, n.post_id, post.title as post_title, n.person_id, person.name, n.agency_id, agency.name as agency_name,
  n.interests, n.from_at, n.until_at, n.end_reason`
const joined = sql`from response.neutral_commanders n join structure.posts post on post.id = n.post_id
  join structure.people person on person.id = n.person_id join structure.agencies agency on agency.id = n.agency_id`

export interface Appointment {
  id: string
  incidentId: string
  postId: string
  personId: string
  agencyId: string
  interests: string
  appointedBy: string
  fromAt: Date
  label: number
}

/** Errors: conflict (somebody holds it already, or the database's own independence rule). */
export async function appoint(tx: Tx, appointment: Appointment): Promise<void> {
  const { id, incidentId, postId, personId, agencyId, interests, appointedBy, fromAt, label } = appointment
  await rows(
    tx,
    sql`insert into response.neutral_commanders (id, incident_id, post_id, person_id, agency_id, interests, appointed_by, from_at, label)
        values (${id}, ${incidentId}, ${postId}, ${personId}, ${agencyId}, ${interests}, ${appointedBy}, ${fromAt}, ${label})`,
  )
}

export const relieve = (tx: Tx, incidentId: string, at: Date, reason: string) =>
  one<{ id: string; label: number }>(
    tx,
    sql`update response.neutral_commanders set until_at = ${at}, end_reason = ${reason}
        where incident_id = ${incidentId} and until_at is null returning id, label`,
  )

/** Gives the one who was just appointed a part in the incident and in its strategic groups. */
export const admit = (tx: Tx, appointment: string) => run(tx, sql`select response.admit_neutral_commander(${appointment})`)
/** And ends it; reach is real time in every world. */
export const dismiss = (tx: Tx, appointment: string, realAt: Date) =>
  run(tx, sql`select response.dismiss_neutral_commander(${appointment}, ${realAt})`)

export const byId = (tx: Tx, id: string) => one<NeutralCommander>(tx, sql`select ${columns} ${joined} where n.id = ${id}`)

export const now = (tx: Tx, incidentId: string) =>
  maybe<NeutralCommander>(tx, sql`select ${columns} ${joined} where n.incident_id = ${incidentId} and n.until_at is null`)

export const before = (tx: Tx, incidentId: string) =>
  rows<NeutralCommander>(
    tx,
    sql`select ${columns} ${joined} where n.incident_id = ${incidentId} and n.until_at is not null order by n.from_at desc`,
  )

/** Agencies that lead, or are proposed to. */
export const leads = async (tx: Tx, incidentId: string) =>
  (
    await rows<{ agencyId: string }>(
      tx,
      sql`select agency_id from response.lead_agencies where incident_id = ${incidentId} and state in ('proposed', 'contested', 'confirmed')`,
    )
  ).map((row) => row.agencyId)

/** The pre-designated pool: holders, now, of posts of the kind neutral-commander. */
export const pool = (tx: Tx, at: Date) =>
  rows<Omit<Candidate, 'refusal'>>(
    tx,
    sql`select post.id as post_id, post.title as post_title, person.id as person_id, person.name, agency.id as agency_id, agency.name as agency_name
        from structure.posts post
        cross join lateral (select * from structure.on_duty(post.id, ${at}) limit 1) duty
        join structure.people person on person.id = duty.person_id
        join structure.agencies agency on agency.id = person.agency_id
        where post.kind = 'neutral-commander' order by agency.name, post.code`,
  )
