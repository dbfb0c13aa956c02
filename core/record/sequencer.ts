import { one, sql } from '#core/db/sql.ts'
import type { Database } from '#core/db/tx.ts'

export interface Sequencer {
  /** Something was committed: give it its position soon. */
  poke(): void
  stop(): Promise<void>
}

/**
 * Gives every committed entry its position. Any number of processes may run one: the database lets one work at a time, and all take over
 * at once when it dies. `placed` is told after new positions were committed; an idle city is looked at every `idle` ms (other processes commit too).
 */
export function startSequencer(
  database: Database,
  options: { idle?: number; gather?: number; placed(): void; failed(error: unknown): void },
): Sequencer {
  let stopped = false
  let poked = true
  let wake: () => void = () => {}
  const sleep = (milliseconds: number) =>
    new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, milliseconds)
      wake = () => {
        clearTimeout(timer)
        resolve()
      }
    })
  const pause = (milliseconds: number) => new Promise<void>((resolve) => setTimeout(resolve, milliseconds))
  const loop = async () => {
    while (!stopped) {
      poked = false
      let placed = 0
      try {
        placed = await database.verifier(
          async (tx) => (await one<{ placed: number }>(tx, sql`select record.place_entries(5000) as placed`)).placed,
        )
        if (placed > 0) options.placed()
      } catch (error) {
        options.failed(error)
        await sleep(500)
      }
      // A lone entry is placed at once; while they keep coming, those of some milliseconds are placed together. A transaction that was
      // still open when we looked is found on the next look.
      if (placed > 0 || poked) await pause(options.gather ?? 15)
      else await sleep(options.idle ?? 200)
    }
  }
  const running = loop()
  return {
    poke() {
      poked = true
      wake()
    },
    async stop() {
      stopped = true
      wake()
      await running
    },
  }
}
