import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { structureFor, type TestHolder } from '#areas/structure/testing.ts'
import { run } from '#core/db/sql.ts'
import { type TestCity, testCity } from '#core/db/testing.ts'
import { id } from '#core/id.ts'
import { sharingFor } from '../testing.ts'
import { discloseInEmergency, type EmergencyDisclosure, emergencyDisclosures, reviewDisclosure } from './contract.ts'
import { byUrgency, reviewDue } from './rules.ts'

let city: TestCity
let sharing: ReturnType<typeof sharingFor>
let officer: TestHolder
let protection: TestHolder
let hospital: TestHolder
let rail: TestHolder
let owner: TestHolder
let exercise: string

const list = async (person: TestHolder, world?: string) =>
  (await sharing.as<{ disclosures: EmergencyDisclosure[] }>(person, emergencyDisclosures, {}, world)).disclosures
const disclose = (person: TestHolder, more: object = {}, world?: string) =>
  sharing.as<{ id: string }>(
    person,
    discloseInEmergency,
    { title: 'Gas at the quay', text: 'Keep crews upwind.', reason: 'Crews are on their way.', toAgencyIds: [hospital.agencyId], ...more },
    world,
  )

beforeAll(async () => {
  city = await testCity()
  sharing = sharingFor(city)
  const structure = structureFor(city)
  officer = await structure.holder('Dot Duty', await structure.agency('Fire'), 'duty')
  protection = await structure.holder('Pia Protection', officer.agencyId, 'data-protection')
  hospital = await structure.holder('Hal Hospital', await structure.agency('Hospital'), 'duty')
  rail = await structure.holder('Rae Rail', await structure.agency('Rail'), 'executive')
  owner = await structure.holder('Ona Owner', await structure.agency('Port'), 'executive')
  exercise = await city.exercise()
})
afterAll(() => city?.end())

const refused = { kind: 'not-allowed' }

describe('an emergency disclosure', () => {
  test('stands before its receivers, the originator and the discloser’s agency at once, and before nobody else', async () => {
    const { id: given } = await disclose(officer, { originatorAgencyId: owner.agencyId })
    for (const person of [officer, protection, hospital, owner]) expect((await list(person)).map((one) => one.id)).toContain(given)
    expect(await list(rail)).toEqual([])
    expect((await list(owner)).find((one) => one.id === given)).toMatchObject({
      originator: 'Port',
      byAgency: 'Fire',
      review: null,
      can: { review: true },
    })
  })

  test('is closed by somebody else who answers for it, once; never by the discloser on any path', async () => {
    const { id: given } = await disclose(officer)
    const review = (person: TestHolder) =>
      sharing.as(person, reviewDisclosure, { id: given, outcome: 'right', words: 'Life was at stake.' })
    await expect(review(officer)).rejects.toMatchObject(refused)
    await expect(review(rail)).rejects.toMatchObject({ kind: 'not-found' })
    const change = (person: TestHolder, by: string) =>
      city.database.change({
        entering: person.enters(),
        run: async ({ tx }) => ({
          value: await run(tx, {
            text: "update sharing.emergency_disclosures set reviewed_by = $1, reviewed_at = disclosed_at, outcome = 'right', review_words = 'fine' where id = $2",
            values: [by, given],
          }),
        }),
      })
    await change(officer, officer.personId)
    await expect(change(protection, officer.personId)).rejects.toMatchObject(refused)
    expect((await list(officer)).find((one) => one.id === given)).toMatchObject({ review: null, can: { review: false } })
    await review(protection)
    expect((await list(hospital)).find((one) => one.id === given)?.review).toMatchObject({ by: 'Pia Protection', outcome: 'right' })
    await expect(review(protection)).rejects.toMatchObject({ kind: 'conflict' })
  })

  test('is also refused to an executive who disclosed it, stays in its exercise, and needs somebody to tell', async () => {
    const { id: own } = await disclose(rail)
    await expect(sharing.as(rail, reviewDisclosure, { id: own, outcome: 'right', words: 'Mine.' })).rejects.toMatchObject(refused)
    const { id: played } = await disclose(officer, {}, exercise)
    expect((await list(hospital)).map((one) => one.id)).not.toContain(played)
    expect((await list(hospital, exercise)).map((one) => one.id)).toEqual([played])
    await expect(disclose(officer, { toAgencyIds: [] })).rejects.toMatchObject({ kind: 'invalid' })
    await expect(disclose(officer, { toAgencyIds: [id()] })).rejects.toMatchObject({ kind: 'not-found' })
    await expect(disclose(protection)).rejects.toMatchObject(refused)
  })

  test('rules: due within a day; the longest overdue first', () => {
    const at = new Date('2026-03-12T14:00:00Z')
    expect(reviewDue(at).toISOString()).toBe('2026-03-13T14:00:00.000Z')
    const one = (name: string, review: unknown, hour: number) => ({
      name,
      review,
      reviewDueAt: `2026-03-13T${hour}:00:00Z`,
      at: `2026-03-12T${hour}:00:00Z`,
    })
    expect(
      byUrgency([one('old', {}, 10), one('late', null, 12), one('new', {}, 14), one('later', null, 13)]).map(({ name }) => name),
    ).toEqual(['late', 'later', 'new', 'old'])
  })
})
