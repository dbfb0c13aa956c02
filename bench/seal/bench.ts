import { once } from 'node:events'
import { loadavg } from 'node:os'
import { Worker } from 'node:worker_threads'
import { type BenchCity, benchCity } from '../city.ts'
import { type BenchLine, median, percentile, rounded } from '../measure.ts'
import type { Seen, Task } from './load.ts'

const start = (task: Task) => new Worker(new URL('./load.ts', import.meta.url), { workerData: task })
const outcome = async <Answer>(worker: Worker): Promise<Answer> => ((await once(worker, 'message')) as [Answer])[0]
const pause = (milliseconds: number) => new Promise<void>((resolve) => setTimeout(resolve, milliseconds))

async function openIncident(url: string, key: string): Promise<string> {
  const response = await fetch(`${url}/api/response/open-incident`, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    body: JSON.stringify({ name: 'Bench', incidentType: 'flood' }),
  })
  return ((await response.json()) as { id: string }).id
}

const allSealed = async ({ owner }: BenchCity): Promise<boolean> =>
  (await owner.query<{ sealed: boolean }>('select record.oldest_unsealed() is null as sealed')).rows[0]!.sealed

async function round(
  bench: BenchCity,
  keys: readonly string[],
  incidentId: string,
  perSecond: number | null,
  seconds: number,
): Promise<BenchLine> {
  const { owner, city } = bench
  while (!(await allSealed(bench))) await pause(50)
  const first = Number((await owner.query<{ next: string }>('select next_position as next from record.sequencer')).rows[0]!.next)
  const looking = start({ role: 'look', owner: city.store.owner })
  const seen = outcome<Seen[]>(looking)
  const sender = start({ role: 'send', url: city.url.replace('localhost', '127.0.0.1'), incidentId, keys, perSecond, seconds })
  const begun = performance.now()
  const answered = await outcome<number>(sender)
  const took = (performance.now() - begun) / 1000
  while (!(await allSealed(bench))) await pause(20)
  await pause(100)
  looking.postMessage('stop')
  const heads = await seen
  const { rows } = await owner.query<{ position: string; at: number }>(
    `select p.position, (extract(epoch from pg_xact_commit_timestamp(e.transaction::xid)) * 1000)::float8 as at
     from record.place p join record.entry e using (seq) where p.position >= $1 order by p.position`,
    [first],
  )
  let head = 0
  const waited = rows.map(({ position, at }) => {
    while (heads[head] !== undefined && heads[head]!.size <= Number(position)) head += 1
    const over = heads[head]
    if (over === undefined) throw new Error(`No head was seen over position ${position}: nothing was measured.`)
    return over.at - at
  })
  if (waited.length < answered) throw new Error('There are fewer entries than answered commands: nothing was measured.')
  const p99 = percentile(waited, 0.99)
  return {
    bench: 'seal',
    asked: perSecond ?? 'as many as are answered, 32 clients',
    ratio: rounded(1000 / p99),
    goal: 1,
    comparedTo: 'one second from the commit of an entry to a signed head over it that can be read, for 99 of 100',
    p50: Math.round(median(waited)),
    p99: Math.round(p99),
    max: Math.round(Math.max(...waited)),
    commandsPerSecond: rounded(answered / took, 1),
    entries: waited.length,
    heads: heads.length - 1,
    load: rounded(loadavg()[0] as number, 1),
  }
}

/** How long an entry waits for its signed head, in a whole city that serves HTTP: at one command a second, at fifty, and at as many as it can answer. */
export async function* run({ quick }: { quick: boolean }): AsyncGenerator<BenchLine> {
  const bench = await benchCity({ track_commit_timestamp: 'on' })
  try {
    const first = await bench.person(['kind:secretariat'])
    const incidentId = await openIncident(bench.city.url, first.key)
    const people = await Promise.all(Array.from({ length: 32 }, () => bench.person(['kind:secretariat', `incident:${incidentId}`])))
    const keys = people.map(({ key }) => key)
    for (const perSecond of [1, 50, null]) yield await round(bench, keys, incidentId, perSecond, quick ? 8 : 30)
  } finally {
    await bench.end()
  }
}
