import type { Database } from '#core/db/tx.ts'
import type { Channel, MessageWorld } from '../channel.ts'
import { channelNames } from '../channel.ts'
import { composeMessage } from '../compose.ts'
import type { ChannelsConfig } from '../configuration.ts'
import { configuredChannels } from '../configuration.ts'
import type { Channels } from '../delivery.ts'
import * as store from './store.ts'

export interface Sender {
  /** Something was queued: look now. */
  poke(): void
  /** Lets what is on its way arrive, gives back the rest. */
  stop(): Promise<void>
}

export interface SenderOptions {
  config: ChannelsConfig
  channels: Pick<Channels, 'send'>
  /** The public address of this city, in front of every link; known once the server listens. */
  baseUrl: () => string
  /** The number that people ring when a message puzzles them, for messages that bring none of their own. */
  callBack?: string
  failed: (error: unknown) => void
  /** How long a taken message is left to its taker, at least; always longer than the channel's time limit. */
  leaseSeconds?: number
  idleMs?: number
}

const worldKinds = ['live', 'exercise'] as const
/** In one lane at once: what a channel sends side by side is its own affair (lane.ts); this only bounds what a dead process leaves leased. */
const widthOf = (config: ChannelsConfig, kind: MessageWorld['kind'], channel: Channel) => (config[kind][channel]?.concurrency ?? 16) + 8

/**
 * Sends what stands in the outbox, after its commit: each channel of each kind of world in a lane of its own, so that one that hangs holds up no other.
 * Any number of processes may run one. A process that dies leaves leases that end; the message then goes out again with the same key.
 */
export async function startSender(database: Database, options: SenderOptions): Promise<Sender> {
  const { config, failed } = options
  const leaseSeconds = options.leaseSeconds ?? 30
  await database.jobs('channels.configure', null, async (tx) => {
    for (const kind of worldKinds) await store.configure(tx, kind, configuredChannels(config, kind))
  })
  const results: store.Settled[] = []
  let writing: Promise<void> | undefined
  let stopped = false

  /** Results are written together: while one batch is on its way to the database, the next one gathers. */
  function write(): Promise<void> {
    writing ??= (async () => {
      while (results.length > 0) {
        const batch = results.splice(0, 500)
        await database
          .jobs('channels.settle', null, (tx) => store.settle(tx, batch))
          .catch(async (error: unknown) => {
            failed(error)
            // At the end of the process the leases run out, and the messages go out again with the same keys.
            if (stopped) return
            results.unshift(...batch)
            await new Promise((resolve) => setTimeout(resolve, 250))
          })
        // Few and slow, each is written soon; many and fast, they are written together.
        if (results.length > 0 && results.length < 200) await new Promise((resolve) => setTimeout(resolve, 40))
      }
    })().finally(() => {
      writing = undefined
      if (results.length > 0) void write()
    })
    return writing
  }

  function laneFor(kind: MessageWorld['kind'], channel: Channel) {
    const width = widthOf(config, kind, channel)
    const timeout = config[kind][channel]?.timeoutMs ?? 10_000
    const lease = Math.max(leaseSeconds, (2 * timeout) / 1000 + 1)
    let held: { message: store.Claimed; until: number }[] = []
    let underWay = 0
    let filling: Promise<void> | undefined
    let dry = false
    let batch = width * 2
    let filledAt = 0
    const idle: Array<() => void> = []

    async function fill(): Promise<void> {
      const began = performance.now()
      // A fast channel takes more at a time; a slow one holds no more than it can send within its lease.
      batch = began - filledAt < 1000 ? Math.min(512, batch * 2) : width * 2
      filledAt = began
      const until = began + lease * 1000
      const claimed = await database.jobs('channels.claim', null, (tx) => store.claim(tx, kind, channel, batch, lease))
      dry = claimed.length === 0
      // `update … returning` keeps no order: the oldest first.
      held.push(...claimed.sort((one, other) => one.number - other.number).map((message) => ({ message, until })))
    }

    function carry(message: store.Claimed): void {
      underWay += 1
      const { path, city, ...words } = message.words
      const link = path === undefined ? {} : { link: new URL(path, options.baseUrl()).href }
      const world = { kind: message.worldKind, name: message.worldName }
      void options.channels
        .send(
          composeMessage(
            { key: message.key, channel: message.channel, to: message.recipient },
            {
              ...words,
              ...link,
              callBack: words.callBack || (options.callBack ?? ''),
              kind: message.kind,
              city: city ?? message.cityName ?? '',
              world,
            },
          ),
        )
        .catch(() => ({ state: 'failed' as const, detail: 'The message could not be made.' }))
        .then((delivery) => {
          results.push({
            number: message.number,
            state: delivery.state,
            detail: delivery.detail,
            gatewayId: ('gatewayId' in delivery && delivery.gatewayId) || null,
          })
          void write()
        })
        .finally(() => {
          underWay -= 1
          go()
          if (underWay === 0) for (const done of idle.splice(0)) done()
        })
    }

    function go(): void {
      // A lease too short for one more attempt: somebody else may be at the message before ours is through.
      held = held.filter(({ until }) => performance.now() + timeout < until)
      while (!stopped && underWay < width && held.length > 0) carry(held.shift()!.message)
      if (stopped || dry || filling !== undefined || held.length > width) return
      filling = fill()
        .catch((error: unknown) => {
          dry = true
          failed(error)
        })
        .finally(() => {
          filling = undefined
          go()
        })
    }
    return {
      kind,
      channel,
      wake: () => {
        dry = false
        go()
      },
      rest: async () => {
        await filling
        if (underWay > 0) await new Promise<void>((resolve) => idle.push(resolve))
        const numbers = held.map(({ message }) => message.number)
        held = []
        if (numbers.length > 0) await database.jobs('channels.release', null, (tx) => store.release(tx, numbers)).catch(failed)
      },
    }
  }

  const lanes = worldKinds.flatMap((kind) => channelNames.map((channel) => laneFor(kind, channel)))
  let timer: NodeJS.Timeout | undefined
  let looking: Promise<void> | undefined
  const look = () => {
    clearTimeout(timer)
    looking ??= database
      .jobs('channels.look', null, store.waitingLanes)
      .then((waiting) => {
        for (const lane of lanes) if (waiting.some((each) => each.worldKind === lane.kind && each.channel === lane.channel)) lane.wake()
      })
      .catch(failed)
      .finally(() => {
        looking = undefined
        clearTimeout(timer)
        if (!stopped) timer = setTimeout(look, options.idleMs ?? 200)
      })
  }
  look()
  return {
    poke: look,
    async stop() {
      stopped = true
      clearTimeout(timer)
      await looking
      await Promise.all(lanes.map((lane) => lane.rest()))
      while (writing !== undefined || results.length > 0) await write()
    },
  }
}
