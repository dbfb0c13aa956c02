import { knownCodes, leftOut, storeCity } from '../../city-import/actions/store-city.ts'
import { type CityFile, type CityList, type EndingList, endingLists } from '../../city-import/contract.ts'
import { strays } from '../../city-import/rules.ts'
import { circlesOfReporting, renewCodes } from '../rules/telling.ts'
import { cityOf, isProblem, readSheet, rowReader, type SheetLine } from '../rules/rows.ts'
import { sheetOf, sheets } from '../rules/starter.ts'
import * as store from '../store.ts'
import { readWorkbook } from '../workbook.ts'
import type { Importing, List } from './importing.ts'

interface Placed extends SheetLine {
  file: string
  sheet: string | null
}

/** Rows of all lists of an import, from however many files: they are stored together, so they may name each other. */
export function gathering(importing: Importing) {
  const { tx, report, refuse, tell } = importing
  const { counts } = report
  const lists = new Map<CityList, Placed[]>()
  /** Lists of which a line fell away while reading: such a list is never complete. */
  const torn = new Set<CityList>()
  const unknown = (file: string, sheet: string | null, headings: readonly string[]) => {
    if (headings.length > 0) tell({ file, sheet, line: 1, words: `Not known here, and not read: ${headings.join(', ')}.` })
  }
  const add = (list: CityList, rows: readonly Placed[]) => {
    const all = lists.get(list) ?? []
    for (const row of rows) all.push(row)
    lists.set(list, all)
  }

  /** A filled-in starter sheet. Errors: invalid (files), when it is no workbook. */
  async function workbook(file: string, content: Buffer): Promise<void> {
    const book = await readWorkbook(file, content)
    for (const sheet of sheets) {
      const cells = book.get(sheet.name)
      if (cells === undefined) continue
      const read = readSheet(sheet, cells)
      counts.lines += read.lines
      for (const problem of read.problems) refuse({ file, ...problem })
      if (read.problems.length > 0) torn.add(sheet.list)
      unknown(file, sheet.name, read.unknown)
      add(
        sheet.list,
        read.rows.map((row) => ({ ...row, file, sheet: sheet.name })),
      )
      await store.stillHere(tx)
    }
  }

  /** One list as a CSV file of its own. */
  async function csv({ name: file, headings, batches }: List): Promise<void> {
    const sheet = sheetOf(headings)!
    const reader = rowReader(sheet, headings)
    unknown(file, null, reader.unknown)
    for await (const batch of batches) {
      const rows: Placed[] = []
      for (const line of batch) {
        counts.lines += 1
        const read =
          'record' in line
            ? reader.read(
                line.line,
                headings.map((heading) => line.record[heading]),
              )
            : { sheet: '', ...line }
        if (isProblem(read)) {
          refuse({ file, sheet: null, line: read.line, field: read.field, words: read.words })
          torn.add(sheet.list)
        } else rows.push({ ...read, file, sheet: null })
      }
      add(sheet.list, rows)
      await store.stillHere(tx)
    }
  }

  /** A row that names what is not there falls away with its line, and so does what hangs on it; the rest is stored. */
  async function settle(): Promise<void> {
    if (lists.size === 0) return
    const known = await knownCodes(tx)
    for (const [list, rows] of lists) {
      const renewed = renewCodes(list, rows, known.agencies, importing.codes.history)
      for (const { index, words } of renewed.told) {
        const { file, sheet, line } = rows[index]!
        tell({ file, sheet, line, words: `${words}.` })
      }
      for (const { index, field, words } of renewed.split) refuseRow(list, rows[index]!, field, words)
      const gone = new Set(renewed.split.map(({ index }) => index))
      lists.set(
        list,
        renewed.rows.flatMap((row, index) => (gone.has(index) ? [] : [{ ...rows[index]!, row }])),
      )
    }
    for (let wrong = await lookedAt(known); wrong.length > 0; wrong = await lookedAt(known)) {
      const gone = new Map<CityList, Set<number>>()
      for (const { list, index, field, words } of wrong) {
        const out = gone.get(list) ?? new Set<number>()
        if (!out.has(index)) refuseRow(list, lists.get(list)![index]!, field, words)
        gone.set(list, out.add(index))
      }
      for (const [list, out] of gone)
        lists.set(
          list,
          lists.get(list)!.filter((_, index) => !out.has(index)),
        )
      await store.stillHere(tx)
    }
    const city = cityOf(lists)
    await store.stillHere(tx)
    for (const { index, words } of circlesOfReporting(city.links)) {
      const { file, sheet, line } = lists.get('links')![index]!
      tell({ file, sheet, line, words })
    }
    await count(city, known)
    const complete = await endings(city)
    if (!importing.preview) await storeCity(tx, city, { at: importing.at, since: importing.at, id: importing.id, complete })
  }

  /** Long lists take their time, and a transaction that waits for us is ended: it hears from us between the steps. */
  async function lookedAt(known: Awaited<ReturnType<typeof knownCodes>>) {
    const steps = strays(cityOf(lists), known)
    for (let step = steps.next(); ; step = steps.next()) {
      if (step.done) return step.value
      await store.stillHere(tx)
    }
  }

  function refuseRow(list: CityList, { file, sheet, line }: Placed, field: string, words: string) {
    torn.add(list)
    const heading = sheets.find((candidate) => candidate.list === list)!.columns.find((column) => column.field === field)?.heading
    refuse({ file, sheet, line, field: heading ?? field, words })
  }

  async function count(city: CityFile, known: Awaited<ReturnType<typeof knownCodes>>) {
    for (const list of ['agencies', 'groups', 'memberships', 'posts', 'people', 'holdings', ...endingLists] as const)
      counts[list] += city[list].length
    const before = new Set(known.agencies.map(({ orgType, orgCode }) => `${orgType} ${orgCode}`))
    counts.newAgencies += city.agencies.filter(({ orgType, orgCode }) => !before.has(`${orgType} ${orgCode}`)).length
    counts.newGroups += city.groups.filter(({ code }) => !known.groups.has(code)).length
    counts.stored += [...lists.values()].reduce((sum, rows) => sum + rows.length, 0)
  }

  /** What these lists leave out is told; ended only when somebody said that they are complete, and only where every line could be read. */
  async function endings(city: CityFile): Promise<EndingList[]> {
    // A list with nothing in it is no order to end everything.
    const given = endingLists.filter((list) => city[list].length > 0)
    if (given.length === 0) return []
    const left = await leftOut(tx, city, importing.id)
    return given.filter((list) => {
      const rows = left[list]
      const ends = importing.complete && !torn.has(list)
      if (rows.length > 0) {
        const shown = `${rows
          .slice(0, 10)
          .map(({ words }) => words)
          .join('; ')}${rows.length > 10 ? '; and others' : ''}`
        const name = sheets.find((sheet) => sheet.list === list)!.name
        const { file } = lists.get(list)![0] ?? { file: name }
        const fate = ends
          ? importing.preview
            ? 'They would be ended'
            : 'They were ended'
          : importing.complete
            ? 'They stay: a list with lines that cannot be read is not complete'
            : 'They stay, unless you say that this list is complete'
        tell({ file, sheet: name, line: null, words: `${rows.length} that stand now are not in this list: ${shown}. ${fate}.` })
        if (ends) counts.ended += rows.length
      }
      return ends
    })
  }

  return { workbook, csv, settle }
}
