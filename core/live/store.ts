import { maybe, one, rows, sql } from '#core/db/sql.ts'
import type { Tx } from '#core/operation/implement.ts'

export interface TailRow {
  position: number
  label: number
  /** null: city-wide, read in every world. */
  world: string | null
  tableName: string
  rowId: string
  thread: string | null
  action: 'insert' | 'update' | 'left' | 'arrived'
  at: string
  /** Whose reach it is, for entries of access.reach. */
  person: string | null
  /** Who is let in to which token, for entries of access.admission. */
  admits: string | null
  bearers: string[][] | null
}

const columns = sql`p.position, p.label, case when t.scope = 'city-wide' then null else p.world end as world,
  p.table_name, p.row_id, p.thread, p.action, p.at, r.person, d.token as admits, d.bearers`
const joined = sql`from record.place p left join record.labelled_table t on t.name = p.table_name
  left join access.reach r on p.table_name = 'access.reach' and r.id = p.row_id
  left join access.admission d on p.table_name = 'access.admission' and d.id = p.row_id`

/** Placed entries after a position, in order; label and place only, never content. For the verifier. */
export const placedAfter = (tx: Tx, position: number, limit: number) =>
  rows<TailRow>(tx, sql`select ${columns} ${joined} where p.position > ${position} order by p.position limit ${limit}`)

export const lastPosition = async (tx: Tx): Promise<number> =>
  (await one<{ position: number }>(tx, sql`select coalesce(max(position), -1) as position from record.place`)).position

/** What one person may read after a position, in their world. For the verifier, who then answers for the filter. */
export const placedFor = (tx: Tx, labels: readonly number[], world: string, after: number, limit: number) =>
  rows<TailRow>(
    tx,
    sql`select ${columns} ${joined} where p.position > ${after} and p.label = any(${labels}) and (t.scope = 'city-wide' or p.world = ${world})
        order by p.position limit ${limit}`,
  )

/** Rows that stood under these labels in this world up to a position: what somebody loses with them. What came later they never had. */
export const rowsUnder = async (tx: Tx, labels: readonly number[], world: string, position: number): Promise<string[]> =>
  (
    await rows<{ rowId: string }>(
      tx,
      sql`select distinct p.row_id from record.place p join record.labelled_table t on t.name = p.table_name
          where p.label = any(${labels}) and p.position <= ${position} and (t.scope = 'city-wide' or p.world = ${world}) limit 1000`,
    )
  ).map((row) => row.rowId)

export interface Look {
  tokens: string[]
  labels: number[]
  validUntil: string | null
}

/** A person's reach in a world as it is now, and when it changes by itself. */
export const look = (tx: Tx, personId: string, world: string) =>
  one<Look>(tx, sql`select tokens, labels, valid_until from access.look_at(${personId}, ${world})`)

export const clausesOf = (tx: Tx, label: number) =>
  maybe<{ clauses: string[][] }>(tx, sql`select clauses from access.label where id = ${label}`).then((row) => row?.clauses ?? [])

/** The key of the opaque cursors: the same for every process of the city, and across restarts. */
export const cursorKey = async (tx: Tx): Promise<Buffer> =>
  (await one<{ key: Buffer }>(tx, sql`select cursor_key as key from record.stream`)).key
