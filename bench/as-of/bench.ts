import type pg from 'pg'
import { liveWorld } from '#core/db/testing.ts'
import { id } from '#core/id.ts'
import { type BenchCity, benchCity } from '../city.ts'
import { type BenchLine, median, rounded } from '../measure.ts'

const rowCount = 500
const goalMs = 200

/** An incident of 500 rows, each changed again and again until its ledger has this many entries; the moments at which it stood at 1 %, 50 % and 100 %. */
async function grow(owner: pg.Client, incidentId: string, entries: number): Promise<Record<'oldest' | 'middle' | 'newest', string>> {
  await owner.query(
    `insert into response.log_entries (id, incident_id, occurred_at, entered_at, kind, text, label, world)
     select gen_random_uuid(), i.id, i.opened_at, i.opened_at, 'note', 'Line ' || n || ' of the log, about as long as people write them', i.label, i.world
     from response.incidents i, generate_series(1, $2) n where i.id = $1`,
    [incidentId, rowCount],
  )
  const rounds = Math.ceil(entries / rowCount) - 1
  const moments: string[] = []
  for (let round = 1; round <= rounds; round += 1) {
    await owner.query('update response.log_entries set late_reason = $2 where incident_id = $1', [incidentId, `changed ${round} times`])
    if ([Math.ceil(rounds / 100), Math.ceil(rounds / 2), rounds].includes(round)) {
      // A moment apart from its neighbours, by the clock of the record.
      await new Promise((resolve) => setTimeout(resolve, 20))
      moments.push(
        (
          await owner.query<{ at: string }>(
            'select to_char(clock_timestamp() at time zone \'UTC\', \'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"\') as at',
          )
        ).rows[0]!.at,
      )
      await new Promise((resolve) => setTimeout(resolve, 20))
    }
  }
  for (;;) {
    const { rows } = await owner.query<{ left: number }>(
      'select ((select count(*) from record.entry) - (select count(*) from record.place))::int as left',
    )
    if (rows[0]!.left === 0) break
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
  await owner.query('analyze')
  const [oldest, middle, newest] = moments as [string, string, string]
  return { oldest, middle, newest }
}

/** Medians, the works taking turns, so that what else this machine does falls on all of them. */
async function timed(works: Readonly<Record<string, () => Promise<unknown>>>, times: number): Promise<Record<string, number>> {
  const each = Object.fromEntries(Object.keys(works).map((name) => [name, [] as number[]]))
  for (let n = -1; n < times; n += 1) {
    for (const [name, work] of Object.entries(works)) {
      const began = performance.now()
      await work()
      if (n >= 0) each[name]!.push(performance.now() - began)
    }
  }
  return Object.fromEntries(Object.entries(each).map(([name, taken]) => [name, median(taken)]))
}

async function openIncident({ city }: BenchCity, key: string): Promise<string> {
  const response = await fetch(`${city.url}/api/response/open-incident`, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json', 'idempotency-key': id(), 'concord-world': liveWorld },
    body: JSON.stringify({ name: 'Bench', incidentType: 'flood' }),
  })
  return ((await response.json()) as { id: string }).id
}

/**
 * The centre as of a past moment, through HTTP: every row of an incident as it stood, 500 rows with 100,000 entries in the ledger. Against a
 * bare `select` of as many rows, as they stand now, over a connection to the same server; and the oldest moment against the newest.
 */
export async function run({ quick }: { quick: boolean }): Promise<BenchLine[]> {
  const entries = quick ? 10_000 : 100_000
  const bench = await benchCity()
  try {
    const viewer = await bench.person(['kind:secretariat', 'city:our-city'])
    const incidentId = await openIncident(bench, viewer.key)
    const moments = await grow(bench.owner, incidentId, entries)
    const shown: Record<string, number> = {}
    const past = (age: string, at: string) => async () => {
      const address = `${bench.city.url}/api/record/as-of?input=${encodeURIComponent(JSON.stringify({ thread: incidentId, at }))}`
      const response = await fetch(address, { headers: { authorization: `Bearer ${viewer.key}` } })
      const { rows } = (await response.json()) as { rows: Array<{ table: string }> }
      shown[age] = rows.filter(({ table }) => table === 'response.log_entries').length
    }
    const bare = () => bench.owner.query('select * from response.log_entries where incident_id = $1', [incidentId])
    const works = { bare, ...Object.fromEntries(Object.entries(moments).map(([age, at]) => [age, past(age, at)])) }
    const taken = await timed(works, quick ? 5 : 15)
    for (const age of Object.keys(moments))
      if (shown[age]! < rowCount) throw new Error(`as of the ${age} moment ${shown[age]} rows were shown, and ${rowCount} were there`)
    const line = (age: string): BenchLine => ({
      bench: 'as-of',
      moment: age,
      entries,
      rows: rowCount,
      ratio: rounded(taken[age]! / taken.bare!, 1),
      milliseconds: rounded(taken[age]!, 1),
      goalMilliseconds: goalMs,
      referenceMilliseconds: rounded(taken.bare!, 1),
      reference: 'a bare select of as many rows as they stand now',
    })
    return [
      ...Object.keys(moments).map(line),
      {
        bench: 'as-of',
        what: 'flat in the age of the moment: oldest against newest',
        ratio: rounded(taken.oldest! / taken.newest!),
        goal: 1.5,
        oldest: rounded(taken.oldest!, 1),
        newest: rounded(taken.newest!, 1),
      },
    ]
  } finally {
    await bench.end()
  }
}
