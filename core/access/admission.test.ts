import { createServer, get } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { one, rows, run, sql } from '#core/db/sql.ts'
import { liveWorld, type TestCity, type TestPerson, testCity } from '#core/db/testing.ts'
import { id } from '#core/id.ts'
import { startTail, type Tail } from '#core/live/tail.ts'
import { startSequencer } from '#core/record/sequencer.ts'
import { placeAll } from '#core/record/testing.ts'
import { internLabel } from './reach.ts'

const circle = 'circle:agreement.1'
let city: TestCity
let police: TestPerson
let chief: TestPerson
let rail: TestPerson
let label: number
let exercise: string

const readable = (person: TestPerson, world = liveWorld) =>
  city.database.read(
    person.enters('test', world),
    async ({ tx }) => (await one<{ labels: number[] }>(tx, sql`select access.readable() as labels`)).labels,
  )
const held = (person: TestPerson, world = liveWorld) => city.database.read(person.enters('test', world), async ({ actor }) => actor.reach)
const admit = (bearers: string[][], until: Date | null, source: string, token = circle) =>
  city.owner.query('select access.put_admission($1, $2, null, $3, $4)', [token, JSON.stringify(bearers), until, source])
const close = (source: string) => city.owner.query('select access.close_admission($1, null)', [source])

beforeAll(async () => {
  city = await testCity()
  police = await city.person('Pat', ['agency:police', 'city:x'])
  chief = await city.person('Chi', ['agency:police', 'kind:executive'])
  rail = await city.person('Rae', ['agency:rail', 'kind:executive'])
  label = await city.database.read(police.enters(), ({ tx }) => internLabel(tx, { clauses: [[circle]], marking: 'TLP:AMBER' }))
  exercise = await city.exercise()
})
afterAll(() => city?.end())

describe('an admission', () => {
  test('lets in whoever meets every clause, from the next moment on, and nobody else; closing it closes at once', async () => {
    await admit([['agency:police'], ['kind:executive']], null, 'test.all:1')
    expect(await readable(chief)).toContain(label)
    expect(await readable(police)).not.toContain(label)
    expect(await readable(rail)).not.toContain(label)
    await close('test.all:1')
    expect(await readable(chief)).not.toContain(label)
  })

  test('ends by the database’s own clock, in the second that it says', async () => {
    const until = new Date(Date.now() + 1_500)
    await admit([['agency:rail']], until, 'test.short:1')
    expect(await readable(rail)).toContain(label)
    await expect.poll(async () => (await readable(rail)).includes(label), { timeout: 5_000, interval: 100 }).toBe(false)
    expect(Date.now()).toBeGreaterThanOrEqual(until.getTime())
    expect(await held(rail)).not.toContain(circle)
  })

  test('admits nobody further: what was admitted opens no other admission', async () => {
    await admit([['agency:police']], null, 'test.first:1')
    await admit([[circle]], null, 'test.second:1', 'circle:agreement.2')
    expect(await held(police)).toContain(circle)
    expect(await held(police)).not.toContain('circle:agreement.2')
    await close('test.first:1')
    await close('test.second:1')
  })

  test('with no clause, or an empty one, is for nobody; and no serving role can write one', async () => {
    for (const [place, bearers] of [[], [[]], [['agency:police'], []]].entries()) await admit(bearers, null, `test.nobody:${place}`)
    expect(await held(police)).not.toContain(circle)
    for (const text of [
      `select access.put_admission('${circle}', '[["agency:police"]]', null, null, 'x')`,
      `insert into access.admission (id, token, bearers, from_at, source) values (gen_random_uuid(), '${circle}', '[["agency:police"]]', now(), 'x')`,
      `update access.admission set until_at = null`,
    ])
      await expect(city.database.read(police.enters(), ({ tx }) => run(tx, { text, values: [] }))).rejects.toMatchObject({
        kind: 'not-allowed',
      })
  })

  test('is told in words: which token, from which source', async () => {
    await admit([['agency:police']], null, 'test.why:1')
    const why = (person: TestPerson) =>
      city.database.read(person.enters(), ({ tx }) => rows(tx, sql`select clause, token, source from access.why(${label})`))
    expect(await why(police)).toEqual([{ clause: 1, token: circle, source: 'test.why:1' }])
    expect(await why(rail)).toEqual([])
    await close('test.why:1')
  })

  test('reaches an open stream: what it opens comes, and what it closes is gone', async () => {
    const failed = (error: unknown) => console.error(error)
    const waiting: { tail?: Tail } = {}
    const sequencer = startSequencer(city.database, { placed: () => waiting.tail?.poke(), failed })
    const placed = async () => (await city.owner.query<{ count: number }>('select count(*)::int as count from record.place')).rows[0]!.count
    await expect.poll(placed).toBeGreaterThan(0)
    const tail = await startTail(city.database, { failed, idle: 20 })
    waiting.tail = tail
    const { follow } = tail
    const server = createServer(
      (_, response) => void follow({ id: 'window', person: rail.personId, world: liveWorld, response, headers: {} }),
    )
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
    const got: string[] = []
    const stream = get({ port: (server.address() as AddressInfo).port }, (answer) => answer.on('data', (bytes) => got.push(String(bytes))))
    await expect.poll(() => got.length, { timeout: 5_000 }).toBeGreaterThan(0)
    await admit([['agency:rail']], null, 'test.live:1')
    const rowUnder = async () => {
      const noteId = id()
      await city.owner.query(
        'insert into record.acknowledgements (id, person_id, table_name, row_id, acknowledged_at, label, world) values ($1, $2, $3, $4, now(), $5, $6)',
        [noteId, police.personId, 'x', id(), label, liveWorld],
      )
      return noteId
    }
    const opened = await rowUnder()
    await expect.poll(() => got.join(''), { timeout: 5_000 }).toContain(opened)
    await close('test.live:1')
    const closed = await rowUnder()
    await expect.poll(() => got.join(''), { timeout: 5_000 }).toContain('gone')
    expect(got.join('')).not.toContain(closed)
    stream.destroy()
    await sequencer.stop()
    await tail.stop()
    server.close()
  })
})

describe('reach in one world', () => {
  test('counts there and nowhere else, also for what is kept and for what was', async () => {
    const only = await city.database.read(police.enters(), ({ tx }) =>
      internLabel(tx, { clauses: [['post:deputy']], marking: 'TLP:AMBER' }),
    )
    await readable(police)
    await readable(police, exercise)
    await city.owner.query("select access.put_reach($1, 'post:deputy', null, null, 'test.callOut:1', $2)", [police.personId, exercise])
    expect(await held(police, exercise)).toContain('post:deputy')
    expect(await readable(police, exercise)).toContain(only)
    expect(await held(police)).not.toContain('post:deputy')
    expect(await readable(police)).not.toContain(only)
    const { rows: was } = await city.owner.query<{ live: boolean; there: boolean }>(
      "select 'post:deputy' = any(access.tokens_in($1, clock_timestamp(), $2)) as live, 'post:deputy' = any(access.tokens_in($1, clock_timestamp(), $3)) as there",
      [police.personId, liveWorld, exercise],
    )
    expect(was[0]).toEqual({ live: false, there: true })
  })

  test('an entry reaches whoever was there, though somebody who came later knew its label first', async () => {
    const failed = (error: unknown) => console.error(error)
    // Nothing of before is left that would have anybody looked up again.
    await placeAll(city)
    const tail = await startTail(city.database, { failed, idle: 20 })
    const server = createServer((request, response) => {
      const person = request.url === '/police' ? police : chief
      void tail.follow({ id: request.url ?? '', person: person.personId, world: liveWorld, response, headers: {} })
    })
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
    const following = async (path: string) => {
      const got: string[] = []
      const stream = get({ port: (server.address() as AddressInfo).port, path }, (answer) =>
        answer.on('data', (bytes) => got.push(String(bytes))),
      )
      await expect.poll(() => got.length, { timeout: 5_000 }).toBeGreaterThan(0)
      return { got, stream }
    }
    const first = await following('/police')
    // The label is there, and nothing under it has its position yet, when another comes who can read it.
    const fresh = (
      await city.owner.query<{ label: number }>('select access.intern($1, $2) as label', [
        JSON.stringify([[`person:${police.personId}`, `person:${chief.personId}`]]),
        'TLP:AMBER',
      ])
    ).rows[0]!.label
    const second = await following('/chief')
    const noteId = id()
    await city.owner.query(
      'insert into record.acknowledgements (id, person_id, table_name, row_id, acknowledged_at, label, world) values ($1, $2, $3, $4, now(), $5, $6)',
      [noteId, police.personId, 'x', id(), fresh, liveWorld],
    )
    const sequencer = startSequencer(city.database, { placed: () => tail.poke(), failed })
    for (const { got } of [second, first]) await expect.poll(() => got.join(''), { timeout: 10_000 }).toContain(noteId)
    for (const { stream } of [first, second]) stream.destroy()
    await sequencer.stop()
    await tail.stop()
    server.close()
  })
})
