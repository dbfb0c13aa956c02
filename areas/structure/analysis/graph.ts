/**
 * A simple graph in compressed rows: the neighbours of node `v` are `to[row[v]]` to `to[row[v + 1] - 1]`, ascending.
 * Typed arrays, so that ten thousand agencies and posts are a matter of seconds.
 */
export interface Rows {
  readonly nodes: number
  readonly row: Int32Array
  readonly to: Int32Array
}

/** Compressed rows of arcs; doubled arcs and arcs of a node to itself are left out. `both` reads each arc in both directions. */
export function rowsOf(nodes: number, arcs: readonly (readonly [from: number, to: number])[], both: boolean): Rows {
  const sets = Array.from({ length: nodes }, () => new Set<number>())
  for (const [from, to] of arcs) {
    if (from === to) continue
    sets[from]?.add(to)
    if (both) sets[to]?.add(from)
  }
  const row = new Int32Array(nodes + 1)
  for (let v = 0; v < nodes; v += 1) row[v + 1] = row[v]! + sets[v]!.size
  const to = new Int32Array(row[nodes]!)
  for (let v = 0; v < nodes; v += 1)
    to.set(
      [...sets[v]!].sort((a, b) => a - b),
      row[v]!,
    )
  return { nodes, row, to }
}

export const degrees = ({ nodes, row }: Rows): number[] => Array.from({ length: nodes }, (_, v) => row[v + 1]! - row[v]!)

export function inDegrees({ nodes, to }: Rows): number[] {
  const counts = Array.from({ length: nodes }, () => 0)
  for (const v of to) counts[v]! += 1
  return counts
}

/** Steps from one node to every other; -1 where there is no way. */
export function distancesFrom({ nodes, row, to }: Rows, source: number): Int32Array {
  const steps = new Int32Array(nodes).fill(-1)
  const queue = new Int32Array(nodes)
  let [head, tail] = [0, 1]
  queue[0] = source
  steps[source] = 0
  while (head < tail) {
    const v = queue[head++]!
    for (let at = row[v]!; at < row[v + 1]!; at += 1) {
      const w = to[at]!
      if (steps[w] !== -1) continue
      steps[w] = steps[v]! + 1
      queue[tail++] = w
    }
  }
  return steps
}

/** The parts of an undirected graph, largest first. */
export function components(graph: Rows): number[][] {
  const seen = new Uint8Array(graph.nodes)
  const parts: number[][] = []
  for (let v = 0; v < graph.nodes; v += 1) {
    if (seen[v]) continue
    const part: number[] = []
    distancesFrom(graph, v).forEach((steps, w) => {
      if (steps === -1) return
      seen[w] = 1
      part.push(w)
    })
    parts.push(part)
  }
  return parts.sort((a, b) => b.length - a.length)
}

/** How many parts remain when only ways there *and* back count (Kosaraju, without recursion). */
export function strongComponents(graph: Rows): number {
  const { nodes, row, to } = graph
  const order: number[] = []
  const seen = new Uint8Array(nodes)
  const next = Int32Array.from(row)
  for (let root = 0; root < nodes; root += 1) {
    if (seen[root]) continue
    const stack = [root]
    seen[root] = 1
    while (stack.length > 0) {
      const v = stack.at(-1)!
      if (next[v]! < row[v + 1]!) {
        const w = to[next[v]!]!
        next[v]! += 1
        if (!seen[w]) {
          seen[w] = 1
          stack.push(w)
        }
      } else order.push(stack.pop()!)
    }
  }
  const arcs: [number, number][] = []
  for (let v = 0; v < nodes; v += 1) for (let at = row[v]!; at < row[v + 1]!; at += 1) arcs.push([to[at]!, v])
  const back = rowsOf(nodes, arcs, false)
  const taken = new Uint8Array(nodes)
  let count = 0
  for (const root of order.reverse()) {
    if (taken[root]) continue
    count += 1
    const stack = [root]
    taken[root] = 1
    while (stack.length > 0) {
      const v = stack.pop()!
      for (let at = back.row[v]!; at < back.row[v + 1]!; at += 1) {
        const w = back.to[at]!
        if (!taken[w]) {
          taken[w] = 1
          stack.push(w)
        }
      }
    }
  }
  return count
}

/** Nodes and links whose loss parts an undirected graph (Tarjan, without recursion). */
export function cuts({ nodes, row, to }: Rows): { points: number[]; bridges: [number, number][] } {
  const found = new Int32Array(nodes).fill(-1)
  const low = new Int32Array(nodes)
  const parent = new Int32Array(nodes).fill(-1)
  const next = Int32Array.from(row)
  const points = new Set<number>()
  const bridges: [number, number][] = []
  let clock = 0
  for (let root = 0; root < nodes; root += 1) {
    if (found[root] !== -1) continue
    let children = 0
    const stack = [root]
    found[root] = low[root] = clock++
    while (stack.length > 0) {
      const v = stack.at(-1)!
      if (next[v]! < row[v + 1]!) {
        const w = to[next[v]!]!
        next[v]! += 1
        if (found[w] === -1) {
          parent[w] = v
          if (v === root) children += 1
          found[w] = low[w] = clock++
          stack.push(w)
        } else if (w !== parent[v]) low[v] = Math.min(low[v]!, found[w]!)
        continue
      }
      stack.pop()
      const up = parent[v]!
      if (up === -1) continue
      low[up] = Math.min(low[up]!, low[v]!)
      if (low[v]! > found[up]!) bridges.push([up, v])
      if (up !== root && low[v]! >= found[up]!) points.add(up)
    }
    if (children > 1) points.add(root)
  }
  return { points: [...points].sort((a, b) => a - b), bridges }
}

/** On how many shortest ways between others each node lies (Brandes, unweighted, exact). Undirected pairs are counted once by the caller's half. */
export function betweenness({ nodes, row, to }: Rows): Float64Array {
  const score = new Float64Array(nodes)
  const steps = new Int32Array(nodes)
  const ways = new Float64Array(nodes)
  const share = new Float64Array(nodes)
  const queue = new Int32Array(nodes)
  for (let source = 0; source < nodes; source += 1) {
    steps.fill(-1)
    ways.fill(0)
    share.fill(0)
    let [head, tail] = [0, 1]
    queue[0] = source
    steps[source] = 0
    ways[source] = 1
    while (head < tail) {
      const v = queue[head++]!
      for (let at = row[v]!; at < row[v + 1]!; at += 1) {
        const w = to[at]!
        if (steps[w] === -1) {
          steps[w] = steps[v]! + 1
          queue[tail++] = w
        }
        if (steps[w] === steps[v]! + 1) ways[w]! += ways[v]!
      }
    }
    // Backwards, from the farthest: what passes through w towards its successors.
    for (let place = tail - 1; place >= 0; place -= 1) {
      const v = queue[place]!
      for (let at = row[v]!; at < row[v + 1]!; at += 1) {
        const w = to[at]!
        if (steps[w] === steps[v]! + 1) share[v]! += (ways[v]! / ways[w]!) * (1 + share[w]!)
      }
      if (v !== source) score[v]! += share[v]!
    }
  }
  return score
}

/** The largest k for which some nodes all have k neighbours among themselves. */
export function maxCore(graph: Rows): number {
  const { nodes, row, to } = graph
  const degree = Int32Array.from(degrees(graph))
  const gone = new Uint8Array(nodes)
  let core = 0
  for (let left = nodes; left > 0; left -= 1) {
    let least = -1
    for (let v = 0; v < nodes; v += 1) if (!gone[v] && (least === -1 || degree[v]! < degree[least]!)) least = v
    core = Math.max(core, degree[least]!)
    gone[least] = 1
    for (let at = row[least]!; at < row[least + 1]!; at += 1) if (!gone[to[at]!]) degree[to[at]!]! -= 1
  }
  return core
}

/** Triangles and pairs of neighbours, node by node. */
export function triangles({ nodes, row, to }: Rows): { closed: number; pairs: number }[] {
  const mark = new Uint8Array(nodes)
  return Array.from({ length: nodes }, (_, v) => {
    const degree = row[v + 1]! - row[v]!
    for (let at = row[v]!; at < row[v + 1]!; at += 1) mark[to[at]!] = 1
    let closed = 0
    for (let at = row[v]!; at < row[v + 1]!; at += 1) {
      const w = to[at]!
      for (let beyond = row[w]!; beyond < row[w + 1]!; beyond += 1) if (mark[to[beyond]!]) closed += 1
    }
    for (let at = row[v]!; at < row[v + 1]!; at += 1) mark[to[at]!] = 0
    return { closed: closed / 2, pairs: (degree * (degree - 1)) / 2 }
  })
}
