import { execFileSync, spawn } from 'node:child_process'
import { chmodSync, chownSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { databaseAccount } from '#core/db/launch/account.ts'
import { type Binaries, embeddedBinaries, systemBinaries } from '#core/db/launch/binaries.ts'
import { until } from '#core/db/launch/processes.ts'

/** How to reach a database as its owner: what `pg` and `migrate` take. */
export type Address = { host: string; port: number; user: string; database: string }

/** `15` is Debian's, anything else the PostgreSQL that comes with Concord. */
export function chosenBinaries(version: string | undefined, data: string): Binaries {
  const account = databaseAccount()
  return version === '15' ? systemBinaries('/usr/lib/postgresql/15/bin', account) : embeddedBinaries(data, account)
}

/**
 * Starts a cluster that lives as long as this process, for tests: nothing of it is meant to survive, so it never waits for the disk.
 * Tests of durability start their own through core/db/launch.
 */
export async function throwawayPostgres(
  version = process.env.CONCORD_TEST_POSTGRES,
): Promise<{ address: Address; version: string; stop(): Promise<void> }> {
  const account = databaseAccount()
  const home = mkdtempSync(join(tmpdir(), 'concord-test-'))
  if (account) chownSync(home, account.uid, account.gid)
  chmodSync(home, 0o711)
  const binaries = chosenBinaries(version, home)
  const cluster = join(home, 'pg')
  const as = { ...(account && { uid: account.uid, gid: account.gid }), cwd: home }
  const first = ['-D', cluster, '-U', 'owner', '--auth=trust', '-E', 'UTF8', '--locale=C.UTF-8', '--no-sync', '--no-instructions']
  execFileSync(join(binaries.folder, 'initdb'), first, { ...as, stdio: ['ignore', 'ignore', 'pipe'] })
  const settings = {
    listen_addresses: '',
    unix_socket_directories: cluster,
    max_connections: 300,
    fsync: 'off',
    synchronous_commit: 'off',
    full_page_writes: 'off',
  }
  const log = openSync(join(home, 'log'), 'a')
  const flags = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])
  const server = spawn(join(binaries.folder, 'postgres'), ['-D', cluster, ...flags], { ...as, stdio: ['ignore', log, log] })
  const away = () => {
    server.kill('SIGQUIT')
    rmSync(home, { recursive: true, force: true, maxRetries: 20, retryDelay: 50 })
  }
  process.once('exit', away)
  const address = { host: cluster, port: 5432, user: 'owner', database: 'postgres' }
  if (!(await until(30_000, () => server.exitCode !== null || answers(address))) || server.exitCode !== null) {
    throw new Error(`PostgreSQL ${binaries.version} for tests did not start:\n${readFileSync(join(home, 'log'), 'utf8').slice(-2000)}`)
  }
  const stop = async () => {
    process.off('exit', away)
    const gone = new Promise((resolve) => server.once('exit', resolve))
    server.kill('SIGQUIT')
    await gone
    rmSync(home, { recursive: true, force: true, maxRetries: 20, retryDelay: 50 })
  }
  return { address, version: binaries.version, stop }
}

async function answers(address: Address): Promise<boolean> {
  const client = new pg.Client(address)
  try {
    await client.connect()
    return true
  } catch {
    return false
  } finally {
    await client.end().catch(() => undefined)
  }
}

/** Runs one statement in the database at `address` and gives its rows. */
export async function ask<Row extends object>(address: Address, statement: string, values: unknown[] = []): Promise<Row[]> {
  const client = new pg.Client(address)
  await client.connect()
  try {
    return (await client.query<Row>(statement, values)).rows
  } finally {
    await client.end()
  }
}

/** Makes the database `name` and brings it to the newest shape, every area's SQL applied. */
export async function migrated(address: Address, name: string): Promise<Address> {
  await ask(address, `create database ${pg.escapeIdentifier(name)}`)
  const { migrate } = (await import('#core/db/migrate.ts')) as { migrate(config: Address): Promise<unknown> }
  const made = { ...address, database: name }
  await migrate(made)
  return made
}
