import { randomBytes } from 'node:crypto'
import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { type City, startCity } from '#apps/server/start-city.ts'
import { readConfig } from '#core/config.ts'
import { id } from '#core/id.ts'

export interface BenchCity {
  city: City
  owner: pg.Client
  folder: string
  /** Somebody with these tokens and a session key. */
  person(tokens: readonly string[]): Promise<{ personId: string; key: string }>
  end(): Promise<void>
}

/** A whole city on a store of its own that waits for the disk like any other, in this process. `settings`: of its PostgreSQL, for what only it can measure. */
export async function benchCity(settings: Readonly<Record<string, string>> = {}): Promise<BenchCity> {
  const parent = mkdtempSync(join(tmpdir(), 'concord-bench-'))
  chmodSync(parent, 0o755)
  const folder = join(parent, 'data')
  const log = { info: () => {}, warn: () => {} }
  // A bench floods the city on purpose.
  process.env.CONCORD_LIMIT_CALLS = 'off'
  const start = () => startCity(readConfig({ port: '0', data: folder }, { ...process.env, DATABASE_URL: '' }), { demo: false }, log)
  const ownerOf = async ({ store }: City) => {
    const client = new pg.Client(store.owner)
    await client.connect()
    return client
  }
  let city = await start()
  let owner = await ownerOf(city)
  if (Object.keys(settings).length > 0) {
    for (const [name, value] of Object.entries(settings)) await owner.query(`alter system set ${name} = ${pg.escapeLiteral(value)}`)
    await owner.end()
    await city.stop()
    city = await start()
    owner = await ownerOf(city)
  }
  return {
    city,
    owner,
    folder,
    async person(tokens) {
      const personId = id()
      const key = randomBytes(24).toString('base64url')
      await owner.query('insert into access.account (person, name, mail) values ($1, $2, $3)', [
        personId,
        'Bench',
        `${personId}@people.example`,
      ])
      await owner.query(
        "insert into access.session (key_hash, person, kind, expires_at) values (sha256($1), $2, 'token', clock_timestamp() + interval '1 day')",
        [Buffer.from(key), personId],
      )
      for (const token of tokens) await owner.query("select access.put_reach($1, $2, null, null, 'bench')", [personId, token])
      return { personId, key }
    },
    async end() {
      await owner.end()
      await city.stop()
      rmSync(parent, { recursive: true, force: true })
    },
  }
}
