import { afterAll, beforeAll, expect, test } from 'vitest'
import { area } from '#areas/response/area.ts'
import { structureFor, type TestHolder } from '#areas/structure/testing.ts'
import { realClock } from '#core/clock.ts'
import { liveWorld, type TestCity, testCity } from '#core/db/testing.ts'
import { id } from '#core/id.ts'
import { type Operation, wordsOf } from '#core/operation/operation.ts'
import { perform, registryOf } from '#core/operation/perform.ts'
import { type Decision, giveRationale, recordDecision } from '../decisions/contract.ts'
import { openIncident } from '../incidents/contract.ts'
import { acceptTask, closeTask, completeTask, giveTask, type Task, tasks } from '../tasks/contract.ts'
import { closePrompt, type Prompt, passPrompt, prompts, snoozePrompt } from './contract.ts'
import { jobs } from './jobs.ts'

const registry = registryOf([area])
let city: TestCity
let secretariat: TestHolder
let loggist: TestHolder
let chair: TestHolder
let neutral: TestHolder
let duty: TestHolder
let outsider: TestHolder
let incidentId: string
type Seen = { prompts: Prompt[]; asleep: Prompt[]; leaders: { postId: string; refusal: string | null }[] }

const as = <T>(person: TestHolder, operation: Operation, input: unknown) =>
  perform(city.database, registry, registry.named(...wordsOf(operation)), input, person.enters(operation.name)) as Promise<T>
const later = (minutes: number) => new Date(Date.now() + minutes * 60_000)
const seen = (who: TestHolder) => as<Seen>(who, prompts, { incidentId })

/** The timed duty, as it runs (time never goes back) `minutes` from now. */
const watch = (minutes = 0) =>
  city.database.jobs('response.prompts', liveWorld, (tx) =>
    jobs[0]!.run({
      tx,
      clock: { ...realClock, now: () => later(minutes) },
      id,
      emit: () => {},
      world: { id: liveWorld, kind: 'live', name: 'Live' },
    }),
  )

const decide = () =>
  as<Decision>(loggist, recordDecision, {
    incidentId,
    decidedByPostId: chair.postId,
    question: 'Open the hall?',
    options: [{ text: 'Open it' }],
    choice: 0,
    rationaleOwed: true,
    reviewAt: later(600).toISOString(),
  })

beforeAll(async () => {
  city = await testCity()
  const structure = structureFor(city)
  const council = await structure.agency('Council')
  secretariat = await structure.holder('Sam Secretariat', council, 'secretariat')
  loggist = await structure.holder('Lou Loggist', council, 'loggist')
  chair = await structure.holder('Cora Chair', await structure.agency('Police'), 'chair')
  neutral = await structure.holder('Nia Neutral', await structure.agency('Fire'), 'neutral-commander', ['kind:executive'])
  duty = await structure.holder('Dan Duty', await structure.agency('Volunteers'), 'duty')
  outsider = await structure.holder('Otto Outsider', await structure.agency('Harbour'), 'duty')
  incidentId = (await as<{ id: string }>(secretariat, openIncident, { name: 'Trial', incidentType: 'flood' })).id
  for (const { personId } of [loggist, chair, neutral, duty]) {
    await city.owner.query("select access.put_reach($1, $2, clock_timestamp() - interval '1 second', null, 'test')", [
      personId,
      `incident:${incidentId}`,
    ])
  }
  await city.owner.query(
    `insert into response.neutral_commanders (id, incident_id, post_id, person_id, agency_id, interests, appointed_by, from_at, label, world)
     select $1, $2, $3, $4, $5, 'none declared', $4, '2026-01-01T00:00Z', i.label, i.world from response.incidents i where i.id = $2`,
    [id(), incidentId, neutral.postId, neutral.personId, neutral.agencyId],
  )
})
afterAll(() => city?.end())

test('reasons that stay owed prompt the secretariat, once, and nobody else; given, the prompt closes itself', async () => {
  const made = await decide()
  await watch(29)
  expect((await seen(secretariat)).prompts.filter(({ cause }) => cause === 'rationale-owed')).toHaveLength(0)
  await watch(31)
  await watch(32)
  expect((await seen(secretariat)).prompts.filter(({ cause }) => cause === 'rationale-owed')).toMatchObject([
    { subjectId: made.line.id, passedTo: null },
  ])
  for (const other of [chair, loggist, duty]) expect((await seen(other)).prompts).toHaveLength(0)
  await expect(seen(outsider)).rejects.toMatchObject({ kind: 'not-found' })
  await as(chair, giveRationale, { decisionId: made.line.id, rationale: 'It is warm.' })
  await watch(33)
  expect((await seen(secretariat)).prompts.filter(({ cause }) => cause === 'rationale-owed')).toHaveLength(0)
})

test('a leader gets what is passed, three at most; a fourth stays with the secretariat; closing one makes room', async () => {
  for (let count = 0; count < 4; count += 1) await decide()
  await watch(31)
  const owed = (await seen(secretariat)).prompts.filter(({ cause }) => cause === 'rationale-owed')
  expect(owed).toHaveLength(4)
  await expect(as(chair, passPrompt, { promptId: owed[0]!.id, postId: chair.postId })).rejects.toMatchObject({ kind: 'not-allowed' })
  await expect(as(secretariat, passPrompt, { promptId: owed[0]!.id, postId: duty.postId })).rejects.toMatchObject({ field: 'postId' })
  for (const prompt of owed.slice(0, 3)) await as(secretariat, passPrompt, { promptId: prompt.id, postId: chair.postId })
  await expect(as(secretariat, passPrompt, { promptId: owed[3]!.id, postId: chair.postId })).rejects.toMatchObject({ kind: 'limit' })
  const ofChair = await seen(chair)
  expect(ofChair.prompts).toHaveLength(3)
  expect(ofChair.leaders).toHaveLength(0)
  expect((await seen(neutral)).prompts).toHaveLength(0)
  await as(chair, closePrompt, { promptId: owed[0]!.id, done: 'Asked the loggist to write it.' })
  await as(chair, snoozePrompt, { promptId: owed[1]!.id, minutes: 20, reason: 'In the briefing.' })
  expect((await seen(chair)).prompts).toHaveLength(1)
  expect((await seen(chair)).asleep).toMatchObject([{ snoozeReason: 'In the briefing.' }])
  await as(secretariat, passPrompt, { promptId: owed[3]!.id, postId: chair.postId })
  await expect(as(duty, closePrompt, { promptId: owed[2]!.id, done: 'x' })).rejects.toMatchObject({ kind: 'not-found' })
})

test('the neutral commander gives no tasks, nor does anybody in their name', async () => {
  const task = { incidentId, text: 'Send two crews.', ownerPostId: duty.postId, dueAt: later(120).toISOString() }
  await expect(as(neutral, giveTask, task)).rejects.toMatchObject({ kind: 'not-allowed' })
  await expect(as(loggist, giveTask, { ...task, onBehalfOf: neutral.postId })).rejects.toMatchObject({ kind: 'not-allowed' })
  expect((await as<{ can: { give: boolean } }>(neutral, tasks, { incidentId })).can.give).toBe(false)
  await expect(
    city.owner.query(
      `insert into response.tasks (id, incident_id, words, owner_post_id, owner_agency_id, given_by, given_at, due_at, accept_by, label, world)
       select $1, i.id, 'go', $3, $4, $5, '2026-01-01T00:00Z', '2026-01-01T01:00Z', '2026-01-01T00:15Z', i.label, i.world from response.incidents i where i.id = $2`,
      [id(), incidentId, duty.postId, duty.agencyId, neutral.personId],
    ),
  ).rejects.toThrow('gives no tasks')
})

test('a task is accepted by its post, done with evidence, and of high priority closed by somebody else', async () => {
  const given = await as<Task>(loggist, giveTask, {
    incidentId,
    text: 'Open the rest centre.',
    ownerPostId: duty.postId,
    onBehalfOf: chair.postId,
    dueAt: later(120).toISOString(),
    priority: 'high',
  })
  expect(given).toMatchObject({ state: 'given', ownerAgency: 'Volunteers', can: { accept: false } })
  await watch(48)
  expect((await seen(secretariat)).prompts.some(({ cause, subjectId }) => cause === 'task-not-accepted' && subjectId === given.id)).toBe(
    true,
  )
  await expect(as(chair, acceptTask, { taskId: given.id })).rejects.toMatchObject({ kind: 'not-allowed' })
  expect(await as<Task>(duty, acceptTask, { taskId: given.id })).toMatchObject({ state: 'accepted' })
  await watch(49)
  expect((await seen(secretariat)).prompts.some(({ subjectId }) => subjectId === given.id)).toBe(false)
  await expect(as(secretariat, closeTask, { taskId: given.id })).rejects.toMatchObject({ kind: 'conflict' })
  expect(await as<Task>(duty, completeTask, { taskId: given.id, evidence: 'Open since 15:20, 40 people in.' })).toMatchObject({
    state: 'done',
  })
  expect(await as<Task>(secretariat, closeTask, { taskId: given.id })).toMatchObject({ state: 'closed' })
})

test('an unresolved lead that the secretariat leaves lying goes to the chair by itself, within what a leader may get', async () => {
  await city.owner.query('update response.incidents set lead_unresolved_at = opened_at where id = $1', [incidentId])
  await watch(50)
  const found = async () => (await seen(secretariat)).prompts.find(({ cause }) => cause === 'lead-unresolved')
  expect(await found()).toMatchObject({ passedTo: null })
  await watch(57)
  // The chair has three open already: it stays with the secretariat until there is room.
  expect(await found()).toMatchObject({ passedTo: null })
  const [one] = (await seen(chair)).prompts
  await as(chair, closePrompt, { promptId: one!.id, done: 'Done.' })
  await watch(58)
  expect(await found()).toMatchObject({ passedTo: chair.postId })
  expect((await seen(chair)).prompts[0]).toMatchObject({ cause: 'lead-unresolved' })
})

test('a call-out that nobody accepted prompts the secretariat by the post, and stops when somebody does', async () => {
  const activation = id()
  const label = (
    await city.owner.query<{ label: number; world: string }>('select label, world from response.incidents where id = $1', [incidentId])
  ).rows[0]!
  await city.owner.query(
    `insert into watch.activations (id, purpose, level_code, incident_type, criteria_matched, reason, activated_by, at, label, world)
     values ($1, 'activation', 'activated', 'flood', 'rain', 'rain', $2, '2026-01-01T00:00Z', $3, $4)`,
    [activation, secretariat.personId, label.label, label.world],
  )
  await city.owner.query(
    `insert into watch.call_outs (id, activation_id, post_id, agency_id, state, started_at, unanswered_since, label, world)
     values ($1, $2, $3, $4, 'unanswered', '2026-01-01T00:00Z', '2026-01-01T00:20Z', $5, $6)`,
    [id(), activation, duty.postId, duty.agencyId, label.label, label.world],
  )
  await city.owner.query('update response.incidents set activation_id = $1 where id = $2', [activation, incidentId])
  await watch(59)
  const unanswered = async () => (await seen(secretariat)).prompts.filter(({ cause }) => cause === 'call-out-unanswered')
  expect(await unanswered()).toMatchObject([{ subjectId: duty.postId, parameters: { post: 'duty (Dan Duty), Volunteers' } }])
  await city.owner.query("update watch.call_outs set state = 'accepted' where activation_id = $1", [activation])
  await watch(60)
  expect(await unanswered()).toHaveLength(0)
})
