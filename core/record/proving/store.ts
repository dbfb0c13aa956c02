import { maybe, one, rows, sql } from '#core/db/sql.ts'
import { notFound } from '#core/errors.ts'
import type { Tx } from '#core/operation/implement.ts'

export interface EntryRow {
  position: number
  header: Buffer
  contentHash: Buffer
  leaf: Buffer
}

const columns = sql`p.position, e.header, e.content_hash, p.leaf from record.place p join record.entry e on e.seq = p.seq`

/** Through its label: not found when it is withheld, or not yet placed. */
export const newestOf = (tx: Tx, table: string, id: string) =>
  one<EntryRow>(tx, sql`select ${columns} where p.table_name = ${table} and p.row_id = ${id} order by p.position desc limit 1`)
export const entryAt = (tx: Tx, position: number) => one<EntryRow>(tx, sql`select ${columns} where p.position = ${position}`)

export const sealedAt = async (tx: Tx, position: number): Promise<string | null> =>
  (await one<{ at: string | null }>(tx, sql`select record.sealed_at(${position}) as at`)).at

export const newestHead = (tx: Tx) =>
  maybe<{ size: number; note: string }>(tx, sql`select size, note from record.head order by size desc limit 1`)
export const headOf = (tx: Tx, size: number) => one<{ note: string }>(tx, sql`select note from record.head where size = ${size}`)

export interface Place {
  level: number
  index: number
}

/** Hashes of nodes, all in one question. Errors: not found when the tree has no such node. */
export async function nodes(tx: Tx, wanted: readonly Place[]): Promise<Map<string, Buffer>> {
  if (wanted.length === 0) return new Map()
  const found = await rows<Place & { hash: Buffer | null }>(
    tx,
    sql`select level, index, hash from record.tree_nodes(${wanted.map(({ level }) => level)}::int[], ${wanted.map(({ index }) => index)}::bigint[])`,
  )
  return new Map(
    found.map(({ level, index, hash }) => {
      if (hash === null) throw notFound('The record’s own tree has a gap here. Nothing was changed. Have the record verified.')
      return [`${level} ${index}`, hash]
    }),
  )
}

export const opened = (tx: Tx, commitments: readonly Buffer[]) =>
  rows<{ commitment: Buffer; moment: string; salt: Buffer; head: string }>(
    tx,
    sql`select commitment, moment, salt, head from record.open_statements(${commitments}::bytea[]) order by moment`,
  )
