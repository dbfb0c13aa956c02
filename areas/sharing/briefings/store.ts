import { one, rows, run, sql } from '#core/db/sql.ts'
import type { Tx } from '#core/operation/implement.ts'

export interface BriefingRow {
  id: string
  token: string
  descriptor: string
  personId: string
  person: string
  agencyId: string
  agency: string
  by: string
  reason: string
  at: string
  until: string
  over: boolean
  endedAt: string | null
  endReason: string | null
  label: number
  marking: string
}
/** Open ones first, those that end soonest on top. */
export const all = (tx: Tx) =>
  rows<BriefingRow>(
    tx,
    sql`select b.id, b.token, c.descriptor, b.person_id, coalesce(p.name, '') as person, b.agency_id, coalesce(a.name, '') as agency, coalesce(g.name, '') as by,
          b.reason, b.given_at as at, b.until_at as until, b.until_at <= access.real_now() as over, b.ended_at, b.end_reason, b.label, l.marking
        from sharing.briefings b join access.caveat c on c.token = b.token join access.label l on l.id = b.label
        left join structure.people p on p.id = b.person_id left join structure.people g on g.id = b.given_by left join structure.agencies a on a.id = b.agency_id
        order by (b.ended_at is not null or b.until_at <= access.real_now()), b.until_at, b.id limit 500`,
  )
export const caveats = (tx: Tx) =>
  rows<{ token: string; descriptor: string; held: boolean }>(
    tx,
    sql`select token, descriptor, access.holds(token) as held from access.caveat order by place`,
  )
export const peopleOf = (tx: Tx, agencyId: string) =>
  rows<{ id: string; name: string }>(
    tx,
    sql`select id, name from structure.people where agency_id = ${agencyId} and left_at is null order by name, id`,
  )
/** Posts that brief for an agency, by title. */
export const briefersOf = (tx: Tx, agencyId: string, kinds: readonly string[]) =>
  rows<{ title: string }>(tx, sql`select title from structure.posts where agency_id = ${agencyId} and kind = any(${kinds}) order by title`)
export const mayBrief = async (tx: Tx, agencyId: string, kinds: readonly string[]) =>
  (await one<{ may: boolean }>(tx, sql`select sharing.acts_for(${agencyId}, ${kinds}) as may`)).may

/** Errors: not allowed (not of the asker's agency, or no caveat); invalid `until`; conflict (briefed already). */
export const brief = (tx: Tx, it: { id: string; token: string; personId: string; agencyId: string; reason: string; until: string }) =>
  run(tx, sql`select sharing.brief(${it.id}, ${it.token}, ${it.personId}, ${it.agencyId}, ${it.reason}, ${it.until})`)
/** False: there is none that the asker can see. Errors: not allowed; conflict (over already). */
export const end = async (tx: Tx, id: string, reason: string) =>
  (await one<{ done: boolean }>(tx, sql`select sharing.end_briefing(${id}, ${reason}) as done`)).done

/** What a caveat is called, for whoever sees a label that carries it. */
export const descriptors = async (tx: Tx) => new Map((await caveats(tx)).map(({ token, descriptor }) => [token, descriptor]))
