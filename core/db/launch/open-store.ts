import { openLocal } from './local.ts'
import type { Log, Store } from './store.ts'
import { openUrl } from './url.ts'

export interface StoreOptions {
  /** Wins over everything else when given. */
  databaseUrl?: string | undefined
  /** Folder of the store; see `defaultData` for the one used otherwise. */
  data?: string | undefined
  /** Debian's PostgreSQL instead of the one from npm. */
  systemPostgres?: boolean | undefined
  /** With systemPostgres: the folder that holds its `initdb` and `postgres`. */
  binaries?: string | undefined
  /** Most connections at once, 100 unless told. */
  connections?: number | undefined
  log: Log
}

/** Finds or starts the city's PostgreSQL. Throws `unavailable` with what happened, what is safe and what to do next. */
export async function openStore({
  databaseUrl,
  data,
  systemPostgres = false,
  binaries,
  connections = 100,
  log,
}: StoreOptions): Promise<Store> {
  const begin = performance.now()
  const store = databaseUrl ? await openUrl(databaseUrl) : await openLocal({ data, systemPostgres, binaries, connections, log })
  log.info(`PostgreSQL ${store.version} (${store.kind}, ${store.started}) after ${Math.round(performance.now() - begin)} ms`)
  return store
}
