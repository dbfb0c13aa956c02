import { internLabel } from '#core/access/reach.ts'
import { type Implementation, implement } from '#core/operation/implement.ts'
import { goal } from '../city-analysis/store.ts'
import { networkNow } from '../network/store.ts'
import { observedHands } from '../contract.ts'
import { observed } from './contract.ts'
import { compared, efficiencyOf } from './rules.ts'
import * as store from './store.ts'

const marking = 'TLP:AMBER+STRICT'

export const actions: readonly Implementation[] = [
  implement(observed, async ({ input, tx, actor, clock, id }) => {
    const [incidentId, from, to] = [input.incidentId ?? null, input.from ?? null, input.to ?? null]
    const network = await networkNow(tx)
    const stated = (await goal(tx)) ?? null
    const found = compared(network, await store.seen(tx, { incidentId, from, to }))
    const efficiency = incidentId === null ? null : efficiencyOf(network, await store.moments(tx, incidentId), stated)
    const at = clock.now()
    const label = await internLabel(tx, { clauses: [observedHands.map((kind) => `kind:${kind}`)], marking })
    await store.note(tx, { id: id(), personId: actor.personId, at, label })
    // Figures about an agency are for that agency and the chair (house: blame); an inquiry asks on its own authority.
    const seesAll = actor.reach.includes('kind:chair') || actor.reach.includes('kind:inquiry')
    const agencies = efficiency?.agencies.filter((one) => seesAll || one.id === actor.agencyId) ?? []
    return {
      at: at.toISOString(),
      incidentId,
      from,
      to,
      ...found,
      efficiency: efficiency === null ? null : { ...efficiency, agencies },
      goal: stated,
      marking,
    }
  }),
]
