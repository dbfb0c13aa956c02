import { rowsOf } from '#areas/structure/analysis/rules/graph.ts'

export type Edges = [a: number, b: number][]

/** Numbers from 0 to 1, the same again for the same seed (mulberry32). */
function seeded(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}

/** Erdős–Rényi: four edges for each node, any two nodes alike. */
export function random(nodes: number): Edges {
  const chance = seeded(nodes)
  const seen = new Set<number>()
  const edges: Edges = []
  while (edges.length < nodes * 4) {
    const [a, b] = [Math.floor(chance() * nodes), Math.floor(chance() * nodes)].sort((x, y) => x - y) as [number, number]
    if (a === b || seen.has(a * nodes + b)) continue
    seen.add(a * nodes + b)
    edges.push([a, b])
  }
  return edges
}

/** Scale-free (Barabási–Albert): each new node joins four, the better linked the likelier. */
export function scaleFree(nodes: number): Edges {
  const chance = seeded(nodes + 1)
  const edges: Edges = []
  const ends: number[] = []
  const join = (a: number, b: number) => {
    edges.push([a, b])
    ends.push(a, b)
  }
  for (let a = 1; a < 5; a += 1) for (let b = 0; b < a; b += 1) join(a, b)
  for (let v = 5; v < nodes; v += 1) {
    const others = new Set<number>()
    while (others.size < 4) others.add(ends[Math.floor(chance() * ends.length)]!)
    for (const other of others) join(v, other)
  }
  return edges
}

export const undirected = (nodes: number, edges: Edges) => rowsOf(nodes, edges, true)
