import { afterAll, beforeAll, expect, test } from 'vitest'
import { area as sharing } from '#areas/sharing/area.ts'
import { structureFor, type TestHolder } from '#areas/structure/testing.ts'
import { type TestCity, testCity } from '#core/db/testing.ts'
import { id } from '#core/id.ts'
import { type Operation, wordsOf } from '#core/operation/operation.ts'
import { perform, registryOf } from '#core/operation/perform.ts'
import { recordArea } from '#core/record/area.ts'
import { threads } from '#core/record/threads/contract.ts'
import { area } from '../area.ts'
import { openIncident } from '../incidents/contract.ts'
import { sharedForIncident } from './contract.ts'

const registry = registryOf([recordArea([sharing, area]), sharing, area])
let city: TestCity
let secretariat: TestHolder
let police: TestHolder
let hospital: TestHolder
let incidentId: string

const as = <T>(person: TestHolder, verb: readonly [string, string], input: unknown) =>
  perform(city.database, registry, registry.named(...verb), input, person.enters()) as Promise<T>
const ask = <T>(person: TestHolder, operation: Operation, input: unknown) => as<T>(person, wordsOf(operation), input)
const share = async (more: object) =>
  (
    await as<{ id: string }>(police, ['sharing', 'share-item'], {
      kind: 'situation',
      text: 'Water is at the steps.',
      marking: 'TLP:AMBER',
      agencyIds: [secretariat.agencyId],
      basis: 'The duty to co-operate',
      incidentId,
      ...more,
    })
  ).id

beforeAll(async () => {
  city = await testCity()
  const structure = structureFor(city)
  secretariat = await structure.holder('Sia Secretariat', await structure.agency('Council'), 'secretariat')
  police = await structure.holder('Pat Police', await structure.agency('Police'), 'duty')
  hospital = await structure.holder('Hal Hospital', await structure.agency('Hospital'), 'duty')
  incidentId = (await ask<{ id: string }>(secretariat, openIncident, { name: 'Tide', incidentType: 'flood' })).id
  for (const { personId } of [police, hospital])
    await city.owner.query("select access.put_reach($1, $2, clock_timestamp() - interval '1 second', null, 'test')", [
      personId,
      `incident:${incidentId}`,
    ])
})
afterAll(() => city?.end())

test('what was shared for an incident stands beside its timeline with its grade, for who can read it, until it is recalled', async () => {
  const graded = await share({ title: 'Quay', grading: 'plain:reported-by-responder' })
  const plain = await share({ title: 'Steps' })
  type Shown = { items: { id: string; graded: { short: string; by: string } | null }[] }
  const shown = async (person: TestHolder) => (await ask<Shown>(person, sharedForIncident, { incidentId })).items
  expect((await shown(secretariat)).map((one) => [one.id, one.graded?.short, one.graded?.by])).toEqual([
    [plain, undefined, undefined],
    [graded, 'Reported by a responder', 'Pat Police'],
  ])
  // Of the incident, and of neither agency: the timeline shows them no more than that there is none.
  expect(await shown(hospital)).toEqual([])
  await as(police, ['sharing', 'recall-item'], { itemId: graded, because: 'It was wrong.' })
  expect((await shown(secretariat)).map((one) => one.id)).toEqual([plain])
})

test('an incident is called by its name for who takes part in it; another’s is as unknown as one that is not there', async () => {
  const outsider = await structureFor(city).holder('Otto Outside', hospital.agencyId, 'duty')
  expect(await ask(police, threads, { ids: [incidentId, id()] })).toEqual({
    threads: [{ id: incidentId, name: 'Tide', path: `/response/centre/${incidentId}` }],
  })
  for (const one of [incidentId, id()]) expect(await ask(outsider, threads, { ids: [one] })).toEqual({ threads: [] })
  await expect(ask(outsider, sharedForIncident, { incidentId })).rejects.toMatchObject({ kind: 'not-found' })
})
