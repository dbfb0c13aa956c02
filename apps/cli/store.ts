import { type Config, dataFolder } from '#core/config.ts'
import { backup, restore } from '#core/db/launch/backup.ts'
import { openStore } from '#core/db/launch/open-store.ts'
import type { Store } from '#core/db/launch/store.ts'
import { serverPassword } from '#core/db/launch/url.ts'
import { migrate } from '#core/db/migrate.ts'
import { settleAfterRestore } from '#core/record/after-restore.ts'

const log = { info: () => {}, warn: (line: string) => process.stderr.write(`${line}\n`) }

async function withStore<T>(config: Config, work: (store: Store) => Promise<T>): Promise<T> {
  const store = await openStore({ databaseUrl: config.databaseUrl, data: config.data, systemPostgres: config.systemPostgres, log })
  try {
    return await work(store)
  } finally {
    await store.stop()
  }
}

const migrated = (owner: Store['owner']) => {
  const password = serverPassword(owner, 'concord_server')
  return migrate(owner, password === undefined ? {} : { serverPassword: password })
}

/** Writes the whole city into one file, from one moment, while it may be running. Returns what to say. */
export const backUp = (file: string, config: Config, json: boolean): Promise<string> =>
  withStore(config, async (store) => {
    const manifest = await backup(store, file)
    return json
      ? JSON.stringify(manifest)
      : `The city is in ${file}. The key that signs its record is not: keep ${dataFolder(config)}/keys apart from it.`
  })

/** Brings a city back into an empty store. Errors: a damaged file, another version, a store that is not empty; nothing is changed then. */
export const restoreFrom = (file: string, config: Config, json: boolean): Promise<string> =>
  withStore(config, async (store) => {
    const manifest = await restore(store, file, migrated)
    await settleAfterRestore(store.owner)
    return json ? JSON.stringify(manifest) : `The city of ${file} is restored. Check it with: concord record verify --json`
  })
