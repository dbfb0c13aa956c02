import { type Implementation, implement } from '#core/operation/implement.ts'
import { analyse } from './contract.ts'
import { analysisOf } from './metrics.ts'
import { readNetwork } from './reading.ts'

export const actions: readonly Implementation[] = [
  implement(analyse, async ({ input: { edges, nodes } }) => analysisOf(readNetwork(edges, nodes))),
]
