import { hash } from 'node:crypto'
import { workOut } from '#core/record/reading/ledger.ts'
import { inclusion } from '#core/record/proving/contract.ts'
import { sealWith } from '#core/record/sealer.ts'
import { testRing } from '#core/record/testing.ts'
import { recordArea } from '#core/record/area.ts'
import { perform, registryOf } from '#core/operation/perform.ts'
import { wordsOf } from '#core/operation/operation.ts'
import { randomBytes } from 'node:crypto'
import { id } from '#core/id.ts'
import { one as pgOne, sql } from '#core/db/sql.ts'
import { median, percentile, processorSeconds, rounded, type BenchLine } from '../measure.ts'
import { fillLedger } from './fill.ts'
import { benchStore } from './store.ts'

/**
 * The whole verification as a city does it: rows read from PostgreSQL by the verifying role, content held against its hash there, headers, leaves, tree and
 * signed heads worked out here. Against one process that only chains one-shot hashes over the same bytes, which it has in memory already.
 */
export async function* verifyRows(quick: boolean): AsyncGenerator<BenchLine> {
  const count = quick ? 50_000 : 1_000_000
  const bench = await benchStore()
  try {
    for (let made = 0; made < count; made += 50_000) await fillLedger(bench.owner, Math.min(50_000, count - made))
    const ring = testRing('bench')
    for (let sealed: unknown = 0; typeof sealed === 'number'; ) sealed = await bench.database.verifier((tx) => sealWith(tx, ring, 'bench'))
    const { rows: one } = await bench.owner.query<{ header: Buffer; salt: Buffer; content: Buffer }>(
      'select header, salt, content from record.entry order by seq desc limit 1000',
    )
    const bytes = one.map((row) => Buffer.concat([row.header, row.salt, row.content]))
    const chained = Buffer.alloc(Math.max(...bytes.map(({ length }) => length)) + 32)
    const ours: number[] = []
    const chain: number[] = []
    const inStore: number[] = []
    const inNode: number[] = []
    for (let turn = 0; turn < 3; turn += 1) {
      let start = performance.now()
      const report = await bench.database.verifier((tx) =>
        bench.database.verifier(async (beside) => {
          const pids = await Promise.all([tx, beside].map((each) => pgOne<{ pid: number }>(each, sql`select pg_backend_pid() as pid`)))
          const inBackends = () => pids.reduce((sum, { pid }) => sum + processorSeconds(pid), 0)
          const [store, here] = [inBackends(), process.cpuUsage()]
          start = performance.now()
          const found = await workOut(tx, 'verifier', beside)
          ours.push(found.entries / ((performance.now() - start) / 1000))
          const { user, system } = process.cpuUsage(here)
          inStore.push(((inBackends() - store) * 1e6) / found.entries)
          inNode.push((user + system) / found.entries)
          return found
        }),
      )
      if (!report.ok || report.notYetSealed > 0) throw new Error(`The bench ledger does not verify: ${JSON.stringify(report.problems[0])}`)
      start = performance.now()
      for (let n = 0; n < count; n += 1) {
        const each = bytes[n % bytes.length] as Buffer
        chained.set(each, 32)
        chained.set(hash('sha256', chained.subarray(0, 32 + each.length), 'buffer'))
      }
      chain.push(count / ((performance.now() - start) / 1000))
    }
    const best = (values: readonly number[]) => Math.max(...values)
    yield {
      bench: 'verify-rows',
      ratio: rounded(best(ours) / best(chain)),
      goal: 0.5,
      comparedTo: 'a chain of one-shot crypto.hash calls over bytes of the same length, in memory',
      entriesPerSecond: Math.round(best(ours)),
      chainPerSecond: Math.round(best(chain)),
      turns: ours.map((rate, turn) => rounded(rate / (chain[turn] as number))),
      /** Processor time for each entry: quieter than the clock where others work beside it. */
      microsecondsInPostgres: rounded(Math.min(...inStore), 1),
      microsecondsInNode: rounded(Math.min(...inNode), 1),
      entries: count,
      bytesPerEntry: Math.round(bytes.reduce((sum, { length }) => sum + length, 0) / bytes.length),
      secondsForMillion: rounded(1_000_000 / best(ours)),
      goalSeconds: 10,
    }
    yield await proofs(bench, count, quick ? 200 : 1000)
  } finally {
    await bench.end()
  }
}

/** An inclusion proof as an inquiry asks for it: through the operation, with becoming a person, the entry, and the nodes of its path. */
async function proofs(bench: Awaited<ReturnType<typeof benchStore>>, count: number, asked: number): Promise<BenchLine> {
  const personId = id()
  const key = randomBytes(24).toString('base64url')
  await bench.owner.query("insert into access.account (person, name, mail) values ($1, 'Bench', $2)", [
    personId,
    `${personId}@people.example`,
  ])
  await bench.owner.query(
    "insert into access.session (key_hash, person, kind, expires_at) values (sha256($1), $2, 'token', clock_timestamp() + interval '1 day')",
    [Buffer.from(key), personId],
  )
  const { rows } = await bench.owner.query<{ token: string }>(
    'select distinct c.token from access.clause a, lateral unnest(a.tokens) c (token) where a.label = (select min(id) from access.label)',
  )
  for (const token of ['kind:inquiry', ...rows.map((row) => row.token)])
    await bench.owner.query("select access.put_reach($1, $2, null, null, 'bench')", [personId, token])
  const registry = registryOf([recordArea([])])
  const implementation = registry.named(...wordsOf(inclusion))
  const times: number[] = []
  for (let n = 0; n < asked; n += 1) {
    const position = 100 + ((n * 7919 * 131) % (count - 200))
    const start = performance.now()
    await perform(bench.database, registry, implementation, { position }, { key, operation: 'record.inclusion' })
    times.push(performance.now() - start)
  }
  return {
    bench: 'verify-proof-asked',
    ratio: rounded(1 / median(times)),
    goal: 1,
    comparedTo: 'the goal of one millisecond: asked of the database as an inquiry, among the same entries',
    milliseconds: rounded(median(times), 3),
    millisecondsP99: rounded(percentile(times, 0.99), 3),
    leaves: count,
  }
}
