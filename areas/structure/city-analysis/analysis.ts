import { centralityOf, closenessOf, eigenvector } from '../analysis/rules/centrality.ts'
import { components, cores, reachAtMost, rowsOf } from '../analysis/rules/graph.ts'
import { krackhardtOf } from '../analysis/rules/krackhardt.ts'
import type { Network } from '../network/contract.ts'
import words from '../words/en.json' with { type: 'json' }
import type { CityAnalysis, CityFinding, Figures, Node } from './contract.ts'
import { accountabilityFindings, jointOf, productFindings } from './rules/duties.ts'
import { commandArcs, linkFindings, loadFindings, loads, ringFindings, spans } from './rules/links.ts'
import { type City, cityOf, cutsOf, type Duty, type Found, found, type Limits, stepsFromStrategic } from './rules/model.ts'
import { mendIn } from './rules/mend-words.ts'
import { ruleKey } from './rules/rule-words.ts'
import { dutyFindings, groupFindings } from './rules/people.ts'
import { outsideFindings, pathFindings } from './rules/ways.ts'

const fill = (text: string, values: Readonly<Record<string, string>>) =>
  text.replace(/\{\{(\w+)\}\}/g, (_, key: string) => values[key] ?? '?')

/** A key for the address and the list: the same finding has the same one in the next run. */
const idOf = ({ kind, who, values }: Found) =>
  [kind, ...who.slice(0, 3).map(({ id }) => id), values.activity, values.phase ?? values.phases]
    .filter((one) => one !== undefined)
    .join('~')

/** In English, for the command line and the list of findings; pages say it again in their own language from `values`. */
const worded = (it: Found): CityFinding => ({
  ...it,
  id: idOf(it),
  ruleWords: words.rule[ruleKey(it.rule)],
  why: fill(words.analysis.why[it.kind], it.values),
  mend: fill(mendIn(words.analysis, it), it.values),
})

/** What weighs most stands first: who answers, who is cut off, who convenes, then how it is told. */
const weights: readonly CityFinding['kind'][] = [
  ...(['nobody-accountable', 'many-accountable', 'parts', 'single-path', 'cut-point', 'bridge'] as const),
  ...(['group-without-chair', 'chair-is-deputy', 'deputy-of-oneself', 'two-places', 'empty-post'] as const),
  ...(['isolated', 'control-room-outside', 'outside-groups', 'group-without-quorum', 'quorum-too-high'] as const),
  ...(['no-primary', 'no-backup', 'dependent-backup', 'untested', 'circular-reporting', 'span-of-control'] as const),
  ...(['load', 'product-incomplete', 'no-version'] as const),
]

/** Every finding about a network, blocking ones first. `duty`: null where the rota may not be seen. */
export function findingsOfCity(city: City, it: { at: Date; duty: Duty | null; limits: Limits; versioned: boolean }): CityFinding[] {
  const these = [
    ...accountabilityFindings(city),
    ...outsideFindings(city),
    ...pathFindings(city),
    ...groupFindings(city),
    ...(it.duty === null ? [] : dutyFindings(city, it.duty)),
    ...ringFindings(city),
    ...loadFindings(city, it.limits),
    ...linkFindings(city, it.at),
    ...productFindings(city),
    ...(it.versioned ? [] : [found('no-version', [{ kind: 'network', id: 'network', name: '' }], {})]),
  ]
  return these.map(worded).sort((a, b) => Number(b.blocking) - Number(a.blocking) || weights.indexOf(a.kind) - weights.indexOf(b.kind))
}

function figuresOf(city: City, steps: Int32Array, core: Int32Array): Figures {
  const { network, contact } = city
  const { points, bridges } = cutsOf(contact)
  const tells = network.links.flatMap(({ from, to, kind }) => {
    const pair: [string, string] = [`${from.id} ${to.id}`, `${to.id} ${from.id}`]
    return kind === 'liaises' ? pair : [pair[0]]
  })
  const told = new Set(tells)
  const answered = [...told].filter((pair) => told.has(pair.split(' ').reverse().join(' '))).length
  const arcs = commandArcs(city)
  const number = new Map([...new Set(arcs.flat())].map((node, place) => [node, place]))
  const among = arcs.map(([a, b]): [number, number] => [number.get(a)!, number.get(b)!])
  const reached = steps.reduce((most, one) => Math.max(most, one), -1)
  return {
    parts: components(contact).length,
    cutPoints: points.length,
    bridges: bridges.length,
    reciprocity: told.size === 0 ? null : answered / told.size,
    maxCore: core.reduce((most, one) => Math.max(most, one), 0),
    krackhardt: arcs.length === 0 ? null : krackhardtOf(rowsOf(number.size, among, false), rowsOf(number.size, among, true)),
    farthest: reached < 0 ? null : reached,
  }
}

/** What one look at a network finds. Figures are about links and places in the network, never scores of anybody. */
export function analysisOfCity(
  network: Network,
  it: { at: Date; duty: Duty | null; limits: Limits; versioned: boolean },
): Pick<CityAnalysis, 'findings' | 'joint' | 'nodes' | 'figures'> {
  const city = cityOf(network)
  const { contact } = city
  const passes = centralityOf(contact, reachAtMost(contact))
  const [closeness, { values: eigen }, core, steps] = [closenessOf(passes), eigenvector(contact), cores(contact), stepsFromStrategic(city)]
  const [load, span] = [loads(city), spans(city)]
  const agencyOf = new Map(network.posts.map(({ id, agencyId }) => [id, agencyId]))
  const nodes = city.nodes.flatMap(({ kind, id, name }, node): Node[] =>
    kind !== 'agency' && kind !== 'post' && kind !== 'group'
      ? []
      : [
          {
            id,
            kind,
            name,
            agency: agencyOf.has(id) ? city.name(agencyOf.get(id)!) : null,
            steps: steps[node] === -1 ? null : steps[node]!,
            load: load[node]!,
            span: span[node]!,
            between: Math.round(passes.between[node]! * 50) / 100,
            closeness: Math.round(closeness[node]! * 1000) / 1000,
            eigenvector: Math.round(eigen[node]! * 1000) / 1000,
            core: core[node]!,
          },
        ],
  )
  return { findings: findingsOfCity(city, it), joint: jointOf(city), nodes, figures: figuresOf(city, steps, core) }
}
