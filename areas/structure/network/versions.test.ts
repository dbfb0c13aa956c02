import { afterEach, beforeEach, expect, test } from 'vitest'
import { area } from '#areas/structure/area.ts'
import { versionInForce } from '#areas/structure/facade.ts'
import { type TestCity, testCity, type TestPerson } from '#core/db/testing.ts'
import { perform, registryOf } from '#core/operation/perform.ts'
import type { Network, VersionLine } from './contract.ts'

const registry = registryOf([area])
let city: TestCity
let administrator: TestPerson

const operate = <T>(who: TestPerson, verb: string, input: unknown) =>
  perform(city.database, registry, registry.named('structure', verb), input, who.enters(`structure.${verb}`)) as Promise<T>
const take = (lines: string[], preview = false, who = administrator) =>
  operate<{ counts: { stored: number } }>(who, 'import', {
    files: [
      {
        name: 'members.csv',
        content: Buffer.from(['lrf20_code,lrf20_name,org_type,org_code,org_name,basis', ...lines].join('\n')).toString('base64'),
      },
    ],
    preview,
  })
const network = (who: TestPerson, version?: number) =>
  operate<{ network: Network; version: VersionLine | null; versions: VersionLine[]; marking: string }>(who, 'network', { version })

beforeEach(async () => {
  city = await testCity()
  await city.owner.query("insert into access.city (code, name) values ('TST', 'Testham')")
  administrator = await city.person('Ada Administrator', ['city:TST', 'kind:administrator'])
})
afterEach(() => city?.end())

test('an import that changes something becomes the next version; the same again, a preview, and a list without a good line do not', async () => {
  const police = 'F1,Forum,police,P1,Police,declared'
  await take([police], true)
  await take(['F1,Forum,wizards,P1,Police,declared'])
  expect((await network(administrator)).versions).toEqual([])
  await take([police])
  await take([police])
  expect((await network(administrator)).versions).toMatchObject([{ number: 1, basis: 'import', reviewId: null }])
  await take([police, 'F1,Forum,ambulance,A1,Ambulance,declared'])
  const { versions } = await network(administrator)
  expect(versions.map(({ number }) => number)).toEqual([2, 1])
  const [first, second] = [await network(administrator, 1), await network(administrator, 2)]
  expect([first, second].map((it) => it.network.agencies.map(({ orgCode }) => orgCode))).toEqual([['P1'], ['A1', 'P1']])
  expect(second.network.agencies[1]!.id).toBe(first.network.agencies[0]!.id)
  expect(second.network).toEqual((await network(administrator)).network)
})

test('a city taken in whole is a version; the operator of the machine makes one with a list', async () => {
  const agencies = [{ orgType: 'police', orgCode: 'P1', name: 'Police' }]
  await operate(administrator, 'import-city', { city: { agencies } })
  await operate(administrator, 'import-city', { city: { agencies } })
  const operator = await city.person('Operator', ['city:TST', 'kind:operator'])
  await take(['F1,Forum,police,P1,Police,declared'], false, operator)
  expect((await network(administrator)).versions.map(({ number }) => number)).toEqual([2, 1])
})

test('everybody in the city reads versions, nobody outside it, and nobody changes one', async () => {
  await take(['F1,Forum,police,P1,Police,declared'])
  const [member, stranger] = [await city.person('Max Member', ['city:TST']), await city.person('Sol Stranger', ['city:ELSE'])]
  expect((await network(member, 1)).network.agencies).toHaveLength(1)
  expect(await network(stranger)).toMatchObject({ versions: [], network: { agencies: [] } })
  await expect(network(stranger, 1)).rejects.toMatchObject({ kind: 'not-found' })
  await expect(network(stranger, 7)).rejects.toMatchObject({ kind: 'not-found' })
  const inForce = await city.database.read(member.enters(), ({ tx, clock }) => versionInForce(tx, clock.now()))
  expect(inForce?.number).toBe(1)
  await expect(city.owner.query("update structure.versions set network = '{}'")).rejects.toThrow()
})
