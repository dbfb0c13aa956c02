import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { area } from '#areas/response/area.ts'
import { openIncident } from '#areas/response/incidents/contract.ts'
import { structureFor, type TestHolder } from '#areas/structure/testing.ts'
import { one, sql } from '#core/db/sql.ts'
import { type TestCity, type TestPerson, testCity } from '#core/db/testing.ts'
import { type Operation, wordsOf } from '#core/operation/operation.ts'
import { perform, registryOf } from '#core/operation/perform.ts'
import { area as record } from '#core/record/area.ts'
import { acknowledge, asOf, inspect, open, verify } from '#core/record/reading/contract.ts'
import { sealOnce } from '#core/record/sealer.ts'
import { placeAll } from '#core/record/testing.ts'
import { createSigningKey } from '#core/record/tree/heads.ts'

const registry = registryOf([record, area])
const key = createSigningKey('test')
let city: TestCity
let secretariat: TestHolder
let inquiry: TestPerson
let administrator: TestPerson
let incidentId: string

const as = <T>(person: TestPerson, operation: Operation, input: unknown) =>
  perform(city.database, registry, registry.named(...wordsOf(operation)), input, person.enters(operation.name)) as Promise<T>
const place = () => placeAll(city)
const placeOnce = () => city.database.verifier((tx) => one<{ placed: number }>(tx, sql`select record.place_entries(5000) as placed`))
const placed = async () => (await city.owner.query<{ n: string }>('select count(*) as n from record.place')).rows[0]!.n
const seal = () => city.database.verifier((tx) => sealOnce(tx, [key], 'test'))
interface Picture {
  rows: Array<{ table: string; id: string; row: { name?: string }; openedAt: string | null; acknowledgedAt: string | null }>
}
interface Report {
  ok: boolean
  entries: number
  sealed: number
  problems: Array<{ position: number; what: string }>
}

beforeAll(async () => {
  city = await testCity()
  await city.owner.query("insert into access.city (code, name) values ('test', 'Test')")
  await city.owner.query('insert into record.signing_key (key_id, public_key) values ($1, $2)', [key.key.id, key.key.text])
  const structure = structureFor(city)
  const council = await structure.agency('Council')
  secretariat = await structure.holder('Sam', council, 'secretariat')
  inquiry = await city.person('Iris Inquiry', ['kind:inquiry'])
  administrator = await city.person('Ada', ['kind:administrator'])
  incidentId = (await as<{ id: string }>(secretariat, openIncident, { name: 'Trial', incidentType: 'flood' })).id
  await place()
})
afterAll(() => city?.end())

describe('position and seal', () => {
  test('positions are unbroken, and a later commit never gets an earlier one', async () => {
    for (let round = 0; round < 3; round += 1) {
      await as(secretariat, openIncident, { name: `More ${round}`, incidentType: 'flood' })
      await place()
    }
    const { rows } = await city.owner.query<{ position: string }>('select position from record.place order by position')
    expect(rows.map((row) => Number(row.position))).toEqual(rows.map((_, index) => index))
  })

  test('an entry of a transaction that is still open keeps later ones waiting, and none is left out', async () => {
    await place()
    const before = await placed()
    await city.owner.query('begin')
    await city.owner.query("select access.put_reach($1, 'group:slow', null, null, 'test:slow')", [inquiry.personId])
    await as(secretariat, openIncident, { name: 'Meanwhile', incidentType: 'flood' })
    await placeOnce()
    expect(await placed()).toBe(before)
    await city.owner.query('commit')
    await place()
    const { rows } = await city.owner.query<{ all: string; placed: string }>(
      'select (select count(*) from record.entry) as all, (select count(*) from record.place) as placed',
    )
    expect(rows[0]!.placed).toBe(rows[0]!.all)
  })

  test('the sealed record verifies; an altered byte of any entry is named', async () => {
    await place()
    while ((await seal()) !== undefined);
    const sound = await as<Report>(administrator, verify, {})
    expect(sound).toMatchObject({ ok: true, problems: [] })
    expect(sound.sealed).toBe(sound.entries)
    await city.owner.query("set session_replication_role = 'replica'")
    for (const column of ['header', 'content', 'salt', 'content_hash']) {
      await city.owner.query(
        `update record.entry set ${column} = set_byte(${column}, 3, get_byte(${column}, 3) # 1) where seq = (select seq from record.place where position = 2)`,
      )
      const report = await as<Report>(administrator, verify, {})
      expect(report.ok).toBe(false)
      expect(report.problems.some(({ position }) => position === 2)).toBe(true)
      await city.owner.query(
        `update record.entry set ${column} = set_byte(${column}, 3, get_byte(${column}, 3) # 1) where seq = (select seq from record.place where position = 2)`,
      )
    }
    await city.owner.query("set session_replication_role = 'origin'")
    expect(await as(administrator, verify, {})).toMatchObject({ ok: true })
  })

  test('whoever keeps no such post cannot verify', async () => {
    await expect(as(secretariat, verify, {})).rejects.toMatchObject({ kind: 'not-allowed' })
  })
})

describe('as of', () => {
  test('available, opened and acknowledged are three different things', async () => {
    const at = () => new Date(Date.now() + 5).toISOString()
    const find = (picture: Picture) => picture.rows.find((row) => row.table === 'response.incidents')
    expect(find(await as<Picture>(secretariat, asOf, { thread: incidentId, at: '2020-01-01T00:00:00Z' }))).toBeUndefined()
    expect(find(await as<Picture>(secretariat, asOf, { thread: incidentId, at: at() }))).toMatchObject({
      row: { name: 'Trial' },
      openedAt: null,
      acknowledgedAt: null,
    })
    await as(secretariat, open, { table: 'response.incidents', id: incidentId })
    await as(secretariat, acknowledge, { table: 'response.incidents', id: incidentId })
    const after = find(await as<Picture>(secretariat, asOf, { thread: incidentId, at: at() }))!
    expect(after.openedAt).not.toBeNull()
    expect(after.acknowledgedAt).not.toBeNull()
  })

  test("another person's picture needs an inquiry post and a purpose, and the look is an entry that they can see", async () => {
    const input = {
      personId: secretariat.personId,
      thread: incidentId,
      at: new Date().toISOString(),
      purpose: 'Inquiry into the trial',
      authority: 'Terms of reference 4',
    }
    await expect(as(administrator, inspect, input)).rejects.toMatchObject({ kind: 'not-allowed' })
    await expect(as(inquiry, inspect, { ...input, purpose: '' })).rejects.toMatchObject({ kind: 'invalid', field: 'purpose' })
    const picture = await as<Picture>(inquiry, inspect, input)
    expect(picture.rows.some((row) => row.id === incidentId)).toBe(true)
    const seen = await city.database.read(secretariat.enters(), ({ tx }) =>
      one<{ purpose: string }>(tx, sql`select purpose from record.inspections`),
    )
    expect(seen.purpose).toBe('Inquiry into the trial')
  })

  test('nobody acknowledges what they cannot see', async () => {
    await expect(as(administrator, acknowledge, { table: 'response.incidents', id: incidentId })).rejects.toMatchObject({
      kind: 'not-found',
    })
  })
})
