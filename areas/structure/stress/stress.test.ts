import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { structureArea } from '#areas/structure/area.ts'
import { structureFor, type TestHolder } from '#areas/structure/testing.ts'
import { liveWorld, type TestCity, testCity, type TestPerson } from '#core/db/testing.ts'
import { id } from '#core/id.ts'
import type { Area } from '#core/operation/implement.ts'
import { type Operation, wordsOf } from '#core/operation/operation.ts'
import { perform, registryOf } from '#core/operation/perform.ts'
import * as tonight from '../convening/contract.ts'
import * as words from './contract.ts'
import { assumedSeconds, drawing, quorumTime } from './time.ts'

let city: TestCity
let officer: TestHolder
let secretary: TestHolder
let fire: TestHolder
let groupId: string
let radio: string
let above: Area
let registry: ReturnType<typeof registryOf>

const as = <T>(person: TestPerson, operation: Operation, input: unknown) =>
  perform(city.database, registry, registry.named(...wordsOf(operation)), input, person.enters(operation.name)) as Promise<T>

beforeAll(async () => {
  city = await testCity()
  await city.owner.query("insert into access.city (code, name) values ('test', 'Testham')")
  const { agency, holder } = structureFor(city)
  officer = await holder('Wes Watch', await agency('Watch'), 'watch-officer')
  secretary = await holder('Sec Secretary', officer.agencyId, 'secretariat')
  fire = await holder('Fay Fire', await agency('Fire'), 'duty')
  const water = await agency('Water')
  groupId = id()
  radio = id()
  const label = 'access.city_label()'
  await city.owner.query(
    `insert into structure.groups (id, code, name, tier, chair_post_id, quorum, label, world) values ($1, 'SCG', 'Strategic group', 'strategic', $2, 2, ${label}, $3)`,
    [groupId, officer.postId, liveWorld],
  )
  for (const [member, postId] of [
    [officer.agencyId, officer.postId],
    [fire.agencyId, fire.postId],
  ])
    await city.owner.query(
      `insert into structure.memberships (id, group_id, agency_id, post_id, kind, basis, label, world) values ($1, $2, $3, $4, 'core', 'declared', ${label}, $5)`,
      [id(), groupId, member, postId, liveWorld],
    )
  await city.owner.query(
    `insert into structure.media (id, code, name, depends_on, label, world) values ($1, 'radio', 'Radio', '{masts}', ${label}, $2)`,
    [radio, liveWorld],
  )
  await city.owner.query(
    `insert into structure.links (id, from_group_id, to_agency_id, kind, primary_medium_id, label, world) values ($1, $2, $3, 'informs', $4, ${label}, $5)`,
    [id(), groupId, water, radio, liveWorld],
  )
  above = {
    name: 'above',
    features: [],
    acceptances: async () => [
      { postId: officer.postId, seconds: 60 },
      { postId: fire.postId, seconds: null },
    ],
    checks: [{ run: async (_tx, { agencyIds }) => [{ code: 'seen', state: 'pass', params: { agencies: agencyIds.length } }] }],
  }
  registry = registryOf([structureArea([above])])
})
afterAll(() => city?.end())

describe('a stress test', () => {
  test('says who can then not be told, and is for whoever ran it and whom they named', async () => {
    const run = await as<words.Run>(officer, words.stress, {
      mode: 'these',
      taken: [{ kind: 'dependence', id: 'masts' }],
      readers: [secretary.personId],
    })
    expect(run.found.loss?.untold.map((one) => run.found.names[one])).toEqual(['Water'])
    expect(run).toMatchObject({ marking: 'TLP:AMBER+STRICT', by: 'Wes Watch' })
    const read = (person: TestPerson) => as<words.Run>(person, words.stressRun, { runId: run.id })
    expect((await read(secretary)).found).toEqual(run.found)
    const chair = await city.person('Cat Chair', ['city:test', 'kind:chair', `group:${groupId}`])
    await expect(read(chair)).rejects.toMatchObject({ kind: 'not-found' })
    expect(await as(chair, words.stressRuns, {})).toEqual({ runs: [] })
    await expect(read(fire)).rejects.toMatchObject({ kind: 'not-allowed' })
    const wall = await city.person('Wall', ['city:test', 'kind:device', 'device:1', 'kind:chair'])
    await expect(as(wall, words.stress, { mode: 'any-one' })).rejects.toMatchObject({ kind: 'not-allowed' })
  })

  test('draws the time to a quorum from what was measured; who never answers keeps it from being reached', async () => {
    const { found } = await as<words.Run>(officer, words.stress, { mode: 'any-two' })
    expect(found.quorum).toMatchObject([{ quorum: 2, members: 2, measured: 2, time: { p50: null, never: 100, unmeasured: [] } }])
    expect(found.pairs?.counted).toBeGreaterThan(10)
    expect(found.singles.find(({ taken }) => taken.id === radio)).toMatchObject({ untold: 1 })
    const again = await as<words.Run>(officer, words.stress, { mode: 'any-two' })
    expect(again.found).toEqual(found)
  })

  test('is refused for what is not in the network', async () => {
    await expect(as(officer, words.stress, { mode: 'these', taken: [{ kind: 'agency', id: id() }] })).rejects.toMatchObject({
      kind: 'invalid',
      field: 'taken',
    })
    await expect(as(officer, words.stress, { mode: 'these' })).rejects.toMatchObject({ kind: 'invalid', field: 'taken' })
  })
})

describe('rules of time', () => {
  const member = (agencyId: string, ...measured: (number | null)[]) => ({ agencyId, measured })
  test('the same seed draws the same; a quorum of all waits for the slowest; nobody measured takes the steps of a call-out', () => {
    const members = [member('a', 60, 120, 600), member('b', 30), member('c')]
    expect(quorumTime(members, 2, 1000, 7)).toEqual(quorumTime(members, 2, 1000, 7))
    expect(quorumTime([member('a', 10), member('b', 500)], 2, 100, 1)).toMatchObject({ p10: 500, p50: 500, p90: 500, never: 0 })
    expect(quorumTime([member('a', 10), member('b', 500)], 1, 100, 1)).toMatchObject({ p50: 10 })
    const assumed = quorumTime([member('a'), member('b')], 1, 1000, 1)
    expect(assumed.unmeasured).toEqual(['a', 'b'])
    expect(assumedSeconds).toContain(assumed.p50)
    expect(quorumTime([member('a', 10)], 2, 100, 1)).toMatchObject({ p50: null, never: 100 })
    expect(quorumTime([], 0, 100, 1)).toMatchObject({ p50: 0 })
  })
  test('draws are spread evenly', () => {
    const draw = drawing(42)
    const counts = Array.from({ length: 10 }, () => 0)
    for (let n = 0; n < 100_000; n += 1) counts[Math.floor(draw() * 10)]! += 1
    for (const count of counts) expect(Math.abs(count - 10_000)).toBeLessThan(400)
  })
})

describe('could we convene tonight?', () => {
  test('line by line: what holds, what does not, what was not looked at; higher areas add theirs; for named hands', async () => {
    const asked = await as<tonight.Convening>(officer, tonight.conveneTonight, { groupId })
    const codes = (state: string) => asked.lines.filter((line) => line.state === state).map(({ area, code }) => `${area}.${code}`)
    expect(codes('pass')).toEqual(expect.arrayContaining(['structure.chair', 'structure.quorum', 'above.seen']))
    expect(codes('fail')).toEqual(
      expect.arrayContaining([
        'structure.deputyChairNotNamed',
        'structure.secretariatNotNamed',
        'structure.noPlace',
        'structure.neverMet',
        'structure.contactNeverTested',
        'structure.linksTested',
      ]),
    )
    expect(codes('unknown')).toEqual(['structure.roomsNotTried'])
    const seen = await as<{ groups: { last: tonight.Convening | null }[]; can: { run: boolean } }>(secretary, tonight.convening, {})
    expect(seen).toMatchObject({ groups: [{ last: { id: asked.id } }], can: { run: true } })
    expect(await as(fire, tonight.convening, {})).toEqual({ groups: [], can: { run: false } })
    await expect(as(fire, tonight.conveneTonight, { groupId })).rejects.toMatchObject({ kind: 'not-allowed' })
    await expect(as(officer, tonight.conveneTonight, { groupId: id() })).rejects.toMatchObject({ kind: 'not-found' })
    // Nobody on duty any more: the quorum is not reached, and it says whose post is empty.
    await city.owner.query('update structure.holdings set until_at = clock_timestamp() where post_id = $1', [fire.postId])
    const later = await as<tonight.Convening>(officer, tonight.conveneTonight, { groupId })
    expect(later.lines).toContainEqual(expect.objectContaining({ code: 'memberNobody', state: 'fail' }))
    expect(later.lines).toContainEqual(expect.objectContaining({ code: 'quorum', state: 'fail', params: { there: 1, core: 2, quorum: 2 } }))
  })
})
