import { internLabel } from '#core/access/reach.ts'
import type { AreaService, CodeChange } from '../../code-history/contract.ts'
import { historyOf, lookupColumns, readChange } from '../../code-history/rules.ts'
import { putAreas, putChanges } from '../../code-history/store.ts'
import { unguardCell } from '../rules/formula.ts'
import * as store from '../store.ts'
import type { Importing, List } from './importing.ts'

const label = (importing: Importing) => internLabel(importing.tx, { clauses: [[`city:${importing.city}`]], marking: 'TLP:GREEN' })

const unguarded = (record: Readonly<Record<string, string>>) =>
  Object.fromEntries(Object.entries(record).map(([column, cell]) => [column, unguardCell(cell.trim())]))

/** A list of code changes (code-changes.csv). A change that would lead back to where it began is told, and not stored. */
export async function importChanges({ name, batches }: List, importing: Importing): Promise<void> {
  const { tx, id, report, refuse, preview } = importing
  const { counts } = report
  const good: CodeChange[] = []
  const seen = new Set<string>()
  for await (const batch of batches) {
    for (const line of batch) {
      counts.lines += 1
      const fail = (field: string, words: string) => refuse({ file: name, sheet: null, line: line.line, field, words })
      if (!('record' in line)) {
        fail(line.field, line.words)
        continue
      }
      const change = readChange(unguarded(line.record))
      if ('field' in change) {
        fail(change.field, change.words)
        continue
      }
      const key = `${change.orgType} ${change.orgCode} ${change.successorCode}`
      const others = [
        ...importing.codes.history.changes.filter((known) => `${known.orgType} ${known.orgCode} ${known.successorCode}` !== key),
        ...good,
      ]
      if (seen.has(key)) fail('new_code', `${change.orgCode} became ${change.successorCode} on an earlier line already.`)
      else if (historyOf(others).circles(change.orgType, change.orgCode, change.successorCode))
        fail('new_code', `${change.successorCode} became ${change.orgCode} by other lines: a code does not come back.`)
      else {
        counts.stored += 1
        good.push(change)
      }
      seen.add(key)
    }
    await store.stillHere(tx)
  }
  counts.codeChanges += good.length
  const replaced = new Set(good.map(({ orgType, orgCode, successorCode }) => `${orgType} ${orgCode} ${successorCode}`))
  const kept = importing.codes.history.changes.filter(
    ({ orgType, orgCode, successorCode }) => !replaced.has(`${orgType} ${orgCode} ${successorCode}`),
  )
  importing.codes = { ...importing.codes, history: historyOf([...kept, ...good]) }
  if (!preview && good.length > 0)
    await putChanges(
      tx,
      await label(importing),
      good.map((change) => ({ ...change, id: id() })),
    )
}

/** A published lookup from local authorities to police forces or fire services: kept, so that memberships can be derived from it. */
export async function importLookup({ name, headings, batches }: List, importing: Importing): Promise<void> {
  const { tx, id, report, refuse, preview } = importing
  const { counts } = report
  const columns = lookupColumns(headings)!
  if (columns.pairs.length === 0)
    return refuse({
      file: name,
      sheet: null,
      line: 1,
      field: headings.find((heading) => heading !== columns.area && heading.endsWith('_code')) ?? columns.area,
      words: 'This lookup names no police force (pfa..) and no fire service (fra..). Nothing of this file was stored.',
    })
  const found = new Map<string, AreaService>()
  for await (const batch of batches) {
    for (const line of batch) {
      counts.lines += 1
      if (!('record' in line)) {
        refuse({ file: name, sheet: null, line: line.line, field: line.field, words: line.words })
        continue
      }
      const record = unguarded(line.record)
      const fields = [columns.area, columns.areaName, ...columns.pairs.flatMap((pair) => [pair.column, pair.name])]
      const bad = fields.find((field) => !record[field] || record[field].length > 300 || /[\p{Cc}\uFFFD]/u.test(record[field]))
      if (bad !== undefined) {
        refuse({
          file: name,
          sheet: null,
          line: line.line,
          field: bad,
          words: 'This is empty, too long, or holds characters that cannot be read.',
        })
        continue
      }
      const [areaCode, areaName] = [record[columns.area]!, record[columns.areaName]!]
      const services = columns.pairs.map(({ orgType, column, name: nameColumn, basis }) => ({
        areaCode,
        areaName,
        orgType,
        orgCode: record[column]!,
        orgName: record[nameColumn]!,
        basis,
      }))
      const other = services.find(
        (service) => (found.get(`${areaCode} ${service.orgType}`)?.orgCode ?? service.orgCode) !== service.orgCode,
      )
      if (other !== undefined) {
        const column = columns.pairs.find(({ orgType }) => orgType === other.orgType)!.column
        refuse({
          file: name,
          sheet: null,
          line: line.line,
          field: column,
          words: `${areaCode} ${areaName} is served by another on an earlier line. Only one can be right.`,
        })
        continue
      }
      counts.stored += 1
      for (const service of services) found.set(`${areaCode} ${service.orgType}`, service)
    }
    await store.stillHere(tx)
  }
  counts.areas += found.size
  const known = [...importing.codes.areas.values()].flat().filter((service) => !found.has(`${service.areaCode} ${service.orgType}`))
  importing.codes = { ...importing.codes, areas: Map.groupBy([...known, ...found.values()], ({ areaCode }) => areaCode) }
  if (!preview && found.size > 0)
    await putAreas(
      tx,
      await label(importing),
      [...found.values()].map((service) => ({ ...service, id: id() })),
    )
}
