import { createHash } from 'node:crypto'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { testDoor, type TestDoor } from '#core/access/sign-in/testing.ts'
import type { TestPerson } from '#core/db/testing.ts'
import type { Message } from '#core/channels/channel.ts'
import type { Operation } from '#core/operation/operation.ts'
import { endWitnessing, standing, witnessCity, witnessed } from '../standing/contract.ts'
import { recordCity, type RecordCity, type TestRing } from '../testing.ts'
import { createSigningKey, readHead, signHead } from '../tree/heads.ts'
import { createTree } from '../tree/tree.ts'
import { holdAgainst } from './against.ts'
import { type Witness, witnessesFrom } from './configuration.ts'
import { mountWitnessed } from './door.ts'
import { makeStatement, readStatement, statementLine, statementsIn } from './statement.ts'
import { lateCount, unsealedSeconds } from './store.ts'
import { startTelling } from './telling.ts'

const folder = mkdtempSync(join(tmpdir(), 'concord-witness-'))
afterAll(() => rmSync(folder, { recursive: true }))
const key = createSigningKey('test')
const minute = 60_000

describe('a statement', () => {
  const head = (size: number) => signHead({ origin: 'test', size, root: Buffer.alloc(32, size), at: '2026-11-22T22:00:00.000Z' }, [key])
  test('is as long for a great head as for none, and never twice the same for the same head', () => {
    const at = new Date('2026-11-22T22:10:00Z')
    const made = ['', head(1), head(1), head(1_000_000)].map((text) => makeStatement('test', text, at, [key]).text)
    expect(new Set(made.map(({ length }) => length)).size).toBe(1)
    expect(new Set(made).size).toBe(4)
    for (const text of made) expect(text).not.toMatch(/size|1000000/)
  })

  test('is read back as it was written, and only then', () => {
    const { text, commitment } = makeStatement('test', head(3), new Date('2026-11-22T22:10:00Z'), [key])
    expect(readStatement(text)).toMatchObject({ origin: 'test', at: '2026-11-22T22:10:00.000Z', commitment })
    for (const bad of ['', text.slice(0, -1), text.replace('witness', 'wItness'), head(3), `${text}x`])
      expect(readStatement(bad)).toBeUndefined()
    const line = statementLine(text)
    expect(statementsIn(`${line}\n${line.slice(0, 40)}\n${line}`)).toMatchObject({ unread: 1, statements: [{ text }, { text }] })
  })
})

describe('which witnesses there are', () => {
  test('is read from the settings, and a mistake is named', () => {
    expect(witnessesFrom({})).toEqual({ everySeconds: 600, witnesses: [] })
    expect(
      witnessesFrom({
        CONCORD_WITNESS_MINUTES: '5',
        CONCORD_WITNESS_FILE: '/mnt/a, /mnt/b',
        CONCORD_WITNESS_MAIL: 'notary@law.example',
        CONCORD_WITNESS_CITY: 'https://south.example',
      }),
    ).toEqual({
      everySeconds: 300,
      witnesses: [
        { kind: 'file', to: '/mnt/a' },
        { kind: 'file', to: '/mnt/b' },
        { kind: 'mail', to: 'notary@law.example' },
        { kind: 'city', to: 'https://south.example/record/witnessed' },
      ],
    })
    for (const [name, value] of [
      ['MINUTES', '0'],
      ['MINUTES', 'x'],
      ['FILE', 'here'],
      ['MAIL', 'nobody'],
      ['CITY', 'http://south.example'],
      ['CITY', 'x'],
    ])
      expect(() => witnessesFrom({ [`CONCORD_WITNESS_${name}`]: value })).toThrow(`CONCORD_WITNESS_${name}`)
  })
})

describe('telling witnesses', () => {
  let here: RecordCity
  let operator: TestPerson
  let clock = Date.parse('2026-11-22T22:00:00Z')
  let mails: Message[] = []
  let mailWorks = true
  const path = join(folder, 'held.jsonl')
  const channels = {
    send: (message: Message) => {
      if (!mailWorks) return Promise.resolve({ state: 'failed' as const, detail: 'The mail server could not be reached.' })
      mails.push(message)
      return Promise.resolve({ state: 'attempted' as const, detail: 'taken' })
    },
  }
  const faults: unknown[] = []
  const telling = (witnesses: readonly Witness[], more: { ring?: TestRing } = {}) =>
    startTelling(here.city.database, {
      ring: more.ring ?? here.machine.ring,
      origin: 'test',
      config: { everySeconds: 600, witnesses },
      channels,
      failed: (error) => void faults.push(error),
      timeoutMs: 300,
      now: () => new Date(clock),
    })
  const held = (from = path) => statementsIn(readFileSync(from, 'utf8'))
  const file: Witness = { kind: 'file', to: path }
  const ask = (operation: Operation, input: unknown) => here.as(operator, operation, input)
  const against = async (from: string) => {
    const said: string[] = []
    const write = process.stdout.write
    process.stdout.write = ((text: string) => said.push(text) > 0) as typeof process.stdout.write
    try {
      return { code: await holdAgainst(from, {}, ask), said: said.join('') }
    } finally {
      process.stdout.write = write
    }
  }
  beforeAll(async () => {
    here = await recordCity()
    operator = await here.city.person('Oz', ['kind:operator', 'city:test'])
    await here.placeAndSeal()
  })
  beforeEach(() => {
    clock += 10 * minute
    mails = []
    mailWorks = true
  })
  afterAll(() => here?.end())

  test('goes out at each interval, once, changed or not; two processes make one', async () => {
    const [one, two] = [telling([file]), telling([file])]
    for (let n = 0; n < 4; n += 1) {
      await Promise.all([one.round(), two.round(), one.round()])
      clock += 10 * minute
    }
    await one.stop()
    await two.stop()
    const { statements, unread } = held()
    expect(unread).toBe(0)
    expect(new Set(statements.map(({ at }) => at)).size).toBe(4)
    expect(new Set(statements.map(({ text }) => text.length)).size).toBe(1)
    expect(faults).toEqual([])
  })

  test('says up to when somebody else holds the record; what came after rests on signatures alone', async () => {
    await here.write(['city:test'], 3)
    await here.placeAndSeal()
    const one = telling([file])
    await one.round()
    await one.stop()
    const { code, said } = await against(path)
    expect({ code, said }).toMatchObject({
      code: 0,
      said: expect.stringContaining(`as it stood at ${held().statements.at(-1)!.at}`) as string,
    })
  })

  test('a torn last line is closed before the next, is told, and proves nothing', async () => {
    const before = readFileSync(path)
    truncateSync(path, before.length - 40)
    const one = telling([file])
    await one.round()
    await one.stop()
    expect(held()).toMatchObject({ unread: 1 })
    expect(await against(path)).toMatchObject({ code: 0, said: expect.stringContaining('1 lines of the file could not be read') as string })
    writeFileSync(path, before)
  })

  test('a crash between statement and witness loses nothing: it is told the next time, by any process', async () => {
    const nowhere: Witness = { kind: 'file', to: join(folder, 'gone', 'held.jsonl') }
    const one = telling([nowhere])
    await one.round()
    await one.stop()
    expect((await ask(standing, {})) as object).toMatchObject({
      witnesses: expect.arrayContaining([
        expect.objectContaining({ detail: 'It could not be reached (ENOENT).', toldAt: null, late: false }),
      ]) as unknown,
    })
    clock += 25 * minute
    const later = telling([nowhere])
    await later.round()
    expect(await here.city.database.verifier((tx) => lateCount(tx, new Date(clock)))).toBeGreaterThanOrEqual(1)
    mkdirSync(join(folder, 'gone'))
    clock += 10 * minute
    await later.round()
    await later.stop()
    expect(held(nowhere.to).statements.length).toBe(3)
  })

  test('one that hangs or fails holds up neither the others nor sealing', async () => {
    mailWorks = false
    const mail: Witness = { kind: 'mail', to: 'notary@law.example' }
    const one = telling([mail, file])
    await one.round()
    expect(held().statements.at(-1)!.at).toBe(new Date(Math.floor(clock / (10 * minute)) * 10 * minute).toISOString())
    await here.write(['city:test'])
    await here.place()
    expect(await here.seal()).toEqual(expect.any(Number))
    mailWorks = true
    clock += 10 * minute
    await one.round()
    await one.stop()
    expect(mails).toHaveLength(1)
    expect(mails[0]).toMatchObject({ subject: 'Concord: a statement to keep', to: 'notary@law.example' })
    expect(statementsIn(mails[0]!.text).statements).toHaveLength(2)
  })

  test('a clock that goes back a little makes nothing twice, and one that was wrong by hours does not end the statements', async () => {
    const one = telling([file])
    await one.round()
    const count = held().statements.length
    clock -= 10 * minute
    await one.round()
    expect(held().statements).toHaveLength(count)
    clock -= 300 * minute
    await one.round()
    clock += 10 * minute
    await one.round()
    await one.stop()
    expect(held().statements.length).toBe(count + 2)
    clock += 300 * minute
  })

  test('a forged statement in the file, and one that nothing opens, are named', async () => {
    const other = join(folder, 'forged.jsonl')
    const forged = makeStatement('test', '', new Date(clock), [createSigningKey('test')])
    const unopened = makeStatement('test', '', new Date(clock), here.machine.ring.held)
    writeFileSync(other, `${readFileSync(path, 'utf8')}${statementLine(forged.text)}${statementLine(unopened.text)}`)
    const { code, said } = await against(other)
    expect(code).toBe(1)
    expect(said).toContain('not signed by a key that is believed')
    expect(said).toContain('nothing in the record opens it')
    writeFileSync(other, 'Dear notary,\n')
    expect(await against(other)).toMatchObject({ code: 3 })
  })

  test('a history that its owner rewrote, rows, tree, heads, key and all, is sound in itself and is found by the witness', async () => {
    expect(await against(path)).toMatchObject({ code: 0 })
    const { owner } = here.city
    await owner.query("set session_replication_role = 'replica'")
    const sha = (...parts: Buffer[]) => createHash('sha256').update(Buffer.concat(parts)).digest()
    const content = Buffer.from('{"row": {"note": "as it should have been"}}')
    const { rows } = await owner.query<{ seq: string; header: Buffer; salt: Buffer }>(
      'select e.seq, e.header, e.salt from record.entry e join record.place p on p.seq = e.seq where p.position = 1',
    )
    const hash = sha(rows[0]!.salt, content)
    await owner.query('update record.entry set content = $1, content_hash = $2 where seq = $3', [content, hash, rows[0]!.seq])
    await owner.query('update record.place set leaf = $1 where position = 1', [sha(Buffer.of(0), rows[0]!.header, hash)])
    const heads = await here.heads()
    const { rows: leaves } = await owner.query<{ leaf: Buffer }>('select leaf from record.place order by position')
    await owner.query('delete from record.node')
    const nodes: [number, number, Buffer][] = []
    const tree = createTree(undefined, (level, index, node) => void (level > 0 && nodes.push([level, index, node])))
    for (const [at, { leaf }] of leaves.entries()) {
      tree.append(leaf)
      const head = heads.find(({ size }) => size === at + 1)
      if (!head) continue
      const note = signHead({ ...readHead(head.note).head, root: tree.root() }, here.machine.ring.held)
      await owner.query('update record.head set root = $1, note = $2, frontier = $3 where size = $4', [
        tree.root(),
        note,
        Buffer.concat([...tree.frontier().hashes]),
        at + 1,
      ])
    }
    for (const node of nodes) await owner.query('insert into record.node (level, index, hash) values ($1, $2, $3)', node)
    await owner.query("set session_replication_role = 'origin'")
    const { said, code } = await against(path)
    expect(said).not.toContain('entry at position')
    expect(said).toContain('its history was rewritten')
    expect(code).toBe(1)
    // Thrown away openings are no way out.
    await owner.query("set session_replication_role = 'replica'")
    await owner.query('delete from record.statement')
    await owner.query("set session_replication_role = 'origin'")
    expect((await against(path)).said).toContain('the record was rewritten since, or the opening was kept back')
  })

  test('the age of the oldest entry that waits for a head is a time and no count, and nothing when all are sealed', async () => {
    const two = await recordCity('two')
    await two.city.person('Somebody', ['city:two'])
    await two.placeAndSeal()
    expect(await two.city.database.verifier(unsealedSeconds)).toBe(0)
    await two.write(['city:two'])
    await two.place()
    expect(await two.city.database.verifier(unsealedSeconds)).toBeGreaterThan(0)
    await two.placeAndSeal()
    expect(await two.city.database.verifier(unsealedSeconds)).toBe(0)
    await two.end()
  })
})

describe('a city that keeps statements of another', () => {
  let here: RecordCity
  let door: TestDoor
  let administrator: TestPerson
  let inquiry: TestPerson
  let member: TestPerson
  const north = createSigningKey('north')
  const lines = (...texts: string[]) => texts.map(statementLine).join('')
  const send = (body: string) =>
    fetch(`${door.url.replace('localhost', '127.0.0.1')}/record/witnessed`, {
      method: 'POST',
      body,
      headers: { 'content-type': 'application/x-ndjson' },
    })
  const made = (minutes: number, by = north) =>
    makeStatement('north', '', new Date(Date.parse('2026-11-22T22:00:00Z') + minutes * minute), [by]).text
  interface Held {
    cities: { id: string; newestAt: string | null; endedAt: string | null }[]
    statements: { statement: string }[]
  }
  beforeAll(async () => {
    here = await recordCity()
    administrator = await here.city.person('Ada', ['kind:administrator', 'city:test'])
    inquiry = await here.city.person('Iris', ['kind:inquiry', 'city:test'])
    member = await here.city.person('Max', ['city:test', 'kind:operator'])
    door = await testDoor(here.city, { web: async (server) => mountWitnessed(server, here.city.database, 1000) })
  })
  afterAll(async () => {
    await door?.stop()
    await here?.end()
  })

  test('takes nothing from one it does not know', async () => {
    expect((await send(lines(made(0)))).status).toBe(404)
  })

  test('keeps what bears a signature under the key that an administrator entered, once; the unknown, the forged and the torn are refused alike', async () => {
    await expect(here.as(member, witnessCity, { name: 'North', publicKey: north.key.text })).rejects.toMatchObject({ kind: 'not-allowed' })
    await expect(here.as(administrator, witnessCity, { name: 'North', publicKey: 'north+1+x' })).rejects.toMatchObject({
      kind: 'invalid',
      field: 'publicKey',
    })
    await expect(here.as(administrator, witnessCity, { name: 'Us', publicKey: key.key.text })).rejects.toMatchObject({
      kind: 'invalid',
      field: 'publicKey',
    })
    await here.as(administrator, witnessCity, { name: 'North', publicKey: north.key.text })
    const [first, second] = [made(0), made(10)]
    expect((await send(lines(first))).status).toBe(204)
    expect((await send(lines(first, second))).status).toBe(204)
    const unknown = await send(lines(makeStatement('south', '', new Date(), [createSigningKey('south')]).text))
    const forged = await send(lines(made(20, createSigningKey('north'))))
    const half = await send(lines(made(30), made(40, createSigningKey('north'))))
    const changed = await send(lines(first.replace('22:00', '22:05')))
    expect([unknown.status, forged.status, half.status, changed.status]).toEqual([404, 404, 404, 404])
    const bodies = await Promise.all([unknown, forged, half, changed].map((answer) => answer.text()))
    expect(new Set(bodies).size).toBe(1)
    expect((await send('not a line\n')).status).toBe(400)
    expect((await send('')).status).toBe(400)
    const found = await here.as<Held>(inquiry, witnessed, {})
    expect(found.statements.map(({ statement }) => statement).sort()).toEqual([first, second].sort())
    expect(found.cities).toMatchObject([{ newestAt: '2026-11-22T22:10:00.000Z', endedAt: null }])
  })

  test('shows them to administration and inquiry alone, and takes no more when that has ended', async () => {
    await expect(here.as(member, witnessed, {})).rejects.toMatchObject({ kind: 'not-allowed' })
    const [city] = (await here.as<Held>(administrator, witnessed, {})).cities
    await expect(here.as(inquiry, endWitnessing, { id: city!.id })).rejects.toMatchObject({ kind: 'not-allowed' })
    await here.as(administrator, endWitnessing, { id: city!.id })
    await expect(here.as(administrator, endWitnessing, { id: city!.id })).rejects.toMatchObject({ kind: 'not-found' })
    expect((await send(lines(made(50)))).status).toBe(404)
    expect((await here.as<Held>(inquiry, witnessed, { cityId: city!.id })).statements).toHaveLength(2)
  })
})
