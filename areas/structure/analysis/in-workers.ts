import { Worker } from 'node:worker_threads'
import { type Centrality, emptyCentrality } from './rules/centrality.ts'
import { reachAtMost, type Rows } from './rules/graph.ts'

/** What a worker is told: the graph and where to write, all shared; `turn[0]` is the next source that nobody has begun. */
export interface Share {
  graph: Rows
  most: Int32Array
  turn: Int32Array
  into: Omit<Centrality, 'between'>
}

const shared = (values: Int32Array) => {
  const copy = new Int32Array(new SharedArrayBuffer(values.byteLength))
  copy.set(values)
  return copy
}

/**
 * Workers that stay for several graphs, each on a core of its own: a large network is counted without stopping the server.
 * Added in the workers' order, so equal to one pass but for the last digits. A worker that ends early rejects what was asked.
 */
export function crew(size: number) {
  const workers = Array.from({ length: size }, () => new Worker(new URL('./pass-worker.ts', import.meta.url)))
  const ask = (worker: Worker, share: Share) =>
    new Promise<Float64Array>((resolve, reject) => {
      const end = (done: () => void) => {
        worker.off('message', answered).off('error', failed).off('exit', ended)
        done()
      }
      const answered = (between: Float64Array) => end(() => resolve(between))
      const failed = (error: unknown) => end(() => reject(error))
      const ended = () => end(() => reject(new Error('A worker ended before it answered.')))
      worker.on('message', answered).on('error', failed).on('exit', ended)
      worker.postMessage(share)
    })
  return {
    async centrality(graph: Rows): Promise<Centrality> {
      const { between, ...into } = emptyCentrality(graph.nodes)
      const share: Share = {
        graph: { nodes: graph.nodes, row: shared(graph.row), to: shared(graph.to) },
        most: shared(reachAtMost(graph)),
        turn: new Int32Array(new SharedArrayBuffer(4)),
        into,
      }
      for (const part of await Promise.all(workers.map((worker) => ask(worker, share))))
        for (let v = 0; v < part.length; v += 1) between[v]! += part[v]!
      return { between, ...into }
    },
    end: async () => void (await Promise.all(workers.map((worker) => worker.terminate()))),
  }
}
