import { maybe, one, rows, sql } from '#core/db/sql.ts'
import type { Tx } from '#core/operation/implement.ts'
import type { Agency, OnDuty, Person, Phase, Post } from '../contract.ts'

const agencyColumns = sql`id, org_type, org_code, name, short_name, sector, call_back`
const postColumns = sql`id, code, agency_id, kind, title, minimum_seniority`

export const agency = (tx: Tx, id: string) => one<Agency>(tx, sql`select ${agencyColumns} from structure.agencies where id = ${id}`)
export const agencies = (tx: Tx) => rows<Agency>(tx, sql`select ${agencyColumns} from structure.agencies order by name, id`)
export const post = (tx: Tx, id: string) => one<Post>(tx, sql`select ${postColumns} from structure.posts where id = ${id}`)
export const posts = (tx: Tx) => rows<Post>(tx, sql`select ${postColumns} from structure.posts order by code`)
export const person = (tx: Tx, id: string) =>
  one<Person>(tx, sql`select id, code, name, agency_id, needs from structure.people where id = ${id}`)

/** Holder first, then deputies by rank; nobody on duty is an empty list. */
export const onDuty = (tx: Tx, postId: string, at: Date) =>
  rows<OnDuty>(tx, sql`select person_id, capacity, rank from structure.on_duty(${postId}, ${at})`)

/** The lead agreed beforehand for this type, place and phase, or for any place; undefined when nothing was agreed. */
export const agreedLead = (tx: Tx, incidentType: string, jurisdiction: string, phase: Phase) =>
  maybe<{ agencyId: string; basis: string }>(
    tx,
    sql`select agency_id, basis from structure.lead_arrangements
        where incident_type in (${incidentType}, 'any') and jurisdiction in (${jurisdiction}, 'any') and phase = ${phase}
        order by (incident_type = ${incidentType}) desc, (jurisdiction = ${jurisdiction}) desc limit 1`,
  )
