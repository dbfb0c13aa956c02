import { placeAll } from '#core/record/testing.ts'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { area as response } from '#areas/response/area.ts'
import { openIncident } from '#areas/response/incidents/contract.ts'
import { admitPerson } from '#areas/response/members/contract.ts'
import { timeline, writeEntry } from '#areas/response/timeline/contract.ts'
import { area as structure } from '#areas/structure/area.ts'
import { closePerson } from '#areas/structure/people/contract.ts'
import { structureFor, type TestHolder } from '#areas/structure/testing.ts'
import { type TestCity, testCity, type TestPerson } from '#core/db/testing.ts'
import { type LiveServer, liveServer } from '#core/live/testing.ts'
import { type Operation, wordsOf } from '#core/operation/operation.ts'
import { perform, registryOf } from '#core/operation/perform.ts'
import { area as record } from '#core/record/area.ts'

// Somebody is closed while an incident runs: what they have open hears no more, what they ask is refused, and what they did stays.

const registry = registryOf([record, structure, response])
let city: TestCity
let secretariat: TestHolder
let leaver: TestHolder
let beside: TestHolder
let administrator: TestPerson
let incidentId: string
let live: LiveServer

const as = <T>(person: TestPerson, operation: Operation, input: unknown) =>
  perform(city.database, registry, registry.named(...wordsOf(operation)), input, person.enters(operation.name)) as Promise<T>
const write = async (person: TestPerson, text: string) => (await as<{ id: string }>(person, writeEntry, { incidentId, text })).id

beforeAll(async () => {
  city = await testCity()
  await city.owner.query("insert into access.city (code, name) values ('test', 'Testham')")
  const people = structureFor(city)
  secretariat = await people.holder('Sia Secretariat', await people.agency('Council'), 'secretariat')
  leaver = await people.holder('Lou Leaver', await people.agency('Police'), 'duty')
  beside = await people.holder('Bess Beside', leaver.agencyId, 'duty')
  administrator = await city.person('Ada Administrator', ['city:test', 'kind:administrator'])
  incidentId = (await as<{ id: string }>(secretariat, openIncident, { name: 'Trial', incidentType: 'flood' })).id
  for (const { personId } of [leaver, beside])
    await as(secretariat, admitPerson, { incidentId, personId, past: 'all', reason: 'Needed here' })
  live = await liveServer(city, registry)
}, 60_000)
afterAll(async () => {
  await live?.stop()
  await city?.end()
})

test('closed while an incident runs: the stream falls silent at once, everything else is refused, and what they wrote stays', async () => {
  await live.caughtUp()
  const [mine, other] = [await live.following(leaver), await live.following(beside)]
  const seen = await write(leaver, 'Line of the leaver')
  await expect.poll(() => mine.text.includes(seen) && other.text.includes(seen), { timeout: 10_000, interval: 20 }).toBe(true)
  await as(administrator, closePerson, { personId: leaver.personId, reason: 'Called away for good' })
  const after = await write(secretariat, 'Line after the leaver')
  await expect.poll(() => other.text.includes(after), { timeout: 10_000, interval: 20 }).toBe(true)
  expect(mine.text).not.toContain(after)
  // Not even what is addressed to them alone: the note of their closing.
  const { rows: notes } = await city.owner.query<{ id: string }>(
    "select id from access.note where person = $1 and kind = 'account-closed'",
    [leaver.personId],
  )
  await placeAll(city)
  expect(notes).toHaveLength(1)
  expect(mine.text).not.toContain(notes[0]!.id)
  await expect(write(leaver, 'Line of nobody')).rejects.toMatchObject({ signedOut: true })
  const again = await fetch(`${live.url}/live`, { headers: { authorization: `Bearer ${leaver.key}` } })
  expect(again.status).toBe(401)
  await again.body?.cancel()
  const { entries } = await as<{ entries: { text: string; by: string | null }[] }>(beside, timeline, { incidentId, limit: 100 })
  expect(entries.find(({ text }) => text === 'Line of the leaver')).toMatchObject({ by: 'Lou Leaver' })
  mine.end()
  other.end()
})
