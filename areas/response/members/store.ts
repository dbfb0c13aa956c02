import { rows, run, sql } from '#core/db/sql.ts'
import type { Tx } from '#core/operation/implement.ts'
import type { Past } from './contract.ts'
import type { z } from 'zod'

type Sees = z.infer<typeof Past>

/** Errors: not allowed (not theirs, or more of the past than they see themselves), conflict (in already). */
export const letIn = (tx: Tx, it: { id: string; incidentId: string; personId: string; past: Sees; reason: string; at: Date }) =>
  run(tx, sql`select response.let_in(${it.id}, ${it.incidentId}, ${it.personId}, ${it.past}, ${it.reason}, ${it.at})`)
/** Errors: not allowed, conflict (not in; or the neutral commander, who is relieved first). */
export const endPart = (tx: Tx, it: { id: string; incidentId: string; personId: string; reason: string; at: Date }) =>
  run(tx, sql`select response.end_part(${it.id}, ${it.incidentId}, ${it.personId}, ${it.reason}, ${it.at})`)

export const membersOf = (tx: Tx, incidentId: string) =>
  rows<{ personId: string; name: string; agency: string; sees: Sees; since: string }>(
    tx,
    sql`select m.person_id, m.name, coalesce(a.name, '') as agency, m.sees, m.since from response.members(${incidentId}) m
        left join structure.people p on p.id = m.person_id left join structure.agencies a on a.id = p.agency_id order by m.name, m.person_id`,
  )
export const changesOf = (tx: Tx, incidentId: string) =>
  rows<{ id: string; name: string; change: 'let-in' | 'ended'; sees: Sees | null; reason: string; by: string; at: string }>(
    tx,
    sql`select c.id, coalesce(p.name, '') as name, c.change, c.sees, c.reason, coalesce(who.name, '') as by, c.at from response.part_changes c
        left join structure.people p on p.id = c.person_id left join structure.people who on who.id = c.by_person where c.incident_id = ${incidentId} order by c.at desc, c.id`,
  )
export const people = (tx: Tx) =>
  rows<{ id: string; name: string; agency: string }>(
    tx,
    sql`select p.id, p.name, a.name as agency from structure.people p join structure.agencies a on a.id = p.agency_id where p.left_at is null
        order by a.name, p.name, p.id limit 5000`,
  )
