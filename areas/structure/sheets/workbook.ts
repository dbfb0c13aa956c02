import { invalid } from '#core/errors.ts'
import { type Sheet, sheets } from './rules/starter.ts'

/** Read when the first workbook comes or goes: no start waits for them. */
const reader = async () => (await import('read-excel-file/node')).default
const writer = async () => (await import('write-excel-file/node')).default

const most = 64 * 1024 * 1024

/** What a zip says that it will unpack to, from its central directory; a workbook that unpacks to more than 64 MB is not opened. */
function unpackedSize(content: Buffer): number {
  let size = 0
  for (
    let at = content.indexOf('PK\x01\x02', 0, 'latin1');
    at !== -1 && at + 46 <= content.length;
    at = content.indexOf('PK\x01\x02', at + 46, 'latin1')
  ) {
    size += content.readUInt32LE(at + 24)
  }
  return size
}

export const isWorkbook = (content: Buffer): boolean => content.subarray(0, 4).toString('latin1') === 'PK\x03\x04'

/** The cells of every sheet by its name. Errors: invalid (files), when it is no workbook or too large. */
export async function readWorkbook(name: string, content: Buffer): Promise<Map<string, readonly (readonly unknown[])[]>> {
  if (content.length > most || unpackedSize(content) > most)
    throw invalid('files', `${name} is too large to be opened safely. Nothing was stored. Split it and send the parts.`)
  try {
    return new Map((await (await reader())(content)).map(({ sheet, data }) => [sheet, data as readonly (readonly unknown[])[]]))
  } catch {
    throw invalid('files', `${name} cannot be opened as a workbook. Nothing was stored. Save it as XLSX and send it again.`)
  }
}

const howTo = [
  'How to fill this in',
  'Each sheet is one list. Keep the first line as it is; write one row a line under it. Leave out what you do not know yet.',
  'Codes are yours: one word, without spaces. They tie the sheets together, and they stay when names change.',
  'Write times and telephone numbers as text. Duty hours are local time; they stay as written when the clocks change.',
  'Everybody who must be reached at night needs two ways that do not depend on each other: a mobile and a mail, at least.',
  'Every duty post needs a deputy. A post that nobody holds, or that nobody stands in for, is shown as a finding; it is not refused.',
  'Send the file again whenever it changes: what is already so stays as it is, and nothing is doubled. A line that cannot be read is reported with its number, and nothing of it is stored.',
]

/** The empty starter workbook: how to fill it in, then a sheet for each list. */
export async function writeStarterSheet(): Promise<Buffer> {
  const heading = (value: string) => ({ value, type: String, fontWeight: 'bold' as const })
  const notes = sheets.flatMap((sheet) => [
    [null, null, null],
    [heading(sheet.name), null, null],
    ...sheet.columns.map((column) => [`${column.heading}`, column.required ? 'needed' : '', column.note]),
  ])
  return await (await writer())([
    {
      sheet: 'How to',
      columns: [{ width: 28 }, { width: 10 }, { width: 90 }],
      data: [[heading(howTo[0]!)], ...howTo.slice(1).map((line) => [line]), ...notes],
    },
    ...sheets.map((sheet) => ({
      sheet: sheet.name,
      columns: sheet.columns.map(({ heading: text }) => ({ width: Math.max(14, text.length + 4) })),
      data: [sheet.columns.map((column) => heading(column.heading))],
      stickyRowsCount: 1,
    })),
  ]).toBuffer()
}

/** Lists as import reads them, each cell as text; the first sheet says what they are and how they are marked, and so does every row. */
export const writeLists = async (
  about: Readonly<Record<string, string>>,
  lists: ReadonlyArray<{ sheet: Sheet; cells: readonly (readonly string[])[] }>,
): Promise<Buffer> =>
  await (await writer())([
    {
      sheet: 'Marking',
      columns: [{ width: 16 }, { width: 40 }],
      data: Object.entries(about).map(([name, words]) => [cellOf(name), cellOf(words)]),
    },
    ...lists.map(({ sheet, cells }) => ({
      sheet: sheet.name,
      columns: [...sheet.columns.map(({ heading }) => ({ width: Math.max(14, heading.length + 4) })), { width: 12 }],
      data: [
        [...sheet.columns.map(({ heading }) => heading), 'Marking'].map((value) => ({ ...cellOf(value), fontWeight: 'bold' as const })),
        ...cells.map((row) => [...row, about['marking'] ?? ''].map(cellOf)),
      ],
      stickyRowsCount: 1,
    })),
  ]).toBuffer()

const cellOf = (value: string) => ({ value, type: String })
