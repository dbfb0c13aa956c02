import { createHash, hash } from 'node:crypto'
import { inclusionProof, verifyInclusion } from '#core/record/tree/proofs.ts'
import { sampleLedger } from '#core/record/tree/sample.ts'
import { createTileWriter, tileSource } from '#core/record/tree/tiles.ts'
import { createTree } from '#core/record/tree/tree.ts'
import { verifyRecord } from '#core/record/tree/verify.ts'
import type { VerifyRow } from '#core/record/tree/rows.ts'
import type { BenchLine } from '../measure.ts'
import { verifyRows } from './rows.ts'

const median = (values: readonly number[]): number => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] as number
/** The best of the turns: on a shared machine the others measure the neighbours. */
const best = (values: readonly number[]): number => Math.max(...values)
const round = (value: number, digits: number): number => Number(value.toFixed(digits))

async function entries(quick: boolean): Promise<BenchLine> {
  const count = quick ? 20_000 : 100_000
  const { key, rows, heads } = sampleLedger(count, [Math.floor(count / 2), count], 500)
  const batches: VerifyRow[][] = []
  for (let at = 0; at < count; at += 500) batches.push(rows.slice(at, at + 500))
  const bytes = rows.map((row) => Buffer.concat([row.header, row.salt as Uint8Array, row.content as Uint8Array]))
  const chained = Buffer.alloc(Math.max(...bytes.map((one) => one.length)) + 32)
  const ours: number[] = []
  const chain: number[] = []
  const bare: number[] = []
  const rate = (start: number): number => count / ((performance.now() - start) / 1000)
  // In turn, so that a noisy neighbour meets all of them alike.
  for (let turn = 0; turn < 6; turn += 1) {
    let start = performance.now()
    const report = await verifyRecord({ origin: key.key.name, keys: [key.key.text], rows: batches, heads })
    ours.push(rate(start))
    if (!report.ok || report.sealed !== count) throw new Error('The bench ledger does not verify: nothing was measured.')
    start = performance.now()
    for (const one of bytes) {
      chained.set(one, 32)
      chained.set(hash('sha256', chained.subarray(0, 32 + one.length), 'buffer'))
    }
    chain.push(rate(start))
    start = performance.now()
    for (const one of bytes) hash('sha256', one, 'hex')
    bare.push(rate(start))
  }
  return {
    bench: 'verify',
    ratio: round(best(ours) / best(chain), 2),
    goal: 0.5,
    comparedTo: 'a chain of one-shot crypto.hash calls over the same bytes (header, salt, content)',
    entriesPerSecond: Math.round(best(ours)),
    chainPerSecond: Math.round(best(chain)),
    ratioToFastest: round(best(ours) / best(bare), 2),
    fastest: 'one crypto.hash call for each entry, answer as hex, not chained',
    fastestPerSecond: Math.round(best(bare)),
    entries: count,
    bytesPerEntry: Math.round(bytes.reduce((sum, one) => sum + one.length, 0) / count),
    secondsForMillion: round(1_000_000 / best(ours), 2),
  }
}

async function proofs(quick: boolean): Promise<BenchLine> {
  const size = quick ? 100_000 : 1_000_000
  const writer = createTileWriter()
  const tree = createTree(undefined, writer.listen)
  const leafAt = (index: number): Buffer => createHash('sha256').update(String(index)).digest()
  for (let index = 0; index < size; index += 1) tree.append(leafAt(index))
  const tiles = new Map(writer.take().map((part) => [`${part.level}/${part.index}`, part.hashes]))
  const root = tree.root()
  const asked = quick ? 200 : 1000
  const times: number[] = []
  let reads = 0
  for (let turn = 0; turn < asked; turn += 1) {
    const index = (turn * 7919 * 131) % size
    const leaf = leafAt(index)
    const start = performance.now()
    // A source for each proof: nothing is kept from the one before.
    const source = tileSource((level, at) => {
      reads += 1
      return tiles.get(`${level}/${at}`) as Buffer
    })
    const proof = await inclusionProof(size, index, source)
    const sound = verifyInclusion(size, index, leaf, proof, root)
    times.push(performance.now() - start)
    if (!sound) throw new Error('A proof of the bench does not hold: nothing was measured.')
  }
  const middle = median(times)
  const slow = [...times].sort((a, b) => a - b)[Math.floor(asked * 0.99)] as number
  return {
    bench: 'verify-proof',
    ratio: round(1 / middle, 2),
    comparedTo: 'the goal of one millisecond: made from tiles in memory and verified',
    goal: 1,
    milliseconds: round(middle, 3),
    millisecondsP99: round(slow, 3),
    leaves: size,
    tileReadsPerProof: round(reads / asked, 1),
  }
}

/** Entries verified a second against bare SHA-256, with and without reading the rows, and inclusion proofs among a million leaves. */
export async function* run(options: { json: boolean; quick: boolean }): AsyncGenerator<BenchLine> {
  yield* verifyRows(options.quick)
  yield await entries(options.quick)
  yield await proofs(options.quick)
}
