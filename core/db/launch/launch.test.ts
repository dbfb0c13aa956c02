import { type ChildProcess, spawn } from 'node:child_process'
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import pg from 'pg'
import { afterAll, describe, expect, test } from 'vitest'
import { databaseAccount } from './account.ts'
import { explain } from './explain.ts'
import { openStore, type StoreOptions } from './open-store.ts'
import type { Store } from './store.ts'
import { processesIn, signal, startOf, until } from './processes.ts'

const log = { info: () => {}, warn: () => {} }
const debian = '/usr/lib/postgresql/15/bin'
const scratch = mkdtempSync(join(tmpdir(), 'concord-launch-'))
chmodSync(scratch, 0o755)
const children: ChildProcess[] = []
const stores: Store[] = []
let folders = 0
const fresh = () => join(scratch, `store-${++folders}`)

afterAll(async () => {
  for (const child of children) child.kill('SIGKILL')
  for (const store of stores) await store.stop()
  for (let number = 1; number <= folders; number++) {
    for (const pid of processesIn(join(scratch, `store-${number}`, 'postgres'))) signal(pid, 'SIGKILL')
  }
  rmSync(scratch, { recursive: true, force: true })
})

async function open(options: Omit<StoreOptions, 'log'>): Promise<Store> {
  const store = await openStore({ ...options, log })
  stores.push(store)
  return store
}

async function ask<T extends pg.QueryResultRow>(config: pg.ClientConfig, text: string): Promise<T[]> {
  const client = new pg.Client(config)
  client.on('error', () => {})
  await client.connect()
  try {
    return (await client.query<T>(text)).rows
  } finally {
    await client.end()
  }
}

/** Another process that opens the store, says what it found, and stays until its input closes. */
async function another(options: Omit<StoreOptions, 'log'>): Promise<{ child: ChildProcess; pid: number; started: string }> {
  const module = fileURLToPath(new URL('./open-store.ts', import.meta.url))
  const text = `
    const { openStore } = await import(${JSON.stringify(module)})
    const store = await openStore({ ...${JSON.stringify(options)}, log: { info() {}, warn() {} } })
    console.log(JSON.stringify({ pid: store.pid, started: store.started }))
    process.stdin.on('end', async () => { await store.stop(); process.exit(0) }).resume()`
  const child = spawn(process.execPath, ['--input-type=module', '-e', text], { stdio: ['pipe', 'pipe', 'inherit'] })
  children.push(child)
  const said = await new Promise<string>((resolve, reject) => {
    child.stdout?.once('data', (chunk: Buffer) => resolve(chunk.toString('utf8')))
    child.once('exit', (code) => reject(new Error(`the other process ended with ${code}`)))
  })
  return { child, ...(JSON.parse(said) as { pid: number; started: string }) }
}

const ended = (child: ChildProcess) =>
  new Promise<void>((resolve) => (child.exitCode !== null || child.signalCode !== null ? resolve() : child.once('exit', () => resolve())))

const kinds = [
  { name: 'PostgreSQL 18 from npm', options: {}, missing: false },
  { name: "Debian's PostgreSQL 15", options: { systemPostgres: true, binaries: debian }, missing: !existsSync(debian) },
]

for (const { name, options, missing } of kinds) {
  describe.skipIf(missing)(missing ? `${name} (skipped: ${debian} is absent)` : name, () => {
    test('a first start makes the store, a second one keeps what was written and is quick', async () => {
      const data = fresh()
      const first = await open({ data, ...options })
      expect(first).toMatchObject({ started: 'new', folder: data, kind: missing ? '' : options.systemPostgres ? 'system' : 'embedded' })
      await ask(first.owner, `create table kept as select 7 as seven`)
      await first.stop()
      expect(processesIn(join(data, 'postgres'))).toEqual([])
      const begin = performance.now()
      const second = await open({ data, ...options })
      expect(performance.now() - begin).toBeLessThan(1500)
      expect(second.started).toBe('existing')
      expect(await ask(second.owner, 'select seven from kept')).toEqual([{ seven: 7 }])
      await second.stop()
    })

    test('it is durable, checked, closed to the network and to other accounts', async () => {
      const store = await open({ data: fresh(), ...options })
      const rows = await ask<{ name: string; setting: string }>(store.owner, `select name, setting from pg_settings`)
      const setting = new Map(rows.map((row) => [row.name, row.setting]))
      for (const [name, value] of Object.entries({
        fsync: 'on',
        full_page_writes: 'on',
        synchronous_commit: 'on',
        data_checksums: 'on',
        listen_addresses: '',
      })) {
        expect(setting.get(name), name).toBe(value)
      }
      const [made] = await ask(
        store.owner,
        `select datcollate, pg_encoding_to_char(encoding) as encoding from pg_database where datname = 'concord'`,
      )
      expect(made).toEqual({ datcollate: 'C.UTF-8', encoding: 'UTF8' })
      expect(statSync(String(store.owner.host)).mode & 0o077).toBe(0)
      await store.stop()
    })

    test('after a kill -9 of the server the running PostgreSQL is adopted, and the last user stops it', async () => {
      const data = fresh()
      const first = await another({ data, ...options })
      expect(first.started).toBe('new')
      first.child.kill('SIGKILL')
      await ended(first.child)
      expect(startOf(first.pid)).toBeDefined()
      const store = await open({ data, ...options })
      expect(store).toMatchObject({ started: 'adopted', pid: first.pid })
      await store.stop()
      expect(startOf(first.pid)).toBeUndefined()
    })

    test('after a kill -9 of PostgreSQL its orphans are ended, and nothing committed is lost', async () => {
      const data = fresh()
      const first = await open({ data, ...options })
      await ask(first.owner, `create table kept as select generate_series(1, 1000) as number`)
      const busy = ask(first.owner, `select pg_sleep(600)`).catch(() => [])
      const spinning = ask(first.owner, `do $$ begin loop end loop; end $$`).catch(() => [])
      await until(5000, async () => (await ask(first.owner, `select from pg_stat_activity where state = 'active'`)).length >= 3)
      process.kill(Number(first.pid), 'SIGKILL')
      const second = await open({ data, ...options })
      await Promise.all([busy, spinning])
      expect(second.started).toBe('existing')
      expect(second.pid).not.toBe(first.pid)
      expect(await ask(second.owner, 'select count(*)::int as count from kept')).toEqual([{ count: 1000 }])
      await second.stop()
      await first.stop()
    }, 30_000)

    test('several that start at once share one PostgreSQL, which lives until the last has stopped', async () => {
      const data = fresh()
      const all = await Promise.all([another({ data, ...options }), another({ data, ...options }), open({ data, ...options })])
      expect(new Set(all.map((one) => one.pid)).size).toBe(1)
      expect(all.map((one) => one.started).sort()).toEqual(['adopted', 'adopted', 'new'])
      const [one, two, three] = all
      one.child.stdin?.end()
      await ended(one.child)
      await three.stop()
      expect(startOf(two.pid)).toBeDefined()
      two.child.stdin?.end()
      await ended(two.child)
      expect(startOf(two.pid)).toBeUndefined()
    }, 30_000)
  })
}

test('a data folder whose path is too long for a socket keeps its socket in a short closed one', async () => {
  const data = join(fresh(), 'a'.repeat(60), 'b'.repeat(60))
  const first = await open({ data })
  const host = String(first.owner.host)
  expect(host.length).toBeLessThan(60)
  expect(statSync(host).mode & 0o777).toBe(0o700)
  await first.stop()
  const second = await open({ data })
  expect(second.owner.host).toBe(host)
  await second.stop()
  rmSync(host, { recursive: true })
})

test('a stale process number that now belongs to a stranger neither stops the start nor harms the stranger', async () => {
  const data = fresh()
  await (await open({ data })).stop()
  const stranger = spawn('sleep', ['600'])
  children.push(stranger)
  writeFileSync(join(data, 'postgres', 'postmaster.pid'), `${stranger.pid}\n${data}/postgres\n1\n5432\n${data}/run\n\n\nready\n`)
  writeFileSync(join(data, 'launch.lock'), `${stranger.pid} 1 left-by-a-dead-process`)
  const store = await open({ data })
  expect(store.started).toBe('existing')
  expect(startOf(Number(stranger.pid))).toBeDefined()
  await store.stop()
})

test('an initdb cut short is begun again', async () => {
  const data = fresh()
  mkdirSync(join(data, 'postgres.new'), { recursive: true })
  writeFileSync(join(data, 'postgres.new', 'PG_VERSION'), '18\n')
  const store = await open({ data })
  expect(store.started).toBe('new')
  await store.stop()
})

test('what cannot be used is refused in words that say what to do', async () => {
  const other = fresh()
  mkdirSync(join(other, 'postgres'), { recursive: true })
  writeFileSync(join(other, 'postgres', 'PG_VERSION'), '12\n')
  await expect(openStore({ data: other, log })).rejects.toThrow(/made by PostgreSQL 12.*Nothing was changed.*concord backup/s)
  await expect(openStore({ data: join(import.meta.filename, 'below-a-file'), log })).rejects.toThrow(/--data/)
  await expect(openStore({ data: fresh(), systemPostgres: true, binaries: '/nonexistent', log })).rejects.toThrow(
    /There is no PostgreSQL in/,
  )
  await expect(openStore({ databaseUrl: 'postgres://someone:a-secret@127.0.0.1:1/x', log })).rejects.toThrow(
    /^(?!.*a-secret).*DATABASE_URL/s,
  )
  expect(
    explain('FATAL:  could not write lock file "postmaster.pid": No space left on device', { data: '/d', account: undefined }),
  ).toMatch(/full.*Make room/)
})

const root = databaseAccount() !== undefined
test.skipIf(!root)(
  root ? 'as root, a home closed to the database account is named' : 'a home closed to the database account (skipped: this is not root)',
  async () => {
    const home = fresh()
    mkdirSync(home, { mode: 0o700 })
    await expect(openStore({ data: join(home, 'data'), log })).rejects.toThrow(`cannot pass through ${home}`)
  },
)

test('DATABASE_URL wins, and a serving role gets a password worked out from it', async () => {
  const local = await open({ data: fresh() })
  const url = `postgresql://concord_owner:words@/concord?host=${encodeURIComponent(String(local.owner.host))}`
  const store = await open({ databaseUrl: url, data: '/nonexistent' })
  expect(store.kind).toBe('url')
  expect(await ask(store.owner, 'select current_user as name')).toEqual([{ name: 'concord_owner' }])
  const served = store.server('member')
  expect(served.user).toBe('member')
  expect(String(served.password)).toMatch(/^[\w-]{43}$/)
  expect(readFileSync(join(String(local.folder), 'postgres.log'), 'utf8')).not.toContain('words')
  await local.stop()
})
