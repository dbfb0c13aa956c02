import { internLabel } from '#core/access/reach.ts'
import { type Implementation, implement, type Tx } from '#core/operation/implement.ts'
import { knownCodeHistory } from '../code-history/actions.ts'
import { type Finding, findingKinds, findings } from './contract.ts'
import { findingsOf } from './rules.ts'
import * as store from './store.ts'

type Kinds = readonly Finding['kind'][]

/** What can be told from agencies, groups and memberships alone, without knowing who holds what. */
export const kindsOfLists: Kinds = ['forum-without-police']

/** Looks at the structure again, as it stands in this transaction, for findings of these kinds; the asker must be able to read what they rest on. */
export async function reviewFindings(tx: Tx, at: Date, source: string, id: () => string, kinds: Kinds = findingKinds): Promise<void> {
  const marking = 'TLP:AMBER+STRICT'
  const hands = ['kind:administrator', 'kind:secretariat', 'kind:watch-officer']
  const named = await internLabel(tx, { clauses: [hands], marking })
  const lists = await internLabel(tx, { clauses: [[...hands, 'kind:operator']], marking })
  const found = findingsOf(await store.whole(tx, at), await knownCodeHistory(tx)).filter(({ kind }) => kinds.includes(kind))
  await store.reconcile(
    tx,
    kinds,
    found.map((finding) => ({ ...finding, id: id(), label: kindsOfLists.includes(finding.kind) ? lists : named })),
    at,
    source,
  )
}

export const openFindings = (tx: Tx) => store.findings(tx, false)

export const actions: readonly Implementation[] = [
  implement(findings, async ({ input, tx }) => ({ findings: await store.findings(tx, input.resolved) })),
]
