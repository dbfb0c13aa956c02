import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { structureFor, type TestHolder } from '#areas/structure/testing.ts'
import { rows, run, sql } from '#core/db/sql.ts'
import { id } from '#core/id.ts'
import { liveWorld, type TestCity, testCity } from '#core/db/testing.ts'
import { discloseInEmergency, reviewDisclosure } from '../emergency/contract.ts'
import { reportUpward } from '../items/contract.ts'
import { sharingFor } from '../testing.ts'
import { oversight, type OversightLine } from './contract.ts'
import { byUrgency, stateOf, weaknessDays } from './rules.ts'
import { overseeStructure } from './store.ts'

let city: TestCity
let sharing: ReturnType<typeof sharingFor>
let officer: TestHolder
let chief: TestHolder
let protection: TestHolder
let elsewhere: TestHolder
let chair: TestHolder
let inquiry: TestHolder
let hospital: TestHolder

const list = async (person: TestHolder, world: string) => (await sharing.as<{ lines: OversightLine[] }>(person, oversight, {}, world)).lines
const disclose = async (world: string) =>
  (
    await sharing.as<{ id: string }>(
      officer,
      discloseInEmergency,
      { title: 'Gas at the quay', text: 'Keep crews upwind.', reason: 'Crews are on their way.', toAgencyIds: [hospital.agencyId] },
      world,
    )
  ).id
const turn = async () => {
  const duties = [sharing.duties(), sharing.duties()]
  for (let round = 0; round < 3; round += 1) await Promise.all(duties.map(({ runDue }) => runDue()))
  await Promise.all(duties.map(({ stop }) => stop()))
  expect(duties.flatMap(({ errors }) => errors)).toEqual([])
}

beforeAll(async () => {
  city = await testCity()
  sharing = sharingFor(city)
  const structure = structureFor(city)
  officer = await structure.holder('Dot Duty', await structure.agency('Fire'), 'duty')
  chief = await structure.holder('Cas Chief', officer.agencyId, 'executive')
  protection = await structure.holder('Pia Protection', officer.agencyId, 'data-protection')
  elsewhere = await structure.holder('Eli Elsewhere', await structure.agency('Rail'), 'data-protection')
  chair = await structure.holder('Cora Chair', await structure.agency('Council'), 'chair')
  inquiry = await structure.holder('Ines Inquiry', await structure.agency('Inquiry'), 'inquiry')
  hospital = await structure.holder('Hal Hospital', await structure.agency('Hospital'), 'duty')
  await sharing.contact(chief.personId, 'sms', '+1')
  await sharing.contact(protection.personId, 'sms', '+2')
})
afterAll(() => city?.end())

describe('the oversight list', () => {
  test('names every emergency disclosure to data-protection posts, the chair and an inquiry, and to nobody else; never what it said', async () => {
    const world = await city.exercise()
    const about = await disclose(world)
    for (const reader of [protection, elsewhere, chair, inquiry])
      expect(await list(reader, world)).toMatchObject([
        {
          kind: 'emergency-disclosure',
          about: { id: about },
          by: 'Dot Duty',
          byAgency: 'Fire',
          agencies: ['Hospital'],
          state: 'to-review',
          reviewed: null,
        },
      ])
    expect(JSON.stringify(await list(elsewhere, world))).not.toMatch(/Gas|quay|upwind|Crews/)
    for (const other of [officer, chief, hospital]) {
      await expect(list(other, world)).rejects.toMatchObject({ kind: 'not-allowed' })
      expect(
        await city.database.read(other.enters('test.read', world), async ({ tx }) => rows(tx, sql`select * from sharing.oversight`)),
      ).toEqual([])
    }
    expect(await list(elsewhere, liveWorld)).toEqual([])
  })

  test('is written by the database alone', async () => {
    const world = await city.exercise()
    await disclose(world)
    for (const statement of [
      sql`update sharing.oversight set reviewed_at = now(), reviewed_by = ${chair.personId}`,
      sql`insert into sharing.oversight (kind, about_table, about_row, at, label) values ('emergency-disclosure', 'a.b', ${chair.personId}, now(), 1)`,
      sql`delete from sharing.oversight`,
      sql`select sharing.oversee('reporting-upward', 'a.b', ${chair.personId}, null, null, '{}', now(), null, access.world())`,
    ])
      await expect(
        city.database.change({
          entering: chair.enters('test.around', world),
          run: async ({ tx }) => ({ value: await run(tx, statement) }),
        }),
      ).rejects.toMatchObject({ kind: 'not-allowed' })
  })

  test('a review that is not done in a day is overdue, climbs once to executive and data protection, and ends when somebody else has done it', async () => {
    const world = await city.exercise()
    const about = await disclose(world)
    await turn()
    const overdue = async () =>
      (await sharing.queued(world))
        .filter(({ key }) => key.includes('overdue'))
        .map(({ recipient }) => recipient)
        .sort()
    await sharing.passes(world, 24 * 60 - 1)
    await turn()
    expect(await overdue()).toEqual([])
    expect(await list(chair, world)).toMatchObject([{ state: 'to-review' }])
    await sharing.passes(world, 1.1)
    await turn()
    expect(await overdue()).toEqual(['+1', '+2'])
    expect(await list(chair, world)).toMatchObject([{ state: 'overdue' }])
    await sharing.passes(world, 600)
    await turn()
    expect(await overdue()).toEqual(['+1', '+2'])
    await sharing.as(protection, reviewDisclosure, { id: about, outcome: 'right', words: 'Life was at stake.' }, world)
    expect(await list(chair, world)).toMatchObject([{ state: 'reviewed', reviewed: { by: 'Pia Protection' } }])
  })
})

describe('what items do out of the ordinary', () => {
  test('reporting upward, and a restriction whose end has come, stand on the list, each once and without a word of it', async () => {
    const bureau = await structureFor(city).holder('Bea Bureau', await structureFor(city).agency('Bureau'), 'executive')
    const third = await structureFor(city).holder('Tim Third', hospital.agencyId, 'executive')
    const protocolId = await sharing.inForce([bureau, chief, third], { upward: true })
    await sharing.as(bureau, reportUpward, {
      kind: 'situation',
      title: 'What I saw',
      text: 'A report.',
      marking: 'TLP:AMBER',
      caveats: ['briefed:quay'],
      protocolId,
    })
    await sharing.share(bureau, {
      protocolId,
      title: 'For the fire service first',
      agencyIds: [chief.agencyId],
      restrictedBecause: 'Until the families know',
      restrictedUntil: new Date(Date.now() + 1500).toISOString(),
    })
    expect((await list(chair, liveWorld)).map(({ kind }) => kind)).toEqual(['reporting-upward'])
    await new Promise((resolve) => setTimeout(resolve, 1600))
    await turn()
    const lines = (await list(chair, liveWorld)).filter(({ byAgency }) => byAgency === 'Bureau')
    expect(lines.map(({ kind, agencies, state }) => ({ kind, agencies, state }))).toEqual([
      { kind: 'restriction-past-end', agencies: ['Fire'], state: 'noted' },
      { kind: 'reporting-upward', agencies: ['Fire', 'Hospital'], state: 'noted' },
    ])
    expect(JSON.stringify(lines)).not.toMatch(/saw|families|first|briefed/)
  })
})

test('rules: overdue first, the longest on top; reviewed last, the newest on top', () => {
  const now = new Date('2026-03-12T12:00:00Z')
  expect(stateOf({ kind: 'emergency-disclosure', reviewDueAt: '2026-03-12T12:00:00Z', reviewedAt: null }, now)).toBe('overdue')
  expect(stateOf({ kind: 'emergency-disclosure', reviewDueAt: '2026-03-12T12:00:01Z', reviewedAt: null }, now)).toBe('to-review')
  expect(stateOf({ kind: 'emergency-disclosure', reviewDueAt: null, reviewedAt: null }, now)).toBe('noted')
  expect(stateOf({ kind: 'emergency-disclosure', reviewDueAt: '2026-03-12T11:00:00Z', reviewedAt: '2026-03-12T11:30:00Z' }, now)).toBe(
    'reviewed',
  )
  const lines = (['reviewed', 'overdue', 'noted', 'to-review', 'overdue', 'reviewed'] as const).map((state, hour) => ({
    state,
    times: 1,
    at: `2026-03-12T0${hour}:00:00Z`,
  }))
  expect(byUrgency(lines).map(({ at }) => at.slice(12, 13))).toEqual(['1', '4', '3', '2', '5', '0'])
})

describe('what structure leaves undone', () => {
  const ask = () =>
    list(chair, liveWorld).then((lines) =>
      lines.filter(({ kind }) => ['structure-review', 'group-review', 'known-weakness'].includes(kind)),
    )
  const days = (ago: number) => new Date(Date.now() - ago * 86_400_000).toISOString()
  const oversee = () => city.database.jobs('sharing.structureOverseen', liveWorld, (tx) => overseeStructure(tx, new Date(), weaknessDays))

  test('a review that is not signed in its time, and a group past its day, rise and go by themselves; never what they say', async () => {
    const [groupId, reviewId] = [id(), id()]
    await city.owner.query(
      `insert into structure.groups (id, code, name, tier, review_at, label, world)
       values ($1, 'SCG', 'Quiet group', 'strategic', $2, access.intern('[["city:test"]]'::jsonb, 'TLP:GREEN'), $3)`,
      [groupId, days(2), liveWorld],
    )
    await city.owner.query(
      `insert into structure.reviews (id, title, reason, trigger, state, base, proposed, proposed_by, proposing_agency_id, drafted_at, offered_at, sign_by, effective_at,
         next_due_at, label, world)
       values ($1, 'Secret title', 'Secret reason', 'finding', 'offered', '{}', '{}', $2, $3, $4, $4, $5, $5, $6, access.intern('[["city:test"]]'::jsonb, 'TLP:GREEN'), $7)`,
      [reviewId, officer.personId, officer.agencyId, days(20), days(1), days(-100), liveWorld],
    )
    await city.owner.query(
      `insert into structure.review_parties (id, review_id, round, agency_id, label, world)
       values ($1, $2, 1, $3, access.intern('[["city:test"]]'::jsonb, 'TLP:GREEN'), $4)`,
      [id(), reviewId, hospital.agencyId, liveWorld],
    )
    await oversee()
    await oversee()
    const before = await ask()
    expect(before).toMatchObject([
      { kind: 'group-review', about: { id: groupId }, state: 'overdue' },
      { kind: 'structure-review', about: { id: reviewId }, byAgency: 'Fire', agencies: ['Hospital'], state: 'overdue', times: 1 },
    ])
    expect(JSON.stringify(before)).not.toMatch(/Secret|Quiet/)
    await city.owner.query('update structure.groups set review_at = $2 where id = $1', [groupId, days(-100)])
    await city.owner.query("update structure.reviews set state = 'withdrawn', end_reason = 'No longer' where id = $1", [reviewId])
    await oversee()
    expect((await ask()).map(({ state }) => state)).toEqual(['done', 'done'])
    await city.owner.query('update structure.groups set review_at = $2 where id = $1', [groupId, days(1)])
    await oversee()
    expect((await ask())[0]).toMatchObject({ kind: 'group-review', state: 'overdue', times: 2 })
  })

  test('a weakness rises when it has stayed open too long, the sooner when it came back, and is done with when it is mended', async () => {
    const put = async (about: string, foundAt: string, resolvedAt: string | null) => {
      const finding = id()
      await city.owner.query(
        `insert into structure.findings (id, kind, about, words, source, found_at, resolved_at, label, world)
         values ($1, 'post-without-deputy', $2, 'Nobody stands in.', 'test', $3, $4, access.intern('[["city:test"]]'::jsonb, 'TLP:GREEN'), $5)`,
        [finding, about, foundAt, resolvedAt, liveWorld],
      )
      return finding
    }
    await put('YOUNG', days(weaknessDays - 1), null)
    const old = await put('OLD', days(weaknessDays + 1), null)
    await put('BACK', days(60), days(50))
    const back = await put('BACK', days(weaknessDays / 2 + 1), null)
    await oversee()
    const risen = async () => (await ask()).filter(({ kind }) => kind === 'known-weakness')
    expect(await risen()).toMatchObject([
      { about: { id: back }, state: 'open', times: 2, by: '', agencies: [] },
      { about: { id: old }, state: 'open', times: 1 },
    ])
    expect(JSON.stringify(await risen())).not.toMatch(/OLD|BACK|stands in/)
    await city.owner.query('update structure.findings set resolved_at = $2 where id = $1', [back, new Date().toISOString()])
    await oversee()
    expect((await risen()).map(({ state }) => state)).toEqual(['open', 'done'])
    // An exercise has no structure of its own: nothing rises there.
    const world = await city.exercise()
    await city.database.jobs('sharing.structureOverseen', world, (tx) => overseeStructure(tx, new Date(), weaknessDays))
    expect(await list(chair, world)).toEqual([])
  })
})
