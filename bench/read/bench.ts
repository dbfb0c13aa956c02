import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import Fastify from 'fastify'
import { id } from '#core/id.ts'
import { benchCity } from '../city.ts'
import { type BenchLine, debianProgram, rounded } from '../measure.ts'

/** Requests a second, by wrk from a process of its own. */
async function wrk(url: string, seconds: number, headers: readonly string[] = []): Promise<number> {
  const { stdout } = await promisify(execFile)('wrk', ['-t1', '-c32', `-d${seconds}s`, ...headers.flatMap((header) => ['-H', header]), url])
  if (/Non-2xx/.test(stdout)) throw new Error(`not every answer was good: ${stdout}`)
  return Number(/Requests\/sec:\s+([\d.]+)/.exec(stdout)?.[1])
}

/** One item, and a list of 50, signed in and filtered, through the database; against a bare Fastify that says hello. */
export async function run({ quick }: { quick: boolean }): Promise<BenchLine[]> {
  if (!debianProgram('wrk', 'wrk')) throw new Error('wrk could not be installed from Debian, so there is nothing to measure with.')
  const seconds = quick ? 2 : 6
  const hello = Fastify()
  hello.get('/', async () => ({ hello: 'world' }))
  const helloUrl = await hello.listen({ port: 0, host: '127.0.0.1' })
  const bench = await benchCity()
  try {
    const viewer = await bench.person(['kind:secretariat', 'city:our-city'])
    const authorization = `authorization: Bearer ${viewer.key}`
    const open = async (name: string) => {
      const response = await fetch(`${bench.city.url}/api/response/open-incident`, {
        method: 'POST',
        headers: { authorization: `Bearer ${viewer.key}`, 'content-type': 'application/json', 'idempotency-key': id() },
        body: JSON.stringify({ name, incidentType: 'flood' }),
      })
      return ((await response.json()) as { id: string }).id
    }
    let incidentId = ''
    for (let number = 0; number < 50; number += 1) incidentId = await open(`Incident ${number}`)
    const bare = await wrk(helloUrl, seconds)
    const item = await wrk(`${bench.city.url}/api/response/incident?input=${encodeURIComponent(JSON.stringify({ incidentId }))}`, seconds, [
      authorization,
    ])
    const list = await wrk(`${bench.city.url}/api/response/incidents`, seconds, [authorization])
    const line = (what: string, perSecond: number, goal: number): BenchLine => ({
      bench: 'read',
      what,
      ratio: rounded(perSecond / bare, 3),
      goal,
      perSecond: Math.round(perSecond),
      referencePerSecond: Math.round(bare),
      reference: 'a bare Fastify hello, wrk with 32 connections',
    })
    return [line('one item', item, 0.15), line('a list of 50', list, 0.08)]
  } finally {
    await bench.end()
    await hello.close()
  }
}
