import { one, rows, sql } from '#core/db/sql.ts'
import type { Tx } from '#core/operation/implement.ts'
import type { Incident } from '../contract.ts'

const columns = sql`id, name, incident_type, jurisdiction, phase, status, opened_at, closed_at`

export interface NewIncident {
  id: string
  name: string
  incidentType: string
  jurisdiction: string
  activationId: string | null
  openedAt: Date
  openedBy: string
  label: number
}

export const open = (tx: Tx, incident: NewIncident) =>
  one<Incident>(
    tx,
    sql`insert into response.incidents (id, name, incident_type, jurisdiction, activation_id, opened_at, opened_by, label)
        values (${incident.id}, ${incident.name}, ${incident.incidentType}, ${incident.jurisdiction}, ${incident.activationId},
          ${incident.openedAt}, ${incident.openedBy}, ${incident.label})
        returning ${columns}`,
  )

/** Errors: not found (also when withheld). */
export const incident = (tx: Tx, id: string) => one<Incident>(tx, sql`select ${columns} from response.incidents where id = ${id}`)

export const incidents = (tx: Tx) => rows<Incident>(tx, sql`select ${columns} from response.incidents order by opened_at desc, id`)
