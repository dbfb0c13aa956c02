import { readFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import type { Offline } from '#core/operation/implement.ts'
import { type Analysis, analyse } from './contract.ts'
import { analysisBeside } from './actions.ts'
import { readNetwork } from './reading.ts'

const say = (line: string) => process.stdout.write(`${line}\n`)

function inWords(analysis: Analysis): string {
  const { nodes, arcs, weak_component_sizes: parts, findings, lines } = analysis
  return [
    `${nodes} nodes, ${arcs} links, ${parts.length} part${parts.length === 1 ? '' : 's'}. Most shortest ways lead over ${analysis.top_betweenness_undirected[0]?.[0] ?? 'nobody'}.`,
    ...findings.map(({ why, mend }) => `- ${why} ${mend}`),
    ...lines.map((line) => `! ${line}`),
  ].join('\n')
}

/** `concord structure analyse --edges FILE --nodes FILE [--json]`, without a server. Lines left out are told on standard error; exit 0 when the network was read. */
export const offline: readonly Offline[] = [
  {
    operation: analyse,
    flag: 'edges',
    async run(_files, flags) {
      const text = (flag: unknown) => (typeof flag === 'string' ? readFileSync(flag, 'utf8') : undefined)
      const analysis = await analysisBeside(readNetwork(text(flags.edges) ?? '', text(flags.nodes)), availableParallelism())
      say(flags.json === true ? JSON.stringify(analysis) : inWords(analysis))
      return 0
    },
  },
]
