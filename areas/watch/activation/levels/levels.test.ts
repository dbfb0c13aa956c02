import { afterAll, beforeAll, expect, test } from 'vitest'
import { structureFor, type TestHolder } from '#areas/structure/testing.ts'
import { performAs, watchFor } from '#areas/watch/testing.ts'
import { type TestCity, testCity } from '#core/db/testing.ts'
import { type LevelsInFull, activate, levels, levelsInFull, setLevel } from '../contract.ts'
import { levelIn } from '../rules.ts'

let city: TestCity
let officer: TestHolder
let administrator: TestHolder
const standby = {
  code: 'standby',
  rank: 1,
  name: 'Standby',
  criteria: 'Two agencies are committed.',
  callsOut: [] as string[],
  convenes: [],
}

beforeAll(async () => {
  city = await testCity()
  const structure = structureFor(city)
  await watchFor(city).founded()
  const office = await structure.agency('Resilience Office')
  officer = await structure.holder('Wanda Watch', office, 'watch-officer')
  administrator = await structure.holder('Ada Administrator', office, 'administrator')
})
afterAll(() => city?.end())

const seenBy = (who: TestHolder, world?: string) => performAs<LevelsInFull>(city, who, levelsInFull, {}, world)

test('everybody reads the levels and whom to ask; only an administrator may set them, and only in live', async () => {
  expect(await seenBy(officer)).toMatchObject({ levels: [], keepers: ['Ada Administrator'], can: { set: false }, posts: [] })
  await expect(performAs(city, officer, setLevel, standby)).rejects.toMatchObject({ kind: 'not-allowed' })
  expect((await seenBy(administrator)).can.set).toBe(true)
  expect((await seenBy(administrator, await city.exercise())).can.set).toBe(false)
})

test('a level stands with the names of whom it calls; adding another under its code is refused, and changes nothing', async () => {
  await performAs(city, administrator, setLevel, {
    ...standby,
    nameFr: 'Pré-alerte',
    callsOut: [officer.postId],
    asNew: true,
  })
  const { levels: seen } = await seenBy(officer)
  expect(seen).toMatchObject([
    { code: 'standby', retired: false, posts: [{ title: 'watch-officer (Wanda Watch)', agency: 'Resilience Office' }] },
  ])
  expect(levelIn(seen[0]!, 'fr')).toEqual({ name: 'Pré-alerte', criteria: 'Two agencies are committed.' })
  await expect(performAs(city, administrator, setLevel, { ...standby, name: 'Another', asNew: true })).rejects.toMatchObject({
    field: 'code',
  })
  expect((await seenBy(officer)).levels).toMatchObject([{ name: 'Standby', nameFr: 'Pré-alerte' }])
})

test('a retired level is shown as retired, activates nothing, and its code is not given again', async () => {
  await performAs(city, administrator, setLevel, { ...standby, retired: true })
  expect((await seenBy(officer)).levels).toMatchObject([{ code: 'standby', retired: true }])
  expect(await performAs(city, officer, levels, {})).toEqual([])
  await expect(
    performAs(city, officer, activate, { level: 'standby', criteriaMatched: 'x', reason: 'x', incidentType: 'x' }),
  ).rejects.toMatchObject({ field: 'level' })
  await expect(performAs(city, administrator, setLevel, { ...standby, asNew: true })).rejects.toMatchObject({ field: 'code' })
  await performAs(city, administrator, setLevel, standby)
  expect(await performAs(city, officer, levels, {})).toMatchObject([{ code: 'standby' }])
})
