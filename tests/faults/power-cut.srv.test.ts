import { execFileSync, spawn, spawnSync } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { chownSync, mkdirSync, readdirSync, rmSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { databaseAccount } from '#core/db/launch/account.ts'
import { embeddedBinaries, systemBinaries } from '#core/db/launch/binaries.ts'
import { readPidFile } from '#core/db/launch/postmaster.ts'
import { pause, until } from '#core/db/launch/processes.ts'
import { socketFolder } from '#core/db/launch/socket.ts'
import { replay, seeded } from './disk.ts'
import { ask, onDebian, send, servedCity, type Account, type ServedCity, type ServerProcess } from './served-city.ts'
import { readTrace, traced, type Call } from './trace.ts'

/** At how many moments the power goes; each moment is tried twice, with everything unsynced gone and with a torn half of it. */
const moments = Number(process.env.CONCORD_POWER_CUTS ?? (onDebian ? 2 : 6))

const whyNot = (() => {
  if (process.platform !== 'linux') return 'no strace on this system'
  const tried = spawnSync('strace', ['-f', '--seccomp-bpf', '-o', '/dev/null', 'true'])
  if (tried.error) return 'strace is not installed: apt-get install strace'
  return tried.status === 0 ? undefined : 'strace may not trace here (ptrace is not allowed)'
})()

interface Acknowledged {
  id: string
  at: number
}
const account = databaseAccount()
const done: Acknowledged[] = []
const cities: ServedCity[] = []
let first: ServedCity
let administrator: Account
let base: string
let calls: Call[]

const copy = (from: string, to: string) => execFileSync('cp', ['-a', '--reflink=auto', from, to])

/** A city that was stopped in order is copied as it lies on the disk; then it works under strace until both are killed. */
async function record(): Promise<void> {
  first = servedCity()
  cities.push(first)
  let server: ServerProcess = await first.serve()
  administrator = await first.person('Ada', ['kind:administrator'])
  const writers = [await first.person('Writer 0', ['kind:secretariat', 'city:our-city'])]
  const incidentId = (await send<{ id: string }>(
    server.url,
    writers[0]!.key,
    'response/open-incident',
    { name: 'Cut', incidentType: 'flood' },
    randomUUID(),
  ))!.id
  for (let n = 1; n < 4; n += 1) writers.push(await first.person(`Writer ${n}`, ['city:our-city', `incident:${incidentId}`]))
  server.child.kill('SIGTERM')
  if (!(await until(30_000, () => server.child.exitCode !== null))) throw new Error('the server did not stop')
  base = join(first.folder, '..', 'base')
  copy(first.folder, base)

  const traces = join(first.folder, '..', 'traces')
  mkdirSync(traces)
  if (account) chownSync(traces, account.uid, account.gid)
  const binaries = onDebian ? systemBinaries(undefined, account) : embeddedBinaries(first.folder, account)
  const program = [
    join(binaries.folder, 'postgres'),
    '-D',
    first.cluster,
    '-c',
    `unix_socket_directories=${socketFolder(first.folder, account)}`,
  ]
  const strace = spawn(
    'strace',
    ['-ff', '--seccomp-bpf', '-ttt', '-T', '-y', '-xx', '-s', '1000000', '-e', `trace=${traced}`, '-o', join(traces, 'trace'), ...program],
    {
      stdio: 'ignore',
      cwd: first.cluster,
      env: { PATH: process.env.PATH ?? '', LC_ALL: 'C.UTF-8', TZ: 'UTC', HOME: first.folder },
      ...(account && { uid: account.uid, gid: account.gid }),
    },
  )
  if (!(await until(60_000, () => readPidFile(first.cluster)?.ready === true))) throw new Error('PostgreSQL did not start under strace')
  server = await first.serve()
  const stopAt = Date.now() + 4000
  const writing = writers.map(async (writer) => {
    while (Date.now() < stopAt) {
      const answer = await send<{ id: string }>(
        server.url,
        writer.key,
        'response/write-entry',
        { incidentId, text: `line ${randomUUID()}` },
        `cut-${randomUUID()}`,
      )
      if (answer) done.push({ id: answer.id, at: (Date.now() + 1) / 1000 })
    }
  })
  // In the middle of it a checkpoint, so that pages of tables are on their way too, and then the first changes of them after it.
  await pause(1500)
  await first.ask('checkpoint')
  await Promise.all(writing)
  await first.kill(server)
  await first.killPostgres()
  await until(10_000, () => strace.exitCode !== null || strace.signalCode !== null)
  calls = await readTrace(traces, first.cluster)
  rmSync(traces, { recursive: true })
}

/** The city on the disk that was left at `cut`, started as an operator would start it, and judged. */
async function judge(cut: number, seed: number | undefined, acknowledgedBy = cut) {
  const city = servedCity()
  cities.push(city)
  copy(base, city.folder)
  const { kept, lost } = replay(calls, {
    cluster: first.cluster,
    base: join(base, 'postgres'),
    target: city.cluster,
    cut,
    keep: seed === undefined ? undefined : seeded(seed),
    owner: account,
  })
  const server = await city.serve()
  const expected = done.filter(({ at }) => at <= acknowledgedBy).map(({ id }) => id)
  const there = await city.ask<{ id: string }>('select id from response.log_entries where id = any($1)', [expected])
  const sound = await until(
    15_000,
    async () => (await ask<{ unplaced: number }>(server.url, administrator.key, 'record/verify', {})).unplaced === 0,
  )
  const report = await ask<{ ok: boolean; problems: unknown[] }>(server.url, administrator.key, 'record/verify', {})
  const [positions] = await city.ask<{ broken: boolean; missing: number }>(
    `select count(*) <> coalesce(max(position) + 1, 0) as broken, (select count(*)::int from response.log_entries l where not exists (select from record.place p where p.row_id = l.id)) as missing from record.place`,
  )
  // PostgreSQL says in its log which page it could not read. A torn page of a free space map (_fsm) is no loss: it is a hint, in no write-ahead
  // log, and PostgreSQL empties the page and goes on. Any other page is data.
  const unread = readFileSync(join(city.folder, 'postgres.log'), 'utf8').match(/invalid page in block \d+ of relation \S+/g) ?? []
  const failures = unread.filter((line) => !line.includes('_fsm')).length
  await city.end()
  return {
    expected: expected.length,
    there: there.length,
    sound,
    ok: report.ok,
    problems: report.problems,
    ...positions,
    failures,
    kept,
    lost,
  }
}

describe.skipIf(whyNot !== undefined)(whyNot === undefined ? 'when the power goes' : `when the power goes (skipped: ${whyNot})`, () => {
  beforeAll(record, 180_000)
  afterAll(async () => {
    for (const city of cities) await city.end()
  })

  test('the trace is of a city at work: commands, syncs, and pages of a checkpoint', () => {
    const kinds = Map.groupBy(calls, ({ kind }) => kind)
    expect(done.length).toBeGreaterThan(50)
    expect(kinds.get('sync')!.length).toBeGreaterThan(30)
    expect(calls.some((call) => call.kind === 'write' && call.path.includes('/base/'))).toBe(true)
    expect(calls.some((call) => call.kind === 'write' && call.path.includes('/pg_wal/'))).toBe(true)
    expect(readdirSync(join(base, 'postgres'))).not.toContain('postmaster.pid')
  })

  for (let moment = 0; moment < moments; moment += 1) {
    for (const torn of [false, true]) {
      test(`at moment ${moment + 1}, with what was not synced ${torn ? 'half there and torn' : 'gone'}: everything acknowledged is there, and the record verifies`, {
        timeout: 120_000,
      }, async () => {
        const [from, to] = [done[0]!.at, done.at(-1)!.at]
        const cut = from + ((moment + 0.37) / moments) * (to - from)
        const found = await judge(cut, torn ? 1000 + moment : undefined)
        expect(found).toMatchObject({ there: found.expected, sound: true, ok: true, problems: [], broken: false, missing: 0, failures: 0 })
        expect(found.expected).toBeGreaterThan(0)
        console.log(`moment ${moment + 1}: ${found.expected} acknowledged, ${found.kept} writes on the disk, ${found.lost} not synced`)
      })
    }
  }

  test('the method can fail: on a disk that lies about its last second, acknowledged commands are missing', {
    timeout: 120_000,
  }, async () => {
    const to = done.at(-1)!.at
    const found = await judge(to - 1, undefined, to)
    expect(found.there).toBeLessThan(found.expected)
    expect(found.ok).toBe(true)
  })
})
