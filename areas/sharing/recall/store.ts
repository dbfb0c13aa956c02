import { one, rows, sql } from '#core/db/sql.ts'
import type { Tx } from '#core/operation/implement.ts'

export interface Recalled {
  itemId: string
  title: string
  incidentId: string | null
  originatorAgencyId: string
  told: { agencyId: string }[]
}
/** What was recalled, the item itself first, and who was told; null: it was recalled already. Errors: not allowed (also for what is not made of it). */
export const recall = async (
  tx: Tx,
  itemId: string,
  it: { because: string; derived?: readonly string[] | undefined; derivedBecause: string; at: Date },
) =>
  (
    await one<{ done: Recalled[] | null }>(
      tx,
      sql`select sharing.recall_item(${itemId}, ${it.because}, ${it.derived ?? null}::uuid[], ${it.derivedBecause}, ${it.at}) as done`,
    )
  ).done

/** Nothing for whoever does not answer for the item. */
export const derivedOf = (tx: Tx, itemId: string) =>
  rows<{ id: string; way: 'released' | 'made' }>(tx, sql`select id, way from sharing.derived_of(${itemId})`)

/** By which rows agencies were told something of an item at this moment. */
export const toldAt = (tx: Tx, itemId: string, at: Date) =>
  rows<{ id: string; agencyId: string; deed: 'shared' | 'remarked' | 'regraded' | 'recalled' }>(
    tx,
    sql`select id, agency_id, deed from sharing.disclosures where item_id = ${itemId} and sent_at = ${at} order by id`,
  )

export interface Remark {
  marking: string
  because: string
  at: Date
  agencyIds?: readonly string[] | undefined
  until?: string | undefined
  untilReal?: Date | undefined
  restrictedBecause?: string | undefined
  restrictedUntil?: string | undefined
  restrictedUntilReal?: Date | undefined
  caveats?: readonly string[] | undefined
  challengeId?: string | undefined
}
/** Agencies before whom it stands for the first time, who keep it, and who lose it. Errors: invalid, with the field; not allowed; conflict (recalled). */
export const remark = async (tx: Tx, itemId: string, it: Remark) =>
  (
    await one<{ done: { shared: string[]; kept: string[]; lost: string[] } }>(
      tx,
      sql`select sharing.remark_item(${itemId}, ${JSON.stringify(it)}::jsonb) as done`,
    )
  ).done

/** False: it is graded so already. Errors: invalid `grading`; not allowed; conflict (recalled). */
export const grade = async (tx: Tx, itemId: string, grading: string, because: string, at: Date) =>
  (await one<{ done: boolean }>(tx, sql`select sharing.grade_item(${itemId}, ${grading}, ${because}, ${at}) as done`)).done

/** Errors: not allowed; conflict (one of this agency waits for an answer). */
export const challenge = (tx: Tx, it: { id: string; itemId: string; agencyId: string; wished: string; because: string; at: Date }) =>
  rows(tx, sql`select sharing.challenge_item(${it.itemId}, ${it.id}, ${it.agencyId}, ${it.wished}, ${it.because}, ${it.at})`)
/** False: it was answered already. Errors: not allowed; conflict (one's own challenge). */
export const keep = async (tx: Tx, challengeId: string, words: string, at: Date) =>
  (await one<{ done: boolean }>(tx, sql`select sharing.keep_marking(${challengeId}, ${words}, ${at}) as done`)).done

export interface ChallengeRow {
  id: string
  agency: string
  challengedBy: string
  by: string
  at: string
  marking: string
  wished: string
  because: string
  answer: 'kept' | 'changed' | null
  answerer: string
  answeredAt: string | null
  answerWords: string | null
}
export const ofItem = (tx: Tx, itemId: string) =>
  rows<ChallengeRow>(
    tx,
    sql`select c.id, coalesce(a.name, '') as agency, c.challenged_by, coalesce(who.name, '') as by, c.challenged_at as at, c.marking, c.wished, c.because, c.answer,
          coalesce(answerer.name, '') as answerer, c.answered_at, c.answer_words
        from sharing.challenges c left join structure.agencies a on a.id = c.agency_id left join structure.people who on who.id = c.challenged_by
        left join structure.people answerer on answerer.id = c.answered_by where c.item_id = ${itemId} order by c.challenged_at desc, c.id`,
  )
