import { execFile } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Agent, request } from 'node:http'
import { promisify } from 'node:util'
import { id } from '#core/id.ts'
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

/** Commands through HTTP, session, policy, idempotency and ledger entry and all; each client waits for its acknowledgement. */
async function commands(url: string, incidentId: string, keys: readonly string[], seconds: number): Promise<{ perSecond: number; acknowledged: string[] }> {
  const agent = new Agent({ keepAlive: true, maxSockets: keys.length })
  const acknowledged: string[] = []
  const until = performance.now() + seconds * 1000
  const body = JSON.stringify({ table: 'response.incidents', id: incidentId })
  const post = (key: string) =>
    new Promise<void>((resolve, reject) => {
      const sent = request(
        `${url}/api/record/open`,
        { method: 'POST', agent, headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json', 'idempotency-key': id(), 'content-length': Buffer.byteLength(body) } },
        (response) => {
          let answer = ''
          response.setEncoding('utf8')
          response.on('data', (part: string) => {
            answer += part
          })
          response.on('end', () => {
            if (response.statusCode === 200) acknowledged.push((JSON.parse(answer) as { id: string }).id)
            resolve()
          })
        },
      )
      sent.on('error', reject)
      sent.end(body)
    })
  const began = performance.now()
  await Promise.all(
    keys.map(async (key) => {
      while (performance.now() < until) await post(key)
    }),
  )
  agent.destroy()
  return { perSecond: acknowledged.length / ((performance.now() - began) / 1000), acknowledged }
}

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
  if (!debianProgram('pgbench', 'postgresql-client-15')) throw new Error('pgbench (postgresql-client-15) could not be installed, so there is nothing to compare with.')
  const bench = await benchCity()
  const lines: BenchLine[] = []
  try {
    await bench.owner.query('create schema bench; create table bench.bare (id bigint generated always as identity primary key, words text)')
    const seconds = quick ? 2 : 6
    const first = await bench.person(['kind:secretariat'])
    const incidentId = await openIncident(bench.city.url, first.key)
    for (const clients of [1, 16, 64]) {
      const people = await Promise.all(Array.from({ length: clients }, () => bench.person(['kind:secretariat', `incident:${incidentId}`])))
      await commands(bench.city.url, incidentId, people.map(({ key }) => key), 0.5)
      const bare = await reference(bench, clients, seconds)
      const ours = await commands(bench.city.url, incidentId, people.map(({ key }) => key), seconds)
      const { rows } = await bench.owner.query<{ found: string }>('select count(*) as found from record.openings where id = any($1)', [ours.acknowledged])
      lines.push({
        bench: 'append',
        clients,
        ratio: rounded(ours.perSecond / bare, 3),
        goal: goals[clients]!,
        perSecond: Math.round(ours.perSecond),
        referencePerSecond: Math.round(bare),
        reference: 'pgbench bare one-row INSERT, same server, as many clients',
        lost: ours.acknowledged.length - Number(rows[0]!.found),
      })
    }
  } finally {
    await bench.end()
  }
  return lines
}
