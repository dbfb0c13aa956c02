import { one, sql } from '#core/db/sql.ts'
import type { Tx } from '#core/operation/implement.ts'

export interface Sending {
  table: string
  id: string
  /** To whom, as reach has it: `person:…`, `agency:…`, `circle:…`. */
  to: string
  /** `shared`: put before them by name. `notice`: told that something waits, and nothing of it. */
  way: 'shared' | 'notice'
  /** World time. */
  at: Date
}

/** Writes down that a row was sent to somebody, under the row's own label. False: there is no such row for whoever says so. Sent is never *knows*. */
export const noteSending = async (tx: Tx, { table, id, to, way, at }: Sending): Promise<boolean> =>
  (await one<{ noted: boolean }>(tx, sql`select record.note_sending(${table}, ${id}, ${to}, ${way}, ${at}) as noted`)).noted
