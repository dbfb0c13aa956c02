import type { Database } from '#core/db/tx.ts'
import { id } from '#core/id.ts'
import { workOut } from '../reading/ledger.ts'
import { keepersLabel } from './actions.ts'
import * as store from './store.ts'

export interface Verifying {
  /** Does what is due, once; for tests. True when there was something. */
  round(): Promise<boolean>
  stop(): Promise<void>
}

/**
 * Verifies the whole record when somebody asked for it, and by itself when nobody did for a day. Reads in a transaction of its own that writes nothing,
 * so that no entry waits for its position meanwhile. Any number of processes may run one; one at a time works.
 */
export function startVerifying(
  database: Database,
  options: { everyMs?: number; afterHours?: number; failed(error: unknown): void; now?: () => Date },
): Verifying {
  const now = options.now ?? (() => new Date())
  async function round(): Promise<boolean> {
    const due = await database.verifier(async (tx) =>
      store.dueVerification(tx, { id: id(), label: await keepersLabel(tx), at: now() }, options.afterHours ?? 24),
    )
    if (due === undefined) return false
    const report = await database.verifier(async (tx) =>
      (await store.lockVerifying(tx)) ? database.verifier((beside) => workOut(tx, 'verifier', beside)) : undefined,
    )
    if (report === undefined) return false
    const { ok, ...found } = report
    await database.verifier((tx) => store.finishVerification(tx, due, now(), ok, found))
    return true
  }
  let running: Promise<unknown> | undefined
  const timer = setInterval(() => {
    running ??= round()
      .catch(options.failed)
      .finally(() => {
        running = undefined
      })
  }, options.everyMs ?? 2000)
  timer.unref()
  return {
    round,
    async stop() {
      clearInterval(timer)
      await running
    },
  }
}
