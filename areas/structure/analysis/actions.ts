import { type Implementation, implement } from '#core/operation/implement.ts'
import { analyse } from './contract.ts'
import { crew } from './in-workers.ts'
import { analysisOf, graphsOf } from './metrics.ts'
import { type Network, readNetwork } from './reading.ts'

/** Node × arc from which a network is counted in a worker: about a tenth of a second on one core. */
const many = 16_000_000

/** The analysis of a network of any size: a large one is counted beside the server's own thread, which goes on serving. */
export async function analysisBeside(network: Network, workers: number) {
  if (network.names.length * network.arcs.length < many) return analysisOf(network)
  const beside = crew(workers)
  try {
    const { directed, undirected } = graphsOf(network)
    return analysisOf(network, { directed: await beside.centrality(directed), undirected: await beside.centrality(undirected) })
  } finally {
    await beside.end()
  }
}

export const actions: readonly Implementation[] = [
  implement(analyse, async ({ input: { edges, nodes } }) => await analysisBeside(readNetwork(edges, nodes), 1)),
]
