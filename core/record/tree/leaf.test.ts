import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createIdSet } from './ids.ts'
import { contentHashOf, headerText, isHeaderOf, leafOf, parseHeader } from './leaf.ts'
import { sampleHeader, sampleRow } from './sample.ts'

const sha = (...parts: Uint8Array[]): Buffer => parts.reduce((hash, part) => hash.update(part), createHash('sha256')).digest()

describe('a leaf', () => {
  it('is SHA-256(0x00 ‖ header ‖ SHA-256(salt ‖ content)), for contents of any size', () => {
    for (const length of [0, 1, 31, 32, 4000, 4096, 100_000, 5]) {
      const [header, salt, content] = [Buffer.from(headerText(sampleHeader(length))), Buffer.alloc(32, 7), Buffer.alloc(length, 1)]
      expect(leafOf(header, salt, content)).toEqual(sha(Buffer.of(0), header, sha(salt, content)))
      expect(contentHashOf(salt, content)).toEqual(sha(salt, content))
    }
  })

  it('is the same when retention has deleted salt and content', () => {
    const row = sampleRow(3)
    expect(leafOf(row.header, null, null, row.contentHash)).toEqual(row.leaf)
  })

  it('cannot be made from half an entry', () => {
    const row = sampleRow(3)
    const half = expect.objectContaining({
      kind: 'invalid',
      field: 'content',
      message: 'An entry has salt and content, or neither and the 32-byte hash of both. Compare the entry with a backup.',
    })
    expect(() => leafOf(row.header, row.salt, null, row.contentHash)).toThrow(half)
    expect(() => leafOf(row.header, null, row.content, row.contentHash)).toThrow(half)
    expect(() => leafOf(row.header, null, null)).toThrow(half)
    expect(() => leafOf(row.header, null, null, Buffer.alloc(31))).toThrow(half)
    expect(() => leafOf(row.header, Buffer.alloc(31), row.content)).toThrow(
      expect.objectContaining({
        kind: 'invalid',
        field: 'salt',
        message: 'The salt of an entry is 32 bytes. Nothing was sealed. Compare the entry with a backup.',
      }),
    )
  })
})

describe('a header', () => {
  it('is read back as it was written', () => {
    for (let number = 0; number < 50; number += 1)
      expect(parseHeader(Buffer.from(headerText(sampleHeader(number))))).toEqual(sampleHeader(number))
  })

  it('has the text that jsonb gives: keys by length, then by byte', () => {
    const text = headerText(sampleHeader(0))
    const keys = Object.keys(JSON.parse(text) as object)
    expect(keys).toEqual([...keys].sort((a, b) => a.length - b.length || (a < b ? -1 : 1)))
    expect(text).toMatch(/^\{"v": 1, "at": "2026-11-22T00:00:00\.000000Z", "id": "/)
    expect(text).toContain('"thread": null')
  })

  it('is the text that a PostgreSQL 18 wrote', () => {
    const written =
      '{"v": 1, "at": "2026-11-22T21:26:56.753402Z", "id": "be88fa2a-9e39-4116-9fcc-ebe84095c14a", "row": "0bf00c07-6dbf-49bf-9d00-e31ab4ed6c2a", "label": 3, ' +
      '"table": "access.reach", "world": "ced2dc90-4c3f-4961-9605-8cbcc12a5263", "action": "insert", "thread": null, "operation": "none"}'
    expect(headerText(parseHeader(Buffer.from(written)))).toBe(written)
  })

  it('is refused in any other form', () => {
    const text = headerText(sampleHeader(1))
    const others = [
      '',
      ` ${text}`,
      `${text}\n`,
      text.replace('": ', '":'),
      text.replace('"v": 1', '"v": 2'),
      text.replace('"v": 1, ', ''),
      text.replace('}', ', "name": "x"}'),
      text.replace('"label": 2', '"label": 02'),
      text.replace('"label": 2', '"label": -2'),
      text.replace('"label": 2', '"label": 2147483648'),
      text.replace('"label": 2', '"label": "2"'),
      text.replace('update', 'delete').replace('insert', 'delete'),
      text.replace('000001Z', '001Z'),
      text.replace('000001Z', '000001+00:00'),
      text.replace('2026-11', '2026-13'),
      text.replace('response.decision', 'decision'),
      text.replace('recordDecision', 'record\\"Decision'),
      text.replace('recordDecision', 'recordDécision'),
      text.toUpperCase(),
    ]
    for (const other of others) {
      expect(other).not.toBe(text)
      expect(() => parseHeader(Buffer.from(other)), other).toThrow()
    }
  })

  it('says something else, or nothing, when any of its bits is flipped', () => {
    const header = Buffer.from(headerText(sampleHeader(2)))
    for (let at = 0; at < header.length; at += 1) {
      for (let bit = 0; bit < 8; bit += 1) {
        const other = Buffer.from(header)
        other[at] = (other[at] as number) ^ (1 << bit)
        try {
          expect(parseHeader(other)).not.toEqual(sampleHeader(2))
        } catch (error) {
          expect(error).toHaveProperty('kind', 'invalid')
        }
      }
    }
  })
})

describe('what a header may say', () => {
  const base = sampleHeader(1)
  const reads = (more: object) => {
    const header = { ...base, ...more }
    return parseHeader(Buffer.from(headerText(header), 'latin1'))
  }
  it.each([
    [{ label: 0 }],
    [{ label: 2_147_483_647 }],
    [{ operation: 'x' }],
    [{ operation: '~'.repeat(200) }],
    [{ operation: ' !#[]' }],
    [{ table: 'a.b' }],
    [{ table: `${'a'.repeat(63)}.${'b_2'}` }],
    [{ action: 'left' as const }],
    [{ action: 'arrived' as const }],
    [{ thread: null }],
    [{ at: '2026-12-31T23:59:59.999999Z' }],
    [{ at: '2026-01-10T00:00:00.000000Z' }],
  ])('%j', (more) => {
    expect(reads(more)).toEqual({ ...base, ...more })
    expect(isHeaderOf(Buffer.from(headerText({ ...base, ...more })), { ...base, ...more })).toBe(true)
  })

  it.each([
    [{ label: 2_147_483_648 }],
    [{ operation: '' }],
    [{ operation: 'x'.repeat(201) }],
    [{ operation: '\u007f' }],
    [{ operation: 'a"b' }],
    [{ table: 'a' }],
    [{ table: 'A.b' }],
    [{ table: '1a.b' }],
    [{ table: 'a.b.c' }],
    [{ table: `${'a'.repeat(64)}.b` }],
    [{ id: base.id.toUpperCase() }],
    [{ id: base.id.slice(1) }],
    [{ row: `${base.row}0` }],
    [{ world: base.world.replaceAll('-', '') }],
    [{ thread: 'none' }],
    [{ at: '2026-00-10T00:00:00.000000Z' }],
    [{ at: '2026-13-10T00:00:00.000000Z' }],
    [{ at: '2026-10-00T00:00:00.000000Z' }],
    [{ at: '2026-10-32T00:00:00.000000Z' }],
    [{ at: '2026-10-10T24:00:00.000000Z' }],
    [{ at: '2026-10-10T00:60:00.000000Z' }],
    [{ at: '2026-10-10T00:00:60.000000Z' }],
    [{ at: '2026-10-10T00:00:00.00000Z' }],
    [{ at: '2026-10-10T00:00:00x000000Z' }],
  ])('and never %j', (more) => {
    expect(() => reads(more)).toThrow(
      expect.objectContaining({
        kind: 'invalid',
        field: 'header',
        message: 'This is not the header of an entry of the record. Nothing was read from it. Compare the entry with a backup.',
      }),
    )
  })

  it('is compared with columns of its own length only, and whole numbers', () => {
    const bytes = Buffer.from(headerText(base))
    for (const more of [
      { id: `${base.id}x` },
      { world: base.world.slice(1) },
      { row: '' },
      { at: base.at.slice(1) },
      { thread: 'x' },
      { label: 1.5 },
      { label: Number.NaN },
      { table: 'a"b' },
      { table: '' },
    ])
      expect(isHeaderOf(Buffer.from(headerText({ ...base, ...more })), { ...base, ...more }), JSON.stringify(more)).toBe(false)
    expect(isHeaderOf(bytes, base)).toBe(true)
  })
})

describe('comparing a header with columns without parsing', () => {
  it('says yes exactly where parsing and comparing would, for every value changed', () => {
    for (const number of [0, 1]) {
      const values = sampleHeader(number)
      const bytes = Buffer.from(headerText(values))
      expect(isHeaderOf(bytes, values)).toBe(true)
      for (const [key, other] of Object.entries({
        ...sampleHeader(9),
        label: 77,
        table: 'watch.signal',
        action: 'left',
        operation: 'x',
        world: values.row,
        thread: number === 0 ? values.row : null,
      })) {
        if (key !== 'v') expect(isHeaderOf(bytes, { ...values, [key]: other }), key).toBe(false)
      }
      for (let at = 0; at <= bytes.length; at += 1) expect(isHeaderOf(bytes.subarray(0, at), values)).toBe(at === bytes.length)
      expect(isHeaderOf(Buffer.concat([bytes, Buffer.of(32)]), values)).toBe(false)
    }
  })

  it('leaves to the parser what could hide another form', () => {
    for (const operation of ['x", "more": "y', 'x\\', 'é', '', 'x'.repeat(201), 'a\nb']) {
      const values = { ...sampleHeader(1), operation }
      expect(isHeaderOf(Buffer.from(headerText(values), 'latin1'), values)).toBe(false)
    }
    expect(isHeaderOf(Buffer.from(headerText({ ...sampleHeader(1), label: -1 })), { ...sampleHeader(1), label: -1 })).toBe(false)
  })
})

describe('seen ids', () => {
  it('are those of a plain set', () => {
    const edge = ['00000000-0000-0000-0000-000000000000', '00000000-0000-0000-0000-000000000001', 'ffffffff-ffff-ffff-ffff-ffffffffffff']
    fc.assert(
      fc.property(fc.array(fc.oneof(fc.constantFrom(...edge), fc.uuid()), { maxLength: 3000 }), (list) => {
        const [ours, plain] = [createIdSet(), new Set<string>()]
        for (const id of [...list, ...list.slice(0, 20)]) {
          expect(ours.add(id)).toBe(!plain.has(id))
          plain.add(id)
        }
      }),
      { numRuns: 30 },
    )
    const many = createIdSet()
    for (let n = 0; n < 20_000; n += 1) expect(many.add(sampleHeader(n).id)).toBe(true)
    for (let n = 0; n < 20_000; n += 37) expect(many.add(sampleHeader(n).id)).toBe(false)
  })
})
