import { existsSync, readFileSync, realpathSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import pg from 'pg'
import { unavailable } from '#core/errors.ts'
import { processesIn, signal, startOf, until } from './processes.ts'
import { port } from './socket.ts'

export const owner = 'concord_owner'
export const database = 'concord'

/** A running PostgreSQL: its process and the folder of its socket. */
export interface Postmaster {
  pid: number
  socket: string
}

const patience = 60_000
const grace = 5_000

export const ownerConfig = (socket: string, name = database): pg.ClientConfig => ({ host: socket, port, user: owner, database: name })

/** What postmaster.pid says: process, socket folder, and whether it accepts connections. */
export function readPidFile(cluster: string): (Postmaster & { ready: boolean }) | undefined {
  const file = join(cluster, 'postmaster.pid')
  if (!existsSync(file)) return undefined
  const lines = readFileSync(file, 'utf8').split('\n')
  const pid = Number(lines[0])
  if (!Number.isInteger(pid) || pid <= 0) return undefined
  return { pid, socket: lines[4]?.trim() ?? '', ready: lines[7]?.trim() === 'ready' }
}

/**
 * The PostgreSQL that already serves this folder, for example after a kill -9 of the server that started it.
 * A process number alone proves nothing: the process must work in this folder, and answer that it does.
 */
export async function runningPostmaster(cluster: string): Promise<Postmaster | undefined> {
  const found = readPidFile(cluster)
  if (!found || !isPostmaster(found.pid, cluster)) return undefined
  let last: unknown
  const answered = await until(patience, async () => {
    const now = readPidFile(cluster)
    if (!now || !isPostmaster(now.pid, cluster)) return true
    if (!now.ready) return false
    try {
      return await serves(now.socket, cluster)
    } catch (error) {
      last = error
      return false
    }
  })
  const now = readPidFile(cluster)
  if (!now || !isPostmaster(now.pid, cluster)) return undefined
  if (!answered) {
    const why = last instanceof Error ? last.message : 'it does not become ready'
    throw unavailable(
      `PostgreSQL (process ${now.pid}) runs in ${cluster} but does not answer: ${why}. Nothing was changed. Stop that process (kill -INT ${now.pid}), then start again.`,
    )
  }
  return { pid: now.pid, socket: now.socket }
}

function isPostmaster(pid: number, cluster: string): boolean {
  if (startOf(pid) === undefined) return false
  return process.platform !== 'linux' || processesIn(cluster).includes(pid)
}

async function serves(socket: string, cluster: string): Promise<boolean> {
  const client = new pg.Client({ ...ownerConfig(socket, 'postgres'), connectionTimeoutMillis: 5_000 })
  client.on('error', () => {})
  await client.connect()
  try {
    const { rows } = await client.query<{ data_directory: string }>('show data_directory')
    const said = rows[0]?.data_directory ?? ''
    if (realpathSync(said) === cluster) return true
    throw unavailable(`the PostgreSQL at ${socket} serves ${said}, not ${cluster}`)
  } finally {
    await client.end()
  }
}

/**
 * Clears what a kill -9 of the postmaster leaves: backends of this folder end by themselves within moments; those that do not
 * are ended, because a second postmaster beside them could spoil the data. No process of another folder is touched.
 */
export async function clearOrphans(cluster: string, socket: string, warn: (message: string) => void): Promise<void> {
  if (!(await until(grace, () => processesIn(cluster).length === 0))) {
    const left = processesIn(cluster)
    warn(`PostgreSQL was killed and ${left.length} of its processes live on: ending ${left.join(', ')}`)
    for (const pid of left) signal(pid, 'SIGQUIT')
    if (!(await until(grace, () => processesIn(cluster).length === 0))) for (const pid of processesIn(cluster)) signal(pid, 'SIGKILL')
    if (!(await until(grace, () => processesIn(cluster).length === 0))) {
      throw unavailable(
        `Processes of an earlier PostgreSQL still hold ${cluster}: ${processesIn(cluster).join(', ')}. Nothing was started. End them, then start again.`,
      )
    }
  }
  // Its number may by now belong to a stranger (containers begin again at low numbers), or to its own remains where nobody buries the dead
  // (a container without an init): PostgreSQL would take either for a rival, in the folder and at the socket.
  if (process.platform !== 'linux') return
  for (const file of [join(cluster, 'postmaster.pid'), join(socket, `.s.PGSQL.${port}.lock`)]) rmSync(file, { force: true })
}

/** Fast shutdown: sessions are ended, everything is written, the next start needs no recovery. Immediate when that takes over 60 s. */
export async function shutDown(postmaster: Postmaster, cluster: string): Promise<void> {
  const gone = () => !isPostmaster(postmaster.pid, cluster)
  signal(postmaster.pid, 'SIGINT')
  if (await until(patience, gone)) return
  signal(postmaster.pid, 'SIGQUIT')
  await until(grace, gone)
}
