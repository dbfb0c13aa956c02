import { cityCode } from '#core/access/found.ts'
import { holdsAny, internLabel } from '#core/access/reach.ts'
import { invalid } from '#core/errors.ts'
import { type Implementation, implement, type Tx } from '#core/operation/implement.ts'
import type { Machine } from '../machine.ts'
import { isPublicKey, readPublicKey } from '../tree/heads.ts'
import * as words from './contract.ts'
import * as store from './store.ts'

/** Longer than this nothing may wait for a head. Sealing aims at one second; a page that alarms at two would cry wolf. */
const patienceSeconds = 10
const empty = { entries: 0, sealed: 0, stubs: 0, heads: 0, problemCount: 0, problems: [], keyTurns: [] }

export const keepersLabel = (tx: Tx): Promise<number> =>
  internLabel(tx, { clauses: [['kind:administrator', 'kind:inquiry', 'kind:operator']], marking: 'TLP:AMBER+STRICT' })
const holdersLabel = (tx: Tx): Promise<number> =>
  internLabel(tx, { clauses: [['kind:administrator', 'kind:inquiry']], marking: 'TLP:AMBER+STRICT' })

const isOver = (until: string | null, now: Date) => until !== null && new Date(until) <= now
const shown = (row: store.KeyRow, now: Date): words.Key => ({ ...row, signs: !isOver(row.until, now) })

/** Sealing, keys and witnesses live by the real clock, in every world. */
export const actions = (machine: Machine, real: () => Date): readonly Implementation[] => {
  const change =
    (kind: 'rotation' | 'loss') =>
    async ({
      input,
      tx,
      actor,
      id,
    }: {
      input: { reason: string; overlapHours?: number }
      tx: Tx
      actor: { personId: string }
      id: () => string
    }) => {
      const asked = { id: id(), kind, reason: input.reason, overlapHours: input.overlapHours ?? 0, by: actor.personId, at: real() }
      await store.askChange(tx, { ...asked, label: await keepersLabel(tx) })
      return { id: asked.id }
    }
  return [
    implement(words.keys, async ({ tx }) => {
      const now = real()
      return {
        origin: await cityCode(tx),
        keys: (await store.keys(tx)).map((row) => shown(row, now)),
        can: {
          see: await holdsAny(tx, ['kind:administrator', 'kind:inquiry', 'kind:operator']),
          keep: await holdsAny(tx, ['kind:administrator', 'kind:inquiry']),
        },
      }
    }),
    implement(words.standing, async ({ tx }) => {
      const now = real()
      const sealing = await store.sealing(tx)
      const waited = sealing.oldestUnsealed === null ? 0 : (now.getTime() - Date.parse(sealing.oldestUnsealed)) / 1000
      return {
        origin: await cityCode(tx),
        sealing: {
          oldestUnsealedAt: sealing.oldestUnsealed,
          lastHeadAt: sealing.lastHead,
          size: sealing.size ?? 0,
          unplaced: sealing.unplaced,
          standsStill: waited > patienceSeconds,
          trouble: machine.trouble ? { what: machine.trouble.what, since: machine.trouble.since.toISOString() } : null,
        },
        keys: (await store.keys(tx)).map((row) => shown(row, now)),
        changes: await store.changes(tx),
        witnesses: (await store.witnesses(tx)).map(({ everySeconds, sinceAt, wantedAt, ...row }) => {
          const behind = (since: string) => (now.getTime() - Date.parse(since)) / 1000 / everySeconds
          const dropped = behind(wantedAt) > 3
          return { ...row, everyMinutes: everySeconds / 60, late: !dropped && behind(row.toldAt ?? sinceAt) > 2, dropped }
        }),
        verifications: (await store.verifications(tx)).map(({ report, ...row }) =>
          words.Verification.parse({ ...empty, ...report, ...row }),
        ),
        can: { changeKey: await holdsAny(tx, ['kind:operator']), verify: true },
      }
    }),
    implement(words.rotateKey, change('rotation')),
    implement(words.replaceLostKey, change('loss')),
    implement(words.askVerification, async ({ tx, actor, id }) => ({
      id: await store.askVerification(tx, { id: id(), by: actor.personId, at: real(), label: await keepersLabel(tx) }),
    })),
    implement(words.witnessCity, async ({ input, tx, actor, id }) => {
      if (!isPublicKey(input.publicKey))
        throw invalid(
          'publicKey',
          'This is not a public key of a record (name+id+key). Nothing was changed. Ask the other city for it again.',
        )
      const { name: code } = readPublicKey(input.publicKey)
      if (code === (await cityCode(tx)))
        throw invalid('publicKey', 'This key bears this city’s own code. A city is no witness to itself. Nothing was changed.')
      const added = { id: id(), name: input.name, code, publicKey: input.publicKey, by: actor.personId, at: real() }
      await store.addCity(tx, { ...added, label: await holdersLabel(tx) })
      return { id: added.id }
    }),
    implement(words.endWitnessing, async ({ input, tx }) => {
      await store.endCity(tx, input.id, real())
      return { ended: true as const }
    }),
    implement(words.witnessed, async ({ input, tx }) => ({
      cities: await store.cities(tx),
      statements: await store.statementsOf(tx, input.cityId),
      can: { change: await holdsAny(tx, ['kind:administrator']) },
    })),
  ]
}
