import { placeAll } from '#core/record/testing.ts'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { area as sharingArea } from '#areas/sharing/area.ts'
import { askForInformation } from '#areas/sharing/requests/contract.ts'
import { structureFor, type TestHolder } from '#areas/structure/testing.ts'
import { rows, sql } from '#core/db/sql.ts'
import { liveWorld, type TestCity, type TestPerson, testCity } from '#core/db/testing.ts'
import { id } from '#core/id.ts'
import { type Operation, wordsOf } from '#core/operation/operation.ts'
import { perform, registryOf } from '#core/operation/perform.ts'
import { area as record } from '#core/record/area.ts'
import { type Availability, availability } from '#core/record/availability/contract.ts'
import { acknowledge, open } from '#core/record/reading/contract.ts'

const registry = registryOf([record, sharingArea])
const table = 'sharing.requests'
const purpose = 'A complaint about a disclosure'
let city: TestCity
let fire: TestHolder
let fireProtection: TestHolder
let police: TestHolder
let policeProtection: TestHolder
let rail: TestHolder
let inquiry: TestHolder
let requestId: string
let before: string

const as = <T>(person: TestPerson, operation: Operation, input: unknown, world = liveWorld) =>
  perform(city.database, registry, registry.named(...wordsOf(operation)), input, person.enters(operation.name, world)) as Promise<T>
const place = () => placeAll(city)
const pause = () => new Promise((resolve) => setTimeout(resolve, 15))
/** A moment apart from what came before and what comes after. */
const moment = async () => {
  await pause()
  const at = new Date().toISOString()
  await pause()
  return at
}
const ask = async (person: TestHolder, more: object = {}) => {
  await place()
  return (
    await as<{ people: Availability[] }>(person, availability, { table, id: requestId, at: new Date().toISOString(), purpose, ...more })
  ).people
}
const named = (people: readonly Availability[], name: string) => people.find((one) => one.name === name)

beforeAll(async () => {
  city = await testCity()
  const structure = structureFor(city)
  fire = await structure.holder('Fin Fire', await structure.agency('Fire'), 'duty')
  fireProtection = await structure.holder('Fay Protection', fire.agencyId, 'data-protection')
  police = await structure.holder('Pat Police', await structure.agency('Police'), 'duty')
  policeProtection = await structure.holder('Pia Protection', police.agencyId, 'data-protection')
  rail = await structure.holder('Ray Rail', await structure.agency('Rail'), 'data-protection')
  inquiry = await structure.holder('Ines Inquiry', await structure.agency('Inquiry'), 'inquiry')
  before = await moment()
  requestId = (
    await as<{ requestId: string }>(fire, askForInformation, {
      toAgencyId: police.agencyId,
      what: 'Which streets are closed',
      why: 'Engines are on their way',
      neededBy: new Date(Date.now() + 3_600_000).toISOString(),
    })
  ).requestId
})
afterAll(() => city?.end())

describe('to whom something was available', () => {
  test('who could read it, who was sent it, who opened it, who acknowledged it: four different things, each with its time', async () => {
    await place()
    await as(police, open, { table, id: requestId })
    await as(policeProtection, acknowledge, { table, id: requestId })
    const people = await ask(fireProtection)
    expect(people.map(({ name }) => name)).toEqual(['Fay Protection', 'Fin Fire', 'Ines Inquiry', 'Pat Police', 'Pia Protection'])
    expect(named(people, 'Pat Police')).toMatchObject({ sentAt: expect.any(String), openedAt: expect.any(String), acknowledgedAt: null })
    expect(named(people, 'Pia Protection')).toMatchObject({
      sentAt: expect.any(String),
      openedAt: null,
      acknowledgedAt: expect.any(String),
    })
    expect(named(people, 'Fin Fire')).toMatchObject({ sentAt: null, toldAt: null, openedAt: null })
    for (const { availableSince } of people) expect(new Date(availableSince!).getTime()).toBeGreaterThan(new Date(before).getTime())
    // Before it was there it was available to nobody.
    expect(await ask(fireProtection, { at: before })).toEqual([])
    await expect(ask(fireProtection, { at: new Date(Date.now() + 60_000).toISOString() })).rejects.toMatchObject({ field: 'at' })
  })

  test('as of a moment: who came later is not there then, who has left since is', async () => {
    const leaver = await structureFor(city).holder('Lea Leaver', police.agencyId, 'duty')
    // The test gives reach a second before now.
    const fromNow = (person: TestPerson) =>
      city.owner.query('update access.reach set from_at = clock_timestamp() where person = $1', [person.personId])
    await fromNow(leaver)
    const whileIn = await moment()
    await city.owner.query('update access.reach set until_at = clock_timestamp() where person = $1', [leaver.personId])
    const after = await moment()
    const newcomer = await structureFor(city).holder('Nia Newcomer', police.agencyId, 'duty')
    await fromNow(newcomer)
    const atFirst = await ask(fireProtection, { at: whileIn })
    expect(named(atFirst, 'Lea Leaver')).toMatchObject({ availableSince: expect.any(String) })
    expect(named(atFirst, 'Nia Newcomer')).toBeUndefined()
    expect(named(await ask(fireProtection, { at: after }), 'Lea Leaver')).toBeUndefined()
    expect(named(await ask(fireProtection), 'Nia Newcomer')).toMatchObject({ sentAt: null, openedAt: null })
  })

  test('is asked by whose information it is and by an inquiry with an authority; what is withheld is not there', async () => {
    await expect(ask(policeProtection)).rejects.toMatchObject({ kind: 'not-allowed' })
    await expect(ask(inquiry)).rejects.toMatchObject({ kind: 'not-allowed' })
    expect((await ask(inquiry, { authority: 'Order 7 of the inquiry' })).length).toBeGreaterThan(3)
    await expect(ask(fire)).rejects.toMatchObject({ kind: 'not-allowed' })
    const wrong = (more: object) => ask(rail, more).catch((error: unknown) => JSON.stringify(error))
    const [withheld, absent, noSuchTable] = [await wrong({}), await wrong({ id: id() }), await wrong({ table: 'no.such' })]
    expect(withheld).toContain('not-found')
    expect(absent).toBe(withheld)
    expect(noSuchTable).toBe(withheld)
    await expect(ask(fireProtection, { purpose: 'short' })).rejects.toMatchObject({ field: 'purpose' })
  })

  test('who is data protection in one agency and works for another answers for the one alone', async () => {
    const both = await structureFor(city).holder('Bo Both', rail.agencyId, 'data-protection', [`agency:${fire.agencyId}`])
    await expect(ask(both)).rejects.toMatchObject({ kind: 'not-allowed' })
  })

  test('every question is an entry, and without it the database answers nothing', async () => {
    const asked = (person: TestPerson) =>
      city.database.read(person.enters(), async ({ tx }) =>
        rows<{ askedBy: string }>(tx, sql`select asked_by from record.lookups where row_id = ${requestId} order by id`),
      )
    expect((await asked(fireProtection)).every(({ askedBy }) => askedBy === fireProtection.personId)).toBe(true)
    expect(new Set((await asked(inquiry)).map(({ askedBy }) => askedBy))).toEqual(new Set([fireProtection.personId, inquiry.personId]))
    expect(await asked(policeProtection)).toEqual([])
    const around = (person: TestPerson, at: Date) =>
      city.database.read(person.enters(), async ({ tx }) =>
        rows(tx, sql`select * from record.availability(${table}, ${requestId}, ${at}, ${at}, 10)`),
      )
    await expect(around(fireProtection, new Date(Date.now() - 1))).rejects.toMatchObject({ kind: 'not-allowed' })
    await expect(around(policeProtection, new Date())).rejects.toMatchObject({ kind: 'not-allowed' })
    // Nor does anybody write down a question of something that is not theirs to ask.
    await expect(
      city.database.change({
        entering: policeProtection.enters(),
        run: async ({ tx }) => ({
          value: await rows(
            tx,
            sql`insert into record.lookups (id, asked_by, table_name, row_id, as_of, purpose, label)
                values (${id()}, ${policeProtection.personId}, ${table}, ${requestId}, ${new Date()}, 'A purpose of mine', access.city_label())`,
          ),
        }),
      }),
    ).rejects.toMatchObject({ kind: 'not-allowed' })
  })
})

test('who reads under a label, set by set, is who the one rule lets in, person by person: with clauses, admissions, worlds and ends', async () => {
  const exercise = await city.exercise()
  const tokens = ['agency:a', 'agency:b', 'kind:duty', 'incident:i.1', 'circle:c.1', 'circle:c.2', 'group:g']
  let seed = 7
  const random = (below: number) => {
    seed = Math.imul(seed ^ (seed >>> 15), 0x2c1b3c6d) + 0x9e3779b9
    return (seed >>> 8) % below
  }
  const some = (most: number) => Array.from({ length: 1 + random(most) }, () => tokens[random(tokens.length)]!)
  const people: string[] = []
  for (let n = 0; n < 24; n += 1) {
    const { personId } = await city.person(`Person ${n}`)
    people.push(personId)
    // Circles are opened by admission alone.
    for (const token of new Set(some(4).filter((one) => !one.startsWith('circle'))))
      await city.owner.query(
        `select access.put_reach($1, $2, clock_timestamp() - interval '1 minute' * $3, case when $4 then clock_timestamp() - interval '20 seconds' end, 'test', $5)`,
        [personId, token, 1 + random(3), random(4) === 0, [null, exercise, liveWorld][random(3)]],
      )
  }
  for (const circle of ['circle:c.1', 'circle:c.2'])
    await city.owner.query("select access.put_admission($1, $2, clock_timestamp() - interval '1 minute', null, $3)", [
      circle,
      JSON.stringify([
        some(2)
          .filter((token) => !token.startsWith('circle'))
          .concat('group:g'),
        ['agency:a', 'agency:b'],
      ]),
      `test.admission:${circle}`,
    ])
  let let_in = 0
  for (let n = 0; n < 30; n += 1) {
    const clauses = [
      some(2),
      ...(random(2) === 0 ? [] : [some(3)]),
      ...(random(4) === 0 ? [[`person:${people[random(24)]}`, 'agency:a']] : []),
    ]
    const { rows: made } = await city.owner.query<{ label: number }>("select access.intern($1, 'TLP:AMBER') as label", [
      JSON.stringify(clauses),
    ])
    const label = made[0]!.label
    for (const world of [liveWorld, exercise]) {
      const { rows: found } = await city.owner.query<{ set: string[]; each: string[] }>(
        `with q as (select clock_timestamp() - interval '5 seconds' as at)
         select (select coalesce(array_agg(r.person::text order by r.person), '{}') from q, record.readers($1, q.at, $2) r) as set,
           (select coalesce(array_agg(a.person::text order by a.person), '{}') from q, access.account a
            where a.disabled_at is null and access.can_see($1, access.tokens_in(a.person, q.at, $2))) as each`,
        [label, world],
      )
      expect(found[0]!.set).toEqual(found[0]!.each)
      let_in += found[0]!.set.length
    }
  }
  expect(let_in).toBeGreaterThan(50)
})
