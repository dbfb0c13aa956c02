import { type ChildProcess, spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { setLevel, standDown, activate, activation, type Activation, type Board } from '#areas/watch/activation/contract.ts'
import { acceptCallOut } from '#areas/watch/call-out/contract.ts'
import { structureFor, type TestHolder } from '#areas/structure/testing.ts'
import { performAs, startDuties, watchFor } from '#areas/watch/testing.ts'
import { type TestCity, testCity } from '#core/db/testing.ts'
import { startPhoneGateway, type Taken } from '../gateways/phone-gateway.ts'
import { startSmtpSink } from '../gateways/smtp-sink.ts'

let city: TestCity
let watch: ReturnType<typeof watchFor>
let officer: TestHolder
let holders: TestHolder[]
let phone: Awaited<ReturnType<typeof startPhoneGateway>>
let mail: Awaited<ReturnType<typeof startSmtpSink>>
const children = new Set<ChildProcess>()
const program = fileURLToPath(new URL('./duties-process.ts', import.meta.url))
const posts = 6

const environment = () => ({
  CONCORD_EXERCISE_SMS_URL: `${phone.url}/sms`,
  CONCORD_EXERCISE_SMS_TIMEOUT_MS: '500',
  CONCORD_EXERCISE_MAIL_URL: mail.url,
  CONCORD_EXERCISE_MAIL_FROM: 'concord@exercise.example',
  CONCORD_EXERCISE_MAIL_TIMEOUT_MS: '900',
})
async function startProcess(): Promise<ChildProcess> {
  const settings = JSON.stringify({ server: city.server, environment: environment(), leaseSeconds: 1 })
  const child = spawn(process.execPath, [program, settings], { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] })
  children.add(child)
  await new Promise<void>((resolve, reject) => {
    child.once('message', () => resolve())
    child.once('exit', (code) => reject(new Error(`the duties ended with ${code} before they began`)))
  })
  return child
}
const ended = (child: ChildProcess) =>
  new Promise<void>((resolve) => (child.exitCode !== null || child.signalCode !== null ? resolve() : child.once('exit', () => resolve())))
async function kill(child: ChildProcess) {
  child.kill('SIGKILL')
  await ended(child)
  children.delete(child)
}
const boardOf = (activationId: string, world: string) => performAs<Board>(city, officer, activation, { activationId }, world)
const begin = (world: string) =>
  performAs<Activation>(
    city,
    officer,
    activate,
    { level: 'activated', criteriaMatched: 'Trial.', reason: 'Trial.', incidentType: 'flood' },
    world,
  )
async function until<T>(condition: () => Promise<T | undefined | false>, ms = 20_000): Promise<T> {
  for (const end = Date.now() + ms; ; ) {
    const value = await condition()
    if (value) return value
    if (Date.now() > end) throw new Error(`waited ${ms} ms in vain`)
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}
/** Every key that went out, and how often: a repeat of a key is the same message, which a gateway knows. */
const keysOf = (taken: readonly Taken[]) => Map.groupBy(taken, (each) => each.key)

beforeAll(async () => {
  city = await testCity()
  watch = watchFor(city)
  const structure = structureFor(city)
  await watch.founded()
  const office = await structure.agency('Office')
  officer = await structure.holder('Wanda Watch', office, 'watch-officer')
  const administrator = await structure.holder('Ada Administrator', office, 'administrator')
  holders = []
  for (let n = 0; n < posts; n += 1) {
    const agency = await structure.agency(`Agency ${n}`)
    const holder = await structure.holder(`Holder ${n}`, agency, 'duty')
    const deputy = await structure.holder(`Deputy ${n}`, agency, 'loggist')
    const executive = await structure.holder(`Executive ${n}`, agency, 'executive')
    await watch.holds(deputy.personId, holder.postId, 'deputy')
    for (const [m, person] of [holder, deputy, executive].entries()) await watch.contact(person.personId, 'sms', `+44770090${n}${m}00`, 1)
    holders.push(holder)
  }
  await watch.contact(holders[0]!.personId, 'mail', 'holder0@people.example', 2)
  phone = await startPhoneGateway()
  mail = await startSmtpSink()
  await performAs(city, administrator, setLevel, {
    code: 'activated',
    rank: 1,
    name: 'Activated',
    criteria: 'Trial.',
    callsOut: holders.map((holder) => holder.postId),
    convenes: [],
  })
})
afterAll(async () => {
  for (const child of children) child.kill('SIGKILL')
  await Promise.all([phone?.close(), mail?.close()])
  await city?.end()
})

/** What one post's ladder sends when nobody answers: holder, reminder, deputy, executive. */
const perPost = 4

describe('call-outs while processes die', () => {
  test('killed again and again, in the middle of everything: no step is lost, and what goes out twice carries the same key', async () => {
    phone.received.length = 0
    // A minute of the exercise passes in a fifth of a second.
    const world = await watch.exercise('2026-03-12T14:10:00Z', 300)
    const { id } = await begin(world)
    const lives = [60, 250, 120, 400, 90, 700, 180, 330, 50, 500]
    for (const life of lives) {
      const child = await startProcess()
      await new Promise((resolve) => setTimeout(resolve, life))
      await kill(child)
    }
    const last = await startProcess()
    const board = await until(async () => {
      const now = await boardOf(id, world)
      return now.callOuts.every((each) => each.state === 'unanswered') && now.asks.every((ask) => ask.state !== 'queued') ? now : undefined
    })
    await kill(last)
    expect(board.callOuts).toHaveLength(posts)
    const sms = keysOf(phone.received)
    // Nothing skipped, nothing beside: four messages a post, whoever died when (the first holder has a mail besides).
    expect(sms.size).toBe(posts * perPost)
    expect(board.asks).toHaveLength(posts * perPost + 1)
    expect([...sms.values()].every((times) => new Set(times.map((each) => each.text)).size === 1)).toBe(true)
    const steps = await city.owner.query(
      'select s.state, count(*)::int as n from watch.steps s join watch.call_outs c on c.id = s.call_out_id where c.activation_id = $1 group by s.state',
      [id],
    )
    expect(steps.rows.find((row) => row.state === 'done')?.n).toBeGreaterThanOrEqual(posts * 5)
    await performAs(city, officer, standDown, { activationId: id, reason: 'Tried.' }, world)
    await city.owner.query('update access.world set ended_at = clock_timestamp() where id = $1', [world])
  }, 90_000)

  test('several processes on one database: every message goes out once', async () => {
    phone.received.length = 0
    const world = await watch.exercise('2026-03-12T14:10:00Z', 300)
    const both = [await startProcess(), await startProcess()]
    const { id } = await begin(world)
    await until(async () => {
      const now = await boardOf(id, world)
      return now.callOuts.every((each) => each.state === 'unanswered') && now.asks.every((ask) => ask.state !== 'queued')
    })
    for (const child of both) {
      child.send('stop')
      await ended(child)
      children.delete(child)
    }
    const keys = keysOf(phone.received)
    expect(keys.size).toBe(posts * perPost)
    expect([...keys.values()].filter((times) => times.length > 1)).toEqual([])
    await performAs(city, officer, standDown, { activationId: id, reason: 'Tried.' }, world)
    await city.owner.query('update access.world set ended_at = clock_timestamp() where id = $1', [world])
  }, 60_000)

  test('a hanging SMS gateway holds up no mail, and an acceptance still counts at once', async () => {
    const world = await watch.exercise()
    const duties = await startDuties(city.database, environment(), { leaseSeconds: 1 })
    phone.setFault('hang')
    const began = Date.now()
    const { id } = await begin(world)
    // Holder 0's SMS fails after half a second; the mail follows at once, while all the other lanes of SMS still hang.
    await duties.until(() => mail.received.some((each) => each.to[0] === 'holder0@people.example' && each.at.getTime() >= began))
    expect(Date.now() - began).toBeLessThan(6000)
    await performAs(city, holders[1]!, acceptCallOut, { activationId: id, postId: holders[1]!.postId }, world)
    await duties.until(async () => (await boardOf(id, world)).callOuts.some((each) => each.acceptedBy === 'Holder 1'))
    phone.setFault(undefined)
    await performAs(city, officer, standDown, { activationId: id, reason: 'Tried.' }, world)
    await duties.until(async () => (await boardOf(id, world)).callOuts.every((each) => each.state === 'stood-down'))
    await duties.stop()
  }, 30_000)
})
