import { parentPort } from 'node:worker_threads'
import { passFrom } from './rules/centrality.ts'
import type { Share } from './in-workers.ts'

/** A worker of `crew`: takes sources in turn until none is left, then hands back its share of the betweenness. */
parentPort?.on('message', ({ graph, most, turn, into }: Share) => {
  const between = new Float64Array(graph.nodes)
  const next = () => {
    const source = Atomics.add(turn, 0, 1)
    return source < graph.nodes ? source : -1
  }
  passFrom(graph, most, next, { between, ...into })
  parentPort?.postMessage(between, [between.buffer])
})
