import { type ChildProcess, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { chmodSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import pg from 'pg'
import { ownerConfig, readPidFile } from '#core/db/launch/postmaster.ts'
import { pause, processesIn, signal, startOf, until } from '#core/db/launch/processes.ts'
import { id } from '#core/id.ts'

/** The second pass of the tests is on Debian's PostgreSQL, and shorter: what is tried is the same. */
export const onDebian = process.env.CONCORD_TEST_POSTGRES === '15'
const concord = fileURLToPath(new URL('../../bin/concord.mjs', import.meta.url))

/** A server of the city as a process of its own, as an operator starts it. */
export interface ServerProcess {
  child: ChildProcess
  url: string
  said(): string
}

export interface Account {
  personId: string
  key: string
}

/** A city on a store of its own that waits for the disk, served by processes that can be killed. `environment` is given to every server. */
export interface ServedCity {
  folder: string
  cluster: string
  /** Starts one more server; several may serve at once. */
  serve(): Promise<ServerProcess>
  /** Asks the store as its owner, over a connection of its own. */
  ask<Row extends pg.QueryResultRow>(text: string, values?: readonly unknown[]): Promise<Row[]>
  person(name: string, tokens: readonly string[]): Promise<Account>
  /** kill -9 of the postmaster alone; its children find out by themselves. */
  killPostgres(): Promise<void>
  /** kill -9 of one child of the postmaster; PostgreSQL then restarts itself. */
  killBackend(choose: number): Promise<void>
  kill(server: ServerProcess): Promise<void>
  end(): Promise<void>
}

export function servedCity(environment: Readonly<Record<string, string>> = {}): ServedCity {
  const parent = mkdtempSync(join(tmpdir(), 'concord-served-'))
  chmodSync(parent, 0o755)
  const folder = join(parent, 'data')
  const cluster = join(folder, 'postgres')
  const servers = new Set<ServerProcess>()

  const ended = (child: ChildProcess) =>
    new Promise<void>((resolve) => (child.exitCode !== null || child.signalCode !== null ? resolve() : child.once('exit', () => resolve())))

  async function ask<Row extends pg.QueryResultRow>(text: string, values: readonly unknown[] = []): Promise<Row[]> {
    const client = new pg.Client(ownerConfig(readPidFile(cluster)?.socket ?? ''))
    client.on('error', () => {})
    await client.connect()
    try {
      return (await client.query<Row>(text, [...values])).rows
    } finally {
      await client.end()
    }
  }

  return {
    folder,
    cluster,
    ask,
    async serve() {
      let said = ''
      const env = { ...process.env, DATABASE_URL: '', CONCORD_LIMIT_CALLS: 'off', ...environment }
      const child = spawn(
        process.execPath,
        [concord, 'serve', '--port', '0', '--data', folder, ...(onDebian ? ['--system-postgres'] : [])],
        { stdio: ['ignore', 'pipe', 'pipe'], env },
      )
      for (const stream of [child.stdout, child.stderr]) {
        stream.on('data', (chunk: Buffer) => {
          said += chunk.toString('utf8')
        })
      }
      const url = () => /^Concord is at (\S+)$/m.exec(said)?.[1]
      const here = await until(120_000, () => url() !== undefined || child.exitCode !== null || child.signalCode !== null)
      const at = url()
      if (!here || at === undefined) throw new Error(`the server did not start:\n${said.slice(-3000)}`)
      const server = { child, url: at.replace('localhost', '127.0.0.1'), said: () => said }
      servers.add(server)
      return server
    },
    async person(name, tokens) {
      const account = { personId: id(), key: randomBytes(24).toString('base64url') }
      await ask('insert into access.account (person, name, mail) values ($1, $2, $3)', [
        account.personId,
        name,
        `${account.personId}@people.example`,
      ])
      await ask(
        "insert into access.session (key_hash, person, kind, expires_at) values (sha256($1), $2, 'token', clock_timestamp() + interval '1 day')",
        [Buffer.from(account.key), account.personId],
      )
      for (const token of tokens) await ask("select access.put_reach($1, $2, null, null, 'test')", [account.personId, token])
      return account
    },
    async killPostgres() {
      const pid = readPidFile(cluster)?.pid
      if (pid === undefined) throw new Error('PostgreSQL does not run')
      signal(pid, 'SIGKILL')
      await until(5000, () => startOf(pid) === undefined)
    },
    async killBackend(choose) {
      const postmaster = readPidFile(cluster)?.pid
      const backends = processesIn(cluster).filter((pid) => pid !== postmaster)
      if (backends.length === 0) return
      signal(backends[choose % backends.length]!, 'SIGKILL')
    },
    async kill(server) {
      server.child.kill('SIGKILL')
      await ended(server.child)
      servers.delete(server)
    },
    async end() {
      for (const server of servers) server.child.kill('SIGKILL')
      await Promise.all([...servers].map(({ child }) => ended(child)))
      // The keeper of a server may just have been starting it again.
      for (let round = 0; round < 3; round += 1) {
        for (const pid of processesIn(cluster)) signal(pid, 'SIGKILL')
        await pause(100)
      }
      rmSync(parent, { recursive: true, force: true, maxRetries: 10, retryDelay: 50 })
    },
  }
}

/** What the postmaster's own log says, for a test that fails. */
export const postgresLog = (city: ServedCity): string => readFileSync(join(city.folder, 'postgres.log'), 'utf8').slice(-3000)

/** One command over HTTP. Undefined: no answer, or one that says to send it again; a refusal throws. */
export async function send<Answer>(
  url: string,
  key: string,
  path: string,
  input: unknown,
  idempotencyKey: string,
  world?: string,
): Promise<Answer | undefined> {
  let response: Response
  try {
    response = await fetch(`${url}/api/${path}`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${key}`,
        'content-type': 'application/json',
        'idempotency-key': idempotencyKey,
        ...(world === undefined ? {} : { 'concord-world': world }),
      },
      body: JSON.stringify(input),
      signal: AbortSignal.timeout(15_000),
    })
    if (response.ok) return (await response.json()) as Answer
  } catch {
    return undefined
  }
  const text = await response.text().catch(() => '')
  if (response.status === 503) return undefined
  throw new Error(`${path} answered ${response.status}: ${text}`)
}

/** One query over HTTP. */
export async function ask<Answer>(url: string, key: string, path: string, input: unknown): Promise<Answer> {
  const response = await fetch(`${url}/api/${path}?input=${encodeURIComponent(JSON.stringify(input))}`, {
    headers: { authorization: `Bearer ${key}` },
  })
  if (!response.ok) throw new Error(`${path} answered ${response.status}: ${await response.text()}`)
  return (await response.json()) as Answer
}
