import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { structureFor, type TestHolder } from '#areas/structure/testing.ts'
import { performAs, startDuties, watchFor } from '#areas/watch/testing.ts'
import { rows, sql } from '#core/db/sql.ts'
import { liveWorld, type TestCity, type TestPerson, testCity } from '#core/db/testing.ts'
import { startPhoneGateway } from '../../../tests/gateways/phone-gateway.ts'
import { startSmtpSink } from '../../../tests/gateways/smtp-sink.ts'
import { activate, activation, type Activation, type Board, callOutTest, levels, setLevel, standDown } from '../activation/contract.ts'
import { acceptCallOut, declineCallOut, myCallOuts } from './contract.ts'

let city: TestCity
let watch: ReturnType<typeof watchFor>
let structure: ReturnType<typeof structureFor>
let officer: TestHolder
let administrator: TestHolder
let holder: TestHolder
let deputy: TestHolder
let executive: TestHolder
let stranger: TestHolder
let mail: Awaited<ReturnType<typeof startSmtpSink>>
let phone: Awaited<ReturnType<typeof startPhoneGateway>>
let live: Awaited<ReturnType<typeof startPhoneGateway>>
let duties: Awaited<ReturnType<typeof startDuties>>
let world: string

const boardOf = (person: TestPerson, activationId: string, of = world) => performAs<Board>(city, person, activation, { activationId }, of)
const begin = async (of = world) =>
  performAs<Activation>(
    city,
    officer,
    activate,
    { level: 'activated', criteriaMatched: 'An attack is suspected.', reason: 'Several callers.', incidentType: 'marauding' },
    of,
  )
const reached = (board: Board) => board.asks.map((ask) => `${ask.kind} ${ask.person} ${ask.channel} ${ask.state}`)

beforeAll(async () => {
  city = await testCity()
  watch = watchFor(city)
  structure = structureFor(city)
  await watch.founded()
  const office = await structure.agency('Office')
  const ambulance = await structure.agency('Ambulance')
  await watch.callBack(office, '+44 1632 960015')
  officer = await structure.holder('Wanda Watch', office, 'watch-officer')
  administrator = await structure.holder('Ada Administrator', office, 'administrator')
  holder = await structure.holder('Hal Holder', ambulance, 'duty')
  deputy = await structure.holder('Dee Deputy', ambulance, 'loggist')
  executive = await structure.holder('Eve Executive', ambulance, 'executive')
  stranger = await structure.holder('Stan Stranger', office, 'duty')
  await watch.holds(deputy.personId, holder.postId, 'deputy')
  for (const [n, person] of [holder, deputy, executive].entries()) {
    await watch.contact(person.personId, 'sms', `+4477009000${n}0`, 1)
    await watch.contact(person.personId, 'mail', `person${n}@people.example`, 2)
  }
  mail = await startSmtpSink()
  phone = await startPhoneGateway()
  live = await startPhoneGateway()
  world = await watch.exercise()
  duties = await startDuties(city.database, {
    CONCORD_EXERCISE_MAIL_URL: mail.url,
    CONCORD_EXERCISE_MAIL_FROM: 'concord@exercise.example',
    CONCORD_EXERCISE_SMS_URL: `${phone.url}/sms`,
    CONCORD_SMS_URL: `${live.url}/sms`,
    CONCORD_SMS_TIMEOUT_MS: '500',
  })
  await performAs(city, administrator, setLevel, {
    code: 'activated',
    rank: 3,
    name: 'Activated (strategic)',
    criteria: 'A major incident is declared, or an attack is suspected.',
    callsOut: [holder.postId],
    convenes: [],
  })
})
afterAll(async () => {
  await duties?.stop()
  await Promise.all([mail?.close(), phone?.close(), live?.close()])
  await city?.end()
})

describe('levels and who may activate', () => {
  test('an administrator sets levels with their criteria; everybody in the city reads them', async () => {
    expect(await performAs<{ criteria: string }[]>(city, stranger, levels, {})).toMatchObject([
      { code: 'activated', callsOut: [holder.postId] },
    ])
    await expect(
      performAs(city, officer, setLevel, { code: 'x', rank: 1, name: 'x', criteria: 'x', callsOut: [], convenes: [] }),
    ).rejects.toMatchObject({ kind: 'not-allowed' })
  })

  test('only a watch officer activates, and the database says so too', async () => {
    await expect(
      performAs(city, stranger, activate, { level: 'activated', criteriaMatched: 'x', reason: 'x', incidentType: 'x' }, world),
    ).rejects.toMatchObject({
      kind: 'not-allowed',
    })
    await expect(
      city.database.read(stranger.enters('test', world), ({ tx }) =>
        rows(
          tx,
          sql`insert into watch.activations (id, purpose, level_code, incident_type, criteria_matched, reason, activated_by, at, label)
              values (gen_random_uuid(), 'activation', 'activated', 'x', 'x', 'x', ${stranger.personId}, ${new Date()}, (select label from watch.levels limit 1))`,
        ),
      ),
    ).rejects.toMatchObject({ kind: 'not-allowed' })
  })

  test('a level or a post that is not known calls nobody', async () => {
    await expect(
      performAs(city, officer, activate, { level: 'none', criteriaMatched: 'x', reason: 'x', incidentType: 'x' }, world),
    ).rejects.toMatchObject({ field: 'level' })
    await expect(performAs(city, officer, callOutTest, { postIds: [holder.personId] }, world)).rejects.toMatchObject({ field: 'postIds' })
  })

  test('a test call-out is refused in live', async () => {
    await expect(performAs(city, officer, callOutTest, { postIds: [holder.postId] })).rejects.toMatchObject({ kind: 'not-allowed' })
  })
})

describe('a call-out in an exercise', () => {
  test('the holder is asked on the exercise channel, and accepts signed in: the post is filled', async () => {
    const { id } = await begin()
    const taken = await duties.until(() => phone.received.find((each) => each.to.endsWith('00')))
    expect(taken.text).toMatch(/^EXERCISE EXERCISE EXERCISE/)
    expect(taken.text).not.toMatch(/attack|marauding/i)
    await duties.until(async () => (await boardOf(officer, id)).asks[0]?.state === 'attempted')
    expect(await performAs<unknown[]>(city, holder, myCallOuts, {}, world)).toMatchObject([{ activationId: id, answer: null }])
    await performAs(city, holder, acceptCallOut, { activationId: id, postId: holder.postId }, world)
    const board = await duties.until(async () => {
      const now = await boardOf(officer, id)
      return now.callOuts[0]?.state === 'accepted' ? now : undefined
    })
    expect(board.callOuts[0]).toMatchObject({ acceptedBy: 'Hal Holder', next: null })
    await watch.passes(world, 60)
    await duties.runner.runDue()
    expect(reached(await boardOf(officer, id))).toEqual(['call-out Hal Holder sms accepted'])
    await performAs(city, officer, standDown, { activationId: id, reason: 'False alarm.' }, world)
  })

  test('a decline goes to the deputy at once; the deputy accepts and gets the tokens of the post, until it is stood down', async () => {
    const { id } = await begin()
    await duties.until(async () => (await boardOf(officer, id)).asks.length > 0)
    await performAs(city, holder, declineCallOut, { activationId: id, postId: holder.postId, reason: 'On scene elsewhere.' }, world)
    const declined = await duties.until(async () => {
      const now = await boardOf(officer, id)
      return now.asks.some((ask) => ask.person === 'Dee Deputy') ? now : undefined
    })
    expect(declined.asks[0]).toMatchObject({ state: 'declined', reason: 'On scene elsewhere.' })
    await performAs(city, deputy, acceptCallOut, { activationId: id, postId: holder.postId }, world)
    await duties.until(async () => (await boardOf(officer, id)).callOuts[0]?.acceptedBy === 'Dee Deputy')
    const reachOf = (person: TestPerson) => city.database.read(person.enters('test', world), async ({ actor }) => actor.reach)
    expect((await boardOf(officer, id)).asks.map((ask) => ask.detail)).not.toContain(
      'The tokens of the post could not be given; the desk has to do it.',
    )
    expect(await reachOf(deputy)).toContain(`post:${holder.postId}`)
    await performAs(city, officer, standDown, { activationId: id, reason: 'Over.' }, world)
    await duties.until(async () => (await boardOf(officer, id)).callOuts[0]?.state === 'stood-down')
    expect(await reachOf(deputy)).not.toContain(`post:${holder.postId}`)
  })

  test('nobody answers: reminder and next channel at 5, deputy at 10, executive at 15, unanswered at 20, by the clock of the world', async () => {
    const { id } = await begin()
    const count = (n: number) =>
      duties.until(async () => {
        const now = await boardOf(officer, id)
        return now.asks.length === n && now.asks.every((ask) => ask.state !== 'queued') ? now : undefined
      })
    await count(1)
    await watch.passes(world, 5)
    expect(reached(await count(3)).sort()).toEqual([
      'call-out Hal Holder mail attempted',
      'call-out Hal Holder sms attempted',
      'remind Hal Holder sms attempted',
    ])
    await watch.passes(world, 5)
    expect(reached(await count(4))).toContain('call-out Dee Deputy sms attempted')
    await watch.passes(world, 5)
    expect(reached(await count(5))).toContain('call-out Eve Executive sms attempted')
    expect((await boardOf(officer, id)).callOuts[0]?.state).toBe('asking')
    await watch.passes(world, 5)
    const board = await duties.until(async () => {
      const now = await boardOf(officer, id)
      return now.callOuts[0]?.state === 'unanswered' ? now : undefined
    })
    expect(board.callOuts[0]?.unansweredSince).not.toBeNull()
    // It still takes an acceptance, and the desk may note one that was said by telephone.
    await performAs(city, officer, acceptCallOut, { activationId: id, postId: holder.postId, personId: executive.personId }, world)
    await duties.until(async () => (await boardOf(officer, id)).callOuts[0]?.acceptedBy === 'Eve Executive')
    await performAs(city, officer, standDown, { activationId: id, reason: 'Over.' }, world)
    // Those who were asked and need not come are told.
    await duties.until(() => phone.received.some((each) => /is over/.test(each.text)))
  })

  test('who holds the post when a step is due is who is asked: a hand-over between steps is followed', async () => {
    const { id } = await begin()
    const second = await structure.holder('Second Deputy', holder.agencyId, 'loggist')
    await watch.contact(second.personId, 'sms', '+447700900090', 1)
    await duties.until(async () => (await boardOf(officer, id)).asks.length === 1)
    await city.owner.query("update structure.holdings set until_at = $2 where person_id = $1 and post_id = $3 and capacity = 'deputy'", [
      deputy.personId,
      '2026-03-12T15:00:00Z',
      holder.postId,
    ])
    await watch.holds(second.personId, holder.postId, 'deputy')
    await watch.passes(world, 10)
    const board = await duties.until(async () => {
      const now = await boardOf(officer, id)
      return now.asks.some((ask) => ask.capacity === 'deputy') ? now : undefined
    })
    expect(board.asks.filter((ask) => ask.capacity === 'deputy').map((ask) => ask.person)).toEqual(['Second Deputy'])
    await performAs(city, officer, standDown, { activationId: id, reason: 'Over.' }, world)
  })

  test('rotas stay with three: another post sees the activation and nobody’s name, the person asked sees their own ask', async () => {
    const { id } = await begin()
    await duties.until(async () => (await boardOf(officer, id)).asks.length > 0)
    const seen = await boardOf(stranger, id)
    expect(seen.activation.level).toBe('activated')
    expect([seen.callOuts, seen.asks]).toEqual([[], []])
    expect((await boardOf(holder, id)).asks.map((ask) => ask.person)).toEqual(['Hal Holder'])
    await expect(performAs(city, stranger, acceptCallOut, { activationId: id, postId: holder.postId }, world)).rejects.toMatchObject({
      kind: 'not-found',
    })
    await expect(
      performAs(city, stranger, acceptCallOut, { activationId: id, postId: holder.postId, personId: holder.personId }, world),
    ).rejects.toMatchObject({
      kind: 'not-allowed',
    })
    await expect(boardOf(administrator, id)).rejects.toMatchObject({ kind: 'not-found' })
    await expect(boardOf(officer, id, liveWorld)).rejects.toMatchObject({ kind: 'not-found' })
  })

  test('nothing of all this has gone out by a live channel, and nobody reads the outbox', async () => {
    expect(live.received).toEqual([])
    await expect(city.database.read(officer.enters(), ({ tx }) => rows(tx, sql`select * from channels.outbox`))).rejects.toMatchObject({
      kind: 'not-allowed',
    })
    await expect(city.database.read(officer.enters(), ({ tx }) => rows(tx, sql`select * from watch.ways`))).rejects.toMatchObject({
      kind: 'not-allowed',
    })
    const kept = await city.owner.query(
      "select count(*)::int as n from channels.outbox where state <> 'waiting' and (recipient is not null or words is not null)",
    )
    expect(kept.rows[0]).toEqual({ n: 0 })
    expect(duties.errors).toEqual([])
  })
})

describe('live channels', () => {
  test('what is not configured is SIMULATED, and escalation goes on to those who can be reached', async () => {
    live.setFault('hang')
    const { id } = await begin(liveWorld)
    // The SMS gateway hangs: the next channel is tried at once; mail is not configured in live, so it was never in line.
    const board = await duties.until(async () => {
      const now = await boardOf(officer, id, liveWorld)
      return now.asks.length >= 2 ? now : undefined
    })
    expect(board.asks[0]).toMatchObject({ channel: 'sms', state: 'failed' })
    expect(board.usable).toEqual(['sms'])
    live.setFault(undefined)
    await performAs(city, officer, standDown, { activationId: id, reason: 'Over.' })
    await duties.until(async () => (await boardOf(officer, id, liveWorld)).callOuts[0]?.state === 'stood-down')
  })
})
