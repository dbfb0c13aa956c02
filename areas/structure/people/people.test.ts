import { readFile } from 'node:fs/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { area } from '#areas/structure/area.ts'
import { postsByCode } from '#areas/structure/facade.ts'
import { type TestCity, testCity, type TestPerson } from '#core/db/testing.ts'
import { perform, registryOf } from '#core/operation/perform.ts'
import type { Holding } from '../directory/contract.ts'
import type { People } from './contract.ts'
import { codeOf } from './rules.ts'

const registry = registryOf([area])
let city: TestCity
let administrator: TestPerson
let officer: TestPerson
let member: TestPerson
let fire = ''

const operate = <T>(who: TestPerson, verb: string, input: unknown, world?: string) =>
  perform(city.database, registry, registry.named('structure', verb), input, who.enters(`structure.${verb}`, world)) as Promise<T>
const post = (code: string) => city.database.read(administrator.enters(), async ({ tx }) => (await postsByCode(tx, [code]))[0]!)
const everybody = async (who = administrator) => (await operate<People>(who, 'people', {})).people
const named = async (name: string) => (await everybody()).filter((one) => one.name === name)

beforeAll(async () => {
  city = await testCity()
  await city.owner.query("insert into access.city (code, name) values ('HAL', 'Halvern')")
  administrator = await city.person('Ada Administrator', ['city:HAL', 'kind:administrator'])
  officer = await city.person('Wanda Watch', ['city:HAL', 'kind:watch-officer'])
  member = await city.person('Max Member', ['city:HAL', 'kind:duty'])
  const file = JSON.parse(await readFile(new URL('../../../demo/halvern/city.json', import.meta.url), 'utf8'))
  await operate(administrator, 'import-city', { city: file, since: '2026-01-01T00:00:00Z' })
  fire = (await post('HAL-FRS-DUT')).agencyId
})
afterAll(() => city?.end())

test('a code comes from the name; the second of that name is another', () => {
  expect(codeOf('Élise Quill-Marsh', new Set())).toBe('elise.quill-marsh')
  expect(codeOf('Elise Quill-Marsh', new Set(['elise.quill-marsh']))).toBe('elise.quill-marsh.2')
  expect(codeOf('…', new Set())).toBe('person')
  expect(codeOf('Ана Петровић', new Set())).toBe('ана.петровић')
})

test('one person by hand: their contacts, their post and what it lets them read, as a list would have it', async () => {
  const duty = await post('HAL-FRS-DUT')
  const { personId, code } = await operate<{ personId: string; code: string }>(administrator, 'add-person', {
    name: 'Nia Newhand',
    agencyId: fire,
    mail: 'nia.newhand@fire.example',
    mobile: '+44 1632 960077',
    needs: 'deaf: text first',
    holds: [duty.id],
  })
  expect(code).toBe('nia.newhand')
  // Somebody who is deaf is never rung: the same rule as for a list.
  expect(await named('Nia Newhand')).toMatchObject([{ id: personId, holds: [duty.title], ways: ['sms', 'mail'] }])
  const { rows: reach } = await city.owner.query('select token from access.reach where person = $1 and until_at is null', [personId])
  expect(reach.map(({ token }) => token)).toEqual(expect.arrayContaining(['city:HAL', `agency:${fire}`, `post:${duty.id}`, 'kind:duty']))
  const { rows: accounts } = await city.owner.query('select mail from access.account where person = $1', [personId])
  expect(accounts).toEqual([{ mail: 'nia.newhand@fire.example' }])
})

test('what a list refuses is refused here, at its field, and nobody is added', async () => {
  const before = (await everybody()).length
  for (const [said, field] of [
    [{ mail: 'nia.newhand@fire.example' }, 'mail'],
    [{ mail: 'not an address' }, 'mail'],
    [{ mobile: 'none' }, 'mobile'],
    [{ code: 'nia.newhand' }, 'code'],
    [{ code: 'two words' }, 'code'],
    [{ name: ' ' }, 'name'],
    [{ holds: [fire] }, 'holds'],
  ] as const)
    await expect(operate(administrator, 'add-person', { name: 'Nobody Yet', agencyId: fire, ...said })).rejects.toMatchObject({ field })
  expect((await everybody()).length).toBe(before)
})

test('only an administrator adds people, and only in live; the list is for named hands', async () => {
  for (const who of [officer, member])
    await expect(operate(who, 'add-person', { name: 'Sly Stranger', agencyId: fire })).rejects.toMatchObject({ kind: 'not-allowed' })
  await expect(operate(member, 'people', {})).rejects.toMatchObject({ kind: 'not-allowed' })
  expect((await operate<People>(officer, 'people', {})).can.add).toBe(false)
  expect((await operate<People>(administrator, 'people', {}, await city.exercise())).can.add).toBe(false)
})

test('who was added can hold another post since a day, and no longer', async () => {
  const personId = (await named('Nia Newhand'))[0]!.id
  const executive = await post('HAL-FRS-DUT')
  await expect(
    operate(administrator, 'set-holding', { postId: executive.id, personId, capacity: 'deputy', fromAt: new Date().toISOString() }),
  ).rejects.toMatchObject({ kind: 'conflict' })
  const other = await post('HAL-RES-WO1')
  const held = await operate<Holding>(administrator, 'set-holding', {
    postId: other.id,
    personId,
    capacity: 'deputy',
    fromAt: '2026-02-01T00:00:00Z',
  })
  expect((await named('Nia Newhand'))[0]!.holds).toHaveLength(2)
  await operate(administrator, 'end-holding', { holdingId: held.id })
  expect((await named('Nia Newhand'))[0]!.holds).toHaveLength(1)
})

test('the list of findings follows who holds a post, without waiting for the hour', async () => {
  const without = async () =>
    (await operate<{ findings: { kind: string; about: string }[] }>(administrator, 'findings', {})).findings
      .filter(({ kind }) => kind === 'post-without-deputy')
      .map(({ about }) => about)
  const personId = (await named('Nia Newhand'))[0]!.id
  const [about] = await without()
  expect(about).toBeDefined()
  const free = await post(about!)
  const { id: holdingId } = await operate<Holding>(administrator, 'set-holding', {
    postId: free.id,
    personId,
    capacity: 'deputy',
    fromAt: new Date(Date.now() - 3_600_000).toISOString(),
  })
  expect(await without()).not.toContain(about)
  await operate(administrator, 'end-holding', { holdingId })
  expect(await without()).toContain(about)
})
