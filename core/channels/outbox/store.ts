import { maybe, rows, run, sql } from '#core/db/sql.ts'
import type { Tx } from '#core/operation/implement.ts'
import type { Channel, DeliveryState, MessageWorld } from '../channel.ts'
import type { Occasion, Words } from '../compose.ts'

/** What a message says, less what only the sender knows: the city's address in front of `path`, and its name. */
export type QueuedWords = Omit<Words, 'link' | 'world' | 'kind' | 'city'> & { path?: string; city?: string }

export interface QueuedMessage {
  /** The same key is the same message, however often it is queued. */
  key: string
  kind: Occasion
  channel: Channel
  /** A mail address, a telephone number, or the receiver's name for a person (webhook). */
  to: string
  words: QueuedWords
}

/** Writes messages to the outbox in this transaction's world; they go out after its commit. From any serving role. */
export async function queueMessages(tx: Tx, messages: readonly QueuedMessage[]): Promise<void> {
  if (messages.length === 0) return
  const all = messages.map(({ to, ...message }) => ({ ...message, recipient: to }))
  await rows(tx, sql`select channels.queue(${JSON.stringify(all)}::jsonb)`)
}

export interface Claimed {
  number: number
  key: string
  kind: Occasion
  channel: Channel
  recipient: string
  words: QueuedWords
  worldKind: MessageWorld['kind']
  worldName: string
  cityName: string | null
}

/** Takes waiting messages of one channel in one kind of world, for so long; what another sender is at is left to it. Messages of an ended exercise stay. */
export const claim = (tx: Tx, worldKind: MessageWorld['kind'], channel: Channel, atMost: number, leaseSeconds: number) =>
  rows<Claimed>(
    tx,
    sql`with due as (
          select o.number, w.kind as world_kind, w.name as world_name
          from channels.outbox o join access.world w on w.id = o.world and w.kind = ${worldKind} and w.ended_at is null
          where o.channel = ${channel} and o.state = 'waiting' and (o.lease_until is null or o.lease_until < clock_timestamp())
          order by o.number limit ${atMost} for update of o skip locked)
        update channels.outbox o set lease_until = clock_timestamp() + make_interval(secs => ${leaseSeconds}), attempts = attempts + 1
        from due where o.number = due.number
        returning o.number, o.key, o.kind, o.channel, o.recipient, o.words, due.world_kind, due.world_name, (select c.name from access.city c) as city_name`,
  )

/** Which lanes have something waiting that nobody is at. */
export const waitingLanes = (tx: Tx) =>
  rows<{ worldKind: MessageWorld['kind']; channel: Channel }>(
    tx,
    sql`select lane.channel, kind.kind as world_kind
        from unnest(array['mail', 'sms', 'voice', 'webhook']) lane (channel) cross join unnest(array['live', 'exercise']) kind (kind)
        where exists (select from channels.outbox o join access.world w on w.id = o.world and w.kind = kind.kind and w.ended_at is null
          where o.channel = lane.channel and o.state = 'waiting' and (o.lease_until is null or o.lease_until < clock_timestamp()))`,
  )

export interface Settled {
  number: number
  state: DeliveryState
  detail: string
  gatewayId: string | null
}

/** Writes down what became of messages. A receipt that was quicker than the gateway's own answer stands. */
export const settle = (tx: Tx, settled: readonly Settled[]) =>
  run(
    tx,
    sql`update channels.outbox o set state = s.state, detail = s.detail, gateway_id = s."gatewayId", settled_at = clock_timestamp(),
          recipient = null, words = null, told = o.kind not in ('call-out', 'remind')
        from jsonb_to_recordset(${JSON.stringify(settled)}::jsonb) as s (number bigint, state text, detail text, "gatewayId" text)
        where o.number = s.number and o.state = 'waiting'`,
  )

/** Gives messages back that were taken and not sent after all. */
export const release = (tx: Tx, numbers: readonly number[]) =>
  run(tx, sql`update channels.outbox set lease_until = null where number = any(${numbers}) and state = 'waiting'`)

/** Takes messages back that no sender is at yet. */
export const withdraw = (tx: Tx, keys: readonly string[]) =>
  run(
    tx,
    sql`update channels.outbox set state = 'withdrawn', settled_at = clock_timestamp(), recipient = null, words = null
        where key = any(${keys}) and world = access.world() and state = 'waiting' and (lease_until is null or lease_until < clock_timestamp())`,
  )

export interface News {
  key: string
  state: DeliveryState | 'read'
  detail: string | null
}

/** Takes what has become of this world's call-out messages since last asked; taken once. */
export const takeNews = (tx: Tx, atMost: number) =>
  rows<News>(
    tx,
    sql`with fresh as (select number from channels.outbox where world = access.world() and not told order by number limit ${atMost} for update skip locked)
        update channels.outbox o set told = true from fresh where o.number = fresh.number returning o.key, o.state, o.detail`,
  )

/** News that could not be acted on is news again. */
export const tellAgain = (tx: Tx, keys: readonly string[]) =>
  run(tx, sql`update channels.outbox set told = false where key = any(${keys}) and world = access.world()`)

/** Notes a gateway's receipt. False: no such message. */
export const receipt = async (tx: Tx, key: string, state: 'delivered' | 'read' | 'failed') =>
  (await maybe<{ known: boolean }>(tx, sql`select channels.receipt(${key}, ${state}) as known`))?.known ?? false

/** Written when a server starts, so that every process and page knows what is simulated. */
export const configure = (tx: Tx, worldKind: MessageWorld['kind'], channels: readonly Channel[]) =>
  run(
    tx,
    sql`insert into channels.configured (world_kind, channels) values (${worldKind}, ${channels})
        on conflict (world_kind) do update set channels = excluded.channels, changed_at = clock_timestamp()`,
  )

/** The channels that really send in such a world. */
export const usableChannels = async (tx: Tx, worldKind: MessageWorld['kind']) =>
  (await maybe<{ channels: Channel[] }>(tx, sql`select channels from channels.configured where world_kind = ${worldKind}`))?.channels ?? []

/** How many messages wait, in every world: a figure for /metrics. */
export const waitingCount = async (tx: Tx): Promise<number> =>
  (await maybe<{ waiting: number }>(tx, sql`select count(*)::int as waiting from channels.outbox where state = 'waiting'`))?.waiting ?? 0
