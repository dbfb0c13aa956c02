import type { Channel } from '#core/channels/channel.ts'
import type { Ask, CallOut, Effects, Event, Flag, Person, Policy, Step } from './rules/shapes.ts'
import { capacities, closed, order } from './rules/shapes.ts'

/** with its defaults 5, 10 and 15 minutes; each can be set. Five minutes after the executive post was asked it shows as unanswered. */
export const defaultPolicy: Policy = {
  steps: [
    { afterMinutes: 0, do: 'ask', capacity: 'holder' },
    { afterMinutes: 5, do: 'remind' },
    { afterMinutes: 10, do: 'ask', capacity: 'deputy' },
    { afterMinutes: 15, do: 'ask', capacity: 'executive' },
  ],
  unansweredAfterMinutes: 20,
  expireAfterMinutes: 240,
}

/** SMS and voice are one telephone network and count as one way; two ways that cannot fail together are wanted. */
export const independentWays = (channels: readonly Channel[]): number =>
  new Set(channels.map((channel) => (channel === 'sms' || channel === 'voice' ? 'telephone' : channel))).size

type Draft = { callOut: CallOut; due: Ask[]; cancelled: string[]; now: string }

const draftOf = (callOut: CallOut, now: Date): Draft => ({
  callOut: structuredClone(callOut),
  due: [],
  cancelled: [],
  now: now.toISOString(),
})

const asksOf = (draft: Draft, personId: string) => draft.callOut.asks.filter((ask) => ask.personId === personId)
const wasAsked = (draft: Draft, person: Person) => asksOf(draft, person.personId).length > 0

/** Somebody asked of whom an answer can still come by itself: has not declined, and at least one message has not failed. */
const isOpen = (draft: Draft, person: Person) => {
  const asks = asksOf(draft, person.personId)
  return asks.some((ask) => !closed.has(ask.state)) && !asks.some((ask) => ask.state === 'declined' || ask.state === 'accepted')
}

const flag = (draft: Draft, ...flags: Flag[]) => {
  for (const each of flags) if (!draft.callOut.flags.includes(each)) draft.callOut.flags.push(each)
}

/** The same person on the same address is asked once, however often time or the process stumbles: the key says so. */
function put(draft: Draft, person: Person, index: number, kind: string, state: Ask['state'] = 'queued'): boolean {
  const address = person.addresses[index]
  const key = `${draft.callOut.id}/${kind}/${person.personId}/${index}`
  if (address === undefined || draft.callOut.asks.some((ask) => ask.key === key)) return false
  const ask: Ask = {
    key,
    kind: kind === 'ask' ? 'call-out' : 'remind',
    personId: person.personId,
    capacity: person.capacity,
    address: index,
    channel: address.channel,
    to: address.to,
    dueAt: draft.now,
    state,
    at: { [state]: draft.now },
  }
  draft.callOut.asks.push(ask)
  draft.due.push(ask)
  return true
}

/** The person's next address that was not tried yet. */
function askNextAddress(draft: Draft, person: Person): boolean {
  const used = new Set(asksOf(draft, person.personId).map((ask) => ask.address))
  const index = person.addresses.findIndex((_, each) => !used.has(each))
  return index >= 0 && put(draft, person, index, 'ask')
}

/** Asks the next person in line at or above a capacity who was not asked yet; one without any address is flagged and passed over. */
function askNextPerson(draft: Draft, from: Person['capacity']): boolean {
  for (const person of draft.callOut.people) {
    if (order[person.capacity] < order[from] || wasAsked(draft, person)) continue
    if (askNextAddress(draft, person)) return true
    flag(draft, 'somebody-unreachable')
  }
  return false
}

/** Everybody who holds the post now is on duty and is asked at once, one or several. */
function askHolders(draft: Draft): boolean {
  const holders = draft.callOut.people.filter((person) => person.capacity === 'holder')
  const asked = holders.map((person) => askNextAddress(draft, person))
  if (asked.includes(false)) flag(draft, 'somebody-unreachable')
  return asked.includes(true)
}

/** Never silent: when nobody is left from whom an answer could come, the call-out shows as unanswered, at once. */
function settle(draft: Draft): void {
  if (draft.callOut.state !== 'asking') return
  if (draft.callOut.people.some((person) => isOpen(draft, person))) return
  if (askNextPerson(draft, 'holder')) return
  unanswered(draft)
}

function unanswered(draft: Draft): void {
  if (draft.callOut.state !== 'asking') return
  draft.callOut.state = 'unanswered'
  draft.callOut.unansweredSince = draft.now
}

/** A person fell out (declined, or every address failed): the next in line at once, unless somebody further up the line is being asked already. */
function passOn(draft: Draft, personId: string): void {
  const at = draft.callOut.people.findIndex((person) => person.personId === personId)
  const laterOpen = draft.callOut.people.some((person, index) => index > at && isOpen(draft, person))
  if (!laterOpen) askNextPerson(draft, 'holder')
  settle(draft)
}

function run(draft: Draft, step: Step): void {
  if (step.do === 'ask' && step.capacity !== undefined) {
    const reached = draft.callOut.people.some(
      (person) => order[person.capacity] >= order[step.capacity ?? 'holder'] && wasAsked(draft, person),
    )
    if (!reached && !(step.capacity === 'holder' && askHolders(draft))) askNextPerson(draft, step.capacity)
    settle(draft)
  } else if (step.do === 'remind') {
    for (const person of draft.callOut.people.filter((each) => isOpen(draft, each))) {
      const reached = asksOf(draft, person.personId).filter((ask) => ask.kind === 'call-out' && ask.state !== 'failed')
      for (const ask of reached) put(draft, person, ask.address, `remind-${step.afterMinutes}`)
      askNextAddress(draft, person)
    }
  } else if (step.do === 'unanswered') {
    // Nobody is left unasked behind a silent one.
    while (askNextPerson(draft, 'holder'));
    unanswered(draft)
  } else {
    unanswered(draft)
    for (const ask of draft.callOut.asks) if (!closed.has(ask.state) && ask.state !== 'accepted') mark(draft, ask, 'expired')
  }
}

/** Runs every waiting step whose time has come, in their order, each once. A clock set back runs nothing and undoes nothing. */
function runDue(draft: Draft): void {
  for (const step of draft.callOut.steps) {
    if (step.state !== 'waiting' || Date.parse(step.dueAt) > Date.parse(draft.now)) continue
    step.state = 'done'
    run(draft, step)
  }
}

function mark(draft: Draft, ask: Ask, state: Ask['state']): void {
  ask.state = state
  ask.at[state] ??= draft.now
}

function cancelAll(draft: Draft, steps: Step[]): void {
  for (const step of steps) {
    if (step.state !== 'waiting') continue
    step.state = 'cancelled'
    draft.cancelled.push(step.key)
  }
  for (const ask of draft.callOut.asks) {
    if (ask.state !== 'queued') continue
    mark(draft, ask, 'expired')
    draft.cancelled.push(ask.key)
  }
}

const finish = (draft: Draft, outcome: Effects['outcome']): Effects => {
  const { callOut, cancelled } = draft
  // What was put and withdrawn in the same breath is not due.
  return { callOut, due: draft.due.filter((ask) => ask.state === 'queued'), cancelled, outcome }
}

/** Everybody once, in the order of asking. An address on a channel that does not send is used (and simulated) only when the person has no other. */
function lineUp(people: readonly Person[], usable: readonly Channel[]): Person[] {
  const inLine = capacities.flatMap((capacity) => people.filter((person) => person.capacity === capacity))
  const once = inLine.filter((person, index) => inLine.findIndex((other) => other.personId === person.personId) === index)
  return once.map((person) => {
    const real = person.addresses.filter((address) => usable.includes(address.channel))
    return { ...person, addresses: real.length > 0 ? real : person.addresses }
  })
}

/**
 * Follows a hand-over: who is on duty now stands in line, and who was asked already keeps their place and the order of their addresses
 * (an ask names its address by number).
 */
export function withPeople(callOut: CallOut, people: readonly Person[], usable: readonly Channel[]): CallOut {
  const asked = callOut.people.filter((person) => callOut.asks.some((ask) => ask.personId === person.personId))
  const fresh = lineUp(people, usable).filter((person) => !asked.some((other) => other.personId === person.personId))
  const all = [...asked, ...fresh]
  return { ...callOut, people: capacities.flatMap((capacity) => all.filter((person) => person.capacity === capacity)) }
}

/**
 * Begins the call-out of one post (X-7: the post is called, the people are who holds it now). `people` in the order they are to be asked, addresses
 * in the order they are to be used. `usable`: the channels that really send in this world; an address on another is used (and simulated) only
 * when the person has no other. The answer holds all steps and the asks of minute 0, which are due now.
 */
export function planSteps(
  policy: Policy,
  people: readonly Person[],
  usable: readonly Channel[],
  of: { id: string; postId: string; startedAt: Date },
  now: Date = of.startedAt,
): Effects {
  const once = lineUp(people, usable)
  const at = (minutes: number) => new Date(of.startedAt.getTime() + minutes * 60_000).toISOString()
  const steps: Step[] = [
    ...policy.steps.map((step) => ({ ...step, key: `${of.id}/step/${step.afterMinutes}-${step.do}-${step.capacity ?? 'all'}` })),
    { afterMinutes: policy.unansweredAfterMinutes, do: 'unanswered' as const, key: `${of.id}/step/unanswered` },
    { afterMinutes: policy.expireAfterMinutes, do: 'expire' as const, key: `${of.id}/step/expire` },
  ]
    .map((step): Step => ({ ...step, dueAt: at(step.afterMinutes), state: 'waiting' }))
    .sort((one, other) => one.afterMinutes - other.afterMinutes)
  const callOut: CallOut = {
    id: of.id,
    postId: of.postId,
    startedAt: of.startedAt.toISOString(),
    state: 'asking',
    acceptedBy: null,
    acceptedAt: null,
    unansweredSince: null,
    flags: [],
    people: once,
    steps,
    asks: [],
  }
  const draft = draftOf(callOut, now)
  const missing = { holder: 'nobody-on-duty', deputy: 'no-deputy', executive: 'no-executive' } as const
  for (const capacity of capacities) if (!once.some((person) => person.capacity === capacity)) flag(draft, missing[capacity])
  if (once.some((person) => independentWays(person.addresses.map((address) => address.channel)) < 2)) flag(draft, 'one-way-only')
  runDue(draft)
  return finish(draft, 'noted')
}

type Reported = 'attempted' | 'simulated' | 'delivered' | 'read' | 'failed'

/** How far a message got; a later report never takes it back, only *delivered* after a presumed failure sets it right. */
const reach: Record<Reported, number> = { simulated: 1, attempted: 1, failed: 1, delivered: 2, read: 3 }

function report(draft: Draft, ask: Ask, state: Reported): Effects['outcome'] {
  if (ask.state === 'accepted' || ask.state === 'declined' || ask.at[state] !== undefined) return 'repeated'
  const known = (Object.keys(reach) as Reported[]).filter((each) => ask.at[each] !== undefined)
  const further = known.every((each) => reach[each] < reach[state])
  const turned = state === 'failed' && known.every((each) => each === 'attempted')
  if (!further && !turned) return 'repeated'
  mark(draft, ask, state)
  if (state !== 'failed' || draft.callOut.state === 'accepted' || draft.callOut.state === 'stood-down') return 'noted'
  const person = draft.callOut.people.find((each) => each.personId === ask.personId)
  if (person === undefined || asksOf(draft, ask.personId).some((each) => each.state === 'declined')) return 'noted'
  // A failed channel waits for nothing: the next one now; no channel left, the next person now.
  if (!askNextAddress(draft, person) && !isOpen(draft, person)) {
    flag(draft, 'somebody-unreachable')
    passOn(draft, ask.personId)
  }
  return 'noted'
}

function accept(draft: Draft, ask: Ask): Effects['outcome'] {
  const { callOut } = draft
  if (asksOf(draft, ask.personId).some((each) => each.state === 'accepted')) return 'repeated'
  if (callOut.state === 'stood-down') return 'stood-down'
  mark(draft, ask, 'accepted')
  if (callOut.state === 'accepted') return 'also-accepted'
  callOut.state = 'accepted'
  callOut.acceptedBy = ask.personId
  callOut.acceptedAt = draft.now
  cancelAll(draft, callOut.steps)
  return 'won'
}

function decline(draft: Draft, ask: Ask, reason: string | undefined): Effects['outcome'] {
  const asks = asksOf(draft, ask.personId)
  // Who accepted and cannot come after all rings the call-back number: a machine must not undo the one thing that stopped the escalation.
  if (asks.some((each) => each.state === 'accepted')) return 'already-accepted'
  if (asks.some((each) => each.state === 'declined')) return 'repeated'
  if (draft.callOut.state === 'stood-down') return 'stood-down'
  mark(draft, ask, 'declined')
  if (reason !== undefined) ask.reason = reason
  for (const other of asks) {
    if (other === ask || other.state !== 'queued') continue
    mark(draft, other, 'expired')
    draft.cancelled.push(other.key)
  }
  if (draft.callOut.state !== 'accepted') passOn(draft, ask.personId)
  return 'declined'
}

function apply(draft: Draft, event: Event): Effects['outcome'] {
  if (event.kind === 'tick') return 'noted'
  if (event.kind === 'stood-down') {
    if (draft.callOut.state === 'stood-down') return 'repeated'
    draft.callOut.state = 'stood-down'
    cancelAll(draft, draft.callOut.steps)
    return 'noted'
  }
  const ask = draft.callOut.asks.find((each) => each.key === event.key)
  if (ask === undefined) return 'unknown'
  if (event.kind === 'accepted') return accept(draft, ask)
  if (event.kind === 'declined') return decline(draft, ask, event.reason)
  return report(draft, ask, event.kind)
}

/**
 * What one event changes at world time `now`. The event comes first, then every step that is due: an acceptance that was waiting while the process
 * slept stops the steps it slept through. Pure; the same event twice changes nothing the second time. Send `due`, withdraw `cancelled`, show `outcome`.
 */
export function afterEvent(callOut: CallOut, event: Event, now: Date): Effects {
  const draft = draftOf(callOut, now)
  const outcome = apply(draft, event)
  if (draft.callOut.state === 'asking' || draft.callOut.state === 'unanswered') runDue(draft)
  return finish(draft, outcome)
}

/** When to look at this call-out again; null when nothing is waiting. */
export const nextDue = (callOut: CallOut): string | null => callOut.steps.find((step) => step.state === 'waiting')?.dueAt ?? null
