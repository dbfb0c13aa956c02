import { join } from 'node:path'
import pg from 'pg'
import { databaseAccount } from './account.ts'
import { embeddedBinaries, systemBinaries } from './binaries.ts'
import { ensureCluster, type Place, startPostmaster } from './cluster.ts'
import { defaultData, prepareFolder } from './folder.ts'
import { livingLeases, takeLease, underLock } from './leases.ts'
import { clearOrphans, database, ownerConfig, type Postmaster, runningPostmaster, shutDown } from './postmaster.ts'
import { port, socketFolder } from './socket.ts'
import type { Log, Store } from './store.ts'

export interface LocalOptions {
  data: string | undefined
  systemPostgres: boolean
  binaries: string | undefined
  connections: number
  log: Log
}

/** A PostgreSQL of our own on this machine: found running, or started, or made; stopped with its last user. */
export async function openLocal(options: LocalOptions): Promise<Store> {
  const account = databaseAccount()
  const data = prepareFolder(options.data ?? defaultData(account), account)
  const cluster = join(data, 'postgres')
  return underLock(data, async () => {
    const giveBack = takeLease(data)
    try {
      const found = await launch()
      return { ...found, ...keeper(giveBack) }
    } catch (error) {
      giveBack()
      throw error
    }
  })

  async function launch(): Promise<Omit<Store, 'stop' | 'revive'>> {
    const kind = options.systemPostgres ? 'system' : 'embedded'
    const describe = (postmaster: Postmaster, started: Store['started'], version: string): Omit<Store, 'stop' | 'revive'> => ({
      kind,
      version,
      owner: ownerConfig(postmaster.socket),
      server: (user) => ({ host: postmaster.socket, port, user, database }),
      pid: postmaster.pid,
      folder: data,
      started,
    })
    const running = await runningPostmaster(cluster)
    if (running) return describe(running, 'adopted', await ensureDatabase(running))
    const socket = socketFolder(data, account)
    await clearOrphans(cluster, socket, (message) => options.log.warn(message))
    const binaries = options.systemPostgres ? systemBinaries(options.binaries, account) : embeddedBinaries(data, account)
    const place: Place = { data, cluster, socket, account, binaries, connections: options.connections }
    const made = await ensureCluster(place)
    const postmaster = await startPostmaster(place)
    return describe(postmaster, made ? 'new' : 'existing', await ensureDatabase(postmaster))
  }

  function keeper(giveBack: () => void): Required<Pick<Store, 'stop' | 'revive'>> {
    let stopped: Promise<void> | undefined
    const stop = () =>
      underLock(data, async () => {
        giveBack()
        if (livingLeases(data) > 0) return
        const running = await runningPostmaster(cluster)
        if (running) await shutDown(running, cluster)
      })
    return {
      stop: () => (stopped ??= stop()),
      // Asked again under the lock: another process may have been quicker, or this one may have been told to stop meanwhile.
      revive: () => underLock(data, async () => void (stopped ?? (await launch()))),
    }
  }
}

/** Makes the database where it is missing (a first start, or one cut short), and says which PostgreSQL serves it. */
async function ensureDatabase({ socket }: Postmaster): Promise<string> {
  const client = new pg.Client(ownerConfig(socket, 'postgres'))
  client.on('error', () => {})
  await client.connect()
  try {
    const { rowCount } = await client.query('select from pg_database where datname = $1', [database])
    if (rowCount === 0) await client.query(`create database ${database} template template0`)
    const { rows } = await client.query<{ server_version: string }>('show server_version')
    return rows[0]?.server_version ?? ''
  } finally {
    await client.end()
  }
}
