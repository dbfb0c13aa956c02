import { createHmac } from 'node:crypto'
import pg from 'pg'
import { unavailable } from '#core/errors.ts'
import type { Store } from './store.ts'

const oldest = 150_000

/**
 * The password of a serving login role, worked out from the owner's, so that DATABASE_URL stays the only secret to keep:
 * whoever makes the role sets it. Undefined when the owner has none (a trusted socket).
 */
export function serverPassword(owner: pg.ClientConfig, user: string): string | undefined {
  if (typeof owner.password !== 'string' || owner.password === '') return undefined
  return createHmac('sha256', owner.password).update(`concord:${user}`).digest('base64url')
}

/** A PostgreSQL that somebody else runs. */
export async function openUrl(databaseUrl: string): Promise<Store> {
  const client = new pg.Client({ connectionString: databaseUrl, connectionTimeoutMillis: 10_000 })
  client.on('error', () => {})
  try {
    await client.connect()
    const { rows } = await client.query<{ number: number; words: string }>(
      `select current_setting('server_version_num')::int as number, current_setting('server_version') as words`,
    )
    const said = rows[0]
    if (!said || said.number < oldest)
      throw unavailable(`The PostgreSQL of DATABASE_URL is ${said?.words}; 15 or later is needed. Nothing was changed.`)
    const owner: pg.ClientConfig = { host: client.host, port: client.port, ...connection(client), ssl: client.ssl }
    return {
      kind: 'url',
      version: said.words,
      owner,
      server: (user) => ({ ...owner, user, password: serverPassword(owner, user) }),
      stop: async () => {},
      started: 'existing',
    }
  } catch (error) {
    // The address carries a password: only its host goes into the words.
    if ((error as { name?: string }).name === 'ConcordError') throw error
    const why = error instanceof Error ? error.message || (error as NodeJS.ErrnoException).code : String(error)
    throw unavailable(
      `The PostgreSQL of DATABASE_URL (${client.host}:${client.port}) cannot be used: ${why}. Nothing was changed. Check the address and that it is running.`,
    )
  } finally {
    await client.end().catch(() => {})
  }
}

function connection(client: pg.Client): Pick<pg.ClientConfig, 'user' | 'database' | 'password'> {
  // `password` is a plain property of pg's client that its types leave out of the public part.
  const { password } = client as unknown as { password?: string | null }
  return { user: client.user, database: client.database, ...(password ? { password } : {}) }
}
