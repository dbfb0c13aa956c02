import { components, distancesFrom, type Rows, rowsOf } from './graph.ts'

/** Beyond this many nodes what rests on all pairs (hierarchy, bounds) is not counted: it is `null`, never a guess. */
export const mostForBounds = 2000

/** Krackhardt's four, each from 0 to 1; all four are 1 for a pure chain of command (an out-tree) and for nothing else. */
export interface Krackhardt {
  connectedness: number
  hierarchy: number | null
  efficiency: number
  least_upper_boundedness: number | null
}

const pairs = (n: number) => (n * (n - 1)) / 2
/** One minus what is broken of all that could be; 1 where nothing could. */
const less = (broken: number, most: number) => (most <= 0 ? 1 : 1 - broken / most)

/** The same arcs, each the other way round. */
function reversed({ nodes, row, to }: Rows): Rows {
  const arcs: [number, number][] = []
  for (let v = 0; v < nodes; v += 1) for (let at = row[v]!; at < row[v + 1]!; at += 1) arcs.push([to[at]!, v])
  return rowsOf(nodes, arcs, false)
}

/** How many bits of a word are set. */
function ones(word: number): number {
  let n = word - ((word >>> 1) & 0x55555555)
  n = (n & 0x33333333) + ((n >>> 2) & 0x33333333)
  return Math.imul((n + (n >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24
}

/** Pairs of one part without a least upper bound, and pairs of which one reaches the other or both do. */
function standing(directed: Rows, parts: readonly number[][]) {
  const n = directed.nodes
  const up = reversed(directed)
  const above = Array.from({ length: n }, (_, v) => {
    const steps = distancesFrom(up, v)
    return [...steps.keys()].filter((u) => steps[u] !== -1)
  })
  // Numbered by how many stand above, most first: among those above both of a pair, the first bit set is the lowest of them.
  const order = [...above.keys()].sort((a, b) => above[b]!.length - above[a]!.length)
  const rank = new Int32Array(n)
  order.forEach((v, place) => {
    rank[v] = place
  })
  const words = Math.ceil(n / 32)
  const bits = above.map((those) => {
    const row = new Uint32Array(words)
    for (const u of those) row[rank[u]! >>> 5]! |= 1 << (rank[u]! & 31)
    return row
  })
  const isAbove = (u: number, v: number) => ((bits[v]![rank[u]! >>> 5]! >>> (rank[u]! & 31)) & 1) === 1
  let [unbound, both, either] = [0, 0, 0]
  for (const part of parts)
    for (let first = 0; first < part.length; first += 1)
      for (let second = 0; second < first; second += 1) {
        const [a, b] = [part[first]!, part[second]!]
        const [aOver, bOver] = [isAbove(a, b), isAbove(b, a)]
        if (aOver || bOver) either += 1
        if (aOver && bOver) both += 1
        const [over, under] = [bits[a]!, bits[b]!]
        let [count, lowest] = [0, -1]
        for (let word = 0; word < words; word += 1) {
          const shared = over[word]! & under[word]!
          if (shared === 0) continue
          if (lowest === -1) lowest = order[word * 32 + (31 - Math.clz32(shared & -shared))]!
          count += ones(shared)
        }
        // Whoever stands above the lowest of them stands above both: as many as all of them means that all reach down to it.
        if (lowest === -1 || above[lowest]!.length !== count) unbound += 1
      }
  return { unbound, both, either }
}

/**
 * D. Krackhardt, *Graph theoretical dimensions of informal organizations* (1994). Arcs point down, from whoever directs.
 *
 * - Connectedness: pairs joined by some way, whichever way its arcs point, of all pairs.
 * - Hierarchy: of the pairs of which one reaches the other, those of which the other does not reach back.
 * - Efficiency: links beyond those that hold each part together (as undirected links), of all that there could be beyond them.
 * - Least upper boundedness: pairs of one part above which somebody stands (one of the two counts) to whom everybody else above both
 *   reaches down; of all pairs that could lack one: (n - 1)(n - 2) / 2 in a part of n.
 */
export function krackhardtOf(directed: Rows, undirected: Rows): Krackhardt {
  const n = directed.nodes
  const parts = components(undirected)
  const joined = parts.reduce((all, { length }) => all + pairs(length), 0)
  const needed = parts.reduce((all, { length }) => all + length - 1, 0)
  const whole = {
    connectedness: less(pairs(n) - joined, pairs(n)),
    efficiency: less(undirected.to.length / 2 - needed, joined - needed),
  }
  if (n > mostForBounds) return { ...whole, hierarchy: null, least_upper_boundedness: null }
  const { unbound, both, either } = standing(directed, parts)
  return {
    ...whole,
    hierarchy: less(both, either),
    least_upper_boundedness: less(
      unbound,
      parts.reduce((all, { length }) => all + pairs(length - 1), 0),
    ),
  }
}
