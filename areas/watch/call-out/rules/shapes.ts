import type { Channel } from '#core/channels/channel.ts'

/** The shapes of a call-out, one row each: `CallOut` per activation and post, `Step` per timer, `Ask` per message to one person on one channel. Pure. */

/** In what capacity somebody is asked, in the order of asking. */
export const capacities = ['holder', 'deputy', 'executive'] as const
export type Capacity = (typeof capacities)[number]
export const order: Record<Capacity, number> = { holder: 0, deputy: 1, executive: 2 }

/** Minutes count from the start of the call-out, in world time. */
export type PolicyStep =
  | { afterMinutes: number; do: 'ask'; capacity: Capacity }
  | { afterMinutes: number; do: 'remind'; capacity?: undefined }
export type Policy = { steps: PolicyStep[]; unansweredAfterMinutes: number; expireAfterMinutes: number }

export type Address = { channel: Channel; to: string }
export type Person = { personId: string; capacity: Capacity; addresses: Address[] }

/** `key` is the same whenever the step is planned again; a `done` or `cancelled` step never runs. */
export type Step = {
  key: string
  afterMinutes: number
  dueAt: string
  do: 'ask' | 'remind' | 'unanswered' | 'expire'
  capacity?: Capacity | undefined
  state: 'waiting' | 'done' | 'cancelled'
}

/** only *accepted* stops the escalation. `simulated`: no such channel is configured, nothing was sent. */
export type AskState = 'queued' | 'simulated' | 'attempted' | 'delivered' | 'read' | 'accepted' | 'declined' | 'failed' | 'expired'

/** States in which no answer is expected any more; one may still come and counts. */
export const closed: ReadonlySet<AskState> = new Set(['declined', 'failed', 'expired'])

/** One message to one person. `key` is its idempotency key; `address` its place among the person's addresses; `at` when each state was first reached. */
export type Ask = {
  key: string
  kind: 'call-out' | 'remind'
  personId: string
  capacity: Capacity
  address: number
  channel: Channel
  to: string
  dueAt: string
  state: AskState
  reason?: string
  at: Partial<Record<AskState, string>>
}

/** What must be shown beside a call-out. */
export type Flag = 'nobody-on-duty' | 'no-deputy' | 'no-executive' | 'somebody-unreachable' | 'one-way-only'

/** `unanswered` still takes an acceptance; until one comes it must be shown, never silent. Times are ISO strings in UTC, world time. */
export type CallOut = {
  id: string
  postId: string
  startedAt: string
  state: 'asking' | 'accepted' | 'unanswered' | 'stood-down'
  acceptedBy: string | null
  acceptedAt: string | null
  unansweredSince: string | null
  flags: Flag[]
  people: Person[]
  steps: Step[]
  asks: Ask[]
}

export type Event =
  | { kind: 'tick' }
  | { kind: 'stood-down' }
  | { kind: 'attempted' | 'simulated' | 'delivered' | 'read' | 'failed'; key: string }
  | { kind: 'accepted'; key: string }
  | { kind: 'declined'; key: string; reason?: string }

/**
 * `won`: this acceptance stopped the escalation. `also-accepted`: recorded, somebody was first. `repeated`: known already, nothing changed.
 * `already-accepted`: a decline by somebody who accepted; not recorded, they must ring. `unknown`: no such ask.
 */
export type Outcome = 'noted' | 'won' | 'also-accepted' | 'declined' | 'repeated' | 'already-accepted' | 'stood-down' | 'unknown'

/** `due`: asks to hand to their channels now, state queued. `cancelled`: keys of steps and of asks not yet handed over. */
export type Effects = { callOut: CallOut; due: Ask[]; cancelled: string[]; outcome: Outcome }
