import { one, rows, run, sql } from '#core/db/sql.ts'
import type { Tx } from '#core/operation/implement.ts'

/** Can the asker read such a row now? One that is not there and one that is withheld are the same no. */
export const sees = async (tx: Tx, table: string, id: string) =>
  (await one<{ seen: boolean }>(tx, sql`select record.sees(${table}, ${id}) as seen`)).seen
export const mayAsk = async (tx: Tx, table: string, id: string, hasAuthority: boolean) =>
  (await one<{ may: boolean }>(tx, sql`select record.may_ask(${table}, ${id}, ${hasAuthority}) as may`)).may

export interface Lookup {
  id: string
  askedBy: string
  table: string
  rowId: string
  at: string
  purpose: string
  authority: string | null
  label: number
}
export const noteLookup = (tx: Tx, it: Lookup) =>
  run(
    tx,
    sql`insert into record.lookups (id, asked_by, table_name, row_id, as_of, purpose, authority, label)
        values (${it.id}, ${it.askedBy}, ${it.table}, ${it.rowId}, ${it.at}, ${it.purpose}, ${it.authority}, ${it.label})`,
  )

export interface AvailableRow {
  person: string
  name: string
  availableSince: string | null
  sentAt: string | null
  toldAt: string | null
  openedAt: string | null
  acknowledgedAt: string | null
}
/** `at`: by the real clock; `worldAt`: the same moment by the world's clock. The question stands in the record before it is answered. */
export const availability = (tx: Tx, table: string, id: string, at: Date, worldAt: string, atMost: number) =>
  rows<AvailableRow>(tx, sql`select * from record.availability(${table}, ${id}, ${at}, ${worldAt}, ${atMost})`)
