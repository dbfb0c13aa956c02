import { afterAll, beforeAll, expect, test } from 'vitest'
import { area as structure } from '#areas/structure/area.ts'
import { structureFor, type TestHolder } from '#areas/structure/testing.ts'
import { run } from '#core/db/sql.ts'
import { type TestCity, testCity } from '#core/db/testing.ts'
import { perform, registryOf } from '#core/operation/perform.ts'
import { area } from '../area.ts'
import type { Incident } from '../contract.ts'

const registry = registryOf([structure, area])
let city: TestCity
let officer: TestHolder

beforeAll(async () => {
  city = await testCity()
  await city.owner.query("insert into access.city (code, name) values ('test', 'Testham')")
  const { agency, holder } = structureFor(city)
  officer = await holder('Wes Watch', await agency('Watch'), 'watch-officer')
})
afterAll(() => city?.end())

const keep = () =>
  city.database.jobs('test.keep', officer.enters().world!, (tx) =>
    run(tx, { text: "select structure.keep_version('import', null)", values: [] }),
  )
const open = (name: string) =>
  perform(
    city.database,
    registry,
    registry.named('response', 'open-incident'),
    { name, incidentType: 'flood' },
    officer.enters('response.openIncident'),
  ) as Promise<Incident>

test('an incident pins the version of the structure that was in force when it was opened, and keeps it whatever comes', async () => {
  expect((await open('Before any')).structureVersion).toBeNull()
  await keep()
  const first = await open('First')
  expect(first.structureVersion).toBe(1)
  await structureFor(city).agency('Another')
  await keep()
  await city.owner.query('update response.incidents set structure_version_id = null, name = $1 where id = $2', ['Renamed', first.id])
  const read = (await perform(
    city.database,
    registry,
    registry.named('response', 'incident'),
    { incidentId: first.id },
    officer.enters('response.incident'),
  )) as Incident
  expect(read).toMatchObject({ name: 'Renamed', structureVersion: 1 })
  expect((await open('Second')).structureVersion).toBe(2)
})
