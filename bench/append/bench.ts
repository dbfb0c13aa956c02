import { execFile } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { type BenchCity, benchCity } from '../city.ts'
import { type BenchLine, debianProgram, rounded } from '../measure.ts'

const goals: Record<number, number> = { 1: 0.25, 16: 0.4, 64: 0.5 }

/** Bare one-row INSERTs by pgbench with as many clients on the same server: transactions a second. */
async function reference({ city, folder }: BenchCity, clients: number, seconds: number): Promise<number> {
  const script = join(folder, 'insert.sql')
  writeFileSync(script, "insert into bench.bare (words) values ('a line of the log, of the same length as the one that is sent');\n")
  const { owner } = city.store
  const { stdout } = await promisify(execFile)('/usr/lib/postgresql/15/bin/pgbench', [
    ...['-n', '-M', 'prepared', '-c', String(clients), '-j', String(Math.min(clients, 2)), '-T', String(seconds), '-f', script],
    ...['-h', String(owner.host), '-p', String(owner.port ?? 5432), '-U', String(owner.user), String(owner.database)],
  ])
  return Number(/tps = ([\d.]+)/.exec(stdout)?.[1])
}

/**
 * Commands through HTTP by wrk, from a process of its own: session, policy, idempotency and ledger entry and all. Each connection is
 * a person of its own and waits for its acknowledgement. The server gives each command an idempotency key where the client gives none.
 */
async function commands(
  folder: string,
  url: string,
  incidentId: string,
  keys: readonly string[],
  seconds: number,
): Promise<{ perSecond: number; acknowledged: number }> {
  const script = join(folder, 'open.lua')
  writeFileSync(
    script,
    `local keys = {${keys.map((key) => `"${key}"`).join(',')}}
local turn = 0
wrk.method = "POST"
wrk.body = '{"table":"response.incidents","id":"${incidentId}"}'
request = function()
  turn = turn % #keys + 1
  return wrk.format(nil, nil, {["authorization"] = "Bearer " .. keys[turn], ["content-type"] = "application/json"})
end\n`,
  )
  const { stdout } = await promisify(execFile)('wrk', ['-t1', `-c${keys.length}`, `-d${seconds}s`, '-s', script, `${url}/api/record/open`])
  const refused = Number(/Non-2xx or 3xx responses: (\d+)/.exec(stdout)?.[1] ?? 0)
  return {
    perSecond: Number(/Requests\/sec:\s+([\d.]+)/.exec(stdout)?.[1]),
    acknowledged: Number(/(\d+) requests in/.exec(stdout)?.[1]) - refused,
  }
}

const opened = async ({ owner }: BenchCity) =>
  Number((await owner.query<{ found: string }>('select count(*) as found from record.openings')).rows[0]!.found)

async function openIncident(url: string, key: string): Promise<string> {
  const response = await fetch(`${url}/api/response/open-incident`, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    body: JSON.stringify({ name: 'Bench', incidentType: 'flood' }),
  })
  return ((await response.json()) as { id: string }).id
}

/**
 * Acknowledged durable commands a second through HTTP, against bare INSERTs of pgbench with as many clients on the same server.
 * The command is a plain one: that somebody opened something. It reads the thing through its label, writes one labelled row, its ledger entry
 * and its idempotency row.
 */
export async function run({ quick }: { quick: boolean }): Promise<BenchLine[]> {
  if (!debianProgram('pgbench', 'postgresql-client-15'))
    throw new Error('pgbench (postgresql-client-15) could not be installed, so there is nothing to compare with.')
  if (!debianProgram('wrk', 'wrk')) throw new Error('wrk could not be installed from Debian, so there is nothing to measure with.')
  const bench = await benchCity()
  const lines: BenchLine[] = []
  try {
    await bench.owner.query('create schema bench; create table bench.bare (id bigint generated always as identity primary key, words text)')
    const seconds = quick ? 2 : 6
    const first = await bench.person(['kind:secretariat'])
    const incidentId = await openIncident(bench.city.url, first.key)
    for (const clients of [1, 16, 64]) {
      const people = await Promise.all(Array.from({ length: clients }, () => bench.person(['kind:secretariat', `incident:${incidentId}`])))
      await commands(
        bench.folder,
        bench.city.url,
        incidentId,
        people.map(({ key }) => key),
        1,
      )
      const bare = await reference(bench, clients, seconds)
      const before = await opened(bench)
      const ours = await commands(
        bench.folder,
        bench.city.url,
        incidentId,
        people.map(({ key }) => key),
        seconds,
      )
      lines.push({
        bench: 'append',
        clients,
        ratio: rounded(ours.perSecond / bare, 3),
        goal: goals[clients]!,
        perSecond: Math.round(ours.perSecond),
        referencePerSecond: Math.round(bare),
        reference: 'pgbench bare one-row INSERT, same server, as many clients',
        lost: Math.max(0, ours.acknowledged - ((await opened(bench)) - before)),
      })
    }
  } finally {
    await bench.end()
  }
  return lines
}
