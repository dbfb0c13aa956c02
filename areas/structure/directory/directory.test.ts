import { readFile } from 'node:fs/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { area } from '#areas/structure/area.ts'
import { names, personByCode, postsByCode } from '#areas/structure/facade.ts'
import { type TestCity, testCity, type TestPerson } from '#core/db/testing.ts'
import type { Tx } from '#core/operation/implement.ts'
import { perform, registryOf } from '#core/operation/perform.ts'
import { id } from '#core/id.ts'
import type { DutyLine, Holding, Quorum } from './contract.ts'
import { quorumOf } from './rules.ts'

const registry = registryOf([area])
const inOneHour = () => new Date(Date.now() + 3_600_000).toISOString()
let city: TestCity
let administrator: TestPerson
let member: TestPerson
let executive: TestPerson

const operate = <T>(who: TestPerson, verb: string, input: unknown, world?: string) =>
  perform(city.database, registry, registry.named('structure', verb), input, who.enters(`structure.${verb}`, world)) as Promise<T>
const inside = <T>(run: (tx: Tx) => Promise<T>) => city.database.read(administrator.enters(), ({ tx }) => run(tx))
const post = async (code: string) => (await inside((tx) => postsByCode(tx, [code])))[0]!
const person = (code: string) => inside((tx) => personByCode(tx, code))

beforeAll(async () => {
  city = await testCity()
  await city.owner.query("insert into access.city (code, name) values ('HAL', 'Halvern')")
  administrator = await city.person('Ada Administrator', ['city:HAL', 'kind:administrator'])
  member = await city.person('Max Member', ['city:HAL', 'kind:duty'])
  const file = JSON.parse(await readFile(new URL('../../../demo/halvern/city.json', import.meta.url), 'utf8'))
  await operate(administrator, 'import-city', { city: file, since: '2026-01-01T00:00:00Z' })
  executive = await city.person('Eve Executive', ['city:HAL', 'kind:executive', `agency:${(await post('HAL-HRB-DUT')).agencyId}`])
})
afterAll(() => city?.end())

test('core members present, of how many: it informs, and an agency counts once', () => {
  const members = ['a', 'b', 'c']
    .map((agencyId) => ({ agencyId, kind: 'core' as const }))
    .concat([{ agencyId: 'd', kind: 'standing' as never }])
  expect(quorumOf(members, 2, ['a', 'a', 'd', 'elsewhere'])).toEqual({
    present: 1,
    core: 3,
    quorum: 2,
    reached: false,
    words: 'core members present 1 of 3 (below the quorum of 2)',
  })
  expect(quorumOf(members, 2, ['a', 'b'])).toMatchObject({ reached: true, words: 'core members present 2 of 3 (quorum 2)' })
  expect(quorumOf(members, null, [])).toMatchObject({ reached: null, words: 'core members present 0 of 3' })
})

test('everybody reads agencies and groups; with presences, how many of the core members that is', async () => {
  const { agencies } = await operate<{ agencies: { id: string; orgCode: string; groups: unknown[] }[] }>(member, 'agencies', {})
  expect(agencies).toHaveLength(40)
  const of = (...codes: string[]) => codes.map((code) => agencies.find(({ orgCode }) => orgCode === code)!.id)
  const presentAgencyIds = of('HAL-POL', 'EXA-TPO', 'HAL-FRS', 'HAL-CIT', 'HAL-PHA')
  const { groups } = await operate<{ groups: { code: string; chairTitle: string; presence: Quorum }[] }>(member, 'groups', {
    presentAgencyIds,
  })
  expect(groups.find(({ code }) => code === 'SCG')).toMatchObject({
    chairTitle: 'Chair, Strategic Co-ordinating Group',
    presence: { words: 'core members present 5 of 8 (quorum 5)' },
  })
})

test('who is on duty, and every post with its holders, are for named hands', async () => {
  for (const [verb, input] of [
    ['posts', {}],
    ['on-duty', { postId: (await post('HAL-POL-DUT')).id }],
  ] as const) {
    await expect(operate(member, verb, input)).rejects.toMatchObject({ kind: 'not-allowed' })
  }
  const { posts, marking } = await operate<{ marking: string; posts: { code: string; holdings: Holding[] }[] }>(administrator, 'posts', {})
  expect([posts.length, marking]).toEqual([120, 'TLP:AMBER+STRICT'])
  expect(posts.find(({ code }) => code === 'HAL-RES-WO1')!.holdings.map(({ name, hours }) => [name, hours])).toEqual([
    ['Imani Thistlewane', 'Every day, 07:00 to 19:00'],
    ['Teodor Vaskelind', 'Every night, 19:00 to 07:00'],
    ['Katarzyna Abernook', null],
  ])
})

test('the board of a group names who is on duty at a moment, chair first, and members without a post', async () => {
  const { groups } = await operate<{ groups: { id: string; code: string }[] }>(administrator, 'groups', {})
  const groupId = groups.find(({ code }) => code === 'SCG')!.id
  const board = await operate<{ lines: DutyLine[]; withoutPost: string[] }>(administrator, 'on-duty', {
    groupId,
    at: '2026-03-12T14:10:00Z',
  })
  expect(board.lines[0]).toMatchObject({
    part: 'chair',
    postCode: 'HAL-POL-SCG',
    onDuty: expect.arrayContaining([expect.objectContaining({ name: 'Solveig Marrowgate', capacity: 'holder' })]),
  })
  expect(board.lines.map(({ part }) => part).slice(0, 3)).toEqual(['chair', 'deputy-chair', 'secretariat'])
  expect(new Set(board.lines.map(({ postId }) => postId)).size).toBe(board.lines.length)
  expect(board.withoutPost.length).toBeGreaterThan(0)
  await expect(operate(administrator, 'on-duty', {})).rejects.toMatchObject({ kind: 'invalid' })
  await expect(operate(administrator, 'on-duty', { groupId: id() })).rejects.toMatchObject({ kind: 'not-found' })
})

test('the lead agreed beforehand, or nothing', async () => {
  const lead = await operate(member, 'agreed-lead', { incidentType: 'marauding', jurisdiction: 'city', phase: 'response' })
  expect(lead).toMatchObject({ lead: { agencyName: 'Halvern Police', basis: expect.stringContaining('annex C') } })
  expect(await operate(member, 'agreed-lead', { incidentType: 'marauding', jurisdiction: 'the-moon', phase: 'response' })).toEqual({
    lead: null,
  })
})

test('an executive fills and empties the posts of their own agency with their own people, and no others', async () => {
  const [harbour, police] = [await post('HAL-HRB-DUT'), await post('HAL-POL-DUT')]
  const people = (
    await inside(async () =>
      city.owner.query('select p.id from structure.people p where p.agency_id = $1 order by p.code', [harbour.agencyId]),
    )
  ).rows
  const held = await city.owner.query('select person_id from structure.holdings where post_id = $1', [harbour.id])
  const free = people
    .map(({ id: personId }) => personId as string)
    .find((personId) => !held.rows.some((row) => row.person_id === personId))!
  const input = { postId: harbour.id, personId: free, capacity: 'holder', fromAt: new Date().toISOString() }
  await expect(operate(member, 'set-holding', input)).rejects.toMatchObject({ kind: 'not-allowed' })
  await expect(operate(executive, 'set-holding', { ...input, postId: police.id })).rejects.toMatchObject({ kind: 'not-allowed' })
  await expect(operate(executive, 'set-holding', { ...input, personId: (await person('kwabena.ottersby')).id })).rejects.toMatchObject({
    kind: 'not-allowed',
  })
  await expect(operate(executive, 'set-holding', { ...input, hours: 'whenever' })).rejects.toMatchObject({
    kind: 'invalid',
    field: 'hours',
  })
  const holding = await operate<Holding>(executive, 'set-holding', { ...input, hours: 'nights' })
  expect(holding).toMatchObject({ hours: 'Every night, 19:00 to 07:00', untilAt: null })
  await expect(operate(executive, 'set-holding', input)).rejects.toMatchObject({ kind: 'conflict' })
  const running = "(until_at is null or until_at > greatest(from_at, clock_timestamp() + interval '2 seconds'))"
  const tokens = async () =>
    (await city.owner.query(`select token from access.reach where source = $1 and ${running}`, [`structure.holding:${holding.id}`])).rows
      .length
  expect(await tokens()).toBeGreaterThan(0)
  const ended = await operate<Holding>(executive, 'end-holding', { holdingId: holding.id })
  expect(ended.untilAt).not.toBeNull()
  expect(await tokens()).toBe(0)
})

test('no executive makes an administrator: the posts that open every door are filled by one', async () => {
  const desk = await post('HAL-RES-ADM')
  const own = await city.person('Rex Executive', ['city:HAL', 'kind:executive', `agency:${desk.agencyId}`])
  const input = {
    postId: desk.id,
    personId: (await person('bao.lindqvale')).id,
    capacity: 'holder',
    fromAt: new Date().toISOString(),
    untilAt: inOneHour(),
  }
  await expect(operate(own, 'set-holding', input)).rejects.toMatchObject({ kind: 'not-allowed' })
  await expect(operate(administrator, 'set-holding', input)).resolves.toMatchObject({ capacity: 'holder' })
})

test('an exercise does not change the structure', async () => {
  const world = await city.exercise()
  const input = {
    postId: (await post('HAL-POL-DUT')).id,
    personId: (await person('kwabena.ottersby')).id,
    capacity: 'deputy',
    fromAt: inOneHour(),
  }
  await expect(
    operate(administrator, 'set-holding', { ...input, personId: (await person('imani.thistlewane')).id }, world),
  ).rejects.toMatchObject({ kind: 'not-allowed' })
})

test('tokens have names for those who may read them', async () => {
  const desk = await post('HAL-RES-WO1')
  const named = await inside((tx) => names(tx, [`post:${desk.id}`, `agency:${desk.agencyId}`, 'kind:duty', `person:${id()}`]))
  expect(named[`post:${desk.id}`]).toEqual({ name: desk.title, agency: expect.any(String) })
  expect(Object.keys(named)).toHaveLength(2)
})
