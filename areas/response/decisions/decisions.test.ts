import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { area } from '#areas/response/area.ts'
import { structureFor, type TestHolder } from '#areas/structure/testing.ts'
import { liveWorld, type TestCity, testCity } from '#core/db/testing.ts'
import { id } from '#core/id.ts'
import { type LiveServer, liveServer } from '#core/live/testing.ts'
import { type Operation, wordsOf } from '#core/operation/operation.ts'
import { perform, registryOf } from '#core/operation/perform.ts'
import { openIncident } from '../incidents/contract.ts'
import { confirmEntry, loggistDesk } from '../loggist/contract.ts'
import { timeline, writeEntry } from '../timeline/contract.ts'
import {
  acknowledgeOutcome,
  addDissent,
  correctDecision,
  type Decision,
  decision,
  decisions,
  giveRationale,
  type Outcome,
  recordDecision,
  reverseDecision,
  reviewDecision,
  tellOutcome,
} from './contract.ts'

const registry = registryOf([area])
let city: TestCity
let loggist: TestHolder
let chair: TestHolder
let police: TestHolder
let health: TestHolder
let outsider: TestHolder
let incidentId: string
const group = id()

const as = <T>(person: TestHolder, operation: Operation, input: unknown) =>
  perform(city.database, registry, registry.named(...wordsOf(operation)), input, person.enters(operation.name)) as Promise<T>
const inMinutes = (minutes: number) => new Date(Date.now() + minutes * 60_000).toISOString()
const substance = () => ({
  question: 'Shall the square stay closed through the night?',
  options: [
    { text: 'Keep it closed', suitability: 'Protects the search', verdicts: { suitable: 'yes', feasible: 'yes', acceptable: 'in-part' } },
    { text: 'Do nothing now' },
  ],
  choice: 0,
  reviewAt: inMinutes(180),
})
const input = (more: object = {}) => ({
  ...substance(),
  incidentId,
  decidedByPostId: chair.postId,
  rationale: 'Two places are not excluded.',
  ...more,
})
const record = (more: object = {}, who: TestHolder = loggist) => as<Decision>(who, recordDecision, input(more))

beforeAll(async () => {
  city = await testCity()
  const structure = structureFor(city)
  const council = await structure.agency('Council')
  const forces = await structure.agency('Police')
  loggist = await structure.holder('Lou Loggist', council, 'loggist')
  chair = await structure.holder('Cora Chair', forces, 'chair', [`group:${group}`])
  police = await structure.holder('Pia Police', forces, 'duty')
  health = await structure.holder('Hal Health', await structure.agency('Health'), 'executive', [`group:${group}`])
  outsider = await structure.holder('Otto Outsider', await structure.agency('Harbour'), 'duty')
  incidentId = (
    await as<{ id: string }>(await structure.holder('Wim Watch', council, 'watch-officer'), openIncident, {
      name: 'Trial',
      incidentType: 'flood',
    })
  ).id
  for (const { personId } of [loggist, chair, police, health]) {
    await city.owner.query("select access.put_reach($1, $2, clock_timestamp() - interval '1 second', null, 'test')", [
      personId,
      `incident:${incidentId}`,
    ])
  }
})
afterAll(() => city?.end())

describe('a decision is recorded', () => {
  test('with its options, choice, reasons and who decided; who logged is another', async () => {
    const made = await record({
      sources: [{ words: 'Search until dawn', source: 'Police, 14:45', asOf: inMinutes(-90) }],
      uncertainties: ['Is there a second place?'],
    })
    expect(made.line).toMatchObject({
      chosen: 'Keep it closed',
      loggistName: 'Lou Loggist',
      rationale: 'given',
      review: 'ahead',
      flagged: 1,
      confirmedAt: null,
    })
    expect(made.versions[0]).toMatchObject({
      options: [{ chosen: true }, { chosen: false }],
      grounds: [{ kind: 'fact', flag: 'stale' }, { kind: 'uncertainty' }],
    })
  })

  test('not without an option, a choice, reasons or reasons owed, or a review', async () => {
    await expect(record({ options: [] })).rejects.toMatchObject({ kind: 'invalid', field: 'options' })
    await expect(record({ choice: 2 })).rejects.toMatchObject({ field: 'choice' })
    await expect(record({ rationale: undefined })).rejects.toMatchObject({ field: 'rationale' })
    await expect(record({ reviewAt: inMinutes(-1) })).rejects.toMatchObject({ field: 'reviewAt' })
    await expect(record({ decidedAt: inMinutes(-20) })).rejects.toMatchObject({ field: 'lateReason' })
  })

  test('not by the one who decided', async () => {
    await expect(record({ decidedByPostId: loggist.postId })).rejects.toMatchObject({ field: 'decidedByPostId' })
    await expect(record({ decidedByPersonId: loggist.personId })).rejects.toMatchObject({ kind: 'invalid' })
  })

  test('not by somebody who keeps no log, nor from outside the incident', async () => {
    await expect(record({}, police)).rejects.toMatchObject({ kind: 'not-allowed' })
    await expect(as(outsider, decisions, { incidentId })).rejects.toMatchObject({ kind: 'not-found' })
  })

  test('not for an audience that the writer is not part of', async () => {
    await expect(record({ restrictTo: [[`group:${group}`]] })).rejects.toMatchObject({ kind: 'invalid', field: 'restrictTo' })
  })
})

describe('the database itself', () => {
  const version = (more: Record<string, unknown>) => {
    const row = {
      id: id(),
      incident_id: incidentId,
      question: 'q',
      chosen_option_id: id(),
      rationale: 'r',
      decided_at: '2026-03-12T12:00:00Z',
      entered_at: '2026-03-12T12:00:00Z',
      decided_by_post_id: chair.postId,
      decided_by_person_id: chair.personId,
      loggist_person_id: loggist.personId,
      review_at: '2026-03-12T13:00:00Z',
      world: liveWorld,
      label: 1,
      ...more,
    }
    const all = { root_id: row.id, ...row }
    const names = Object.keys(all)
    return city.owner.query(
      `insert into response.decisions (${names.join(', ')}) values (${names.map((_, at) => `$${at + 1}`).join(', ')})`,
      Object.values(all),
    )
  }

  test('stores no decision without an option that is its own', async () => {
    await expect(version({})).rejects.toThrow('violates foreign key')
    await expect(version({ chosen_option_id: null })).rejects.toThrow('null value')
  })

  test('stores no decision whose decider also logged, none without reasons or reasons owed, none owed beyond thirty minutes, none without review', async () => {
    await expect(version({ loggist_person_id: chair.personId })).rejects.toThrow('check constraint')
    await expect(version({ rationale: null })).rejects.toThrow('check constraint')
    await expect(version({ rationale: null, rationale_due_at: '2026-03-12T12:31:00Z' })).rejects.toThrow('check constraint')
    await expect(version({ review_at: '2026-03-12T12:00:00Z' })).rejects.toThrow('check constraint')
    await expect(version({ entered_at: '2026-03-12T12:06:00Z' })).rejects.toThrow('check constraint')
  })

  test('changes nothing that was said: no decision, no dissent, no option', async () => {
    const made = await record({ dissent: [{ postId: health.postId, words: 'I would open the east side.' }] })
    const becoming = (text: string) =>
      city.owner.query(
        `begin; set local role concord_member; select set_config('concord.key', '${loggist.key}', true), set_config('concord.world', '${liveWorld}', true); ${text}; commit`,
      )
    for (const text of [
      "update response.decision_dissents set words = 'fine by me'",
      "update response.decisions set question = 'x'",
      'delete from response.decision_options',
    ]) {
      await expect(becoming(text)).rejects.toThrow('permission denied')
      await city.owner.query('rollback')
    }
    await expect(
      becoming(
        `insert into response.decision_options (id, decision_id, incident_id, place, words, suitable, feasible, acceptable, label)
         select gen_random_uuid(), '${made.line.id}', incident_id, 9, 'added later', 'yes', 'yes', 'yes', label from response.decisions where id = '${made.line.id}'`,
      ),
    ).rejects.toThrow('closed once it stands')
    await city.owner.query('rollback')
  })
})

describe('what comes after', () => {
  test('reasons owed show as owed, come once, and both times stay', async () => {
    const owed = await record({ rationale: undefined, rationaleOwed: true })
    expect(owed.line.rationale).toBe('owed')
    expect(Date.parse(owed.line.rationaleDueAt!) - Date.parse(owed.line.decidedAt)).toBe(30 * 60_000)
    await expect(as(police, giveRationale, { decisionId: owed.line.id, rationale: 'mine' })).rejects.toMatchObject({ kind: 'not-allowed' })
    const given = await as<Decision>(chair, giveRationale, { decisionId: owed.line.id, rationale: 'The search needs it.' })
    expect(given.line.rationale).toBe('given')
    expect(given.rationaleGivenAt).not.toBeNull()
    await expect(as(loggist, giveRationale, { decisionId: owed.line.id, rationale: 'again' })).rejects.toMatchObject({ kind: 'conflict' })
  })

  test('a dissent stands word for word, spaces and all', async () => {
    const words = '  If the trams stop, the clinic loses its staff — I want that written down.\n'
    const made = await record({ dissent: [{ postId: health.postId, words }] })
    expect(made.dissents).toMatchObject([{ words, agencyName: 'Health' }])
    const more = await as<Decision>(health, addDissent, {
      decisionId: made.line.id,
      postId: health.postId,
      words: 'Nor do I agree to the hour.',
    })
    expect(more.line.dissents).toBe(2)
    await expect(as(police, addDissent, { decisionId: made.line.id, postId: health.postId, words: 'in their name' })).rejects.toMatchObject(
      { kind: 'not-allowed' },
    )
  })

  test('the post confirms; a loggist corrects it later, and it waits for the post again; both versions show', async () => {
    const made = await record()
    const root = made.line.id
    await expect(as(loggist, confirmEntry, { decisionId: root })).rejects.toMatchObject({ kind: 'not-allowed' })
    await as(chair, confirmEntry, { decisionId: root })
    await expect(as(chair, confirmEntry, { decisionId: root })).rejects.toMatchObject({ kind: 'conflict' })
    const corrected = await as<Decision>(loggist, correctDecision, {
      ...substance(),
      decisionId: root,
      question: 'Shall it stay closed until 06:00?',
      reason: 'The hour was left out.',
    })
    expect(corrected.line).toMatchObject({ id: root, versions: 2, confirmedAt: null, rationale: 'given', number: made.line.number })
    expect(corrected.versions.map(({ question }) => question)).toEqual([
      'Shall it stay closed until 06:00?',
      'Shall the square stay closed through the night?',
    ])
    const own = await as<Decision>(chair, correctDecision, { ...substance(), decisionId: root, reason: 'As I said it.' })
    expect(own.line.confirmedAt).not.toBeNull()
    await expect(as(police, correctDecision, { ...substance(), decisionId: root, reason: 'no' })).rejects.toMatchObject({
      kind: 'not-allowed',
    })
  })

  test('a reversal links both, once', async () => {
    const made = await record()
    const { incidentId: _, ...again } = input()
    const reversal = await as<Decision>(loggist, reverseDecision, { ...again, decisionId: made.line.id, choice: 1 })
    expect(reversal.line.reversesId).toBe(made.line.id)
    expect((await as<Decision>(police, decision, { decisionId: made.line.id })).line).toMatchObject({
      state: 'reversed',
      reversedById: reversal.line.id,
    })
    await expect(as(loggist, reverseDecision, { ...again, decisionId: made.line.id })).rejects.toMatchObject({ kind: 'conflict' })
  })

  test('a review moves the next one on', async () => {
    const made = await record()
    const next = inMinutes(600)
    const reviewed = await as<Decision>(loggist, reviewDecision, { decisionId: made.line.id, words: 'Still needed.', nextReviewAt: next })
    expect(Date.parse(reviewed.line.reviewAt)).toBe(Date.parse(next))
  })

  test('the outcome goes to those who carry it out, without reasons or dissent, and who knows is who acknowledged', async () => {
    const made = await record({ groupId: null, restrictTo: [[`group:${group}`, `post:${loggist.postId}`]] })
    const told = await as<Outcome>(loggist, tellOutcome, { decisionId: made.line.id, words: 'Square closed until 06:00.' })
    const seen = await as<{ outcomes: Outcome[]; decisions: unknown[] }>(police, decisions, { incidentId })
    expect(seen.outcomes.find((one) => one.id === told.id)).toMatchObject({
      words: 'Square closed until 06:00.',
      decisionId: null,
      acknowledgements: [],
    })
    await expect(as(police, decision, { decisionId: made.line.id })).rejects.toMatchObject({ kind: 'not-found' })
    const known = await as<Outcome>(police, acknowledgeOutcome, { outcomeId: told.id })
    expect(known.acknowledgements).toMatchObject([{ agencyName: 'Police' }])
    expect((await as<Outcome>(police, acknowledgeOutcome, { outcomeId: told.id })).acknowledgements).toHaveLength(1)
  })
})

test('numbers are the viewer’s own: a restricted decision leaves no gap', async () => {
  await record({ restrictTo: [[`group:${group}`, `post:${loggist.postId}`]] })
  await record()
  const numbers = async (who: TestHolder) =>
    (await as<{ decisions: { number: number }[] }>(who, decisions, { incidentId })).decisions.map(({ number }) => number).reverse()
  const [all, some] = [await numbers(chair), await numbers(police)]
  expect(all).toEqual(all.map((_, at) => at + 1))
  expect(some).toEqual(some.map((_, at) => at + 1))
  expect(some.length).toBeLessThan(all.length)
})

test('a line entered for a post waits for its word, and shows so until the post confirms it', async () => {
  const entry = await as<{ id: string }>(loggist, writeEntry, { incidentId, text: 'The bridge is shut.', postId: chair.postId })
  type Desk = {
    lines: { id: string; confirmation: string }[]
    waiting: { lines: { id: string }[]; decisions: unknown[] }
    can: { enter: boolean }
  }
  const before = await as<Desk>(chair, loggistDesk, { incidentId })
  expect(before.waiting.lines.map((line) => line.id)).toContain(entry.id)
  expect(before.waiting.decisions.length).toBeGreaterThan(0)
  await expect(as(police, confirmEntry, { entryId: entry.id })).rejects.toMatchObject({ kind: 'not-allowed' })
  await as(chair, confirmEntry, { entryId: entry.id })
  const after = await as<Desk>(loggist, loggistDesk, { incidentId })
  expect(after.lines.find((line) => line.id === entry.id)?.confirmation).toBe('confirmed')
  expect(after.can.enter).toBe(true)
})

test('the timeline tells of a restricted decision to those who may read it, and to nobody else', async () => {
  const question = `Only for the group ${id()}`
  await record({ question, restrictTo: [[`group:${group}`, `post:${loggist.postId}`]] })
  const told = async (who: TestHolder) => JSON.stringify(await as(who, timeline, { incidentId, limit: 200 }))
  expect(await told(chair)).toContain(question)
  expect(await told(police)).not.toContain(question)
})

describe('through the live stream', () => {
  let live: LiveServer
  beforeAll(async () => {
    live = await liveServer(city, registry)
  })
  afterAll(() => live?.stop())

  test('a restricted decision reaches those entitled at once, and nobody else; an open one reaches the whole incident', async () => {
    await live.caughtUp()
    const streams = await Promise.all([chair, health, police, outsider].map(live.following))
    const [ofChair, ofHealth, ofPolice, ofOutsider] = streams as [
      (typeof streams)[0],
      (typeof streams)[0],
      (typeof streams)[0],
      (typeof streams)[0],
    ]
    const began = Date.now()
    const closed = await record({ restrictTo: [[`group:${group}`, `post:${loggist.postId}`]] })
    await expect
      .poll(() => ofChair.text.includes(closed.line.id) && ofHealth.text.includes(closed.line.id), { timeout: 5_000, interval: 10 })
      .toBe(true)
    expect(Date.now() - began).toBeLessThan(2000)
    const open = await record()
    await expect.poll(() => ofPolice.text.includes(open.line.id), { timeout: 5_000, interval: 10 }).toBe(true)
    expect(ofPolice.text).not.toContain(closed.line.id)
    expect(ofOutsider.text).not.toContain('response.decision')
    for (const stream of streams) stream.end()
  })

  test('somebody who is let into the incident while they watch has the next decision at once', async () => {
    const late = await live.following(outsider)
    await city.owner.query("select access.put_reach($1, $2, clock_timestamp() - interval '1 second', null, 'test')", [
      outsider.personId,
      `incident:${incidentId}`,
    ])
    const open = await record()
    await expect.poll(() => late.text.includes(open.line.id), { timeout: 5_000, interval: 10 }).toBe(true)
    late.end()
  })
})
