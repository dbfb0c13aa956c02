import { maybe, one, rows, run, sql } from '#core/db/sql.ts'
import type { Database } from '#core/db/tx.ts'
import type { Tx } from '#core/operation/implement.ts'
import { type Keyring, type Signers, signersNow } from './keys.ts'
import type { Machine } from './machine.ts'
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

const lock = async (tx: Tx): Promise<boolean> =>
  (await one<{ mine: boolean }>(tx, sql`select pg_try_advisory_xact_lock(7261, 2) as mine`)).mine

/** Seals what has been placed since the last head, at most `limit` leaves. One at a time in the whole city. Returns the new size, or undefined. */
export async function sealOnce(
  tx: Tx,
  keys: readonly SigningKey[],
  origin: string,
  limit = 20_000,
  turn: Pick<Signers, 'keyChange' | 'keyLost'> = {},
): Promise<number | undefined> {
  if (!(await lock(tx))) return undefined
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
  const { keyChange, keyLost } = turn
  const note = signHead({ origin, size: tree.size(), root, at, ...(keyChange ? { keyChange } : {}), ...(keyLost ? { keyLost } : {}) }, keys)
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

/**
 * One round of sealing with the keys that stand in the record now. `no-key`: there is something to seal and none of the record's keys is here.
 * Undefined when there was nothing to seal, or another process is at it.
 */
export async function sealWith(tx: Tx, ring: Keyring, origin: string, now = new Date()): Promise<number | 'no-key' | undefined> {
  if (!(await lock(tx))) return undefined
  const { waits } = await one<{ waits: boolean }>(
    tx,
    sql`select exists (select from record.place where position >= (select coalesce(max(size), 0) from record.head)) as waits`,
  )
  if (!waits) return undefined
  const signers = await signersNow(tx, ring, now)
  if (signers === undefined) return 'no-key'
  const size = await sealOnce(tx, signers.keys, origin, undefined, signers)
  if (size !== undefined) await signers.done(size)
  return size
}

export interface Sealer {
  /** New positions were given: seal them, at most `every` ms from now. */
  poke(): void
  stop(): Promise<void>
}

/** How long after a failure it is tried again, in ms. */
const again = 2000

/** Signs a head over the record at most one second after something was committed; idle cities sign nothing. What hinders it stands in `machine.trouble`. */
export function startSealer(
  database: Database,
  options: { machine: Machine & { ring: Keyring }; origin: string; every?: number; failed(error: unknown): void },
): Sealer {
  const every = options.every ?? 400
  const { machine } = options
  let timer: NodeJS.Timeout | undefined
  let stopped = false
  let sealing: Promise<void> = Promise.resolve()
  const troubled = (what: NonNullable<Machine['trouble']>['what']) => {
    machine.trouble = { what, since: machine.trouble?.since ?? new Date() }
    if (!stopped) later(again)
  }
  const seal = async () => {
    timer = undefined
    try {
      let sealed: number | 'no-key' | undefined
      do sealed = await database.verifier((tx) => sealWith(tx, machine.ring, options.origin))
      while (typeof sealed === 'number')
      if (sealed === 'no-key') return troubled('no-key')
      machine.trouble = undefined
    } catch (error) {
      troubled('store')
      options.failed(error)
    }
  }
  const later = (milliseconds: number) => {
    timer ??= setTimeout(() => {
      sealing = sealing.then(seal)
    }, milliseconds)
  }
  const poke = () => later(every)
  poke()
  return {
    poke,
    async stop() {
      stopped = true
      clearTimeout(timer)
      await sealing
      await seal()
    },
  }
}
