import { Readable } from 'node:stream'
import { parse as parseStream } from 'csv-parse'
import { parse } from 'csv-parse/sync'
import type { Refused } from './rules/members.ts'

export type CsvLine = { line: number; record: Record<string, string> } | ({ line: number } & Refused)

const words: Record<string, string> = {
  CSV_RECORD_INCONSISTENT_COLUMNS: 'This line has more or fewer cells than the first line has names.',
  CSV_QUOTE_NOT_CLOSED: 'A quotation mark was opened and never closed: everything after it was taken for one cell.',
  CSV_INVALID_CLOSING_QUOTE: 'There are letters after a closing quotation mark.',
  INVALID_OPENING_QUOTE: 'There is a quotation mark in the middle of a cell.',
}

/** The text of a file as a spreadsheet may have saved it: UTF-8 (with or without a mark) or UTF-16. What is neither shows as U+FFFD. */
function textOf(content: Buffer): string {
  if (content[0] === 0xff && content[1] === 0xfe) return content.subarray(2).toString('utf16le')
  return content.toString('utf8').replace(/^\uFEFF/, '')
}

/** The headings of a CSV file, in lower case; none, when there is nothing in it. */
export function headingsOf(content: Buffer): string[] {
  const text = textOf(content)
  const end = text.length > 65_536 ? text.indexOf('\n', 65_536) : -1
  const [first = []] = parse(end === -1 ? text : text.slice(0, end), {
    delimiter: delimiterOf(text),
    to: 1,
    relax_quotes: true,
    relax_column_count: true,
    skip_empty_lines: true,
  }) as string[][]
  return first.map((name) => name.trim().toLowerCase())
}

/** Comma, semicolon or tab: whichever stands in the first line. */
function delimiterOf(text: string): string {
  const [first = ''] = text.split(/\r?\n/, 1)
  return [',', ';', '\t'].find((mark) => first.includes(mark)) ?? ','
}

function* piecesOf(bytes: Buffer, length = 65_536): Generator<Buffer> {
  for (let at = 0; at < bytes.length; at += length) yield bytes.subarray(at, at + length)
}

/**
 * Lines of a CSV file in batches, so that a long file never waits long between two of them: comma, semicolon or tab by its first line;
 * quotes, line breaks in quotes, CRLF. A line that cannot be read comes with its number and why, and the rest go on.
 */
export async function* readCsv(content: Buffer, batch = 2000): AsyncGenerator<CsvLine[], void> {
  const text = textOf(content)
  const delimiter = delimiterOf(text)
  let waiting: CsvLine[] = []
  let last = 0
  const parser = parseStream({
    delimiter,
    columns: (header: string[]) => header.map((name) => name.trim().toLowerCase()),
    info: true,
    skip_empty_lines: true,
    skip_records_with_error: true,
    on_record: (record: unknown, { lines }: { lines: number }) => {
      last = lines
      return record
    },
    on_skip: (error) => {
      if (!error) return undefined
      // A quotation mark that is never closed runs to the end: it was opened after the last line that could be read.
      const line = error.code === 'CSV_QUOTE_NOT_CLOSED' ? last + 1 : Number(error.lines ?? last + 1)
      last = Math.max(last, line)
      waiting.push({ line, field: 'line', words: words[error.code] ?? 'This line cannot be read as CSV.' })
      return undefined
    },
  })
  // In pieces, so that what stands on this waits for one piece at most: a transaction that is left alone too long is ended.
  Readable.from(piecesOf(Buffer.from(text))).pipe(parser)
  for await (const { record, info } of parser as AsyncIterable<{ record: Record<string, string>; info: { lines: number } }>) {
    waiting.push({ line: info.lines, record })
    if (waiting.length < batch) continue
    const full = waiting
    waiting = []
    yield full
  }
  if (waiting.length > 0) yield waiting
}
