import type { Clock } from '#core/clock.ts'
import { internLabel } from '#core/access/reach.ts'
import { type Implementation, implement, type Tx } from '#core/operation/implement.ts'
import { acknowledge, asOf, inspect, open, verify } from './contract.ts'
import { workOut } from './ledger.ts'
import * as store from './store.ts'

async function pictureOf(tx: Tx, clock: Clock, personId: string, name: string, at: string, thread: string) {
  const rows = await store.picture(tx, personId, clock.real(new Date(at)), at, thread)
  const markings = await store.markings(tx, [...new Set(rows.map((row) => row.label))])
  return {
    asOf: at,
    of: { id: personId, name },
    rows: rows.map((row) => ({
      table: row.tableName,
      id: row.rowId,
      at: clock.world(new Date(row.at)).toISOString(),
      marking: markings.get(row.label) ?? '',
      row: row.rowContent,
      openedAt: row.openedAt,
      acknowledgedAt: row.acknowledgedAt,
    })),
  }
}

export const actions: readonly Implementation[] = [
  implement(asOf, ({ input, tx, actor, clock }) => pictureOf(tx, clock, actor.personId, actor.name, input.at, input.thread)),
  implement(inspect, async ({ input, tx, actor, clock, id }) => {
    // The person looked at may know of it, and so may every other inquiry post: a look is never secret from those two.
    const label = await internLabel(tx, {
      clauses: [[`person:${actor.personId}`, `person:${input.personId}`, 'kind:inquiry']],
      marking: 'TLP:AMBER+STRICT',
    })
    await store.noteInspection(tx, { ...input, id: id(), askedBy: actor.personId, label })
    return pictureOf(tx, clock, input.personId, await store.nameOf(tx, input.personId), input.at, input.thread)
  }),
  implement(open, async ({ input, tx, actor, clock, id }) => {
    const noted = { id: id(), personId: actor.personId, postId: actor.postId, table: input.table, rowId: input.id, at: clock.now() }
    await store.noteOpening(tx, noted)
    return { id: noted.id, openedAt: noted.at.toISOString() }
  }),
  implement(acknowledge, ({ input, tx, actor, clock, id }) =>
    store.noteAcknowledgement(tx, {
      id: id(),
      personId: actor.personId,
      postId: actor.postId,
      table: input.table,
      rowId: input.id,
      at: clock.now(),
    }),
  ),
  implement(verify, async ({ tx }) => ({ ...(await workOut(tx, 'person')), unplaced: await store.unplaced(tx) })),
]
