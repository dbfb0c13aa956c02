import { createHash } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { rows, sql } from '#core/db/sql.ts'
import type { TestPerson } from '#core/db/testing.ts'
import { recordCity, type RecordCity } from '../testing.ts'
import { readHead, readNote, readPublicKey, signedBy } from '../tree/heads.ts'
import { verifyConsistency, verifyInclusion } from '../tree/proofs.ts'
import { consistency, inclusion, receipt } from './contract.ts'

let here: RecordCity
let inquiry: TestPerson
let administrator: TestPerson
let member: TestPerson
let mine: string[]
let others: string[]
interface Included {
  header: string
  contentHash: string
  leaf: string
  position: number
  size: number
  path: string[]
  head: string
}
const bytes = (text: string) => Buffer.from(text, 'base64')
const sha = (...parts: Uint8Array[]) => createHash('sha256').update(Buffer.concat(parts)).digest()
const holds = (found: Included) => {
  const { head } = readHead(found.head)
  const leaf = sha(Buffer.of(0), Buffer.from(found.header), bytes(found.contentHash))
  expect(leaf.equals(bytes(found.leaf))).toBe(true)
  expect(head.size).toBe(found.size)
  return verifyInclusion(found.size, found.position, leaf, found.path.map(bytes), head.root)
}

beforeAll(async () => {
  here = await recordCity()
  inquiry = await here.city.person('Iris', ['kind:inquiry', 'city:test', 'group:a'])
  administrator = await here.city.person('Ada', ['kind:administrator', 'city:test'])
  member = await here.city.person('Max', ['city:test', 'group:a'])
  await here.placeAndSeal()
  mine = await here.write(['group:a'], 7)
  await here.placeAndSeal()
  others = await here.write(['group:b'], 5)
  await here.placeAndSeal()
})
afterAll(() => here?.end())

describe('an inclusion proof', () => {
  test('holds under the newest head for every entry that the asker can read, by its row or its place', async () => {
    for (const id of mine) {
      const found = await here.as<Included>(inquiry, inclusion, { table: 'record.openings', id })
      expect(holds(found)).toBe(true)
      expect(await here.as(inquiry, inclusion, { position: found.position })).toEqual(found)
    }
  })

  test('is not there for an entry under another label: as if there were none', async () => {
    const absent = await here
      .as(inquiry, inclusion, { table: 'record.openings', id: '00000000-0000-7000-8000-00000000dead' })
      .catch((error: Error) => error)
    const withheld = await here.as(inquiry, inclusion, { table: 'record.openings', id: others[0] }).catch((error: Error) => error)
    expect(withheld).toEqual(absent)
    const { size } = await here.as<Included>(inquiry, inclusion, { table: 'record.openings', id: mine[0] })
    const beyond = await here.as(inquiry, inclusion, { position: size + 1000 }).catch((error: Error) => error)
    expect(await here.as(inquiry, inclusion, { position: size - 1 }).catch((error: Error) => error)).toEqual(beyond)
  })

  test('is for those who look after the record or into it; sizes and places are for nobody else, asked through any function', async () => {
    await expect(here.as(member, inclusion, { table: 'record.openings', id: mine[0] })).rejects.toMatchObject({ kind: 'not-allowed' })
    await expect(here.as(member, consistency, { from: 1, to: 2 })).rejects.toMatchObject({ kind: 'not-allowed' })
    for (const statement of [
      sql`select * from record.tree_nodes('{0}', '{0}')`,
      sql`select * from record.open_statements('{}')`,
      sql`select * from record.witness_state()`,
    ])
      await expect(here.city.database.read(member.enters(), ({ tx }) => rows(tx, statement))).rejects.toMatchObject({ kind: 'not-allowed' })
    expect(await here.city.database.read(member.enters(), ({ tx }) => rows(tx, sql`select * from record.head`))).toEqual([])
    for (const table of ['node', 'statement', 'witness', 'sequencer'])
      await expect(
        here.city.database.read(member.enters(), ({ tx }) => rows(tx, { text: `select * from record.${table}`, values: [] })),
      ).rejects.toMatchObject({ kind: 'not-allowed' })
  })

  test('takes a place or a row, not both and not neither', async () => {
    for (const input of [{}, { position: 1, table: 'a.b' }, { table: 'a.b' }, { position: -1 }])
      await expect(here.as(inquiry, inclusion, input)).rejects.toMatchObject({ kind: 'invalid' })
  })
})

describe('a consistency proof', () => {
  test('holds between any two heads, and not with a root of another', async () => {
    const heads = (await here.heads()).map(({ note }) => readHead(note).head)
    expect(heads.length).toBeGreaterThan(2)
    for (const from of heads) {
      for (const to of heads.filter(({ size }) => size >= from.size)) {
        const found = await here.as<{ path: string[] }>(administrator, consistency, { from: from.size, to: to.size })
        expect(verifyConsistency(from.size, to.size, found.path.map(bytes), from.root, to.root)).toBe(true)
        if (from.size < to.size) expect(verifyConsistency(from.size, to.size, found.path.map(bytes), Buffer.alloc(32), to.root)).toBe(false)
      }
    }
    await expect(here.as(administrator, consistency, { from: 1, to: 100_000 })).rejects.toMatchObject({ kind: 'not-found' })
  })
})

describe('a receipt', () => {
  interface Received extends Omit<Included, 'position' | 'size' | 'path' | 'head'> {
    sealedAt: string
    receipt: string
  }
  test('is the city’s signed word for one entry, without a place, a size or a hash of anything else', async () => {
    const found = await here.as<Received>(member, receipt, { table: 'record.openings', id: mine[2] })
    expect(Object.keys(found).sort()).toEqual(['contentHash', 'header', 'leaf', 'receipt', 'sealedAt'])
    const note = readNote(found.receipt)
    expect(note.body.split('\n').slice(0, 3)).toEqual(['test', 'receipt', found.leaf])
    expect(signedBy(note, readPublicKey(here.machine.ring.held[0]!.key.text))).toBe('signed')
    // And it is the leaf that an inquiry will find.
    const proof = await here.as<Included>(inquiry, inclusion, { table: 'record.openings', id: mine[2] })
    expect(proof.leaf).toBe(found.leaf)
  })

  test('of something withheld is of nothing', async () => {
    const absent = await here
      .as(member, receipt, { table: 'record.openings', id: '00000000-0000-7000-8000-00000000dead' })
      .catch((error: Error) => error)
    expect(await here.as(member, receipt, { table: 'record.openings', id: others[0] }).catch((error: Error) => error)).toEqual(absent)
    const { rows: found } = await here.city.owner.query<{ position: string }>('select position from record.place where row_id = $1', [
      others[0],
    ])
    const seen = await here.city.database.read(member.enters(), ({ tx }) =>
      rows<{ at: string | null }>(tx, sql`select record.sealed_at(${found[0]!.position}) as at`),
    )
    expect(seen).toEqual([{ at: null }])
  })

  test('is not given before the entry is sealed, nor by a process without a key', async () => {
    const [fresh] = await here.write(['group:a'])
    await here.place()
    await expect(here.as(member, receipt, { table: 'record.openings', id: fresh })).rejects.toMatchObject({ kind: 'unavailable' })
    await here.placeAndSeal()
    const held = here.machine.ring.held.splice(0)
    await expect(here.as(member, receipt, { table: 'record.openings', id: fresh })).rejects.toMatchObject({ kind: 'unavailable' })
    here.machine.ring.held.push(...held)
    expect(await here.as(member, receipt, { table: 'record.openings', id: fresh })).toMatchObject({ leaf: expect.any(String) as string })
  })
})
