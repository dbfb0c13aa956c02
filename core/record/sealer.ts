import { one, maybe, rows, run, sql } from '#core/db/sql.ts'
import type { Database } from '#core/db/tx.ts'
import type { Tx } from '#core/operation/implement.ts'
import { type SigningKey, signHead } from './tree/heads.ts'
import { createTree, type Frontier } from './tree/tree.ts'

interface StoredHead {
  size: number
  frontier: Buffer
}

const hashBytes = 32

export const frontierOf = ({ size, frontier }: StoredHead): Frontier => ({
  size,
  hashes: Array.from({ length: frontier.length / hashBytes }, (_, at) => frontier.subarray(at * hashBytes, (at + 1) * hashBytes)),
})

const lastHead = (tx: Tx) => maybe<StoredHead>(tx, sql`select size, frontier from record.head order by size desc limit 1`)

/** Seals what has been placed since the last head, at most `limit` leaves. One at a time in the whole city. Returns the new size, or undefined. */
export async function sealOnce(tx: Tx, keys: readonly SigningKey[], origin: string, limit = 20_000): Promise<number | undefined> {
  const { mine } = await one<{ mine: boolean }>(tx, sql`select pg_try_advisory_xact_lock(7261, 2) as mine`)
  if (!mine) return undefined
  const before = await lastHead(tx)
  const size = before?.size ?? 0
  const leaves = await rows<{ leaf: Buffer }>(
    tx,
    sql`select leaf from record.place where position >= ${size} order by position limit ${limit}`,
  )
  if (leaves.length === 0) return undefined
  const levels: number[] = []
  const indexes: number[] = []
  const hashes: Buffer[] = []
  const tree = createTree(before && frontierOf(before), (level, index, hash) => {
    if (level === 0) return // a leaf's hash stands in record.place
    levels.push(level)
    indexes.push(index)
    hashes.push(hash)
  })
  tree.appendMany(leaves.map((row) => row.leaf))
  await run(tx, sql`set local synchronous_commit = on`)
  const at = new Date().toISOString()
  const root = tree.root()
  const note = signHead({ origin, size: tree.size(), root, at }, keys)
  await run(
    tx,
    sql`insert into record.node (level, index, hash) select * from unnest(${levels}::int[], ${indexes}::bigint[], ${hashes}::bytea[])`,
  )
  await run(
    tx,
    sql`insert into record.head (size, root, at, key_id, note, frontier)
        values (${tree.size()}, ${root}, ${at}, ${keys.at(-1)!.key.id}, ${note}, ${Buffer.concat(tree.frontier().hashes)})`,
  )
  return tree.size()
}

export interface Sealer {
  /** New positions were given: seal them, at most `every` ms from now. */
  poke(): void
  stop(): Promise<void>
}

/** Signs a head over the record at most one second after something was committed; idle cities sign nothing. */
export function startSealer(
  database: Database,
  options: { keys: readonly SigningKey[]; origin: string; every?: number; failed(error: unknown): void },
): Sealer {
  const every = options.every ?? 400
  let timer: NodeJS.Timeout | undefined
  let sealing: Promise<void> = Promise.resolve()
  const seal = async () => {
    timer = undefined
    try {
      while ((await database.verifier((tx) => sealOnce(tx, options.keys, options.origin))) !== undefined);
    } catch (error) {
      options.failed(error)
    }
  }
  const poke = () => {
    timer ??= setTimeout(() => {
      sealing = sealing.then(seal)
    }, every)
  }
  poke()
  return {
    poke,
    async stop() {
      clearTimeout(timer)
      await sealing
      await seal()
    },
  }
}
