import { maybe, one, rows, run, sql } from '#core/db/sql.ts'
import type { Tx } from '#core/operation/implement.ts'
import type { Triage } from '../contract.ts'

/** What the desk does with a signal; the policies and watch.keep_signal say who may. */

export interface Handled {
  id: string
  route: 'live' | 'not-actual'
  standing: 'accepted' | 'quarantined' | 'released'
  state: 'new' | 'claimed' | 'judged'
  triage: Triage | null
  claimedBy: string | null
  claimerName: string | null
  /** Its label was already widened to the duty structure. */
  wide: boolean
}

/** Held until the end of the transaction, so that two who claim at once come one after the other. */
export async function lockSignal(tx: Tx, id: string): Promise<Handled> {
  return one<Handled>(
    tx,
    sql`select s.id, s.route, s.standing, s.state, s.triage, s.claimed_by,
          (select p.name from structure.people p where p.id = s.claimed_by) as claimer_name,
          exists (select from watch.judgements j where j.signal_id = s.id and j.triage in ('assess', 'activate')) as wide
        from watch.signals s where s.id = ${id} for update of s`,
  )
}

export const claim = (tx: Tx, id: string, by: string, at: Date, label: number) =>
  run(
    tx,
    sql`update watch.signals set state = case state when 'judged' then 'judged' else 'claimed' end, claimed_by = ${by}, claimed_at = ${at}, label = ${label} where id = ${id}`,
  )

export interface NewJudgement {
  id: string
  signalId: string
  triage: Triage
  reliability: string
  reason: string
  reviewAt: string | null
  byPerson: string
  byPost: string | null
  at: Date
  label: number
}

export async function judge(tx: Tx, judgement: NewJudgement): Promise<void> {
  const { id, signalId, triage, reliability, reason, reviewAt, byPerson, byPost, at, label } = judgement
  await run(
    tx,
    sql`insert into watch.judgements (id, signal_id, triage, reliability, reason, review_at, by_person, by_post, at, label)
        values (${id}, ${signalId}, ${triage}, ${reliability}, ${reason}, ${reviewAt}, ${byPerson}, ${byPost}, ${at}, ${label})`,
  )
  await run(
    tx,
    sql`update watch.signals set state = 'judged', triage = ${triage}, judged_by = ${byPerson}, judged_at = ${at}, review_at = ${reviewAt}, label = ${label}
        where id = ${signalId}`,
  )
}

/** The content goes with its signal; links go with the message that acts. */
export async function relabel(tx: Tx, signalId: string, label: number): Promise<void> {
  await run(tx, sql`update watch.contents set label = ${label} where id = ${signalId} and label <> ${label}`)
  await run(tx, sql`update watch.signal_actions set label = ${label} where acting_id = ${signalId} and label <> ${label}`)
}

export const release = (tx: Tx, id: string, by: string, at: Date, reason: string) =>
  run(
    tx,
    sql`update watch.signals set standing = 'released', released_by = ${by}, released_at = ${at}, release_reason = ${reason} where id = ${id}`,
  )

export interface Copying {
  signalId: string
  worldId: string
  delivery: string
  original: string
  copy: string
  realAt: Date
}

/** The id of the signal in the exercise: the one that is there already when it was assigned before. Undefined: nothing here that you can see. */
export async function copyToExercise(
  tx: Tx,
  { signalId, worldId, delivery, original, copy, realAt }: Copying,
): Promise<string | undefined> {
  const done = await maybe<{ id: string | null }>(
    tx,
    sql`select watch.copy_to_exercise(${signalId}, ${worldId}, ${delivery}, ${original}, ${copy}, ${realAt}) as id`,
  )
  return done?.id ?? undefined
}

/** Live route of a signal that a viewer in live sees; for a friendly word before the database says no. */
export const routeOf = async (tx: Tx, id: string): Promise<string | undefined> =>
  (await rows<{ route: string }>(tx, sql`select route from watch.signals where id = ${id}`))[0]?.route
