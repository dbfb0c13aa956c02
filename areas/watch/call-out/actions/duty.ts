import { createHash, randomBytes, randomInt } from 'node:crypto'
import { standDown, standIn } from '#areas/structure/facade.ts'
import { type QueuedMessage, queueMessages, takeNews, tellAgain, withdraw } from '#core/channels/outbox/store.ts'
import { realClock } from '#core/clock.ts'
import type { Job, Tx } from '#core/operation/implement.ts'
import { afterEvent, defaultPolicy, planSteps, withPeople } from '../rules.ts'
import type { Ask, CallOut, Effects, Event } from '../rules/shapes.ts'
import * as answers from '../store/answers.ts'
import * as store from '../store/call-outs.ts'

type Doing = Parameters<Job['run']>[0]

/** A link opens for a day of world time. */
const linkHours = 24
/** Who stands in for a holder has the post until the activation is stood down, at most so long. */
const standInHours = 24
/** One run of the duty leaves the rest to the next: no transaction stays open long. */
const atOnce = 20
const newsAtOnce = 2000
const longest = 150

const hoursLater = (at: Date, hours: number) => new Date(at.getTime() + hours * 3_600_000)

/** Opens the ways to answer: an unguessable link of which only the hash is kept, and a reply code no other open ask has. */
async function openWays(tx: Tx, asks: readonly Ask[], now: Date): Promise<Map<string, { token: string; replyCode: string }>> {
  const ways = new Map<string, { token: string; replyCode: string }>()
  let keys = asks.map((ask) => ask.key)
  for (let round = 0; keys.length > 0 && round < 30; round += 1) {
    const opening = keys.map((key) => {
      const way = { token: randomBytes(32).toString('base64url'), replyCode: String(randomInt(1_000_000)).padStart(6, '0') }
      ways.set(key, way)
      return { key, tokenHash: createHash('sha256').update(way.token).digest('hex'), replyCode: way.replyCode }
    })
    keys = await store.openWays(tx, opening, hoursLater(now, linkHours))
  }
  for (const key of keys) ways.delete(key)
  return ways
}

/** Hands the asks that are due to the outbox; they go out after the commit. */
async function send(tx: Tx, stored: store.Stored, due: readonly Ask[], now: Date): Promise<void> {
  if (due.length === 0) return
  const { callOut, activationId } = stored
  const facts = await store.facts(tx, activationId, callOut.postId)
  const to = new Map(
    (
      await store.addresses(
        tx,
        due.map((ask) => ask.to),
      )
    ).map((row) => [row.id, row]),
  )
  const ways = await openWays(tx, due, now)
  const messages = due.flatMap((ask): QueuedMessage[] => {
    const contact = to.get(ask.to)
    const way = ways.get(ask.key)
    if (contact === undefined) return []
    const { post, agency, callBack } = facts
    const words = { language: contact.language === 'fr' ? ('fr' as const) : ('en' as const), post, agency, callBack }
    const answering = way === undefined ? {} : { path: `/a/${way.token}`, replyCode: way.replyCode }
    return [{ key: ask.key, kind: ask.kind, channel: ask.channel, to: contact.address, words: { ...words, ...answering } }]
  })
  await queueMessages(tx, messages)
}

/** Those who were asked and need not come after all are told, once, on the address they were asked on first. */
async function tellOff(tx: Tx, stored: store.Stored, after: CallOut, personIds: readonly string[]): Promise<void> {
  const first = personIds.flatMap(
    (personId) => after.asks.find((ask) => ask.personId === personId && ask.state !== 'failed' && ask.at.expired === undefined) ?? [],
  )
  if (first.length === 0) return
  const { post, agency, callBack } = await store.facts(tx, stored.activationId, after.postId)
  const to = new Map(
    (
      await store.addresses(
        tx,
        first.map((ask) => ask.to),
      )
    ).map((row) => [row.id, row]),
  )
  await queueMessages(
    tx,
    first.flatMap((ask): QueuedMessage[] => {
      const contact = to.get(ask.to)
      if (contact === undefined) return []
      const words = { language: contact.language === 'fr' ? ('fr' as const) : ('en' as const), post, agency, callBack }
      return [
        {
          key: `${after.id}/over-${after.state}/${ask.personId}/${ask.address}`,
          kind: 'cancelled',
          channel: ask.channel,
          to: contact.address,
          words,
        },
      ]
    }),
  )
}

const asked = (callOut: CallOut) => [...new Set(callOut.asks.filter((ask) => ask.state !== 'declined').map((ask) => ask.personId))]

/** What one event brings besides the rows: messages out, messages back, powers given and ended. */
async function follow({ tx, clock, id }: Doing, stored: store.Stored, effects: Effects, event: Event): Promise<void> {
  const { callOut, due, cancelled, outcome } = effects
  await store.save(tx, stored, callOut, id)
  await send(tx, stored, due, clock.now())
  if (cancelled.length > 0) await withdraw(tx, cancelled)
  const source = `watch.callOut:${callOut.id}`
  if (outcome === 'won') {
    const winner = callOut.acceptedBy
    const ask = callOut.asks.find((each) => each.personId === winner && each.state === 'accepted')
    if (winner !== null && ask !== undefined && ask.capacity !== 'holder') {
      // Somebody who may not stand in has accepted all the same: the desk sees who comes, and gives the post by hand.
      const until = hoursLater(realClock.now(), standInHours)
      const refused = await store.apart(tx, () => standIn(tx, { postId: callOut.postId, personId: winner, from: null, until, source }))
      if (refused !== undefined) await store.noteDetail(tx, ask.key, 'The tokens of the post could not be given; the desk has to do it.')
    }
    await tellOff(
      tx,
      stored,
      callOut,
      asked(callOut).filter((personId) => personId !== winner),
    )
  }
  if (event.kind === 'stood-down' && outcome === 'noted') {
    await standDown(tx, source, null)
    await store.closeWays(tx, callOut.id)
    await tellOff(tx, stored, callOut, asked(callOut))
  }
}

/** Applies events to one call-out, each on what the one before left. False: another process is at it. */
async function apply(doing: Doing, callOutId: string, events: readonly { event: Event; at: Date }[]): Promise<boolean> {
  const { tx, clock, world } = doing
  for (const { event, at } of events) {
    const stored = await store.lock(tx, callOutId)
    if (stored === undefined) return false
    const { callOut } = stored
    const inLine = async () => ({ people: await store.inLine(tx, callOut.postId, clock.now()), usable: await store.usable(tx, world.kind) })
    if (callOut.state === 'planned' && event.kind === 'tick') {
      const { people, usable } = await inLine()
      const of = { id: callOut.id, postId: callOut.postId, startedAt: new Date(callOut.startedAt) }
      await follow(doing, stored, planSteps(defaultPolicy, people, usable, of, clock.now()), event)
      continue
    }
    let current: CallOut = { ...callOut, state: callOut.state === 'planned' ? 'asking' : callOut.state }
    if (event.kind === 'tick' || event.kind === 'declined') {
      // A hand-over between two steps: whoever is on duty now is who the next step asks.
      const { people, usable } = await inLine()
      current = withPeople(current, people, usable)
    }
    await follow(doing, stored, afterEvent(current, event, at), event)
  }
  return true
}

/** What went wrong with single call-outs, until it has been said. The duty itself must not fail: what went well with the others is kept. */
const wrong: unknown[] = []

/** The duty of all call-outs of one world. What goes wrong with one holds up no other; it is tried again, and then reported. */
export async function carryOn(doing: Doing): Promise<void | 'more'> {
  const { tx, clock } = doing
  const began = performance.now()
  const one = async (
    callOutId: string,
    events: readonly { event: Event; at: Date }[],
    then: () => Promise<void> = async () => undefined,
  ): Promise<boolean> => {
    let applied = false
    const failure = await store.apart(tx, async () => {
      applied = await apply(doing, callOutId, events)
      if (applied) await then()
    })
    if (failure !== undefined && wrong.length < 20) wrong.push(failure)
    return applied && failure === undefined
  }
  // Answers first: an acceptance that waited while the process slept stops the steps it slept through.
  const waiting = await answers.waiting(tx, 200)
  for (const [callOutId, those] of Map.groupBy(waiting, (answer) => answer.callOutId)) {
    const events = those.map(({ key, answer, reason, at }) => ({
      event: answer === 'declined' ? { kind: answer, key, ...(reason === null ? {} : { reason }) } : { kind: answer, key },
      at: new Date(at),
    }))
    await one(callOutId, events, () =>
      answers.taken(
        tx,
        those.map((answer) => answer.id),
        clock.now(),
      ),
    )
  }
  const news = await takeNews(tx, newsAtOnce)
  const failures = news.filter((each) => each.state === 'failed')
  const progress = news.filter((each) => each.state !== 'failed')
  if (progress.length > 0) await store.noteProgress(tx, progress, clock.now())
  if (failures.length > 0) {
    const owners = await store.ofKeys(
      tx,
      failures.map((each) => each.key),
    )
    for (const [callOutId, those] of Map.groupBy(owners, (owner) => owner.id)) {
      const applied = await one(
        callOutId,
        those.map(({ key }) => ({ event: { kind: 'failed', key }, at: clock.now() })),
      )
      if (!applied)
        await tellAgain(
          tx,
          those.map(({ key }) => key),
        )
    }
    for (const { key, detail } of failures) await store.noteDetail(tx, key, detail)
  }
  for (const callOutId of await store.stoodDown(tx, atOnce)) await one(callOutId, [{ event: { kind: 'stood-down' }, at: clock.now() }])
  const due = await store.due(tx, clock.now(), atOnce)
  let through = 0
  for (const [index, callOutId] of due.entries()) {
    if (await one(callOutId, [{ event: { kind: 'tick' }, at: clock.now() }])) through += 1
    // The messages of those that are through go out while the others are looked at.
    if (performance.now() - began > longest && through > 0 && index < due.length - 1) return 'more'
  }
  return (due.length === atOnce && through > 0) || news.length === newsAtOnce ? 'more' : undefined
}

/** Says what went wrong: its error goes to the log, and to nothing else. */
export async function sayWhatWentWrong(): Promise<void> {
  const first = wrong.shift()
  if (first !== undefined) throw first
}

/** Tells higher areas who has accepted. A duty of its own: what goes wrong above never holds up an escalation. */
export async function announce({ tx, clock, emit }: Doing): Promise<void> {
  for (const { purpose, ...accepted } of await answers.toAnnounce(tx, clock.now(), atOnce)) {
    if (purpose === 'activation') emit('watch.callOutAccepted', accepted)
  }
}

export const closeOldWays = ({ tx, clock }: Doing): Promise<void> => answers.closeOld(tx, clock.now())
