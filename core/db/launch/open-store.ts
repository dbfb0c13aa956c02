import type pg from 'pg'
import { openLocal } from './local.ts'
import { openUrl } from './url.ts'

export interface Log {
  info(message: string): void
  warn(message: string): void
}

/** An open PostgreSQL, however it came to be. */
export interface Store {
  kind: 'url' | 'embedded' | 'system'
  /** As the server says it, for example `18.4`. */
  version: string
  /** Connects as the owner, who may migrate. Never for serving. */
  owner: pg.ClientConfig
  /** Connects as a serving login role. Over a network its password is `serverPassword(owner, user)`. */
  server: (user: string) => pg.ClientConfig
  /** Gives the store back; a PostgreSQL of ours is shut down when no other process uses it. Safe to call twice. */
  stop: () => Promise<void>
  /** Starts a PostgreSQL of ours again when it has died; nothing when it lives, or when this store was given back. */
  revive?: () => Promise<void>
  pid?: number
  folder?: string
  /** `new`: made just now · `existing`: started · `adopted`: it was running already. */
  started: 'new' | 'existing' | 'adopted'
}

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
