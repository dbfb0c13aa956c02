import { readdirSync, statSync } from 'node:fs'
import { generateKeyPairSync } from 'node:crypto'
import { join } from 'node:path'
import { registry } from '#apps/server/registry.ts'
import { id } from '#core/id.ts'
import { perform } from '#core/operation/perform.ts'
import { type BenchCity, benchCity } from '../city.ts'
import { type BenchLine, rounded } from '../measure.ts'

const goalMegabytes = 2048
const pause = (milliseconds: number) => new Promise((done) => setTimeout(done, milliseconds))

/** An incident with so many entries, written by the owner's hand: what is measured is the pack and not the writing. */
async function incidentOf(bench: BenchCity, count: number): Promise<string> {
  const watch = await bench.person(['kind:watch-officer'])
  const entering = { key: watch.key, operation: 'response.openIncident' }
  const opened = await perform(
    bench.city.database,
    registry,
    registry.named('response', 'open-incident'),
    { name: 'Bench', incidentType: 'fire' },
    entering,
  )
  const incidentId = (opened as { id: string }).id
  for (let done = 0; done < count; done += 5000)
    await bench.owner.query(
      `insert into response.log_entries (id, incident_id, occurred_at, entered_at, kind, text, label, world)
       select gen_random_uuid(), i.id, clock_timestamp(), clock_timestamp(), 'note', 'Line ' || n || ': crews report from the quay; ' || md5(n::text), i.label, i.world
       from response.incidents i, generate_series($2::int, $3::int) n where i.id = $1`,
      [incidentId, done + 1, Math.min(count, done + 5000)],
    )
  return incidentId
}

/** A pack of a long incident: how much memory the whole server needs for it, in how long, against the 2 GB it must never need. */
export async function run({ quick }: { quick: boolean }): Promise<BenchLine[]> {
  const count = quick ? 5_000 : 100_000
  const bench = await benchCity()
  try {
    const incidentId = await incidentOf(bench, count)
    const inquiry = await bench.person(['kind:inquiry'])
    const enters = (operation: string) => ({ key: inquiry.key, operation })
    for (let placed = 0; placed < count; await pause(500))
      placed = Number((await bench.owner.query('select coalesce(max(size), 0) as size from record.head')).rows[0].size)
    const before = process.memoryUsage.rss()
    let peak = before
    const start = performance.now()
    const publicKey = JSON.stringify(generateKeyPairSync('x25519').publicKey.export({ format: 'jwk' }))
    const asked = { thread: incidentId, receiver: 'Bench', purpose: 'To measure it.', authority: 'Bench', reach: 'all', publicKey }
    await perform(bench.city.database, registry, registry.named('record', 'pack'), asked, enters('record.pack'), id())
    for (let state = 'asked'; state === 'asked'; await pause(200)) {
      peak = Math.max(peak, process.memoryUsage.rss())
      state = (await bench.owner.query<{ state: string }>('select state from record.packs')).rows[0]?.state ?? 'asked'
      if (state === 'failed') throw new Error('The pack could not be made: nothing was measured.')
    }
    const seconds = (performance.now() - start) / 1000
    const folder = join(bench.folder, 'packs')
    const [file = ''] = readdirSync(folder)
    return [
      {
        bench: 'pack',
        ratio: rounded(goalMegabytes / (peak / 2 ** 20)),
        goal: 1,
        comparedTo: 'the 2 GB that a pack of 100,000 entries must never need (whole server, its worker included)',
        peakMegabytes: Math.round(peak / 2 ** 20),
        beforeMegabytes: Math.round(before / 2 ** 20),
        seconds: rounded(seconds, 1),
        entriesPerSecond: Math.round(count / seconds),
        sealedMegabytes: rounded(statSync(join(folder, file)).size / 2 ** 20, 1),
        entries: count,
      },
    ]
  } finally {
    await bench.end()
  }
}
