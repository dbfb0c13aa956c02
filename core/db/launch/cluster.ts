import { spawn } from 'node:child_process'
import {
  chownSync,
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { unavailable } from '#core/errors.ts'
import type { Account } from './account.ts'
import type { Binaries } from './binaries.ts'
import { explain } from './explain.ts'
import { owner, type Postmaster, readPidFile } from './postmaster.ts'
import { startOf, until } from './processes.ts'
import { access, settings } from './settings.ts'

const patience = 120_000
const longestLog = 10 * 1024 * 1024

export interface Place {
  data: string
  cluster: string
  socket: string
  account: Account | undefined
  binaries: Binaries
  connections: number
}

/**
 * Makes the cluster when there is none; true when it was made. It is made beside and moved into place when it is whole and on disk,
 * so that a power cut half way leaves nothing that looks like a store.
 */
export async function ensureCluster(place: Place): Promise<boolean> {
  const { cluster, binaries, account, data } = place
  const versionFile = join(cluster, 'PG_VERSION')
  if (existsSync(versionFile)) {
    const major = Number(readFileSync(versionFile, 'utf8'))
    if (major === binaries.major) return false
    throw unavailable(
      `The store in ${data} was made by PostgreSQL ${major}, and this start would use ${binaries.major}. Nothing was changed. ` +
        `Start it with PostgreSQL ${major} as before, run "concord backup FILE", then "concord restore FILE" with another --data.`,
    )
  }
  if (existsSync(cluster))
    throw unavailable(`${cluster} exists but holds no store. Nothing was changed. Give another --data, or move that folder away.`)
  const making = `${cluster}.new`
  rmSync(making, { recursive: true, force: true })
  mkdirSync(making, { mode: 0o700 })
  if (account) chownSync(making, account.uid, account.gid)
  await run(place, 'initdb', [
    '-D',
    making,
    '-U',
    owner,
    '-E',
    'UTF8',
    '--locale=C.UTF-8',
    '--data-checksums',
    '--auth-local=trust',
    '--auth-host=reject',
  ])
  renameSync(making, cluster)
  syncFolder(data)
  return true
}

function syncFolder(folder: string): void {
  const handle = openSync(folder, 'r')
  fsyncSync(handle)
  closeSync(handle)
}

/** Starts PostgreSQL in a session of its own, so that Ctrl-C in the terminal does not reach it and other servers can share it. */
export async function startPostmaster(place: Place): Promise<Postmaster> {
  const { cluster, socket, binaries, account } = place
  owned(join(cluster, 'postgresql.conf'), settings(place.connections), account)
  owned(join(cluster, 'pg_hba.conf'), access, account)
  const logFile = join(place.data, 'postgres.log')
  if ((statSync(logFile, { throwIfNoEntry: false })?.size ?? 0) > longestLog) renameSync(logFile, `${logFile}.1`)
  const log = openSync(logFile, 'a', 0o600)
  const from = statSync(logFile).size
  const child = spawn(join(binaries.folder, 'postgres'), ['-D', cluster, '-c', `unix_socket_directories=${socket}`], {
    detached: true,
    stdio: ['ignore', log, log],
    cwd: cluster,
    env: environment(place),
    ...(account && { uid: account.uid, gid: account.gid }),
  })
  let failed: Error | undefined
  child.on('error', (error) => {
    failed = error
  })
  child.unref()
  closeSync(log)
  const pid = child.pid
  const ended = () => failed !== undefined || pid === undefined || startOf(pid) === undefined
  const settled = await until(patience, () => {
    const found = readPidFile(cluster)
    return (found !== undefined && found.pid === pid && found.ready) || ended()
  })
  if (pid !== undefined && settled && !ended()) return { pid, socket }
  const said = failed?.message ?? readFileSync(logFile).subarray(from).toString('utf8')
  throw unavailable(
    `PostgreSQL did not start${ended() ? '' : ' within two minutes'}. ${explain(said, place)} Its own words are in ${logFile}.`,
  )
}

function owned(file: string, content: string, account: Account | undefined): void {
  writeFileSync(file, content, { mode: 0o600 })
  if (account) chownSync(file, account.uid, account.gid)
}

const environment = ({ data }: Place) => ({ PATH: process.env['PATH'] ?? '/usr/bin:/bin', LC_ALL: 'C.UTF-8', TZ: 'UTC', HOME: data })

function run(place: Place, program: string, args: string[]): Promise<void> {
  const { account, binaries, data } = place
  return new Promise((resolve, reject) => {
    const child = spawn(join(binaries.folder, program), args, {
      stdio: ['ignore', 'ignore', 'pipe'],
      cwd: data,
      env: environment(place),
      ...(account && { uid: account.uid, gid: account.gid }),
    })
    let said = ''
    child.stderr.on('data', (chunk: Buffer) => {
      said += chunk.toString('utf8')
    })
    const fail = (words: string) => reject(unavailable(`The store could not be made in ${data}. ${explain(words, place)}`))
    child.on('error', (error) => fail(error.message))
    child.on('close', (code) => (code === 0 ? resolve() : fail(said)))
  })
}
