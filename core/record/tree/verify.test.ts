import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createSigningKey, type SigningKey } from './heads.ts'
import { headerText, leafOf, parseHeader } from './leaf.ts'
import { headAt, sampleHeader, sampleLedger, sampleRow, stubOf } from './sample.ts'
import { createTree } from './tree.ts'
import { type VerifyReport, verifyRecord } from './verify.ts'
import type { VerifyRow } from './rows.ts'

const ledger = sampleLedger(9, [0, 3, 8])
const verify = (
  rows: readonly VerifyRow[],
  heads: readonly string[] = ledger.heads,
  keys: readonly SigningKey[] = [ledger.key],
): Promise<VerifyReport> => verifyRecord({ origin: 'northport.example', keys: keys.map((one) => one.key.text), rows: [rows], heads })
const change = (at: number, row: Partial<VerifyRow>): VerifyRow[] => ledger.rows.map((one, n) => (n === at ? { ...one, ...row } : one))
const says = (report: VerifyReport): string[] => report.problems.map(({ position, what }) => `${position}: ${what}`)

describe('the record', () => {
  it('is sound as it was written; what is after the last head is not yet sealed', async () => {
    const tree = createTree()
    for (const row of ledger.rows) tree.append(row.leaf as Uint8Array)
    expect(await verify(ledger.rows)).toEqual({
      entries: 9,
      sealed: 8,
      notYetSealed: 1,
      stubs: 0,
      treeSize: 9,
      root: tree.root().toString('hex'),
      heads: 3,
      keyTurns: [],
      ok: true,
      problemCount: 0,
      problems: [],
    })
    const unplaced = [...ledger.rows, { ...sampleRow(9), position: null }]
    expect(await verify(unplaced)).toMatchObject({ ok: true, entries: 10, treeSize: 9, notYetSealed: 2 })
    expect(await verify([], [])).toMatchObject({ ok: true, entries: 0, sealed: 0, root: expect.stringMatching(/^e3b0c442/) })
  })

  it('is sound with stubs, also when every entry is one', async () => {
    const mixed = ledger.rows.map((row, n) => (n % 2 === 0 ? stubOf(row) : row))
    expect(await verify(mixed)).toMatchObject({ ok: true, stubs: 5, sealed: 8 })
    expect(await verify(ledger.rows.map(stubOf))).toMatchObject({ ok: true, stubs: 9 })
  })

  it('names the entry when any byte of any of its fields is flipped', async () => {
    const small = sampleLedger(4, [2, 3])
    for (const rows of [small.rows, small.rows.map(stubOf)]) {
      for (const [at, row] of rows.entries()) {
        for (const field of ['header', 'salt', 'content', 'contentHash', 'leaf'] as const) {
          const bytes = row[field]
          if (bytes === null) continue
          for (let byte = 0; byte < bytes.length; byte += 1) {
            const flipped = Buffer.from(bytes)
            flipped[byte] = (flipped[byte] as number) ^ (1 << (byte % 8))
            const report = await verify(
              rows.map((one, n) => (n === at ? { ...one, [field]: flipped } : one)),
              small.heads,
              [small.key],
            )
            expect(report.ok).toBe(false)
            expect(
              report.problems.some(({ position }) => position === at),
              `${field} of ${at}, byte ${byte}`,
            ).toBe(true)
            expect(report.problems.every(({ position }) => position === at || position === null)).toBe(true)
          }
        }
      }
    }
  }, 120_000)

  it('names the entry and the column when a column says something else than the header', async () => {
    const other = sampleHeader(4)
    for (const [at, row] of ledger.rows.entries()) {
      for (const [key, value] of Object.entries({
        ...other,
        thread: other.thread,
        label: 999,
        table: 'watch.signal',
        action: 'arrived',
        operation: 'x',
        world: other.row,
      })) {
        if (key === 'v' || row.columns === null || (row.columns as Record<string, unknown>)[key] === value) continue
        const report = await verify(change(at, { columns: { ...row.columns, [key]: value } }))
        expect(says(report)).toEqual([`${at}: column ${key} does not say what the header says`])
        // The store may keep only some of them.
        expect(says(await verify(change(at, { columns: { [key]: value } })))).toEqual(says(report))
      }
    }
  })

  it('names the entry that was written anew, leaf and all, by the range between two heads', async () => {
    const header = Buffer.from(ledger.rows[5]?.header as Uint8Array)
    const content = Buffer.from('{"question": "Nothing was decided"}')
    const salt = Buffer.alloc(32, 1)
    const report = await verify(change(5, { salt, content, contentHash: null, leaf: leafOf(header, salt, content) }))
    expect(says(report)).toEqual([
      'null: head 2 (size 8): its root is not that of these entries: the fault lies at positions 3 to 7, or in the head',
    ])
    expect(report.sealed).toBe(3)
  })

  it('tells a changed entry from a changed leaf by the head', async () => {
    const content = await verify(change(1, { content: Buffer.from('{}'), contentHash: null }))
    expect(says(content)[0]).toBe('1: its leaf is not that of its header, salt and content')
    expect(says(content)[1]).toContain('the stored leaves are as they were sealed')
    const leaf = await verify(change(1, { leaf: Buffer.alloc(32) }))
    expect(says(leaf)).toEqual(['1: its leaf is not that of its header, salt and content'])
    expect(leaf.sealed).toBe(8)
  })

  it('names what is missing, repeated, out of order or put in between', async () => {
    const { rows } = ledger
    const without = (at: number): VerifyRow[] => rows.filter((_, n) => n !== at)
    for (let at = 0; at < 8; at += 1) expect(says(await verify(without(at)))[0]).toBe(`${at}: missing`)
    expect(says(await verify(rows.filter((_, n) => n < 2 || n > 4)))[0]).toBe('2: missing, with all up to position 4')
    expect(says(await verify(rows.slice(0, 6)))).toEqual(['null: head 2 (size 8): there are only 6 entries: the last ones are missing'])
    // The ninth is under no head yet, so nobody can tell that it was there: the next head will.
    expect((await verify(rows.slice(0, 8))).ok).toBe(true)
    for (let at = 0; at < 8; at += 1) {
      const twice = [...rows.slice(0, at + 1), rows[at] as VerifyRow, ...rows.slice(at + 1)]
      const report = says(await verify(twice))
      expect(report[0]).toBe(`${at}: out of order or repeated: position ${at + 1} was due`)
      expect(report).toContain(`${at}: its entry id occurs a second time`)
      const swapped = [...rows]
      swapped.splice(at, 2, rows[at + 1] as VerifyRow, rows[at] as VerifyRow)
      const named = says(await verify(swapped)).filter((text) => !text.startsWith('null'))
      expect(named).toEqual([`${at}: missing`, `${at}: out of order or repeated: position ${at + 2} was due`])
      // Positions written anew so that they look unbroken: only the heads can tell, and do.
      const renumbered = (list: VerifyRow[]): VerifyRow[] => list.map((row, position) => ({ ...row, position }))
      expect((await verify(renumbered(swapped))).ok).toBe(false)
      expect((await verify(renumbered(without(at)))).ok).toBe(false)
      expect((await verify(renumbered([...rows.slice(0, at), sampleRow(50), ...rows.slice(at)]))).ok).toBe(false)
    }
    const late = await verify([{ ...sampleRow(9), position: null }, ...rows])
    expect(says(late)).toContain('0: a row without a position stands before it')
  })

  it('names half entries and entries without salt', async () => {
    expect(says(await verify(change(2, { content: null })))[0]).toBe('2: it has neither salt and content, nor the content hash alone')
    expect(says(await verify(change(2, { salt: null })))[0]).toBe('2: it has neither salt and content, nor the content hash alone')
    expect(says(await verify(change(2, { salt: null, content: null, contentHash: null })))[0]).toContain('2: it has neither')
    expect(says(await verify(change(2, { salt: Buffer.alloc(31) })))[0]).toBe('2: its salt is not 32 bytes')
    // A leaf under the seal vouches for the others after it even so.
    expect((await verify(change(2, { content: null }))).sealed).toBe(8)
    expect(await verify(change(2, { leaf: null }))).toMatchObject({ ok: true })
  })

  it('names a header that is none, a content hash that is another, and leaves of any length', async () => {
    expect(says(await verify(change(4, { header: Buffer.from('{}') })))[0]).toBe('4: the header cannot be read')
    expect(says(await verify(change(4, { contentHash: Buffer.alloc(32) })))).toEqual([
      '4: the content hash is not that of its salt and content',
    ])
    // Without columns to compare the header alone says the id.
    const bare = ledger.rows.map((row) => ({ ...row, columns: null }))
    expect(await verify(bare)).toMatchObject({ ok: true, sealed: 8 })
    expect(says(await verify([...bare.slice(0, 3), { ...bare[2]!, position: 3 }, ...bare.slice(4)]))).toContain(
      '3: its entry id occurs a second time',
    )
    for (const leaf of [null, Buffer.alloc(31), Buffer.alloc(0)]) {
      const half = says(await verify(change(2, { content: null, leaf })))
      expect(half[0]).toBe('2: it has neither salt and content, nor the content hash alone')
      expect(half.some((line) => line.startsWith('null: head 1 (size 3): its root is not'))).toBe(true)
      expect(says(await verify(change(2, { salt: Buffer.alloc(31), leaf })))[0]).toBe('2: its salt is not 32 bytes')
    }
    expect(says(await verify(change(2, { leaf: Buffer.alloc(31) })))).toEqual(['2: its leaf is not that of its header, salt and content'])
    const two = ledger.rows.map((row, n) => (n === 1 || n === 4 ? { ...row, content: Buffer.from('{}'), contentHash: null } : row))
    // What was sealed stands in the stored leaves, from the first change on.
    expect(says(await verify(two)).filter((line) => line.includes('as they were sealed'))).toHaveLength(2)
  })

  it('finds any number of changes and lists only as many as were asked for', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uniqueArray(fc.nat(8), { minLength: 1 }), async (places) => {
        const rows = ledger.rows.map((row, n) => (places.includes(n) ? { ...row, content: Buffer.from('{}'), contentHash: null } : row))
        const report = await verify(rows)
        expect(report.problems.flatMap(({ position }) => (position === null ? [] : [position]))).toEqual([...places].sort((a, b) => a - b))
      }),
      { numRuns: 50 },
    )
    const report = await verifyRecord({
      origin: 'northport.example',
      keys: [],
      rows: ledger.rows.map((row) => ({ ...row, leaf: Buffer.alloc(32) })),
      heads: [],
      listAtMost: 3,
    })
    expect(report.problems).toHaveLength(3)
    expect(report.problemCount).toBe(9)
  })

  it('tells nothing of what an entry holds', async () => {
    const report = await verify(change(1, { content: Buffer.from('{"question": "the bridge"}'), contentHash: null }))
    expect(JSON.stringify(report)).not.toContain('bridge')
  })
})

describe('heads over the record', () => {
  const rootAt = (size: number): Buffer => {
    const tree = createTree()
    for (const row of ledger.rows.slice(0, size)) tree.append(row.leaf as Uint8Array)
    return tree.root()
  }

  it('that are forged, of a wrong size, or smaller than the one before are told', async () => {
    const thief = createSigningKey('northport.example')
    expect(says(await verify(ledger.rows, [headAt(8, rootAt(8), [thief])]))).toEqual(['null: head 0 (size 8): signed by an unknown key'])
    expect((await verify(ledger.rows, [headAt(8, rootAt(8), [thief])])).sealed).toBe(0)
    expect(says(await verify(ledger.rows, [headAt(7, rootAt(8), [ledger.key])]))[0]).toContain('its root is not that of these entries')
    expect(says(await verify(ledger.rows, [headAt(20, rootAt(8), [ledger.key])]))[0]).toContain('there are only 9 entries')
    expect(says(await verify(ledger.rows, [headAt(8, rootAt(8), [ledger.key]), headAt(3, rootAt(3), [ledger.key])]))[0]).toContain(
      'smaller than the head before it',
    )
    expect(says(await verify(ledger.rows, [headAt(0, rootAt(1), [ledger.key])]))[0]).toContain('its root is not that')
    expect(says(await verify(ledger.rows, ['rubbish']))).toEqual(['null: head 0 cannot be read: it was damaged or changed'])
    expect(says(await verify(ledger.rows, [headAt(8, rootAt(8), [ledger.key]), headAt(8, rootAt(7), [ledger.key])]))[0]).toContain(
      'head 1 (size 8): its root is not',
    )
  })

  it('over entries that were written anew say where, once; in another order they are compared all the same', async () => {
    const header = Buffer.from(ledger.rows[1]?.header as Uint8Array)
    const anew = { salt: Buffer.alloc(32, 1), content: Buffer.from('{}'), contentHash: null }
    const report = await verify(change(1, { ...anew, leaf: leafOf(header, anew.salt, anew.content) }))
    expect(says(report)).toEqual([
      'null: head 1 (size 3): its root is not that of these entries: the fault lies at positions 0 to 2, or in the head',
      'null: head 2 (size 8): its root is not that of these entries: as at the head before it',
    ])
    const turned = await verify(ledger.rows, [...ledger.heads].reverse())
    expect(says(turned)).toEqual([
      'null: head 1 (size 3) is smaller than the head before it: the record may only grow',
      'null: head 2 (size 0) is smaller than the head before it: the record may only grow',
    ])
    expect(turned.sealed).toBe(8)
  })

  it('stay sound across changes of key', async () => {
    const [second, third] = [createSigningKey('northport.example'), createSigningKey('northport.example')]
    const heads = [
      headAt(2, rootAt(2), [ledger.key]),
      headAt(4, rootAt(4), [ledger.key, second], second.key.text),
      headAt(6, rootAt(6), [second, third], third.key.text),
      headAt(9, rootAt(9), [third]),
    ]
    expect(await verify(ledger.rows, heads)).toMatchObject({ ok: true, sealed: 9 })
    const newest = await verifyRecord({
      origin: 'northport.example',
      keys: [third.key.text],
      otherKeys: [ledger.key.key.text, second.key.text],
      rows: ledger.rows,
      heads,
    })
    expect(newest).toMatchObject({ ok: true, sealed: 9 })
    expect(says(await verify(ledger.rows, [...heads, headAt(9, rootAt(9), [ledger.key])]))).toEqual([
      'null: head 4 (size 9): signed by a key that had been replaced',
    ])
  })
})

it('the header text of a sample is one that the parser reads', () => {
  expect(headerText(parseHeader(sampleRow(3).header))).toBe(Buffer.from(sampleRow(3).header).toString())
})
