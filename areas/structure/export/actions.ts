import { stringify } from 'csv-stringify/sync'
import { markingOfAll } from '#core/access/reach.ts'
import { notFound } from '#core/errors.ts'
import { type Implementation, implement } from '#core/operation/implement.ts'
import { networkNow, networkOf, versions } from '../network/store.ts'
import { plainHeading, sheets } from '../sheets/rules/starter.ts'
import { writeLists } from '../sheets/workbook.ts'
import { exportedLists, exportNetwork } from './contract.ts'
import { graphmlOf } from './rules/graphml.ts'
import { cellsOf, listsOf } from './rules/lists.ts'
import * as store from './store.ts'

/** A collection shows more than its parts (house: aggregation): never less than this, and what any line in it carries. */
const least = 'TLP:AMBER'
const base64 = (content: string | Buffer) => Buffer.from(content).toString('base64')

export const actions: readonly Implementation[] = [
  implement(exportNetwork, async ({ input, tx, clock }) => {
    const version = input.version === undefined ? null : (await versions(tx)).find(({ number }) => number === input.version)
    if (version === undefined) throw notFound()
    const network = version === null ? await networkNow(tx) : await networkOf(tx, version.id)
    const marking = await markingOfAll(tx, await store.labels(tx), least)
    const about = { marking, at: clock.now().toISOString(), version: version === null ? 'now' : String(version.number) }
    if (input.format === 'json')
      return { name: 'concord-network.json', content: base64(JSON.stringify({ ...about, network }, null, 1)), marking }
    if (input.format === 'graphml') return { name: 'concord-network.graphml', content: base64(graphmlOf(network, about)), marking }
    const lists = listsOf(network, await store.besides(tx))
    const leaving = exportedLists.map((list) => ({ list, sheet: sheets.find((sheet) => sheet.list === list)! }))
    if (input.format === 'xlsx')
      return {
        name: 'concord-structure.xlsx',
        content: base64(
          await writeLists(
            about,
            leaving.map(({ list, sheet }) => ({ sheet, cells: cellsOf(sheet, lists[list]) })),
          ),
        ),
        marking,
      }
    const { list, sheet } = leaving.find((candidate) => candidate.list === input.list)!
    const lines = [
      [...sheet.columns.map(({ heading }) => plainHeading(heading)), 'marking'],
      ...cellsOf(sheet, lists[list]).map((cells) => [...cells, marking]),
    ]
    return {
      name: `concord-${list.toLowerCase()}.csv`,
      content: base64(stringify(lines, { bom: true, record_delimiter: 'windows' })),
      marking,
    }
  }),
]
