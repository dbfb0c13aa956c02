import { internLabel } from '#core/access/reach.ts'
import { type Implementation, implement, type Tx } from '#core/operation/implement.ts'
import { networkFindings } from '../city-analysis/actions.ts'
import { type CityFinding, networkFindingKinds } from '../city-analysis/contract.ts'
import { knownCodeHistory } from '../code-history/actions.ts'
import { type Finding, findingKinds, findings } from './contract.ts'
import { type Found, findingsOf } from './rules.ts'
import * as store from './store.ts'

type Kinds = readonly Finding['kind'][]

/** What can be told from agencies, groups and memberships alone, without knowing who holds what. */
export const kindsOfLists: Kinds = ['forum-without-police']

/** What can be told from who holds what, without looking over the whole network. */
export const kindsOfHoldings: Kinds = ['post-without-holder', 'post-without-deputy', 'person-holding-two-posts', 'uncovered-hours']

/** What the list's own rules look for already, by the code of the group. */
const toldHere: ReadonlySet<string> = new Set(['group-without-chair', 'deputy-of-oneself', 'chair-is-deputy'])
const isOfNetwork: ReadonlySet<string> = new Set(networkFindingKinds.filter((kind) => !toldHere.has(kind)))

/** What the analysis of the network found, as a line of the list. The same finding has the same `about` in the next review. */
const asFound = ({ kind, who, values, why, mend }: CityFinding): Found => ({
  kind,
  about: [who[0]?.name || 'network', values.activity, values.phase ?? values.phases].filter((one) => one !== undefined).join(', '),
  words: `${why} ${mend}`,
})

const saysOutside: ReadonlySet<string> = new Set(['isolated', 'outside-groups', 'control-room-outside'])
/** Codes of agencies of which the analysis says already that they sit in no group, and more: one line says both. */
const outsideOf = (network: readonly CityFinding[], agencies: ReadonlyArray<{ id: string; orgCode: string }>): ReadonlySet<string> => {
  const ids = new Set(network.flatMap(({ kind, who }) => (saysOutside.has(kind) ? who.map(({ id }) => id) : [])))
  return new Set(agencies.flatMap(({ id, orgCode }) => (ids.has(id) ? [orgCode] : [])))
}

/** Looks at the structure again, as it stands in this transaction, for findings of these kinds; the asker must be able to read what they rest on. */
export async function reviewFindings(tx: Tx, at: Date, source: string, id: () => string, kinds: Kinds = findingKinds): Promise<void> {
  const marking = 'TLP:AMBER+STRICT'
  const hands = ['kind:administrator', 'kind:secretariat', 'kind:watch-officer']
  const named = await internLabel(tx, { clauses: [hands], marking })
  const lists = await internLabel(tx, { clauses: [[...hands, 'kind:operator']], marking })
  // The analysis of a large network on a busy machine takes longer than a transaction otherwise waits for us.
  await store.mayWait(tx, 60)
  const network = kinds.some((kind) => isOfNetwork.has(kind))
    ? (await networkFindings(tx, at)).filter(({ kind }) => isOfNetwork.has(kind))
    : []
  const whole = await store.whole(tx, at)
  const outside = outsideOf(network, whole.agencies)
  const own = findingsOf(whole, await knownCodeHistory(tx)).filter(
    ({ kind, about }) => kind !== 'agency-in-no-group' || !outside.has(about),
  )
  const found = [...own, ...network.map(asFound)].filter(({ kind }) => kinds.includes(kind))
  await store.mayWait(tx, 2)
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
