import { maybe, one, rows, run, sql } from '#core/db/sql.ts'
import type { Tx } from '#core/operation/implement.ts'
import type { Goal } from './contract.ts'
import type { Duty } from './rules/model.ts'

export const goal = (tx: Tx) =>
  maybe<Goal>(
    tx,
    sql`select words, shared_minutes, decided_minutes, acted_minutes, load_limit, span_limit, set_at from structure.goals order by set_at desc, id desc limit 1`,
  )

export const setGoal = (tx: Tx, it: Omit<Goal, 'setAt'> & { id: string; at: Date; label: number }) =>
  run(
    tx,
    sql`insert into structure.goals (id, words, shared_minutes, decided_minutes, acted_minutes, load_limit, span_limit, set_at, label)
        values (${it.id}, ${it.words}, ${it.sharedMinutes}, ${it.decidedMinutes}, ${it.actedMinutes}, ${it.loadLimit}, ${it.spanLimit}, ${it.at}, ${it.label})`,
  )

/** Every look is an entry. */
export const note = (
  tx: Tx,
  it: {
    id: string
    personId: string
    at: Date
    versionId: string | null
    incidentType: string
    band: string
    label: number
  },
) =>
  run(
    tx,
    sql`insert into structure.analyses (id, person_id, at, version_id, incident_type, band, label)
        values (${it.id}, ${it.personId}, ${it.at}, ${it.versionId}, ${it.incidentType}, ${it.band}, ${it.label})`,
  )

/** Who holds or deputises for each post, and whether their hours run at this moment, as far as the asker may see it. */
export const duty = (tx: Tx, at: Date) =>
  rows<Duty[number]>(
    tx,
    sql`select h.post_id, h.person_id, who.name, h.capacity,
          (h.pattern_id is null or structure.duty_stretches(h.pattern_id, ${at}, ${at}::timestamptz + interval '1 second') @> ${at}::timestamptz) as on_duty
        from structure.holdings h join structure.people who on who.id = h.person_id
        where h.from_at <= ${at} and (h.until_at is null or h.until_at > ${at})`,
  )

/** The label of the network itself: everybody in the city. */
export const networkLabel = async (tx: Tx) => (await one<{ label: number }>(tx, sql`select structure.network_label() as label`)).label
