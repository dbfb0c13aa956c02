import { registry } from '#apps/server/registry.ts'
import { liveWorld } from '#core/db/testing.ts'
import { id } from '#core/id.ts'
import { perform } from '#core/operation/perform.ts'
import { type BenchCity, benchCity } from '../city.ts'
import { type BenchLine, median, rounded } from '../measure.ts'

const cityLabels = 100_000
const readableLabels = 20_000

/**
 * 100,000 labels in the city. 20,000 have the token of `many`, of which half stand in no timeline; one label is that of `tenth`.
 * Labels are put in by number, past access.intern, which would take a lock for each.
 */
async function putLabels({ owner }: BenchCity): Promise<{ first: number; tenth: number; room: number }> {
  await owner.query(`
    insert into access.label (clauses, marking, hash)
    select jsonb_build_array(case when n <= ${readableLabels} then jsonb_build_array('circle:bench-many', 'circle:bench-' || n) else jsonb_build_array('circle:bench-' || n) end),
      'TLP:AMBER', sha256(convert_to('bench ' || n, 'UTF8'))
    from generate_series(1, ${cityLabels}) n order by n`)
  await owner.query(`
    insert into access.clause (label, clause, clauses, tokens)
    select id, 1, 1, array(select jsonb_array_elements_text(clauses -> 0)) from access.label l
    where not exists (select from access.clause c where c.label = l.id)`)
  const { rows } = await owner.query<{ first: number; tenth: number; room: number }>(`
    select min(id) filter (where clauses -> 0 ->> 0 = 'circle:bench-many') as first,
      access.intern('[["circle:bench-tenth"]]', 'TLP:AMBER') as tenth, access.intern('[["circle:bench-room"]]', 'TLP:AMBER') as room from access.label`)
  await owner.query('analyze access.clause; analyze access.label')
  return rows[0]!
}

/** An incident with so many entries: a tenth under the label of `tenth`, nine tenths spread over the city's labels but for the first half of the readable. */
async function putIncident({ owner }: BenchCity, count: number, labels: { first: number; tenth: number; room: number }): Promise<string> {
  const incidentId = id()
  await owner.query(
    `insert into response.incidents (id, name, incident_type, opened_at, opened_by, lead_unresolved_at, label, world)
     values ($1, 'Bench', 'flood', '2026-01-01T00:00Z', $2, '2026-01-01T00:20Z', $3, $4)`,
    [incidentId, id(), labels.room, liveWorld],
  )
  const spread = cityLabels - readableLabels / 2
  await owner.query(
    `insert into response.log_entries (id, incident_id, occurred_at, entered_at, kind, text, label, world)
     select gen_random_uuid(), $1, moment, moment, 'note', 'Line ' || n || ' of a long night, with as many words as a log has.',
       case when n % 10 = 0 then $2::int else $3::int + ${readableLabels / 2} + (n::bigint * 48271 % ${spread})::int end, $4
     from generate_series(1, ${count}) n, lateral (select timestamptz '2026-01-01T00:00Z' + n * interval '10 milliseconds' as moment) m`,
    [incidentId, labels.tenth, labels.first, liveWorld],
  )
  return incidentId
}

/** Newest 50 for a viewer of a tenth, of nothing, and of 20,000 of the city's 100,000 labels; the whole query, from becoming the person to the commit. */
export async function run({ quick }: { quick: boolean }): Promise<BenchLine[]> {
  const sizes = quick ? [1_000, 10_000, 100_000] : [1_000, 10_000, 100_000, 1_000_000]
  const turns = quick ? 15 : 41
  const bench = await benchCity()
  try {
    const labels = await putLabels(bench)
    // The timeline is loaded in bulk: the ledger is not what is measured.
    await bench.owner.query('alter table response.log_entries disable trigger ledger')
    const incidents: string[] = []
    for (const size of sizes) incidents.push(await putIncident(bench, size, labels))
    await bench.owner.query('alter table response.log_entries enable trigger ledger')
    await bench.owner.query('vacuum analyze response.log_entries')
    const viewers = {
      'a tenth': { sees: 50, key: (await bench.person(['circle:bench-room', 'circle:bench-tenth'])).key },
      nothing: { sees: 0, key: (await bench.person(['circle:bench-room'])).key },
      [`${readableLabels} of ${cityLabels} labels`]: {
        sees: 50,
        key: (await bench.person(['circle:bench-room', 'circle:bench-many'])).key,
      },
    }
    const timeline = registry.named('response', 'timeline')
    const lines: BenchLine[] = []
    for (const [viewer, { sees, key }] of Object.entries(viewers)) {
      const times = incidents.map(() => [] as number[])
      for (let turn = 0; turn < turns + 5; turn += 1) {
        // In turn, so that a noisy neighbour meets all sizes alike; the first five warm up.
        for (const [place, incidentId] of incidents.entries()) {
          const start = performance.now()
          const page = (await perform(
            bench.city.database,
            registry,
            timeline,
            { incidentId },
            { key, operation: 'response.timeline' },
          )) as { entries: unknown[] }
          const took = performance.now() - start
          if (page.entries.length !== sees)
            throw new Error(`${viewer} sees ${page.entries.length} of ${sees}: the bench measures something else.`)
          if (turn >= 5) times[place]!.push(took)
        }
      }
      const medians = times.map((one) => rounded(median(one)))
      lines.push({
        bench: 'timeline',
        ratio: rounded(medians.at(-1)! / medians[0]!),
        goal: 2,
        viewer,
        comparedTo: `the same viewer on ${sizes[0]} entries`,
        milliseconds: Object.fromEntries(sizes.map((size, place) => [size, medians[place]])),
        labelsInCity: cityLabels,
      })
    }
    return lines
  } finally {
    await bench.end()
  }
}
