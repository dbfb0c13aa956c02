import { join } from 'node:path'
import { readPidFile } from './postmaster.ts'
import { startOf } from './processes.ts'
import type { Log, Store } from './store.ts'

/**
 * Looks once a second whether a PostgreSQL of ours lives, and starts it again when it was killed (for want of memory, say) under a running
 * city. Any number of processes may look; the first starts it, the others find it running. Returns what ends the looking.
 */
export function keepAlive(store: Store, log: Log, everyMs = 1000): () => void {
  const { revive, folder } = store
  if (!revive || folder === undefined) return () => {}
  let busy = false
  const timer = setInterval(() => {
    const found = readPidFile(join(folder, 'postgres'))
    if (busy || (found !== undefined && startOf(found.pid) !== undefined)) return
    busy = true
    log.warn('PostgreSQL has died: starting it again')
    revive()
      .catch((error: unknown) => log.warn(error instanceof Error ? error.message : 'PostgreSQL could not be started again'))
      .finally(() => {
        busy = false
      })
  }, everyMs)
  timer.unref()
  return () => clearInterval(timer)
}
