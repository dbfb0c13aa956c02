import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { foundCity } from '#core/access/found.ts'
import { openStore } from '#core/db/launch/open-store.ts'
import { migrate } from '#core/db/migrate.ts'
import { type Database, openDatabase } from '#core/db/tx.ts'

export interface BenchStore {
  database: Database
  owner: pg.Client
  end(): Promise<void>
}

/** A store of its own with a founded city in it and nobody at work: nothing is placed or sealed but by the bench. */
export async function benchStore(): Promise<BenchStore> {
  const parent = mkdtempSync(join(tmpdir(), 'concord-bench-'))
  chmodSync(parent, 0o755)
  const log = { info: () => {}, warn: () => {} }
  const store = await openStore({ databaseUrl: undefined, data: join(parent, 'data'), systemPostgres: false, log })
  await migrate(store.owner, {})
  await foundCity(store.owner, { code: 'bench', name: 'Bench', timeZone: 'UTC' }, { name: 'Bench', mail: 'bench@people.example' })
  const owner = new pg.Client(store.owner)
  await owner.connect()
  await owner.query('set statement_timeout = 0')
  const database = await openDatabase(store.server('concord_server'))
  return {
    database,
    owner,
    async end() {
      await database.end()
      await owner.end()
      await store.stop()
      rmSync(parent, { recursive: true, force: true })
    },
  }
}
