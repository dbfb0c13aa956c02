import pg from 'pg'
import { liveWorld } from '#core/db/testing.ts'
import { id } from '#core/id.ts'
import { openDatabase } from '#core/db/tx.ts'
import { one } from '#core/db/sql.ts'
import { benchCity } from '../city.ts'
import { type BenchLine, median, rounded } from '../measure.ts'

const classes = 40
const readable = 4

/** Reads every row that is let through and adds up what it says, so that nothing is answered from an index alone. */
const question = 'select count(*)::int as rows, sum(length(text))::bigint as letters from response.log_entries where incident_id = $1'

/**
 * Rows filtered a second for a viewer who may read a tenth of them (4 of 40 classes), through role, world and policy, against the same
 * question by the owner of the tables, who asks without labels; and against a plain condition that lets the same rows through. Goal: 0.5.
 */
export async function run({ quick }: { quick: boolean }): Promise<BenchLine[]> {
  const rows = quick ? 200_000 : 1_000_000
  const turns = quick ? 7 : 15
  const bench = await benchCity()
  try {
    const { owner, city } = bench
    const incidentId = id()
    const labels: number[] = []
    for (let n = 0; n < classes; n += 1) {
      const token = n < readable ? 'circle:bench-mine' : `circle:bench-${n}`
      const made = await owner.query<{ label: number }>("select access.intern($1::jsonb, 'TLP:AMBER') as label", [
        JSON.stringify([[token, `circle:bench-class-${n}`]]),
      ])
      labels.push(made.rows[0]!.label)
    }
    await owner.query(
      `insert into response.incidents (id, name, incident_type, opened_at, opened_by, lead_unresolved_at, label, world)
       values ($1, 'Bench', 'flood', '2026-01-01T00:00Z', $2, '2026-01-01T00:20Z', $3, $4)`,
      [incidentId, id(), labels[0], liveWorld],
    )
    // Loaded in bulk: the ledger is not what is measured.
    await owner.query('alter table response.log_entries disable trigger ledger')
    await owner.query(
      `insert into response.log_entries (id, incident_id, occurred_at, entered_at, kind, text, label, world)
       select gen_random_uuid(), $1, moment, moment, 'note', 'Line ' || n || ' of a long night, with as many words as a log has.', ($2::int[])[1 + n % ${classes}], $3
       from generate_series(1, ${rows}) n, lateral (select timestamptz '2026-01-01T00:00Z' + n * interval '10 milliseconds' as moment) m`,
      [incidentId, labels, liveWorld],
    )
    await owner.query('alter table response.log_entries enable trigger ledger')
    await owner.query('vacuum analyze response.log_entries')
    const { key } = await bench.person(['circle:bench-mine'])
    const database = await openDatabase(city.store.server('concord_server'), { connections: 2, lanes: 1 })
    const plain = new pg.Client(city.store.owner)
    await plain.connect()
    const asViewer = () =>
      database.read({ key, operation: 'bench.labels' }, ({ tx }) => one<{ rows: number }>(tx, { text: question, values: [incidentId] }))
    const asOwner = async () => (await plain.query<{ rows: number }>(question, [incidentId])).rows[0]!
    const byHand = async () =>
      (
        await plain.query<{ rows: number }>(`${question} and label = any($2::int[]) and world = $3`, [
          incidentId,
          labels.slice(0, readable),
          liveWorld,
        ])
      ).rows[0]!
    const times: Record<'viewer' | 'owner' | 'hand', number[]> = { viewer: [], owner: [], hand: [] }
    const seen = { viewer: 0, owner: 0, hand: 0 }
    for (let turn = 0; turn < turns + 3; turn += 1)
      for (const [who, ask] of [
        ['viewer', asViewer],
        ['owner', asOwner],
        ['hand', byHand],
      ] as const) {
        const began = performance.now()
        seen[who] = (await ask()).rows
        // The first turns warm up.
        if (turn >= 3) times[who].push(performance.now() - began)
      }
    await plain.end()
    await database.end()
    if (seen.owner !== rows || seen.viewer !== rows / 10 || seen.hand !== seen.viewer)
      throw new Error(`The rule let through ${seen.viewer} of ${seen.owner}.`)
    const [viewer, bare, hand] = [median(times.viewer), median(times.owner), median(times.hand)]
    const line = (reference: string, milliseconds: number, goal?: number): BenchLine => ({
      bench: 'labels',
      what: `rows filtered a second, a tenth of ${rows} in ${classes} classes, against ${reference}`,
      ratio: rounded(milliseconds / viewer),
      ...(goal === undefined ? {} : { goal }),
      perSecond: Math.round(rows / (viewer / 1000)),
      referencePerSecond: Math.round(rows / (milliseconds / 1000)),
    })
    return [line('the same query without labels', bare, 0.5), line('a plain condition that lets the same rows through', hand)]
  } finally {
    await bench.end()
  }
}
