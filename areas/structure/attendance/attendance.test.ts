import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { area } from '#areas/structure/area.ts'
import { structureFor, type TestHolder } from '#areas/structure/testing.ts'
import { liveWorld, type TestCity, testCity, type TestPerson } from '#core/db/testing.ts'
import { id } from '#core/id.ts'
import { type Operation, wordsOf } from '#core/operation/operation.ts'
import { perform, registryOf } from '#core/operation/perform.ts'
import { keepHalfYearly } from '../plans/store.ts'
import * as plans from '../plans/contract.ts'
import * as words from './contract.ts'
import { noticeFor } from './rules.ts'

const registry = registryOf([area])
let city: TestCity
let chair: TestHolder
let fire: TestHolder
let rail: TestHolder
let police: TestHolder
let groupId: string

const as = <T>(person: TestPerson, operation: Operation, input: unknown) =>
  perform(city.database, registry, registry.named(...wordsOf(operation)), input, person.enters(operation.name)) as Promise<T>
type Seen = { groups: { groupId: string; agencies: { agencyName: string; sittings: words.Sitting[] }[] }[]; notices: words.Notice[] }
const seen = (person: TestPerson) => as<Seen>(person, words.attendance, {})
let day = 1
const meet = (attendances: object[], by = chair) =>
  as<{ notices: number }>(by, words.recordMeeting, {
    groupId,
    kind: 'meeting',
    title: 'Quarterly',
    heldAt: `2026-0${day++}-10T10:00:00Z`,
    minimumSeniority: 3,
    attendances,
  })

beforeAll(async () => {
  city = await testCity()
  await city.owner.query("insert into access.city (code, name) values ('test', 'Testham')")
  const { agency, holder } = structureFor(city)
  const typed = async (name: string, type: string) => {
    const agencyId = await agency(name)
    await city.owner.query('update structure.agencies set org_type = $1 where id = $2', [type, agencyId])
    return agencyId
  }
  police = await holder('Pol Police', await typed('Police', 'police'), 'executive')
  fire = await holder('Fay Fire', await typed('Fire', 'fire_and_rescue'), 'executive')
  rail = await holder('Rae Rail', await typed('Rail', 'transport_operator'), 'executive')
  chair = await holder('Cat Chair', police.agencyId, 'chair')
  groupId = id()
  await city.owner.query(
    "insert into structure.groups (id, code, name, tier, chair_post_id, label, world) values ($1, 'F', 'Forum', 'partnership', $2, access.city_label(), $3)",
    [groupId, chair.postId, liveWorld],
  )
  await city.owner.query("select access.put_reach($1, $2, clock_timestamp() - interval '1 second', null, 'test')", [
    chair.personId,
    `group:${groupId}`,
  ])
  for (const member of [police, fire, rail])
    await city.owner.query(
      "insert into structure.memberships (id, group_id, agency_id, post_id, kind, basis, label, world) values ($1, $2, $3, $4, 'core', 'declared', access.city_label(), $5)",
      [id(), groupId, member.agencyId, member.postId, liveWorld],
    )
})
afterAll(() => city?.end())

describe('attendance', () => {
  const here = (who: TestHolder, seniority = 4) => ({ agencyId: who.agencyId, state: 'present', seniority })

  test('two misses in a row are told to that agency and the chair, answered by its executive, and ended by its coming', async () => {
    expect((await meet([here(police), here(fire)])).notices).toBe(0)
    expect((await meet([here(police), here(fire), { agencyId: rail.agencyId, state: 'apologies' }])).notices).toBe(1)
    const [notice] = (await seen(rail)).notices
    expect(notice).toMatchObject({ agencyName: 'Rail', reason: 'missed', meetings: 2, can: { answer: true } })
    expect((await seen(chair)).notices).toMatchObject([{ agencyName: 'Rail', can: { answer: false } }])
    expect((await seen(fire)).notices).toEqual([])
    await expect(as(fire, words.answerNotice, { noticeId: notice!.id, answer: 'Not ours.' })).rejects.toMatchObject({ kind: 'not-found' })
    await as(rail, words.answerNotice, { noticeId: notice!.id, answer: 'A new post holder comes from May on.' })
    await expect(as(rail, words.answerNotice, { noticeId: notice!.id, answer: 'Another answer.' })).rejects.toMatchObject({
      kind: 'conflict',
    })
    expect((await seen(chair)).notices).toMatchObject([{ answer: 'A new post holder comes from May on.' }])
    await meet([here(police), here(fire), here(rail)])
    expect((await seen(chair)).notices).toEqual([])
  })

  test('an agency reads its own sittings and nobody else’s; the chair reads the group’s', async () => {
    const names = async (who: TestHolder) =>
      (await seen(who)).groups.flatMap(({ agencies }) => agencies.map(({ agencyName }) => agencyName)).sort()
    expect(await names(rail)).toEqual(['Rail'])
    expect(await names(fire)).toEqual(['Fire'])
    expect(await names(chair)).toEqual(['Fire', 'Police', 'Rail'])
  })

  test('is kept by the chair alone, of what was, for members, once each', async () => {
    await expect(meet([here(fire)], fire)).rejects.toMatchObject({ kind: 'not-allowed' })
    await expect(meet([here(fire), here(fire)])).rejects.toMatchObject({ kind: 'invalid' })
    await expect(meet([{ agencyId: fire.agencyId, state: 'present' }])).rejects.toMatchObject({ kind: 'invalid' })
    await expect(meet([{ ...here(fire), agencyId: id() }])).rejects.toMatchObject({ kind: 'invalid', field: 'attendances' })
    await expect(
      as(chair, words.recordMeeting, {
        groupId,
        kind: 'meeting',
        title: 'Tomorrow',
        heldAt: '2036-01-01T10:00:00Z',
        minimumSeniority: 1,
        attendances: [],
      }),
    ).rejects.toMatchObject({ kind: 'invalid', field: 'heldAt' })
  })

  test('rules: misses before seniority, and one good sitting ends both', () => {
    const sat = (state: 'present' | 'absent' | 'apologies', seniority: number | null = null) => ({ state, seniority, minimumSeniority: 3 })
    expect(noticeFor([sat('absent'), sat('apologies'), sat('present', 4)])).toEqual({ reason: 'missed', meetings: 2 })
    expect(noticeFor([sat('present', 2), sat('absent'), sat('present', 4)])).toEqual({ reason: 'too-junior', meetings: 2 })
    expect(noticeFor([sat('present', 3), sat('absent'), sat('absent')])).toBeUndefined()
    expect(noticeFor([sat('absent')])).toBeUndefined()
  })
})

describe('plans', () => {
  const put = (who: TestHolder, more: object) =>
    as<{ planId: string }>(who, plans.putPlan, { title: 'Major incident plan', version: '1', ...more })
  type Listed = { plans: plans.Plan[]; reconciliations: plans.Reconciliation[]; halfYearly: { overdue: boolean } | null }
  const list = (who: TestHolder) => as<Listed>(who, plans.plans, {})

  test('a new version asks everybody whose plan leans on it to read it, and nobody else; it is answered once, by that agency', async () => {
    const { planId: ours } = await put(police, { code: 'POL' })
    await put(fire, { code: 'FIRE', refersTo: [ours] })
    await put(rail, { code: 'RAIL' })
    await put(police, { code: 'POL', planId: ours, version: '2', whatChanged: 'Another rendezvous word.' })
    const [asked] = (await list(fire)).reconciliations
    expect(asked).toMatchObject({
      agencyName: 'Fire',
      version: '2',
      whatChanged: 'Another rendezvous word.',
      halfYearly: false,
      can: { answer: true },
    })
    expect((await list(rail)).reconciliations).toEqual([])
    const answer = (who: TestHolder, more: object) => as(who, plans.answerReconciliation, { reconciliationId: asked!.id, ...more })
    await expect(answer(rail, { outcome: 'fits' })).rejects.toMatchObject({ kind: 'not-found' })
    await expect(answer(police, { outcome: 'fits' })).rejects.toMatchObject({ kind: 'not-found' })
    await expect(answer(fire, { outcome: 'conflict' })).rejects.toMatchObject({ kind: 'invalid', field: 'words' })
    await answer(fire, { outcome: 'conflict', words: 'We call it something else.' })
    await expect(answer(fire, { outcome: 'fits' })).rejects.toMatchObject({ kind: 'conflict' })
    expect((await list(police)).reconciliations).toMatchObject([{ outcome: 'conflict', words: 'We call it something else.' }])
    await expect(put(fire, { code: 'POL2', planId: ours, version: '3' })).rejects.toMatchObject({ kind: 'not-found' })
  })

  test('every half year the blue-light services are asked to read each other’s, once, and it closes when all have', async () => {
    const reading = (at: string) => city.database.jobs('structure.planReading', liveWorld, (tx) => keepHalfYearly(tx, new Date(at)))
    await reading('2026-01-10T00:00:00Z')
    await reading('2026-01-11T00:00:00Z')
    const asked = (await list(fire)).reconciliations.filter(({ halfYearly, can }) => halfYearly && can.answer)
    expect(asked.map(({ planAgencyName }) => planAgencyName)).toEqual(['Police'])
    expect(asked[0]).toMatchObject({ overdue: true })
    expect((await list(rail)).halfYearly).toMatchObject({ overdue: true })
    for (const who of [fire, police])
      for (const { id: reconciliationId } of (await list(who)).reconciliations.filter(({ can }) => can.answer))
        await as(who, plans.answerReconciliation, { reconciliationId, outcome: 'fits' })
    await reading('2026-02-01T00:00:00Z')
    expect((await list(fire)).halfYearly).toMatchObject({ overdue: false, closedAt: expect.any(String) as string })
    await reading('2026-07-12T00:00:00Z')
    expect((await list(fire)).reconciliations.filter(({ can }) => can.answer)).toHaveLength(1)
  })
})
