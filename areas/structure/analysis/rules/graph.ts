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
  const begin = new Int32Array(nodes + 1)
  for (const [from, to] of arcs) {
    begin[from + 1]! += 1
    if (both) begin[to + 1]! += 1
  }
  for (let v = 0; v < nodes; v += 1) begin[v + 1]! += begin[v]!
  const all = new Int32Array(begin[nodes]!)
  const next = begin.slice()
  for (const [from, to] of arcs) {
    all[next[from]!++] = to
    if (both) all[next[to]!++] = from
  }
  const row = new Int32Array(nodes + 1)
  let kept = 0
  for (let v = 0; v < nodes; v += 1) {
    let last = v
    for (const w of all.slice(begin[v], begin[v + 1]).sort()) {
      if (w === last || w === v) continue
      last = w
      all[kept++] = w
    }
    row[v + 1] = kept
  }
  return { nodes, row, to: all.slice(0, kept) }
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
export function components({ nodes, row, to }: Rows): number[][] {
  const seen = new Uint8Array(nodes)
  const parts: number[][] = []
  for (let root = 0; root < nodes; root += 1) {
    if (seen[root]) continue
    seen[root] = 1
    const part = [root]
    for (let place = 0; place < part.length; place += 1) {
      const v = part[place]!
      for (let at = row[v]!; at < row[v + 1]!; at += 1) {
        const w = to[at]!
        if (seen[w]) continue
        seen[w] = 1
        part.push(w)
      }
    }
    parts.push(part.sort((a, b) => a - b))
  }
  return parts.sort((a, b) => b.length - a.length)
}

/** How many each node can reach at the very most: the size of its part, whichever way the arcs point. */
export function reachAtMost({ nodes, row, to }: Rows): Int32Array {
  const up = Int32Array.from({ length: nodes }, (_, v) => v)
  const head = (v: number) => {
    while (up[v] !== v) v = up[v] = up[up[v]!]!
    return v
  }
  for (let v = 0; v < nodes; v += 1) for (let at = row[v]!; at < row[v + 1]!; at += 1) up[head(v)] = head(to[at]!)
  const sizes = new Int32Array(nodes)
  for (let v = 0; v < nodes; v += 1) sizes[head(v)]! += 1
  return Int32Array.from({ length: nodes }, (_, v) => sizes[head(v)]!)
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
  const stack = new Int32Array(nodes)
  const isPoint = new Uint8Array(nodes)
  const bridges: [number, number][] = []
  let clock = 0
  for (let root = 0; root < nodes; root += 1) {
    if (found[root] !== -1) continue
    let [children, height] = [0, 1]
    stack[0] = root
    found[root] = low[root] = clock++
    while (height > 0) {
      const v = stack[height - 1]!
      const up = parent[v]!
      if (next[v]! < row[v + 1]!) {
        const w = to[next[v]!]!
        next[v]! += 1
        if (found[w] === -1) {
          parent[w] = v
          if (v === root) children += 1
          found[w] = low[w] = clock++
          stack[height++] = w
        } else if (w !== up && found[w]! < low[v]!) low[v] = found[w]!
        continue
      }
      height -= 1
      if (up === -1) continue
      if (low[v]! < low[up]!) low[up] = low[v]!
      if (low[v]! > found[up]!) bridges.push([up, v])
      if (up !== root && low[v]! >= found[up]!) isPoint[up] = 1
    }
    if (children > 1) isPoint[root] = 1
  }
  return { points: [...isPoint.keys()].filter((v) => isPoint[v]), bridges }
}

/** The core number of each node of an undirected graph: the largest k for which it is among nodes that all have k neighbours among themselves. */
export function cores(graph: Rows): Int32Array {
  const { nodes, row, to } = graph
  const left = Int32Array.from(degrees(graph))
  const core = new Int32Array(nodes)
  const gone = new Uint8Array(nodes)
  const byDegree: number[][] = []
  left.forEach((degree, v) => {
    ;(byDegree[degree] ??= []).push(v)
  })
  let k = 0
  for (let degree = 0; degree < byDegree.length; degree += 1) {
    for (let v = byDegree[degree]?.pop(); v !== undefined; v = byDegree[degree]?.pop()) {
      // Whoever lost neighbours since stands in a lower list too, and was taken from there.
      if (gone[v]) continue
      gone[v] = 1
      k = Math.max(k, left[v]!)
      core[v] = k
      for (let at = row[v]!; at < row[v + 1]!; at += 1) {
        const w = to[at]!
        if (gone[w]) continue
        left[w]! -= 1
        ;(byDegree[left[w]!] ??= []).push(w)
        if (left[w]! < degree) degree = left[w]!
      }
    }
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
