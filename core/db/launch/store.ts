import type pg from 'pg'

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
