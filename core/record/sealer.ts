import { maybe, one, rows, run, sql } from '#core/db/sql.ts'
import type { Database } from '#core/db/tx.ts'
import type { Tx } from '#core/operation/implement.ts'
import { type Keyring, keysAsked, type Signers, signersNow } from './keys.ts'
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

/** At most so many leaves under one head. */
const atOnce = 20_000

interface Unsealed {
  before: StoredHead | undefined
  leaves: { leaf: Buffer }[]
}

/**
 * What no head covers yet; undefined while another process seals. `also` is asked in the same flight: each way to the store and back costs a busy
 * machine more than what is asked.
 */
async function unsealed<Also>(tx: Tx, limit: number, also: (tx: Tx) => Promise<Also>): Promise<(Unsealed & { also: Also }) | undefined> {
  const [mine, before, leaves, more] = await Promise.all([
    lock(tx),
    lastHead(tx),
    rows<{ leaf: Buffer }>(
      tx,
      sql`select leaf from record.place where position >= coalesce((select max(size) from record.head), 0) order by position limit ${limit}`,
    ),
    also(tx),
  ])
  return mine ? { before, leaves, also: more } : undefined
}

async function seal(
  tx: Tx,
  { before, leaves }: Unsealed,
  keys: readonly SigningKey[],
  origin: string,
  { keyChange, keyLost }: Pick<Signers, 'keyChange' | 'keyLost'>,
): Promise<number> {
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
  const at = new Date().toISOString()
  const root = tree.root()
  const note = signHead({ origin, size: tree.size(), root, at, ...(keyChange ? { keyChange } : {}), ...(keyLost ? { keyLost } : {}) }, keys)
  await Promise.all([
    run(tx, sql`set local synchronous_commit = on`),
    run(
      tx,
      sql`insert into record.node (level, index, hash) select * from unnest(${levels}::int[], ${indexes}::bigint[], ${hashes}::bytea[])`,
    ),
    run(
      tx,
      sql`insert into record.head (size, root, at, key_id, note, frontier)
          values (${tree.size()}, ${root}, ${at}, ${keys.at(-1)!.key.id}, ${note}, ${Buffer.concat(tree.frontier().hashes)})`,
    ),
  ])
  return tree.size()
}

/** Seals what has been placed since the last head, at most `limit` leaves. One at a time in the whole city. Returns the new size, or undefined. */
export async function sealOnce(tx: Tx, keys: readonly SigningKey[], origin: string, limit = atOnce): Promise<number | undefined> {
  const waiting = await unsealed(tx, limit, () => Promise.resolve())
  return waiting === undefined || waiting.leaves.length === 0 ? undefined : seal(tx, waiting, keys, origin, {})
}

/** The new size; `no-key`: there is something to seal and none of the record's keys is here; `elsewhere`: another process is at it. Undefined: nothing waits. */
export type Sealed = number | 'no-key' | 'elsewhere' | undefined

/** One round of sealing with the keys that stand in the record now. */
export async function sealWith(tx: Tx, ring: Keyring, origin: string, now = new Date()): Promise<Sealed> {
  const waiting = await unsealed(tx, atOnce, keysAsked)
  if (waiting === undefined) return 'elsewhere'
  if (waiting.leaves.length === 0) return undefined
  const signers = await signersNow(tx, ring, now, waiting.also)
  if (signers === undefined) return 'no-key'
  const size = await seal(tx, waiting, signers.keys, origin, signers)
  await signers.done(size)
  return size
}

export interface Sealer {
  /** New positions were given: seal them, at most `every` ms from now. */
  poke(): void
  stop(): Promise<void>
}

/** How long after a failure it is tried again, in ms. */
const again = 2000
/** The machine has this much rest between two heads, however slow it is. */
const leastRest = 50

/**
 * Signs a head over the record at most one second after something was committed; idle cities sign nothing. It waits so that many entries share a head, and
 * the less the longer the last head took, so that a slow machine does not wait on top of being slow. What hinders it stands in `machine.trouble`.
 */
export function startSealer(
  database: Database,
  options: { machine: Machine & { ring: Keyring }; origin: string; every?: number; failed(error: unknown): void },
): Sealer {
  const every = options.every ?? 400
  const { machine } = options
  let timer: NodeJS.Timeout | undefined
  let stopped = false
  let sealing: Promise<void> = Promise.resolve()
  let [sealedSize, took] = [-atOnce, 0]
  const troubled = (what: NonNullable<Machine['trouble']>['what']) => {
    machine.trouble = { what, since: machine.trouble?.since ?? new Date() }
    if (!stopped) later(again)
  }
  const later = (milliseconds: number) => {
    timer ??= setTimeout(() => {
      sealing = sealing.then(sealAll)
    }, milliseconds)
  }
  const poke = () => {
    if (!stopped) later(Math.max(leastRest, every - took))
  }
  const sealAll = async () => {
    timer = undefined
    const began = performance.now()
    try {
      for (let more = true; more; ) {
        const sealed = await database.verifier((tx) => sealWith(tx, machine.ring, options.origin))
        if (sealed === 'no-key') return troubled('no-key')
        // It may not have seen what was placed here a moment ago.
        if (sealed === 'elsewhere') return poke()
        // What is placed from here on asks for its own head.
        more = sealed !== undefined && sealed - sealedSize >= atOnce
        sealedSize = sealed ?? sealedSize
      }
      machine.trouble = undefined
    } catch (error) {
      troubled('store')
      options.failed(error)
    } finally {
      took = performance.now() - began
    }
  }
  poke()
  return {
    poke,
    async stop() {
      stopped = true
      clearTimeout(timer)
      await sealing
      await sealAll()
    },
  }
}
