import pg from 'pg'
import { worldClock, type Clock, realClock } from '#core/clock.ts'
import { notAllowed, signedOut, unavailable } from '#core/errors.ts'
import type { Actor, Tx, World } from '#core/operation/implement.ts'
import { connectionConfig, isContention, translated } from './connection.ts'
import { close, prepared, type Statement, wrap } from './sql.ts'

/** How a transaction becomes somebody: the session's unguessable key, and what the record should say about why. */
export interface Entering {
  key: string
  world?: string
  /** An operator acting for another person; both names go into every entry. */
  as?: string
  operation: string
  reason?: string
}

export interface Inside {
  tx: Tx
  actor: Actor
  clock: Clock
}

/** Work for one person inside a transaction. `closing` may add statements that travel with the commit. */
export interface Command<T> {
  entering: Entering
  run(inside: Inside): Promise<{ value: T; closing?: Statement }>
}

export interface Database {
  /** Reads as a person, in a transaction of its own. */
  read<T>(entering: Entering, run: (inside: Inside) => Promise<T>): Promise<T>
  /** Changes as a person; commands that arrive together share a transaction, each under its own savepoint. Resolves after the commit. */
  change<T>(command: Command<T>): Promise<T>
  /** The desk at the door: before anybody has signed in. */
  desk<T>(operation: string, run: (tx: Tx) => Promise<T>): Promise<T>
  /** Timed duties, in a world. */
  jobs<T>(operation: string, world: string | null, run: (tx: Tx) => Promise<T>): Promise<T>
  /** Sequencing, sealing, tailing, verifying: reads every entry. */
  verifier<T>(run: (tx: Tx) => Promise<T>): Promise<T>
  onCommit(listener: () => void): void
  end(): Promise<void>
}

const literal = pg.escapeLiteral
const setting = (name: string, value: string | undefined) => `set_config('concord.${name}', ${literal(value ?? '')}, true)`

/** Becoming a person is one prepared statement; it travels in one flight with the statements before it. */
const entered = ({ key, world, as, operation, reason }: Entering) => ({
  name: 'enter',
  text: 'select * from access.enter($1, $2, $3, $4, $5)',
  values: [key, world ?? '', as ?? '', operation, reason ?? ''],
})

/** Sends statements in one flight and answers with the last one's result; when an earlier one fails, so does the last, and its error is told. */
async function flight(client: pg.ClientBase, ...statements: Array<string | pg.QueryConfig>): Promise<pg.QueryResult> {
  const outcomes = await Promise.allSettled(statements.map((statement) => client.query(statement)))
  for (const outcome of outcomes) if (outcome.status === 'rejected') throw outcome.reason
  return (outcomes.at(-1) as PromiseFulfilledResult<pg.QueryResult>).value
}

interface Entered {
  person: string | null
  name: string
  post: string | null
  reach: string[]
  world: string | null
  world_kind: World['kind']
  world_name: string
  real_from: string
  world_from: string
  rate: number
}

function inside(client: pg.ClientBase, result: pg.QueryResult): Inside {
  const entered = (result.rows[0] ?? { person: null }) as Entered
  if (entered.person === null) throw signedOut()
  if (entered.world === null) throw notAllowed('This exercise has ended. Nothing was changed. Go back to live, or join another exercise.')
  const agency = entered.reach.find((token) => token.startsWith('agency:'))
  return {
    tx: wrap(client),
    actor: {
      personId: entered.person,
      name: entered.name,
      postId: entered.post,
      agencyId: agency === undefined ? null : agency.slice('agency:'.length),
      world: { id: entered.world, kind: entered.world_kind, name: entered.world_name },
      reach: entered.reach,
    },
    clock: entered.world_kind === 'live' ? realClock : worldClock(new Date(entered.real_from), new Date(entered.world_from), entered.rate),
  }
}

const closingOf = ({ closing }: { closing?: Statement }) => (closing ? [prepared(closing)] : [])

interface Waiting {
  command: Command<unknown>
  resolve(value: unknown): void
  reject(error: unknown): void
}

/** Opens the pool of the serving login role, which owns nothing and can bypass nothing. Refuses any other role. */
export async function openDatabase(config: pg.ClientConfig, options: { connections?: number; lanes?: number } = {}): Promise<Database> {
  const lanes = options.lanes ?? 3
  const pool = new pg.Pool({
    ...connectionConfig(config),
    pipeline: true,
    max: (options.connections ?? 12) + lanes,
    connectionTimeoutMillis: 10_000,
    idleTimeoutMillis: 0,
  })
  // A connection that dies is replaced when it is next needed; also one that somebody is using, whose own statements fail and say so.
  pool.on('error', () => {})
  pool.on('connect', (client) => void client.on('error', () => {}))
  const listeners: Array<() => void> = []
  const committed = () => {
    for (const listener of listeners) listener()
  }
  await refuseOtherRoles(pool)

  async function withClient<T>(work: (client: pg.PoolClient) => Promise<T>): Promise<T> {
    const client = await pool.connect().catch((error: unknown) => {
      throw translated(error)
    })
    let broken: Error | undefined
    try {
      return await work(client)
    } catch (error) {
      await client.query('rollback').catch((failure: Error) => {
        broken = failure
      })
      throw error
    } finally {
      client.release(broken)
    }
  }

  const plain = async <T>(opening: string, run: (tx: Tx) => Promise<T>): Promise<T> =>
    withClient(async (client) => {
      try {
        await client.query(opening)
        const tx = wrap(client)
        const value = await run(tx)
        await client.query('commit')
        close(tx)
        return value
      } catch (error) {
        throw translated(error)
      }
    })

  async function alone(waiting: Waiting): Promise<void> {
    try {
      const value = await withClient(async (client) => {
        const here = inside(client, await flight(client, 'begin; set local role concord_member', entered(waiting.command.entering)))
        const done = await waiting.command.run(here)
        await flight(client, ...closingOf(done), 'commit')
        close(here.tx)
        return done.value
      })
      committed()
      waiting.resolve(value)
    } catch (error) {
      waiting.reject(translated(error))
    }
  }

  /** Several commands in one transaction. One that fails is rolled back to its savepoint; the commit acknowledges the others together. */
  async function together(batch: Waiting[]): Promise<void> {
    const refused: Array<{ waiting: Waiting; error: unknown }> = []
    let again: Waiting[] = []
    const done: Array<{ waiting: Waiting; value: unknown }> = []
    try {
      await withClient(async (client) => {
        await client.query("begin; set local lock_timeout = '250ms'")
        for (const waiting of batch) {
          try {
            const here = inside(
              client,
              await flight(client, 'savepoint command; set local role concord_member', entered(waiting.command.entering)),
            )
            const result = await waiting.command.run(here)
            await flight(client, ...closingOf(result), 'release savepoint command')
            close(here.tx)
            done.push({ waiting, value: result.value })
          } catch (error) {
            await client.query('rollback to savepoint command; release savepoint command')
            if (isContention(error)) again.push(waiting)
            else refused.push({ waiting, error })
          }
        }
        await client.query('commit')
      })
      committed()
      for (const { waiting, value } of done) waiting.resolve(value)
      // Only now: what one was refused for may be what another of this transaction did, such as the same command sent twice at once.
      for (const { waiting, error } of refused) waiting.reject(translated(error))
    } catch {
      // The batch itself failed: nothing of it was acknowledged, so each is tried again by itself.
      again = batch
    }
    for (const waiting of again) await alone(waiting)
  }

  const queue: Waiting[] = []
  let busy = 0
  const pump = () => {
    while (busy < lanes && queue.length > 0) {
      busy += 1
      const batch = queue.splice(0, Math.min(50, Math.ceil(queue.length / (lanes - busy + 1))))
      void (batch.length === 1 ? alone(batch[0]!) : together(batch)).finally(() => {
        busy -= 1
        pump()
      })
    }
  }

  return {
    read: (entering, run) =>
      withClient(async (client) => {
        try {
          const here = inside(
            client,
            await flight(client, 'begin; set local synchronous_commit = off; set local role concord_member', entered(entering)),
          )
          const value = await run(here)
          await client.query('commit')
          close(here.tx)
          return value
        } catch (error) {
          throw translated(error)
        }
      }),
    change: (command) =>
      new Promise((resolve, reject) => {
        if (queue.length >= 10_000) return reject(unavailable())
        queue.push({ command, resolve: resolve as (value: unknown) => void, reject })
        pump()
      }),
    desk: async (operation, run) => {
      const value = await plain(`begin; set local role concord_desk; select ${setting('operation', operation)}, ${setting('key', '')}`, run)
      committed()
      return value
    },
    jobs: async (operation, world, run) => {
      const value = await plain(
        `begin; set local role concord_jobs; select ${setting('operation', operation)}, ${setting('key', '')}, ${setting('world', world ?? '')}`,
        run,
      )
      committed()
      return value
    },
    // Positions lost in a crash are given again, the same; a signed head waits for the disk (core/record/sealer.ts).
    verifier: (run) => plain('begin; set local synchronous_commit = off; set local role concord_verifier', run),
    onCommit: (listener) => void listeners.push(listener),
    end: () => pool.end(),
  }
}

async function refuseOtherRoles(pool: pg.Pool): Promise<void> {
  const { rows } = await pool.query<{ name: string; strong: boolean; owns: boolean }>(`
    select r.rolname as name, (r.rolsuper or r.rolbypassrls or r.rolinherit) as strong,
      exists (select from pg_class c where c.relowner = r.oid) as owns
    from pg_roles r where r.rolname = session_user`)
  const [role] = rows
  if (!role || role.strong || role.owns) {
    await pool.end()
    throw new Error(
      `The server must log in as a role that owns nothing and can bypass nothing; ${role?.name ?? 'this role'} is not such a role.`,
    )
  }
}
