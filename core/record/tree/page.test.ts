import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type LedgerPage, readPage } from './page.ts'
import { sampleHeader, sampleLedger } from './sample.ts'
import { headerText, leafOf } from './leaf.ts'
import { verifyRecord } from './verify.ts'
import type { VerifyRow } from './rows.ts'

const count = 40
const ledger = sampleLedger(count, [7, 25, count])
const actions = ['insert', 'update', 'left', 'arrived']
const uuid = (text: string) => Buffer.from(text.replaceAll('-', ''), 'hex')

/** What the database makes of these rows. */
function pack(rows: readonly VerifyRow[], unsound: readonly number[] = []): LedgerPage {
  const join = (of: (row: VerifyRow, at: number) => Uint8Array) => Buffer.concat(rows.map(of))
  const four = (value: number) => {
    const bytes = Buffer.alloc(4)
    bytes.writeInt32BE(value)
    return bytes
  }
  const eight = (value: number) => {
    const bytes = Buffer.alloc(8)
    bytes.writeBigInt64BE(BigInt(value))
    return bytes
  }
  return {
    positions: join((row) => eight(row.position as number)),
    headerLengths: join((row) => four(row.header.length)),
    headers: join((row) => row.header),
    contentHashes: join((row) => row.contentHash as Uint8Array),
    leaves: join((row) => row.leaf as Uint8Array),
    flags: join((row, at) =>
      Buffer.of(
        (unsound.includes(at) ? 0 : 1) +
          (row.content === null ? 2 : 0) +
          (row.columns?.thread ? 4 : 0) +
          (actions.indexOf(row.columns?.action as string) << 3),
      ),
    ),
    labels: join((row) => four(row.columns?.label as number)),
    worlds: join((row) => uuid(row.columns?.world as string)),
    threads: join((row) => uuid(row.columns?.thread ?? '00000000-0000-0000-0000-000000000000')),
    rowIds: join((row) => uuid(row.columns?.row as string)),
    tableNames: rows.map((row) => row.columns?.table as string).join(','),
  }
}
const byPage = (rows: readonly VerifyRow[], size = 16) =>
  verifyRecord({
    origin: 'northport.example',
    keys: [ledger.key.key.text],
    heads: ledger.heads,
    rows: Array.from({ length: Math.ceil(rows.length / size) }, (_, at) => readPage(pack(rows.slice(at * size, (at + 1) * size)))),
  })
const byRow = (rows: readonly VerifyRow[]) =>
  verifyRecord({
    origin: 'northport.example',
    keys: [ledger.key.key.text],
    heads: ledger.heads,
    // The page has neither salt and content, nor the columns that the store does not keep.
    rows: rows.map((row) => {
      const { id: _, at: __, operation: ___, ...columns } = row.columns ?? {}
      return { ...row, salt: null, content: null, columns }
    }),
  })

describe('a packed page', () => {
  it('is sound as it was written, and counts the stubs that the database names', async () => {
    const rows = ledger.rows.map((row, at) => (at % 5 === 0 ? { ...row, salt: null, content: null } : row))
    expect(await byPage(rows)).toMatchObject({ ok: true, entries: count, sealed: count, stubs: 8 })
    expect(await byPage([])).toMatchObject({ entries: 0 })
  })

  it('names the entry whose content does not fit its hash, though nothing of it is here', async () => {
    const report = await verifyRecord({
      origin: 'northport.example',
      keys: [ledger.key.key.text],
      heads: ledger.heads,
      rows: [readPage(pack(ledger.rows, [3, 11]))],
    })
    expect(report.problems).toEqual([3, 11].map((position) => ({ position, what: 'the content does not fit its hash: it was changed' })))
  })

  it('finds what row by row is found, whatever byte or column was changed', async () => {
    const columns: ((row: VerifyRow) => VerifyRow)[] = [
      (row) => ({ ...row, columns: { ...row.columns, label: 77 } }),
      (row) => ({ ...row, columns: { ...row.columns, table: 'response.decisio' } }),
      (row) => ({ ...row, columns: { ...row.columns, world: '00000000-0000-7000-8000-00000000beef' } }),
      (row) => ({ ...row, columns: { ...row.columns, row: '00000000-0000-7000-8000-00000000beef' } }),
      (row) => ({ ...row, columns: { ...row.columns, thread: row.columns?.thread ? null : '00000000-0000-7000-8000-00000000beef' } }),
      (row) => ({ ...row, columns: { ...row.columns, action: 'left' } }),
      (row) => ({ ...row, contentHash: Buffer.alloc(32, 5) }),
      (row) => ({ ...row, leaf: Buffer.alloc(32, 6) }),
      (row) => ({ ...row, position: (row.position ?? 0) + 2 }),
      (row) => ({ ...row, header: row.header.subarray(0, -1) }),
      (row) => ({ ...row, header: Buffer.concat([row.header, Buffer.from(' ')]) }),
    ]
    const flip = (row: VerifyRow, at: number, bit: number): VerifyRow => {
      const header = Buffer.from(row.header)
      header[at % header.length] = (header[at % header.length] as number) ^ (1 << bit)
      return { ...row, header }
    }
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.nat(count - 1), fc.option(fc.nat(columns.length - 1)), fc.nat(400), fc.nat(7)), { maxLength: 5 }),
        fc.integer({ min: 1, max: 20 }),
        async (changes, size) => {
          const rows = [...ledger.rows]
          for (const [at, column, byte, bit] of changes)
            rows[at] =
              column === null
                ? flip(rows[at] as VerifyRow, byte, bit)
                : (columns[column] as (row: VerifyRow) => VerifyRow)(rows[at] as VerifyRow)
          const [page, row] = [await byPage(rows, size), await byRow(rows)]
          expect({ ...page, stubs: 0 }).toEqual({ ...row, stubs: 0 })
        },
      ),
      { numRuns: 400 },
    )
  }, 60_000)

  it('takes no header that the strict reader refuses, even when leaf and columns are made to fit it', async () => {
    const values = sampleHeader(0)
    const forms = [
      headerText({ ...values, at: '2026-13-22T00:00:00.000000Z' }),
      headerText({ ...values, at: '2026-11-22T24:00:00.000000Z' }),
      headerText({ ...values, at: '2026-11-22T00:60:00.000000Z' }),
      headerText({ ...values, at: '2026-11-22T00:00:00.00000 Z' }),
      headerText({ ...values, operation: '' }),
      headerText({ ...values, operation: 'a"b' }),
      headerText({ ...values, operation: 'x'.repeat(201) }),
      headerText({ ...values, id: values.id.toUpperCase() }),
      headerText(values).replace('"v": 1', '"v": 2'),
    ]
    for (const text of forms) {
      const header = Buffer.from(text)
      const first = ledger.rows[0] as VerifyRow
      const forged = { ...first, header, leaf: leafOf(header, first.salt, first.content) }
      const words = new Int32Array(4)
      expect(readPage(pack([ledger.rows[1] as VerifyRow, forged])).fits(1, words), text).toBe(false)
    }
    expect(readPage(pack([ledger.rows[0] as VerifyRow])).fits(0, new Int32Array(4))).toBe(true)
  })

  it('finds an entry id that occurs a second time', async () => {
    const double = ledger.rows.map((row, at) => (at === 9 ? { ...(ledger.rows[2] as VerifyRow), position: 9 } : row))
    expect((await byPage(double)).problems[0]).toEqual({ position: 9, what: 'its entry id occurs a second time' })
  })
})
