import { holdsAny, internLabel } from '#core/access/reach.ts'
import { realClock } from '#core/clock.ts'
import { type Implementation, implement } from '#core/operation/implement.ts'
import { assessReadiness, readiness } from './contract.ts'
import { byWeakness, lineOf } from './rules.ts'
import * as store from './store.ts'

const assessing = (assessReadiness.who as readonly string[]).map((kind) => `kind:${kind}`)

export const actions: readonly Implementation[] = [
  implement(assessReadiness, async ({ tx, actor, id }) => {
    const at = realClock.now()
    const lines = byWeakness((await store.evidence(tx)).map((one) => lineOf(one, at)))
    const marking = 'TLP:AMBER+STRICT'
    const label = await internLabel(tx, { clauses: [[...assessing, 'kind:chair', 'kind:inquiry']], marking })
    const run = { id: id(), lines, at, label }
    await store.put(tx, { ...run, personId: actor.personId })
    return { ...run, at: at.toISOString(), by: actor.name, marking }
  }),
  implement(readiness, async ({ tx, actor }) => ({
    last: (await store.last(tx)) ?? null,
    can: { assess: actor.world.kind === 'live' && (await holdsAny(tx, assessing)) },
  })),
]
