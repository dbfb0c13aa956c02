import { invalid } from '#core/errors.ts'
import { type Centrality, centralityOf, closenessOf, eigenvector } from './rules/centrality.ts'
import type { Analysis, NetworkFinding } from './contract.ts'
import { components, cores, cuts, degrees, inDegrees, reachAtMost, rowsOf, strongComponents, triangles } from './rules/graph.ts'
import { krackhardtOf } from './rules/krackhardt.ts'
import type { Network } from './reading.ts'

const round = (value: number) => Math.round(value * 10_000) / 10_000
const sum = (values: Iterable<number>) => [...values].reduce((all, one) => all + one, 0)
const share = (part: number, whole: number) => (whole === 0 ? 0 : part / whole)

const top = (names: readonly string[], values: ArrayLike<number>, most: number): [string, number][] =>
  names
    .map((name, v): [string, number] => [name, round(values[v] ?? 0)])
    .sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1))
    .slice(0, most)

/** The two graphs of a network: its arcs as they point, and as links. */
export const graphsOf = ({ names, arcs }: Network) => ({
  directed: rowsOf(names.length, arcs, false),
  undirected: rowsOf(names.length, arcs, true),
})

/**
 * The metrics of a network and what they mean for it, in words. `passes` may have been counted elsewhere (in workers).
 * Errors: invalid `edges`, when there are more shortest ways than a number can hold.
 */
export function analysisOf(network: Network, passes?: { directed: Centrality; undirected: Centrality }): Analysis {
  const { names, arcs, frequencies, lines } = network
  const n = names.length
  const { directed, undirected } = graphsOf(network)
  const along = passes?.directed ?? centralityOf(directed, reachAtMost(directed))
  const among = passes?.undirected ?? centralityOf(undirected, reachAtMost(undirected))
  if (![along, among].every(({ between }) => between.every(Number.isFinite)))
    throw invalid(
      'edges',
      'Between some of these nodes there are more shortest ways than can be counted. Nothing was analysed. Leave out doubled rungs.',
    )
  const parts = components(undirected)
  const { points, bridges } = cuts(undirected)
  const closing = triangles(undirected)
  const edges = undirected.to.length / 2
  const back = new Set(arcs.map(([from, to]) => `${to} ${from}`))
  const largest = parts[0] ?? []
  const name = (v: number) => names[v] ?? String(v)
  const analysis = {
    nodes: n,
    arcs: arcs.length,
    undirected_edges: edges,
    density_directed: share(arcs.length, n * (n - 1)),
    density_undirected: share(2 * edges, n * (n - 1)),
    reciprocity: share(arcs.filter(([from, to]) => back.has(`${from} ${to}`)).length, arcs.length),
    weak_component_sizes: parts.map((part) => part.length),
    strong_components: strongComponents(directed),
    isolates: degrees(undirected).flatMap((degree, v) => (degree === 0 ? [name(v)] : [])),
    avg_clustering_undirected: share(sum(closing.map(({ closed, pairs }) => share(closed, pairs))), n),
    transitivity_undirected: share(sum(closing.map(({ closed }) => closed)), sum(closing.map(({ pairs }) => pairs))),
    diameter_largest_weak: largest.reduce((most, v) => Math.max(most, among.farthest[v]!), 0),
    avg_path_length_largest_weak: share(sum(largest.map((v) => among.steps[v]!)), largest.length * (largest.length - 1)),
    articulation_points: points.map(name),
    bridges: bridges.map(([a, b]): [string, string] => [name(a), name(b)]),
    max_core: cores(undirected).reduce((most, core) => Math.max(most, core), 0),
    top_betweenness_directed: top(names, along.between, 5),
    top_betweenness_undirected: top(
      names,
      among.between.map((value) => value / 2),
      5,
    ),
    top_indegree: top(names, inDegrees(directed), 3),
    top_outdegree: top(names, degrees(directed), 3),
    top_closeness: top(names, closenessOf(among), 5),
    top_eigenvector: top(names, eigenvector(undirected).values, 5),
    top_load: top(names, degrees(undirected), 5),
    top_farthest: top(names, among.farthest, 3),
    krackhardt: krackhardtOf(directed, undirected),
    freq_counts: countsOf(frequencies),
  }
  return { ...analysis, findings: findingsOf(analysis), lines }
}

function countsOf(frequencies: readonly (number | undefined)[]): Record<string, number> {
  const counts: Record<string, number> = {}
  for (const frequency of [...frequencies].sort((a, b) => (a ?? 0) - (b ?? 0))) {
    if (frequency === undefined) continue
    const key = Number.isInteger(frequency) ? frequency.toFixed(1) : String(frequency)
    counts[key] = (counts[key] ?? 0) + 1
  }
  return counts
}

/** What the figures mean: who, why it matters, what would mend it. Figures about links, never scores of anybody. */
export function findingsOf(of: Omit<Analysis, 'findings' | 'lines'>): NetworkFinding[] {
  const findings: NetworkFinding[] = of.isolates.map((who) => ({
    kind: 'isolated',
    who: [who],
    why: `${who} is linked to nobody: it hears of nothing and nobody hears of it (R-1.1.2).`,
    mend: `Link ${who} to at least one group, by two independent media, and test both.`,
  }))
  for (const who of of.articulation_points)
    findings.push({
      kind: 'cut-point',
      who: [who],
      why: `Without ${who} the network falls apart: others can be told only through it (R-1.1.3).`,
      mend: `Give those behind ${who} a second link that does not pass through it.`,
    })
  for (const [a, b] of of.bridges)
    findings.push({
      kind: 'bridge',
      who: [a, b],
      why: `The link between ${a} and ${b} is the only way between two parts of the network (R-1.1.3).`,
      mend: `Add a link beside it, by another medium and between other posts.`,
    })
  if (of.weak_component_sizes.filter((size) => size > 1).length > 1)
    findings.push({
      kind: 'parts',
      who: [],
      why: `The network is in ${of.weak_component_sizes.filter((size) => size > 1).length} parts that cannot tell each other anything.`,
      mend: 'Name one agency of each part that links it to the others, and a deputy for it.',
    })
  if (of.arcs > 0 && of.reciprocity < 0.5)
    findings.push({
      kind: 'one-way',
      who: [],
      why: `Only ${Math.round(of.reciprocity * 100)} % of what is told is told back as well: most links are one-way.`,
      mend: 'Ask of each one-way link whether the receiver can answer by it, and write the answer down.',
    })
  return findings
}
