import { holdsAny, internLabel } from '#core/access/reach.ts'
import { type Implementation, implement, type Job, type PackSection, type Tx } from '#core/operation/implement.ts'
import { belongingsOf } from '../belonging.ts'
import { isSure, requireSure } from '../sure.ts'
import * as words from './contract.ts'
import * as store from './store.ts'

const tokens = (kinds: readonly string[]) => kinds.map((kind) => `kind:${kind}`)
/** Who answers for what is kept: they, and nobody by taking part in an incident, read why something is held. */
const answerable = (tx: Tx) => internLabel(tx, { clauses: [tokens(words.holds.who as readonly string[])], marking: 'TLP:AMBER+STRICT' })

export const actions = (sections: readonly PackSection[]): readonly Implementation[] => [
  implement(words.hold, async ({ input, tx, actor, clock, emit, id }) => {
    const held = {
      id: id(),
      thread: input.thread ?? null,
      table: input.table ?? null,
      row: input.row ?? null,
      belongings: input.thread === undefined ? { threads: [], tables: [], ids: [] } : await belongingsOf(tx, sections, input.thread),
      reason: input.reason,
      authority: input.authority,
      personId: actor.personId,
      postId: actor.postId,
      at: clock.now(),
      label: await answerable(tx),
    }
    await store.placeHold(tx, held)
    emit('record.held', { id: held.id, thread: held.thread })
    return { id: held.id, placedAt: held.at.toISOString() }
  }),
  implement(words.releaseHold, async ({ input, tx, actor, clock, emit }) => {
    const released = await store.releaseHold(tx, input.id, actor.personId, clock.now(), input.reason)
    emit('record.holdReleased', { id: input.id })
    return released
  }),
  implement(words.holds, async ({ input, tx }) => ({
    holds: await store.holds(tx, input.thread ?? null),
    can: { hold: await holdsAny(tx, tokens(words.hold.who as readonly string[])) },
  })),
  implement(words.heldSince, async ({ input, tx }) => ({ since: await store.heldSince(tx, input.thread) })),
  implement(words.retention, async ({ tx }) => ({
    policies: await store.policies(tx),
    kept: await store.kept(tx),
    can: { set: await holdsAny(tx, tokens(words.setRetention.who as readonly string[])) },
    strong: await isSure(tx),
  })),
  implement(words.setRetention, async ({ input, tx, actor, clock, id }) => {
    await requireSure(tx)
    await store.policyOf(tx, input.table)
    await store.setPolicy(tx, { ...input, id: id(), personId: actor.personId, at: clock.now(), label: await answerable(tx) })
    return { table: input.table, keepDays: input.keepDays }
  }),
  implement(words.tryRetention, async ({ input, tx, actor, clock, id }) => {
    const { keepDays } = await store.policyOf(tx, input.table)
    const at = clock.real(clock.now())
    const found = await store.wouldGo(tx, input.table, keepDays, at)
    await store.noteAsked(tx, { id: id(), table: input.table, keepDays, at, found, personId: actor.personId, label: await answerable(tx) })
    return { table: input.table, keepDays, rows: found, upto: at.toISOString() }
  }),
  implement(words.confirmRetention, async ({ input, tx, actor, clock, emit, id }) => {
    await requireSure(tx)
    const policy = await store.policyOf(tx, input.table)
    // A default becomes this city's own policy by being confirmed.
    await store.setPolicy(tx, { ...policy, id: id(), personId: actor.personId, at: clock.now(), label: await answerable(tx) })
    const { confirmedAt } = await store.confirm(tx, input.table, actor.personId, clock.now())
    emit('record.retentionConfirmed', { table: input.table })
    return { table: input.table, confirmedAt }
  }),
]

const atOnce = 200

/** Once a day, in live: what is confirmed, over and not held goes, some rows to a transaction. */
export const retaining: Job = {
  name: 'record.retention',
  everySeconds: 24 * 3600,
  async run({ tx, clock, world }) {
    if (world.kind !== 'live') return
    await store.forgetAnswers(tx)
    for (const table of await store.tables(tx)) if ((await store.retain(tx, table, clock.now(), atOnce)) === atOnce) return 'more'
  },
}
