import { internLabel } from '#core/access/reach.ts'
import { type Implementation, implement, type Tx } from '#core/operation/implement.ts'
import { findings } from './contract.ts'
import { findingsOf } from './rules.ts'
import * as store from './store.ts'

/** Looks at the whole structure again, as it stands in this transaction. */
export async function reviewFindings(tx: Tx, at: Date, source: string, id: () => string): Promise<void> {
  const label = await internLabel(tx, {
    clauses: [['kind:administrator', 'kind:secretariat', 'kind:watch-officer']],
    marking: 'TLP:AMBER+STRICT',
  })
  await store.reconcile(tx, findingsOf(await store.whole(tx, at)), at, source, label, id)
}

export const openFindings = (tx: Tx) => store.findings(tx, false)

export const actions: readonly Implementation[] = [
  implement(findings, async ({ input, tx }) => ({ findings: await store.findings(tx, input.resolved) })),
]
