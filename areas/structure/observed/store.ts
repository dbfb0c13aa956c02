import { rows, run, sql } from '#core/db/sql.ts'
import type { Tx } from '#core/operation/implement.ts'
import type { Moment, Seen } from './rules.ts'

export const seen = (tx: Tx, it: { incidentId: string | null; from: string | null; to: string | null }) =>
  rows<Seen>(tx, sql`select * from structure.observed(${it.incidentId}, ${it.from}, ${it.to})`)

export const moments = (tx: Tx, incidentId: string) => rows<Moment>(tx, sql`select * from structure.observed_moments(${incidentId})`)

/** Every look is an entry. */
export const note = (tx: Tx, it: { id: string; personId: string; at: Date; label: number }) =>
  run(
    tx,
    sql`insert into structure.analyses (id, person_id, at, incident_type, band, what, label)
        values (${it.id}, ${it.personId}, ${it.at}, 'any', 'any', 'observed', ${it.label})`,
  )
