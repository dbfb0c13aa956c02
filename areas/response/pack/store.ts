import { rows, sql } from '#core/db/sql.ts'
import type { Tx } from '#core/operation/implement.ts'

/** Of the threads that are incidents this person may make packs of: what belongs to them. Nothing for all others. */
export const belongings = (tx: Tx, threads: readonly string[]) =>
  rows<{ thread: string | null; tableName: string | null; rowId: string | null }>(
    tx,
    sql`select b.thread, b.table_name, b.row_id from unnest(${threads}::uuid[]) t (id) cross join lateral response.belongings(t.id) b`,
  )
