import { type CityFile, type CityList, cityLists, cityRows } from '../../city-import/contract.ts'
import { unguardCell } from './formula.ts'
import { type Cell, plainHeading, type Sheet } from './starter.ts'

const isEmpty = (value: unknown) => value === null || value === undefined || (typeof value === 'string' && value.trim() === '')
const asText = (value: unknown) => unguardCell((value instanceof Date ? value.toISOString() : String(value)).trim()).trim()

const several: ReadonlySet<Cell> = new Set(['words', 'codes'])

/** Several in one cell, parted by any of these marks; a mark that belongs to one of them has a backslash before it. */
function parted(text: string, marks: string): string[] {
  const found = ['']
  for (let at = 0; at < text.length; at += 1) {
    if (text[at] === '\\' && at + 1 < text.length) found[found.length - 1] += text[(at += 1)]!
    else if (marks.includes(text[at]!)) found.push('')
    else found[found.length - 1] += text[at]!
  }
  return found.map((part) => part.trim()).filter(Boolean)
}

/** The same, written: what comes back when it is read. */
export const joined = (values: readonly string[]): string =>
  values.map((value) => value.replaceAll(/[\\;]/g, (mark) => `\\${mark}`)).join('; ')

function valueOf(cell: Cell, value: unknown): unknown {
  const text = asText(value)
  if (cell === 'number') return Number(text)
  if (cell === 'numbers') return text.split(/[\s,;]+/).map(Number)
  if (cell === 'duty') return text === 'always' ? 'always' : { pattern: text }
  if (cell === 'words') return parted(text, ';')
  if (cell === 'codes') return parted(text, '; ')
  return text
}

export interface SheetLine {
  line: number
  row: unknown
}
export interface SheetProblem {
  sheet: string
  line: number
  field: string
  words: string
}

/** Reads the rows of one list by its headings; each row comes back as a row of the city, or as what is wrong with it. */
export function rowReader(sheet: Sheet, headings: readonly string[]) {
  const plain = headings.map(plainHeading)
  const where = sheet.columns.map(({ heading }) => plain.indexOf(plainHeading(heading)))
  const known = new Set([...sheet.columns.map(({ heading }) => plainHeading(heading)), 'marking'])
  return {
    /** Columns that must be there and are not. */
    missing: sheet.columns.filter((wanted, index) => wanted.required && where[index] === -1).map(({ heading }) => heading),
    /** Headings that no column of this list has: nothing under them is read. */
    unknown: headings.filter((_, index) => plain[index] !== '' && !known.has(plain[index]!)),
    read(line: number, cells: readonly unknown[]): SheetLine | SheetProblem {
      const raw: Record<string, unknown> = {}
      sheet.columns.forEach(({ field, cell, clears }, index) => {
        const at = where[index]!
        if (at === -1) return
        const value = cells[at]
        if (!isEmpty(value)) raw[field] = valueOf(cell, value)
        else if (clears) raw[field] = several.has(cell) ? [] : null
      })
      const read = cityRows[sheet.list].safeParse(raw)
      if (read.success) return { line, row: read.data }
      const [issue] = read.error.issues
      const column = sheet.columns.find(({ field }) => field === issue?.path[0])
      const words = column && raw[column.field] === undefined ? 'This is empty.' : (issue?.message ?? 'This cannot be read.')
      return { sheet: sheet.name, line, field: column?.heading ?? '', words }
    },
  }
}

export const isProblem = (read: SheetLine | SheetProblem): read is SheetProblem => 'words' in read

/** One sheet's cells, the headings first: rows that can be read with their line numbers, and what cannot. */
export function readSheet(
  sheet: Sheet,
  cells: readonly (readonly unknown[])[],
): { rows: SheetLine[]; problems: SheetProblem[]; unknown: readonly string[]; lines: number } {
  const reader = rowReader(
    sheet,
    (cells[0] ?? []).map((cell) => (isEmpty(cell) ? '' : asText(cell))),
  )
  const problems: SheetProblem[] = reader.missing.map((heading) => ({
    sheet: sheet.name,
    line: 1,
    field: heading,
    words: `There is no column ${heading}.`,
  }))
  const rows: SheetLine[] = []
  let lines = 0
  cells.slice(1).forEach((row, index) => {
    if (row.every(isEmpty)) return
    lines += 1
    if (reader.missing.length > 0) return
    const read = reader.read(index + 2, row)
    if (isProblem(read)) problems.push(read)
    else rows.push(read)
  })
  return { rows, problems, unknown: reader.unknown, lines }
}

/** The lists of a city from rows that have been read, each by its own schema already. */
export const cityOf = (lists: ReadonlyMap<CityList, readonly SheetLine[]>): CityFile =>
  Object.fromEntries(cityLists.map((list) => [list, (lists.get(list) ?? []).map(({ row }) => row)])) as unknown as CityFile
