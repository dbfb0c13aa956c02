import { createHash } from 'node:crypto'
import { realClock } from '#core/clock.ts'
import { id } from '#core/id.ts'
import type { Tx } from '#core/operation/implement.ts'
import { type Delivery, judgeDelivery, takeIn } from '../../signals/actions/receive.ts'
import type { Received } from '../../signals/contract.ts'
import { anchors } from '../../signals/store/receiving.ts'
import * as store from '../store/receiving.ts'

/** What the doors need of the database: timed duties, in a world. */
export interface Duties {
  jobs<T>(operation: string, world: string | null, run: (tx: Tx) => Promise<T>): Promise<T>
}

export const liveWorld = (duties: Duties): Promise<string> => duties.jobs('watch.receive', null, store.liveWorld)

/**
 * Takes in one delivery in the live world: judged before the transaction opens, then stored in one. Returns undefined for a quiet delivery
 * with nothing new. `also` runs in the same transaction.
 */
export async function receive(
  duties: Duties,
  delivery: Delivery,
  also?: (tx: Tx, now: Date) => Promise<void>,
): Promise<Received | undefined> {
  const { world, believed } = await duties.jobs('watch.receive', null, async (tx) => ({
    world: await store.liveWorld(tx),
    believed: await anchors(tx),
  }))
  const now = realClock.now()
  const judged = judgeDelivery(delivery, believed, now)
  return duties.jobs('watch.receive', world, async (tx) => {
    const received = await takeIn(delivery, judged, { tx, world: 'live', now, id })
    await also?.(tx, now)
    return received
  })
}

export const sourceByToken = async (duties: Duties, code: string, token: string): Promise<store.Source | undefined> =>
  duties.jobs('watch.receive', null, (tx) => store.byToken(tx, code, createHash('sha256').update(token).digest()))

/** A source answered, or something came by it. A lost one is back, and that is an event too. */
export async function noteAnswer(tx: Tx, sourceId: string, now: Date, answered: store.Answered): Promise<void> {
  const before = await store.noteAnswer(tx, sourceId, now, answered)
  if (before.lostAt !== null) await store.putEvent(tx, { id: id(), sourceId, kind: 'back', at: now, failures: before.failures, detail: '' })
}

/** A source failed; after its own number of failures in a row it counts as lost, once. */
export async function noteFailure(
  tx: Tx,
  source: store.Source,
  now: Date,
  why: string,
  nextAt: ((failures: number) => Date) | null,
  before = 0,
): Promise<void> {
  const { failures, lostAt } = await store.noteFailure(tx, source.id, now, why, nextAt === null ? null : nextAt(before + 1))
  if (failures < source.lostAfter || lostAt !== null) return
  await store.markLost(tx, source.id, now)
  await store.putEvent(tx, { id: id(), sourceId: source.id, kind: 'lost', at: now, failures, detail: why })
}
