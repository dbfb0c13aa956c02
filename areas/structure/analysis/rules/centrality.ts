import type { Rows } from './graph.ts'

/** What one pass from every node finds, node by node. An undirected graph counts each pair twice: the caller halves `between`. */
export interface Centrality {
  /** On how many shortest ways between others the node lies. */
  between: Float64Array
  /** Steps to all that it reaches, added up. */
  steps: Float64Array
  /** How many it reaches, itself included. */
  reached: Int32Array
  /** Steps to the farthest that it reaches. */
  farthest: Int32Array
}

/** `bytes` on a SharedArrayBuffer, so that several workers fill one result without copying; `between` is each worker's own. */
export function emptyCentrality(nodes: number): Centrality {
  return {
    between: new Float64Array(nodes),
    steps: new Float64Array(new SharedArrayBuffer(8 * nodes)),
    reached: new Int32Array(new SharedArrayBuffer(4 * nodes)),
    farthest: new Int32Array(new SharedArrayBuffer(4 * nodes)),
  }
}

/**
 * The exact shortest-way pass of Brandes from each source that `next` gives (-1 ends it), level by level.
 *
 * Why it looks so: the time goes into guessing branches wrongly, so the loops over neighbours have none. Forward, each neighbour is written
 * to the end of the queue and the end moves only if it was unseen, and ways pile up on every neighbour: only what a level's own nodes hold
 * when the level is closed counts. Backward, `onward` is zero everywhere but on the level just below, so that adding all neighbours adds
 * the right ones. `most` is how many each node can reach at most: when all are seen the last level need not be asked.
 */
export function passFrom({ nodes, row, to }: Rows, most: Int32Array, next: () => number, into: Centrality): void {
  const seen = new Uint8Array(nodes)
  const queue = new Int32Array(nodes + 1)
  const heap = new Float64Array(nodes)
  const ways = new Float64Array(nodes)
  const sums = new Float64Array(nodes)
  const onward = new Float64Array(nodes)
  const levels = new Int32Array(nodes + 2)
  const { between, steps, reached, farthest } = into
  for (let source = next(); source >= 0; source = next()) {
    seen.fill(0)
    heap.fill(0)
    queue[0] = source
    seen[source] = 1
    ways[0] = 1
    levels[1] = 1
    const all = most[source]!
    let [begin, tail, depth, total] = [0, 1, 0, 0]
    while (tail < all) {
      const end = tail
      for (let place = begin; place < end; place += 1) {
        const v = queue[place]!
        const count = ways[place]!
        const stop = row[v + 1]!
        for (let at = row[v]!; at < stop; at += 1) {
          const w = to[at]!
          heap[w]! += count
          queue[tail] = w
          tail += 1 - seen[w]!
          seen[w] = 1
        }
      }
      if (tail === end) break
      for (let place = end; place < tail; place += 1) ways[place] = heap[queue[place]!]!
      begin = end
      depth += 1
      levels[depth + 1] = tail
      total += depth * (tail - end)
    }
    steps[source] = total
    reached[source] = tail
    farthest[source] = depth
    if (depth < 2) continue
    for (let place = levels[depth]!; place < tail; place += 1) onward[queue[place]!] = 1 / ways[place]!
    for (let level = depth - 1; level > 0; level -= 1) {
      const [first, last, beyond] = [levels[level]!, levels[level + 1]!, levels[level + 2]!]
      for (let place = first; place < last; place += 1) {
        const v = queue[place]!
        const stop = row[v + 1]!
        let sum = 0
        for (let at = row[v]!; at < stop; at += 1) sum += onward[to[at]!]!
        sums[place] = sum
        between[v]! += ways[place]! * sum
      }
      for (let place = last; place < beyond; place += 1) onward[queue[place]!] = 0
      for (let place = first; place < last; place += 1) onward[queue[place]!] = 1 / ways[place]! + sums[place]!
    }
    for (let place = 1; place < levels[2]!; place += 1) onward[queue[place]!] = 0
  }
}

/** The pass from every node, here and now. */
export function centralityOf(graph: Rows, most: Int32Array): Centrality {
  const into = emptyCentrality(graph.nodes)
  let source = -1
  passFrom(graph, most, () => (++source < graph.nodes ? source : -1), into)
  return into
}

/** How near a node is to all that it reaches: 1 is one step to each; 0 reaches nobody. */
export const closenessOf = ({ steps, reached }: Centrality): Float64Array =>
  steps.map((total, v) => (total === 0 ? 0 : (reached[v]! - 1) / total))

/**
 * How well linked to the well linked: the first eigenvector of an undirected graph, its largest value 1. Repeated multiplication by the graph
 * *plus itself* (so that a graph of two sides settles too), until nothing moves by 1e-10 or 5,000 rounds have passed.
 */
export function eigenvector({ nodes, row, to }: Rows): { values: Float64Array; settled: boolean } {
  let [values, next] = [new Float64Array(nodes).fill(1), new Float64Array(nodes)]
  if (to.length === 0) return { values, settled: true }
  for (let round = 0; round < 5000; round += 1) {
    let largest = 0
    for (let v = 0; v < nodes; v += 1) {
      let sum = values[v]!
      const stop = row[v + 1]!
      for (let at = row[v]!; at < stop; at += 1) sum += values[to[at]!]!
      next[v] = sum
      if (sum > largest) largest = sum
    }
    let moved = 0
    const scale = 1 / largest
    for (let v = 0; v < nodes; v += 1) {
      const value = next[v]! * scale
      const by = Math.abs(value - values[v]!)
      if (by > moved) moved = by
      next[v] = value
    }
    ;[values, next] = [next, values]
    if (moved < 1e-10) return { values, settled: true }
  }
  return { values, settled: false }
}
