import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { UndirectedGraph } from 'graphology'
import betweenness from 'graphology-metrics/centrality/betweenness.js'
import closeness from 'graphology-metrics/centrality/closeness.js'
import eigen from 'graphology-metrics/centrality/eigenvector.js'
import { centralityOf, closenessOf, eigenvector } from '#areas/structure/analysis/rules/centrality.ts'
import { cuts, reachAtMost, type Rows } from '#areas/structure/analysis/rules/graph.ts'
import { crew } from '#areas/structure/analysis/in-workers.ts'
import { type BenchLine, debianPackage, rounded } from '../measure.ts'
import { type Edges, random, scaleFree, undirected } from './graphs.ts'

type Values = {
  betweenness: ArrayLike<number>
  closeness: ArrayLike<number>
  articulation_points: ArrayLike<number>
  eigenvector_centrality: ArrayLike<number>
}
type Measured = { seconds: number; processor: number; values: Values }

const script = fileURLToPath(new URL('./reference.py', import.meta.url))
// Debian's package serves Debian's own Python, which need not be the first one found.
const python = '/usr/bin/python3'
const hasIgraph = () => {
  try {
    execFileSync(python, ['-c', 'import igraph'], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}

function igraph(nodes: number, edges: Edges, rounds: number): Measured {
  const folder = mkdtempSync(join(tmpdir(), 'concord-bench-graph-'))
  const file = join(folder, 'edges.txt')
  writeFileSync(file, edges.map((edge) => edge.join(' ')).join('\n'))
  const out = execFileSync(python, [script, file, String(nodes), String(rounds)], { encoding: 'utf8', maxBuffer: 1 << 28 })
  rmSync(folder, { recursive: true })
  const { best, values } = JSON.parse(out) as { best: Record<string, [wall: number, processor: number]>; values: Values }
  const sum = (which: 0 | 1) => Object.values(best).reduce((all, took) => all + took[which], 0)
  return { seconds: sum(0), processor: sum(1), values }
}

async function measured(work: () => Values | Promise<Values>): Promise<Measured> {
  const before = process.cpuUsage()
  const start = performance.now()
  const values = await work()
  const seconds = (performance.now() - start) / 1000
  const { user, system } = process.cpuUsage(before)
  return { seconds, processor: (user + system) / 1e6, values }
}

const better = (before: Measured | undefined, now: Measured) => (before && before.seconds < now.seconds ? before : now)

const ours = (graph: Rows, passes: ReturnType<typeof centralityOf>): Values => ({
  betweenness: passes.between.map((twice) => twice / 2),
  closeness: closenessOf(passes),
  articulation_points: cuts(graph).points,
  eigenvector_centrality: eigenvector(graph).values,
})

/** Its modules are functions; its types say that they are modules with a default. */
const called = (module: unknown) => module as (graph: UndirectedGraph, options: object) => Record<string, number>

async function graphology(nodes: number, edges: Edges): Promise<Measured> {
  const graph = new UndirectedGraph()
  for (let v = 0; v < nodes; v += 1) graph.addNode(v)
  for (const [a, b] of edges) graph.addEdge(a, b)
  const listed = (values: Record<string, number>) => Array.from({ length: nodes }, (_, v) => values[v] ?? 0)
  // It has no cut points: its time lacks them.
  return await measured(() => ({
    betweenness: listed(called(betweenness)(graph, { normalized: false, getEdgeWeight: null })),
    closeness: listed(called(closeness)(graph, {})),
    articulation_points: [],
    eigenvector_centrality: listed(called(eigen)(graph, { maxIterations: 5000, tolerance: 1e-12, getEdgeWeight: null })),
  }))
}

/** The largest difference, as a part of the larger value (or of 1, below it); eigenvectors are compared with their largest value as 1. */
function apart(mine: ArrayLike<number>, theirs: ArrayLike<number>): number {
  if (mine.length !== theirs.length) return Number.POSITIVE_INFINITY
  let worst = 0
  for (let v = 0; v < mine.length; v += 1) worst = Math.max(worst, Math.abs(mine[v]! - theirs[v]!) / Math.max(1, Math.abs(theirs[v]!)))
  return worst
}
const toOne = (values: ArrayLike<number>) => {
  const largest = Math.max(...Array.from(values, Math.abs))
  return Array.from(values, (value) => Math.abs(value) / largest)
}

/** Tolerances: betweenness 1e-9 of the value, closeness 1e-12, eigenvector 1e-6 of the largest, cut points the same nodes. */
function mustAgree(what: string, mine: Values, theirs: Values): void {
  const points = (of: Values) => Array.from(of.articulation_points).sort((a, b) => a - b)
  const wrong = [
    apart(mine.betweenness, theirs.betweenness) > 1e-9 && 'betweenness',
    apart(mine.closeness, theirs.closeness) > 1e-12 && 'closeness',
    apart(toOne(mine.eigenvector_centrality), toOne(theirs.eigenvector_centrality)) > 1e-6 && 'eigenvector',
    theirs.articulation_points.length > 0 && points(mine).join() !== points(theirs).join() && 'cut points',
  ].filter((name) => name !== false)
  if (wrong.length > 0) throw new Error(`${what}: ${wrong.join(', ')} differ. No figure is worth anything.`)
}

const kinds = { random, 'scale-free': scaleFree }

/**
 * Exact betweenness, closeness, cut points and eigenvector centrality, mean degree 8; graph in memory on both sides, reading it not counted.
 * `ratio` is our time ÷ the reference's, on one core and on two workers, warm. `processor` is the same ratio in processor seconds, which a
 * shared machine disturbs less (two workers: not told). Graphology at 10,000 nodes takes minutes and is left out when --quick.
 */
export async function* run({ quick }: { quick: boolean }): AsyncIterable<BenchLine> {
  const there = debianPackage('python3-igraph', hasIgraph)
  if (!there) process.stderr.write('python3-igraph is not here and could not be installed: nothing is compared with it.\n')
  const two = crew(2)
  for (const nodes of [500, 2000, 10_000]) {
    for (const [kind, make] of Object.entries(kinds)) {
      const edges = make(nodes)
      const graph = undirected(nodes, edges)
      // Best of some rounds, in turn: a noisy neighbour meets all of them alike, and the first round warms.
      let [one, both, theirs]: (Measured | undefined)[] = []
      for (let round = 0; round < (nodes > 2000 ? 3 : 6); round += 1) {
        one = better(one, await measured(() => ours(graph, centralityOf(graph, reachAtMost(graph)))))
        both = better(both, await measured(async () => ours(graph, await two.centrality(graph))))
        if (there) theirs = better(theirs, igraph(nodes, edges, nodes > 2000 ? 1 : 3))
      }
      if (!one || !both) continue
      mustAgree('two workers against one core', both.values, one.values)
      const what = { graph: kind, nodes, edges: edges.length }
      const line = (against: string, cores: number, mine: Measured, theirs: Measured): BenchLine => ({
        bench: 'graph',
        ratio: rounded(mine.seconds / theirs.seconds, 3),
        ...(cores === 1 ? { processor: rounded(mine.processor / theirs.processor, 3) } : {}),
        against,
        cores,
        ...what,
        seconds: rounded(mine.seconds, 4),
        theirs: rounded(theirs.seconds, 4),
      })
      if (theirs) {
        mustAgree(`igraph, ${kind} ${nodes}`, one.values, theirs.values)
        yield line('igraph', 1, one, theirs)
        yield line('igraph', 2, both, theirs)
      }
      if (quick && nodes > 2000) continue
      const slow = await graphology(nodes, edges)
      mustAgree(`graphology, ${kind} ${nodes}`, one.values, slow.values)
      yield line('graphology', 1, one, slow)
    }
  }
  await two.end()
}
