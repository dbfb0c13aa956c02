import { internLabel } from '#core/access/reach.ts'
import { type Implementation, implement, type Tx } from '#core/operation/implement.ts'
import { codeHistory } from './contract.ts'
import { derivedFrom, historyOf } from './rules.ts'
import * as store from './store.ts'

/** What is known about codes: what each became, and which services serve which area. */
export async function knownCodeHistory(tx: Tx) {
  return { history: historyOf(await store.changes(tx)), areas: await store.areas(tx) }
}

/**
 * Brings partnerships the members that geography gives them, by the codes of today: the force and the fire service of each authority's
 * area, and the authority that took the place of one that ended. Adds only; every one is marked as derived, with its basis.
 */
export async function deriveMembers(tx: Tx, city: string, id: () => string): Promise<void> {
  const { history, areas } = await knownCodeHistory(tx)
  if (areas.size === 0 && history.changes.length === 0) return
  const label = await internLabel(tx, { clauses: [[`city:${city}`]], marking: 'TLP:GREEN' })
  const derived = [...Map.groupBy(await store.authorities(tx), ({ groupId }) => groupId)].flatMap(([groupId, authorities]) =>
    derivedFrom(authorities, history, areas).map((member) => ({ ...member, groupId, id: id(), agencyId: id() })),
  )
  if (derived.length > 0) await store.putDerived(tx, label, derived)
}

export const actions: readonly Implementation[] = [implement(codeHistory, async ({ tx }) => ({ changes: await store.changes(tx) }))]
