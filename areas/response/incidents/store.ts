import { tiers } from '#areas/structure/contract.ts'
import { one, rows, run, sql } from '#core/db/sql.ts'
import type { Tx } from '#core/operation/implement.ts'
import type { Incident, IncidentStatus } from '../contract.ts'

const columns = sql`id, name, incident_type, jurisdiction, phase, status, status_reason, lead_minutes, silent_minutes, absent_minutes, lead_unresolved_at,
  opened_at, closed_at, (select v.number from structure.versions v where v.id = structure_version_id) as structure_version`

export interface NewIncident {
  id: string
  name: string
  incidentType: string
  jurisdiction: string
  activationId: string | null
  status: IncidentStatus
  openedAt: Date
  openedBy: string
  label: number
}

export const open = (tx: Tx, incident: NewIncident) =>
  one<Incident>(
    tx,
    sql`insert into response.incidents (id, name, incident_type, jurisdiction, activation_id, status, opened_at, opened_by, label)
        values (${incident.id}, ${incident.name}, ${incident.incidentType}, ${incident.jurisdiction}, ${incident.activationId}, ${incident.status},
          ${incident.openedAt}, ${incident.openedBy}, ${incident.label})
        returning ${columns}`,
  )

/** Errors: not found (also when withheld). */
export const incident = (tx: Tx, id: string) => one<Incident>(tx, sql`select ${columns} from response.incidents where id = ${id}`)

/** The incident, and the number of its label: what is written for all its members carries it. Errors: not found. */
export const labelledIncident = (tx: Tx, id: string) =>
  one<Incident & { label: number }>(tx, sql`select ${columns}, label from response.incidents where id = ${id}`)

/** Who takes part, as the first clause of a label: the incident and its epochs so far. Errors: not found. */
export const membersClause = async (tx: Tx, id: string) =>
  (
    await one<{ tokens: string[] }>(
      tx,
      sql`select array(select 'incident:' || i.id || case when n = 0 then '' else '.' || n end from generate_series(0, i.epoch) n order by n) as tokens
          from response.incidents i where i.id = ${id}`,
    )
  ).tokens

export const incidents = (tx: Tx) => rows<Incident>(tx, sql`select ${columns} from response.incidents order by opened_at desc, id`)

/** What these incidents are called, and their page: those that the asker can read. */
export const threads = (tx: Tx, ids: readonly string[]) =>
  rows<{ id: string; name: string; path: string }>(
    tx,
    sql`select id, name, '/response/centre/' || id as path from response.incidents where id = any(${ids}::uuid[]) order by opened_at desc, id`,
  )

/** Open incidents of this world, for timed duties. */
export const openIncidents = (tx: Tx) =>
  rows<Incident & { label: number }>(
    tx,
    sql`select ${columns}, label from response.incidents where closed_at is null and world = access.world() order by opened_at, id`,
  )

export const byActivation = async (tx: Tx, activationId: string) =>
  (await rows<{ id: string }>(tx, sql`select id from response.incidents where activation_id = ${activationId}`))[0]?.id

export const setStatus = (tx: Tx, id: string, status: IncidentStatus, reason: string) =>
  one<Incident>(tx, sql`update response.incidents set status = ${status}, status_reason = ${reason} where id = ${id} returning ${columns}`)

export const setTimes = (tx: Tx, id: string, times: { leadMinutes: number; silentMinutes: number; absentMinutes: number }) =>
  one<Incident>(
    tx,
    sql`update response.incidents set lead_minutes = ${times.leadMinutes}, silent_minutes = ${times.silentMinutes}, absent_minutes = ${times.absentMinutes}
        where id = ${id} returning ${columns}`,
  )

export const close = (tx: Tx, id: string, at: Date, reason: string) =>
  one<Incident>(
    tx,
    sql`update response.incidents set phase = 'closed', closed_at = ${at}, status_reason = ${reason} where id = ${id} and closed_at is null returning ${columns}`,
  )

export const markLeadUnresolved = (tx: Tx, id: string, at: Date) =>
  run(tx, sql`update response.incidents set lead_unresolved_at = ${at} where id = ${id} and lead_unresolved_at is null`)

export const convene = (tx: Tx, group: { id: string; incidentId: string; groupId: string; at: Date; label: number }) =>
  run(
    tx,
    sql`insert into response.convened_groups (id, incident_id, group_id, convened_at, label)
        values (${group.id}, ${group.incidentId}, ${group.groupId}, ${group.at}, ${group.label}) on conflict do nothing`,
  )

/** Groups with anybody in a core seat first: convening one without seats nobody. */
export const groupsToConvene = (tx: Tx) =>
  rows<{ id: string; name: string; tier: (typeof tiers)[number]; core: number }>(
    tx,
    sql`select g.id, g.name, g.tier, count(m.id)::int as core from structure.groups g
        left join structure.memberships m on m.group_id = g.id and m.kind = 'core' and m.ended_at is null
        group by g.id, g.name, g.tier, g.code order by count(m.id) = 0, array_position(${tiers}::text[], g.tier), g.name, g.code`,
  )

/** Ids of the convened groups at the strategic tier. */
export const strategicGroups = async (tx: Tx, incidentId: string) =>
  (
    await rows<{ groupId: string }>(
      tx,
      sql`select c.group_id from response.convened_groups c join structure.groups g on g.id = c.group_id
          where c.incident_id = ${incidentId} and g.tier = 'strategic' order by g.code`,
    )
  ).map((row) => row.groupId)

/** Lets in whoever accepted a call-out; the database looks at the accepted ask itself. Returns whether a seat moved. */
export const admitAccepted = async (
  tx: Tx,
  accepted: { activationId: string; postId: string; personId: string; at: Date; entryId: string },
) =>
  (
    await one<{ moved: boolean }>(
      tx,
      sql`select response.admit_accepted(${accepted.activationId}, ${accepted.postId}, ${accepted.personId}, ${accepted.at}, ${accepted.entryId}) as moved`,
    )
  ).moved
