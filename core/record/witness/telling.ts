import type { Database } from '#core/db/tx.ts'
import type { Channels } from '#core/channels/delivery.ts'
import { type Keyring, standingKeys } from '../keys.ts'
import { nameOfWitness, type Witness, type WitnessConfig } from './configuration.ts'
import { type Handed, hand } from './hands.ts'
import { makeStatement } from './statement.ts'
import * as store from './store.ts'

export interface Telling {
  /** Makes what is due and hands over what waits, once; for tests. */
  round(): Promise<void>
  stop(): Promise<void>
}

export interface TellingOptions {
  ring: Keyring
  origin: string
  config: WitnessConfig
  channels: Pick<Channels, 'send'>
  failed(error: unknown): void
  /** How long one hand-over may take. */
  timeoutMs?: number
  now?: () => Date
}

/**
 * A statement for every interval, changed or not, also before the first head and while nothing happens; and into the hands of each witness until it has it.
 * Works beside sealing and never waits for it, nor sealing for this. Any number of processes may run one.
 */
export function startTelling(database: Database, options: TellingOptions): Telling {
  const { ring, origin, config, channels, failed } = options
  const timeoutMs = options.timeoutMs ?? 15_000
  const now = options.now ?? (() => new Date())
  const every = config.everySeconds * 1000
  const busy = new Map<string, Promise<void>>()

  async function make(): Promise<void> {
    const moment = new Date(Math.floor(now().getTime() / every) * every)
    await database.verifier(async (tx) => {
      if (!(await store.lockStatements(tx))) return
      const last = await store.newestMoment(tx)
      const ahead = last === undefined ? -every : last.getTime() - moment.getTime()
      // Two machines' clocks differ a little: the one behind waits. A clock that was set back by more makes statements again, dated as it shows.
      if (ahead === 0 || (ahead > 0 && ahead <= 2 * every)) return
      const keys = await standingKeys(tx, ring, now())
      if (keys.length > 0) await store.putStatement(tx, makeStatement(origin, await store.newestHead(tx), moment, keys))
    })
    // After it, so that a new witness begins with this one.
    await database.verifier(async (tx) => {
      for (const witness of config.witnesses) await store.want(tx, witness, config.everySeconds, now())
    })
  }

  async function tell(witness: Witness): Promise<void> {
    const name = nameOfWitness(witness)
    const due = await database.verifier((tx) => store.claim(tx, name, now(), (2 * timeoutMs) / 1000 + 1))
    const last = due.at(-1)
    if (last === undefined) return
    const handed: Handed = await hand(
      witness,
      due.map(({ statement }) => statement),
      `${origin} ${due[0]!.number} ${last.number}`,
      { channels, timeoutMs },
    )
    await database.verifier((tx) => (handed.ok ? store.told(tx, name, last.number, now()) : store.notTold(tx, name, handed.detail, now())))
  }

  async function go(): Promise<void> {
    if (config.witnesses.length === 0) return
    try {
      await make()
    } catch (error) {
      failed(error)
    }
    // One that hangs is left to itself; the others are told meanwhile.
    for (const witness of config.witnesses) {
      const name = nameOfWitness(witness)
      if (busy.has(name)) continue
      busy.set(
        name,
        tell(witness)
          .catch(failed)
          .finally(() => busy.delete(name)),
      )
    }
  }

  let going: Promise<void> = Promise.resolve()
  const round = () => {
    going = going.then(go)
    return going
  }
  const timer = setInterval(() => void round(), Math.min(5000, every / 4))
  timer.unref()
  void round()
  return {
    async round() {
      await round()
      await Promise.all(busy.values())
    },
    async stop() {
      clearInterval(timer)
      await going
      await Promise.all(busy.values())
    },
  }
}
