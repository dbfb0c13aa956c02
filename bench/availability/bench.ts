import type pg from 'pg'
import { liveWorld } from '#core/db/testing.ts'
import { id } from '#core/id.ts'
import { benchCity } from '../city.ts'
import { type BenchLine, median, rounded } from '../measure.ts'

const people = 500
const goalMs = 200

/** Five hundred people in fifty agencies who can all sign in, a request that all of them may read, each of whom opened it, and a ledger of this many entries beside it. */
async function fill(owner: pg.Client, entries: number): Promise<{ itemId: string; agencyId: string }> {
  const agencies = Array.from({ length: 50 }, () => id())
  const label = "access.intern('[[\"city:our-city\"]]', 'TLP:GREEN')"
  for (const agencyId of agencies)
    await owner.query(
      `insert into structure.agencies (id, org_type, org_code, name, label, world) values ($1::uuid, 'bench', $1::text, $1::text, ${label}, $2)`,
      [agencyId, liveWorld],
    )
  for (let n = 0; n < people; n += 1) {
    const personId = id()
    await owner.query('insert into access.account (person, name, mail) values ($1, $2, $3)', [
      personId,
      `Person ${n}`,
      `${personId}@people.example`,
    ])
    for (const token of [...new Set([`agency:${agencies[0]}`, `agency:${agencies[n % 50]}`])].concat(['city:our-city', 'kind:duty']))
      await owner.query("select access.put_reach($1, $2, clock_timestamp() - interval '1 hour', null, 'bench')", [personId, token])
  }
  const [agencyId] = agencies as [string]
  const requestId = id()
  const { rows } = await owner.query<{ person: string }>("select person from access.account where name like 'Person %' limit 1")
  await owner.query(
    `insert into sharing.requests (id, from_agency_id, to_agency_id, asked_by, what, why, asked_at, needed_by, label, world)
     values ($1, $2, $3, $4, 'Bench', 'Bench', clock_timestamp(), clock_timestamp() + interval '1 hour', access.intern('[["kind:duty"]]', 'TLP:AMBER'), $5)`,
    [requestId, agencyId, agencies[1], rows[0]!.person, liveWorld],
  )
  await owner.query(
    `insert into record.openings (id, person_id, table_name, row_id, opened_at, label, world)
     select gen_random_uuid(), a.person, 'sharing.requests', r.id, clock_timestamp(), r.label, r.world from access.account a, sharing.requests r where a.name like 'Person %' and r.id = $1`,
    [requestId],
  )
  const { rows: had } = await owner.query<{ count: number }>('select count(*)::int as count from record.entry')
  // In pieces, as people write: a transaction is given its positions whole.
  for (let left = entries - had[0]!.count; left > 0; left -= 1000)
    await owner.query(
      `insert into record.openings (id, person_id, table_name, row_id, opened_at, label, world)
       select gen_random_uuid(), $1, 'bench.rows', gen_random_uuid(), clock_timestamp(), ${label}, $2 from generate_series(1, $3)`,
      [rows[0]!.person, liveWorld, Math.min(left, 1000)],
    )
  for (;;) {
    const { rows: left } = await owner.query<{ left: number }>(
      'select ((select count(*) from record.entry) - (select count(*) from record.place))::int as left',
    )
    if (left[0]!.left === 0) break
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
  await owner.query('analyze')
  return { itemId: requestId, agencyId }
}

/**
 * To whom something was available, who was sent it, opened it, acknowledged it: through HTTP, with 100,000 entries in the ledger and 500 people, all of
 * whom had it. Against the same answer found person by person, as the one rule says it.
 */
export async function run({ quick }: { quick: boolean }): Promise<BenchLine[]> {
  const entries = quick ? 10_000 : 100_000
  const bench = await benchCity()
  try {
    const { itemId, agencyId } = await fill(bench.owner, entries)
    const inquiry = await bench.person(['kind:inquiry', 'kind:duty', `agency:${agencyId}`, 'city:our-city'])
    const at = new Date().toISOString()
    let shown = 0
    const ask = async () => {
      const response = await fetch(`${bench.city.url}/api/record/availability`, {
        method: 'POST',
        headers: {
          authorization: `Bearer ${inquiry.key}`,
          'content-type': 'application/json',
          'idempotency-key': id(),
          'concord-world': liveWorld,
        },
        body: JSON.stringify({ table: 'sharing.requests', id: itemId, at, purpose: 'A question of the bench', authority: 'Bench' }),
      })
      if (!response.ok) throw new Error(`the question was answered with ${response.status}: ${await response.text()}`)
      shown = ((await response.json()) as { people: unknown[] }).people.length
    }
    const each = () =>
      bench.owner.query(
        `select a.person from access.account a, sharing.requests r where r.id = $1 and access.can_see(r.label, access.tokens_in(a.person, $2, r.world))`,
        [itemId, at],
      )
    const taken: Record<'ask' | 'each', number[]> = { ask: [], each: [] }
    for (let n = -1; n < (quick ? 5 : 15); n += 1)
      for (const [name, work] of Object.entries({ ask, each }) as ['ask' | 'each', () => Promise<unknown>][]) {
        const began = performance.now()
        await work()
        if (n >= 0) taken[name].push(performance.now() - began)
      }
    if (shown < people) throw new Error(`${shown} people were shown, and ${people} had it`)
    const milliseconds = median(taken.ask)
    return [
      {
        bench: 'availability',
        entries,
        people: shown,
        ratio: rounded(median(taken.each) / milliseconds, 1),
        milliseconds: rounded(milliseconds, 1),
        goalMilliseconds: goalMs,
        referenceMilliseconds: rounded(median(taken.each), 1),
        reference: 'only who could read it, person by person, in the database',
      },
    ]
  } finally {
    await bench.end()
  }
}
