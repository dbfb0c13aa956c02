import { readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { Piscina } from 'piscina'
import type { Database } from '#core/db/tx.ts'
import * as store from './store.ts'
import type { WorkerTask } from './worker.ts'

export interface PackKeeper {
  /** Looks once: ends what is over, and makes what waits. For tests, and for the moment after a start. */
  look(): Promise<void>
  stop(): Promise<void>
}

const mostTries = 3

/** Ends packs whose days are over, and deletes every file that no living pack owns. An end is an entry. */
export async function sweepPacks(database: Database, folder: string): Promise<void> {
  await database.jobs('record.endPacks', null, store.expire)
  const files = (await readdir(folder).catch(() => [])).filter((name) => name.includes('.sealed'))
  const idOf = (name: string) => name.slice(0, name.indexOf('.sealed'))
  const ids = files.map(idOf).filter((id) => /^[0-9a-f-]{36}$/.test(id))
  if (ids.length === 0) return
  const living = new Set(await database.jobs('record.endPacks', null, (tx) => store.living(tx, ids)))
  for (const name of files) if (!living.has(idOf(name))) await rm(join(folder, name), { force: true })
}

/**
 * Makes packs one at a time in a worker, and deletes them when their days are over. Any number of processes may run one: each pack is claimed,
 * and one whose maker died is begun again. After three tries it is told as failed.
 */
export function startPackKeeper(
  database: Database,
  options: { server: WorkerTask['server']; folder: string; every?: number; failed(error: unknown): void },
): PackKeeper {
  const pool = new Piscina<WorkerTask, void>({
    filename: new URL('./worker.ts', import.meta.url).href,
    minThreads: 0,
    maxThreads: 1,
    idleTimeout: 5_000,
  })
  const { folder, failed } = options
  let stopped = false
  let claimed: string | undefined
  async function makeWaiting(): Promise<void> {
    for (
      let next = await database.jobs('record.makePack', null, store.claim);
      next && !stopped;
      next = await database.jobs('record.makePack', null, store.claim)
    ) {
      const { pack, tries } = next
      claimed = pack
      try {
        if (tries > mostTries) await database.jobs('record.makePack', null, (tx) => store.fail(tx, pack))
        else await pool.run({ server: options.server, folder, packId: pack }, { name: 'work' })
      } catch (error) {
        if (stopped) return
        failed(error)
        await database.jobs('record.makePack', null, (tx) => store.leave(tx, pack))
      } finally {
        if (!stopped) claimed = undefined
      }
    }
  }
  const look = async () => {
    await sweepPacks(database, folder)
    await makeWaiting()
  }
  let timer: NodeJS.Timeout | undefined
  let looking: Promise<void> = Promise.resolve()
  const turn = () => {
    looking = look()
      .catch(failed)
      .then(() => {
        if (!stopped) timer = setTimeout(turn, options.every ?? 1500)
      })
  }
  turn()
  return {
    look,
    async stop() {
      stopped = true
      clearTimeout(timer)
      await pool.destroy()
      await looking
      const pack = claimed
      if (pack !== undefined) await database.jobs('record.makePack', null, (tx) => store.leave(tx, pack)).catch(() => {})
    },
  }
}
