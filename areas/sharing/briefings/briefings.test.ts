import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { area as structureArea } from '#areas/structure/area.ts'
import { structureFor, type TestHolder } from '#areas/structure/testing.ts'
import { accessArea } from '#core/access/area.ts'
import { internLabel } from '#core/access/reach.ts'
import { audience } from '#core/access/sign-in/contract.ts'
import { one, run, sql } from '#core/db/sql.ts'
import { liveWorld, type TestCity, testCity } from '#core/db/testing.ts'
import { perform, registryOf } from '#core/operation/perform.ts'
import { area } from '../area.ts'
import { sharingFor } from '../testing.ts'
import { brief, type Briefing, briefings, endBriefing } from './contract.ts'

const privilege = 'briefed:legal-privilege'
const soon = () => new Date(Date.now() + 86_400_000).toISOString()

let city: TestCity
let sharing: ReturnType<typeof sharingFor>
let adviser: TestHolder
let officer: TestHolder
let executive: TestHolder
let colleague: TestHolder
let foreign: TestHolder
let exercise: string
let label: number

const list = async (person: TestHolder) => (await sharing.as<{ briefings: Briefing[] }>(person, briefings, {})).briefings
const give = (by: TestHolder, to: TestHolder, more: object = {}, world = liveWorld) =>
  sharing.as<{ id: string }>(
    by,
    brief,
    { token: privilege, personId: to.personId, reason: 'Counsel advises them.', until: soon(), ...more },
    world,
  )
const reads = (person: TestHolder, number = label) =>
  city.database.read(
    person.enters(),
    async ({ tx }) => (await one<{ may: boolean }>(tx, sql`select ${number} = any(access.readable()) as may`)).may,
  )

beforeAll(async () => {
  city = await testCity()
  await city.owner.query("insert into access.city (code, name) values ('test', 'Testbridge')")
  sharing = sharingFor(city)
  const structure = structureFor(city)
  adviser = await structure.holder('Lea Legal', await structure.agency('Fire'), 'legal-adviser')
  officer = await structure.holder('Dot Duty', adviser.agencyId, 'duty')
  executive = await structure.holder('Exa Executive', adviser.agencyId, 'executive')
  colleague = await structure.holder('Col League', adviser.agencyId, 'loggist')
  foreign = await structure.holder('Fay Foreign', await structure.agency('Port'), 'legal-adviser', ['kind:data-protection'])
  exercise = await city.exercise()
  label = await city.database.read(officer.enters(), ({ tx }) =>
    internLabel(tx, { clauses: [[`agency:${officer.agencyId}`], [privilege]], marking: 'OFFICIAL // TLP:AMBER+STRICT' }),
  )
})
afterAll(() => city?.end())

describe('a briefing', () => {
  test('lets its person read under the caveat, from now until its end, and nobody else', async () => {
    for (const person of [adviser, officer, executive]) expect(await reads(person)).toBe(false)
    const { id } = await give(adviser, officer)
    expect(await reads(officer)).toBe(true)
    for (const person of [adviser, executive, colleague, foreign]) expect(await reads(person)).toBe(false)
    await expect(give(adviser, officer)).rejects.toMatchObject({ kind: 'conflict' })
    await sharing.as(adviser, endBriefing, { id, reason: 'The case is closed.' })
    expect(await reads(officer)).toBe(false)
    await expect(sharing.as(adviser, endBriefing, { id, reason: 'Again.' })).rejects.toMatchObject({ kind: 'conflict' })
    expect((await list(officer)).find((row) => row.id === id)).toMatchObject({
      state: 'ended',
      endReason: 'The case is closed.',
      you: true,
    })
  })

  test('is given by the legal adviser or data-protection post of that agency alone, to its own people, in live, with an end', async () => {
    for (const by of [officer, executive]) await expect(give(by, officer)).rejects.toMatchObject({ kind: 'not-allowed' })
    await expect(give(foreign, officer)).rejects.toMatchObject({ kind: 'not-allowed' })
    await expect(give(adviser, foreign)).rejects.toMatchObject({ kind: 'not-allowed' })
    await expect(give(adviser, colleague, {}, exercise)).rejects.toMatchObject({ kind: 'not-allowed' })
    for (const until of [new Date(Date.now() - 1000), new Date(Date.now() + 400 * 86_400_000)])
      await expect(give(adviser, colleague, { until: until.toISOString() })).rejects.toMatchObject({ kind: 'invalid', field: 'until' })
    await expect(give(adviser, colleague, { token: 'briefed:something-else' })).rejects.toMatchObject({ kind: 'not-allowed' })
    await expect(give(adviser, colleague, { token: 'kind:executive' })).rejects.toMatchObject({ kind: 'invalid' })
    await expect(give(adviser, colleague, { reason: ' ' })).rejects.toMatchObject({ kind: 'invalid', field: 'reason' })
  })

  test('is seen by its person and those of the agency who answer for it; a colleague and another agency learn nothing', async () => {
    const { id } = await give(adviser, officer, { token: 'briefed:investigation' })
    for (const person of [adviser, officer, executive]) expect((await list(person)).map((row) => row.id)).toContain(id)
    for (const person of [colleague, foreign]) {
      expect(await list(person)).toEqual([])
      await expect(sharing.as(person, endBriefing, { id, reason: 'Mine.' })).rejects.toMatchObject({
        kind: person === foreign ? 'not-found' : 'not-allowed',
      })
    }
    expect((await list(adviser)).find((row) => row.id === id)).toMatchObject({ by: 'Lea Legal', person: 'Dot Duty', can: { end: true } })
    expect((await list(officer)).find((row) => row.id === id)).toMatchObject({ can: { end: false } })
  })

  test('has no side door: nobody takes a caveat by asking first, by writing reach or by writing the table', async () => {
    for (const text of [
      `select access.grant_reach('${colleague.personId}', '${privilege}', null, null, 'x')`,
      `select access.put_reach('${colleague.personId}', '${privilege}', null, null, 'x')`,
      `insert into sharing.briefings (id) values (gen_random_uuid())`,
      `update sharing.briefings set until_at = until_at + interval '1 day'`,
      `select access.grant_reach('${colleague.personId}', 'circle:protocol.00000000-0000-7000-8000-000000000009.1', null, null, 'x')`,
    ])
      await expect(
        city.database.read(adviser.enters(), ({ tx }) => run(tx, { text, values: [] })),
        text,
      ).rejects.toMatchObject({ kind: 'not-allowed' })
  })
})

describe('why one can', () => {
  const registry = registryOf([structureArea, area, accessArea([structureArea, area], () => false)])
  const why = (person: TestHolder, number: number) =>
    perform(city.database, registry, registry.named('access', 'audience'), { label: number }, person.enters(audience.name)) as Promise<{
      who: string[]
      why: string[]
    }>

  test('any label answers in words: the token, through what, until when; the same not found for what one cannot read and what is not', async () => {
    await give(adviser, officer)
    const answer = await why(officer, label)
    expect(answer.who).toEqual(['Fire', 'and, besides: whoever was briefed for LEGAL PRIVILEGE'])
    expect(answer.why[0]).toMatch(/^You hold: Fire/)
    expect(answer.why[1]).toMatch(/^You hold: a briefing for LEGAL PRIVILEGE, given to you by name, until .*\d{2}:\d{2}$/)
    const refusals = await Promise.all(
      [why(executive, label), why(executive, 2_000_000)].map((asked) =>
        asked.then(
          () => null,
          (error: Error) => error.message,
        ),
      ),
    )
    expect(refusals[0]).toBeTruthy()
    expect(refusals[0]).toBe(refusals[1])
  })

  test('a post that is held is named, with the agency; a protocol by its title', async () => {
    const { rows } = await city.owner.query<{ id: string }>('select id from structure.holdings where person_id = $1', [officer.personId])
    await city.owner.query("select access.put_reach($1, 'group:the-test', null, clock_timestamp() + interval '1 hour', $2)", [
      officer.personId,
      `structure.holding:${rows[0]!.id}`,
    ])
    const number = await city.database.read(officer.enters(), ({ tx }) => internLabel(tx, { clauses: [['group:the-test']], marking: '' }))
    expect((await why(officer, number)).why[0]).toMatch(/^You hold: a group, through duty \(Dot Duty\) \(Fire\), until /)
    const port = await structureFor(city).holder('Pia Port', foreign.agencyId, 'executive')
    const protocolId = await sharing.inForce([executive, port], { title: 'Fires on ships' })
    const circle = await city.database.read(executive.enters(), ({ tx }) =>
      internLabel(tx, { clauses: [[`circle:protocol.${protocolId}.1`]], marking: 'TLP:AMBER' }),
    )
    expect((await why(port, circle)).why).toEqual([expect.stringMatching(/^You hold: Fires on ships, by a protocol in force, until /)])
  })
})
