import { randomUUID } from 'node:crypto'
import { linkSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, unlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { unavailable } from '#core/errors.ts'
import { startOf, until } from './processes.ts'

const lockPatience = 120_000
const breakerPatience = 10_000

/**
 * Runs `work` while no other process of this data folder starts or stops PostgreSQL.
 * A lock whose process is gone (kill -9) is broken; waits up to two minutes for a living one.
 */
export async function underLock<T>(data: string, work: () => Promise<T>): Promise<T> {
  const lock = join(data, 'launch.lock')
  const mine = identity()
  const taken = await until(lockPatience, () => {
    if (claim(lock, mine)) return true
    breakStale(lock)
    return false
  })
  if (!taken)
    throw unavailable(
      `Another process has been starting or stopping the store in ${data} for two minutes. Nothing was changed. Look at the process named in ${lock}.`,
    )
  try {
    return await work()
  } finally {
    if (read(lock) === mine) rmSync(lock, { force: true })
  }
}

/** Notes that this process uses the store; returns what takes the note back. Call both under the lock. */
export function takeLease(data: string): () => void {
  const folder = join(data, 'users')
  mkdirSync(folder, { recursive: true })
  const file = join(folder, randomUUID())
  writeFileSync(file, identity())
  return () => rmSync(file, { force: true })
}

/** How many living processes use the store; notes left by dead ones are cleared away. Call under the lock. */
export function livingLeases(data: string): number {
  const folder = join(data, 'users')
  let living = 0
  for (const name of readdirSync(folder)) {
    const file = join(folder, name)
    if (alive(read(file))) living += 1
    else rmSync(file, { force: true })
  }
  return living
}

const identity = () => `${process.pid} ${startOf(process.pid)} ${randomUUID()}`

function alive(content: string | undefined): boolean {
  const [, pid, start] = /^(\d+) (.+) \S+$/.exec(content ?? '') ?? []
  return pid !== undefined && startOf(Number(pid)) === start
}

function read(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return undefined
  }
}

/** Creates the file with its content in one step, so that nobody reads it half written; false when it exists. */
function claim(file: string, content: string): boolean {
  const draft = `${file}.${randomUUID()}`
  writeFileSync(draft, content)
  try {
    linkSync(draft, file)
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
    throw error
  } finally {
    unlinkSync(draft)
  }
}

/**
 * Removes a dead process's lock. Only the holder of the breaker file removes, and only the very content it found stale:
 * otherwise two who saw the same stale lock could remove the new one that the first of them had taken.
 */
function breakStale(lock: string): void {
  const content = read(lock)
  if (content === undefined || alive(content)) return
  const breaker = `${lock}.break`
  if (!claim(breaker, identity())) {
    const age = Date.now() - (statSync(breaker, { throwIfNoEntry: false })?.mtimeMs ?? Date.now())
    if (age > breakerPatience) rmSync(breaker, { force: true })
    return
  }
  if (read(lock) === content) rmSync(lock, { force: true })
  rmSync(breaker, { force: true })
}
