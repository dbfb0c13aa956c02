import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { structureFor, type TestHolder } from '#areas/structure/testing.ts'
import { rows, sql } from '#core/db/sql.ts'
import { liveWorld, type TestCity, testCity } from '#core/db/testing.ts'
import { discloseInEmergency } from '../emergency/contract.ts'
import { draftProtocol, offerProtocol } from '../protocols/contract.ts'
import { sharingFor } from '../testing.ts'
import { addressOf, atMostTries, nextTry, toldOf } from './rules.ts'

let city: TestCity
let sharing: ReturnType<typeof sharingFor>
let officer: TestHolder
let protection: TestHolder
let theirs: TestHolder
let owner: TestHolder
let hospital: TestHolder
let stranger: TestHolder

const disclose = async (world: string, more: object = {}) =>
  (
    await sharing.as<{ id: string }>(
      officer,
      discloseInEmergency,
      {
        title: 'Gas at the quay',
        text: 'Keep crews upwind.',
        reason: 'Crews are on their way.',
        toAgencyIds: [hospital.agencyId],
        originatorAgencyId: owner.agencyId,
        ...more,
      },
      world,
    )
  ).id
const turn = async (times = 1) => {
  const duties = sharing.duties()
  for (let round = 0; round < times; round += 1) await duties.runDue()
  await duties.stop()
  expect(duties.errors).toEqual([])
}
const told = async (world: string, about: string) =>
  (await sharing.queued(world))
    .filter(({ key }) => key.includes(about))
    .map(({ recipient }) => recipient)
    .sort()

beforeAll(async () => {
  city = await testCity()
  sharing = sharingFor(city)
  const structure = structureFor(city)
  officer = await structure.holder('Dot Duty', await structure.agency('Fire'), 'duty')
  protection = await structure.holder('Pia Protection', officer.agencyId, 'data-protection')
  owner = await structure.holder('Ona Owner', await structure.agency('Port'), 'executive')
  theirs = await structure.holder('Pim Protection', owner.agencyId, 'data-protection')
  hospital = await structure.holder('Hal Hospital', await structure.agency('Hospital'), 'duty')
  stranger = await structure.holder('Stu Stranger', await structure.agency('Rail'), 'data-protection')
  for (const [person, address] of [
    [officer, '+1'],
    [protection, '+2'],
    [owner, '+3'],
    [theirs, '+4'],
    [hospital, '+5'],
    [stranger, '+6'],
  ] as const)
    await sharing.contact(person.personId, 'sms', address)
})
afterAll(() => city?.end())

describe('an emergency disclosure is told at once', () => {
  test('to the data-protection posts of both, the originator’s executive and who must know; once; in its own world; saying nothing', async () => {
    const world = await city.exercise()
    const about = await disclose(world)
    await turn(3)
    expect(await told(world, about)).toEqual(['+2', '+3', '+4', '+5'])
    expect(await told(liveWorld, about)).toEqual([])
    for (const message of await sharing.queued(world)) {
      expect(message.kind).toBe('waits')
      expect(message.words).toEqual({ language: 'en', callBack: '' })
    }
    // Who was told stands in the record, for those who can read the disclosure.
    const noted = (person: TestHolder) =>
      city.database.read(person.enters('test.read', world), async ({ tx }) =>
        rows<{ toToken: string; way: string }>(
          tx,
          sql`select to_token, way from record.sendings where row_id = ${about} order by way, to_token`,
        ),
      )
    expect(
      (await noted(protection))
        .filter(({ way }) => way === 'notice')
        .map(({ toToken }) => toToken)
        .sort(),
    ).toEqual([protection, owner, theirs, hospital].map(({ personId }) => `person:${personId}`).sort())
    expect((await noted(protection)).filter(({ way }) => way === 'shared')).toEqual([
      { toToken: `agency:${hospital.agencyId}`, way: 'shared' },
    ])
    expect(await noted(stranger)).toEqual([])
  })

  test('by the hour of its world: who is off duty then is not told, the executive is; nobody reachable is tried again', async () => {
    const world = await city.exercise()
    await city.owner.query("update structure.holdings set until_at = '2021-01-01T00:00Z' where person_id = $1", [hospital.personId])
    const chief = await structureFor(city).holder('Hana Chief', hospital.agencyId, 'executive')
    const about = await disclose(world)
    await turn()
    expect(await told(world, about)).toEqual(['+2', '+3', '+4'])
    await sharing.contact(chief.personId, 'mail', 'chief@hospital.example')
    await turn()
    expect(await told(world, about)).toHaveLength(3)
    await sharing.passes(world, 5.1)
    await turn(2)
    expect(await told(world, about)).toEqual(['+2', '+3', '+4', 'chief@hospital.example'])
    await city.owner.query('update structure.holdings set until_at = null where person_id = $1', [hospital.personId])
  })

  test('a serving role reads no notice, and tells of nothing that it cannot see', async () => {
    const world = await city.exercise()
    const about = await disclose(world)
    const tryAs = (statement: ReturnType<typeof sql>) =>
      city.database.change({
        entering: stranger.enters('test.around', world),
        run: async ({ tx }) => ({ value: await rows(tx, statement) }),
      })
    await expect(tryAs(sql`select * from sharing.notices`)).rejects.toMatchObject({ kind: 'not-allowed' })
    await expect(
      tryAs(
        sql`select sharing.put_notice('around/it/and/more', ${stranger.agencyId}, null, null, '{duty}', 'sharing.emergency_disclosures', ${about}, ${new Date()})`,
      ),
    ).rejects.toMatchObject({ kind: 'not-allowed' })
    expect(
      await tryAs(sql`select record.note_sending('sharing.emergency_disclosures', ${about}, 'person:x', 'shared', ${new Date()}) as noted`),
    ).toEqual([{ noted: false }])
  })
})

test('a protocol that is offered is told to who signs it, and its review when it is due', async () => {
  const first = await structureFor(city).holder('Ida First', officer.agencyId, 'executive')
  await sharing.contact(first.personId, 'sms', '+7')
  const parties = [first, owner] as const
  const { protocolId } = await sharing.as<{ protocolId: string }>(first, draftProtocol, {
    terms: sharing.termsFor(parties, { reviewAt: new Date(Date.now() + 1000).toISOString() }),
  })
  await sharing.as(first, offerProtocol, { protocolId })
  await turn()
  expect((await sharing.queued()).map(({ recipient }) => recipient)).toEqual(['+3'])
  await sharing.signAll(protocolId, parties)
  await new Promise((resolve) => setTimeout(resolve, 1100))
  await turn(3)
  expect((await sharing.queued()).map(({ recipient }) => recipient).sort()).toEqual(['+2', '+3', '+3', '+4', '+7'])
})

test('rules: holders before deputies; a channel that works; an hour of trying', () => {
  const line = (...capacities: ('holder' | 'deputy')[]) =>
    capacities.map((capacity, rank) => ({ personId: `${capacity}${rank}`, capacity, rank }))
  expect(toldOf(line('holder', 'holder', 'deputy'))).toEqual(['holder0', 'holder1'])
  expect(toldOf(line('deputy', 'deputy'))).toEqual(['deputy0'])
  expect(toldOf([])).toEqual([])
  const contacts = [
    { channel: 'voice' as const, address: '1', rank: 1 },
    { channel: 'mail' as const, address: '2', rank: 2 },
  ]
  expect(addressOf(contacts, ['mail'])?.address).toBe('2')
  expect(addressOf(contacts, [])?.address).toBe('1')
  expect(addressOf([], ['mail'])).toBeUndefined()
  const now = new Date('2026-03-12T12:00:00Z')
  expect(nextTry(0, now)?.toISOString()).toBe('2026-03-12T12:05:00.000Z')
  expect(nextTry(atMostTries - 1, now)).toBeNull()
})
