import { createHash } from 'node:crypto'
import { RateLimiterMemory, RateLimiterPostgres, RateLimiterRes, type RateLimiterAbstract } from 'rate-limiter-flexible'
import { rows } from '#core/db/sql.ts'
import type { Database } from '#core/db/tx.ts'
import { limit } from '#core/errors.ts'

/** How many attempts in how many seconds; `shared`: counted for the whole city, whichever server process is asked. */
export interface Limit {
  points: number
  seconds: number
  shared: boolean
}

/**
 * What is counted. Addresses are generous, because a whole control room may share one; accounts are strict.
 * `reply`: pages that are answered without signing in, such as accepting a call-out.
 */
export const standardLimits = {
  'sign-in by address': { points: 60, seconds: 300, shared: true },
  'link by account': { points: 5, seconds: 900, shared: true },
  'plea by address': { points: 20, seconds: 3600, shared: true },
  'plea by account': { points: 5, seconds: 3600, shared: true },
  'poll by address': { points: 600, seconds: 300, shared: false },
  'code by session': { points: 10, seconds: 900, shared: true },
  'reply by address': { points: 120, seconds: 300, shared: true },
  'reply by code': { points: 20, seconds: 900, shared: true },
  'provisioning by address': { points: 3000, seconds: 300, shared: true },
  'call by session': { points: 5000, seconds: 10, shared: false },
  'call by address': { points: 600, seconds: 10, shared: false },
} as const satisfies Record<string, Limit>
export type Counted = keyof typeof standardLimits

export interface Limits {
  /** Counts one attempt. Throws `limit`, with the seconds to wait, when there were too many. What is counted is stored as a hash only. */
  count(what: Counted, whom: string): Promise<void>
}

const keyed = (whom: string) => createHash('sha256').update(whom.trim().toLowerCase()).digest('base64url').slice(0, 32)

/** One API over two stores. When the database cannot be asked, each process counts for itself: attempts stay limited and people can still sign in. */
export function openLimits(database: Database, changed: Partial<Record<Counted, Partial<Limit>>> = {}): Limits {
  const storeClient = {
    query: async ({ text, values = [] }: { text: string; values?: unknown[] }) => {
      const found = await database.desk('access.limit', (tx) => rows(tx, { text, values }))
      return { rows: found, rowCount: found.length }
    },
  }
  const open = (name: string, { points, seconds, shared }: Limit): RateLimiterAbstract => {
    const memory = new RateLimiterMemory({ keyPrefix: name, points, duration: seconds })
    if (!shared) return memory
    return new RateLimiterPostgres({
      storeClient,
      storeType: 'client',
      schemaName: 'access',
      tableName: 'limits',
      tableCreated: true,
      clearExpiredByTimeout: false,
      keyPrefix: name,
      points,
      duration: seconds,
      inMemoryBlockOnConsumed: points + 1,
      insuranceLimiter: memory,
    })
  }
  const limiters = new Map(
    Object.entries(standardLimits).map(([name, standard]) => [
      name,
      open(name.replaceAll(' ', '-'), { ...standard, ...changed[name as Counted] }),
    ]),
  )
  return {
    async count(what, whom) {
      try {
        await limiters.get(what)!.consume(keyed(whom))
      } catch (refusal) {
        if (!(refusal instanceof RateLimiterRes)) throw refusal
        const wait = Math.max(1, Math.ceil(refusal.msBeforeNext / 1000))
        throw limit(
          'Too many attempts from here. Nothing was changed and what you wrote is kept. Wait, then try again; in an emergency use the telephone.',
          wait,
        )
      }
    },
  }
}
