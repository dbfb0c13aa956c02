import { maybe, one, rows, run, sql } from '#core/db/sql.ts'
import type { Tx } from '#core/operation/implement.ts'

export const newestSize = async (tx: Tx): Promise<number> =>
  (await one<{ size: number }>(tx, sql`select coalesce(max(size), 0) as size from record.head`)).size

/** All that there are now. */
export const newestStatement = async (tx: Tx): Promise<number> =>
  (await one<{ upto: number }>(tx, sql`select upto from record.bundle_counts(9223372036854775807)`)).upto

export interface Taken {
  id: string
  personId: string
  size: number
  statements: number
  at: Date
  ticketHash: Buffer
  until: Date
  label: number
}
export const noteTaken = (tx: Tx, it: Taken) =>
  run(
    tx,
    sql`insert into record.bundles (id, person_id, size, statements, taken_at, ticket_hash, until_at, label)
        values (${it.id}, ${it.personId}, ${it.size}, ${it.statements}, ${it.at}, ${it.ticketHash}, ${it.until}, ${it.label})`,
  )

/** What a ticket opens: only for its own person, only while it lasts. */
export const ofTicket = (tx: Tx, ticketHash: Buffer, personId: string) =>
  maybe<{ size: number; statements: number }>(
    tx,
    sql`select size, statements from record.bundles where ticket_hash = ${ticketHash} and person_id = ${personId} and until_at > clock_timestamp()`,
  )

export const publicKeys = async (tx: Tx): Promise<string[]> =>
  (await rows<{ publicKey: string }>(tx, sql`select public_key from record.signing_key order by from_at, key_id`)).map(
    (row) => row.publicKey,
  )

export const headCount = async (tx: Tx, size: number): Promise<number> =>
  (await one<{ heads: number }>(tx, sql`select count(*)::int as heads from record.head where size <= ${size}`)).heads
/** How many statements up to a number, and the newest moment of them. */
export const statementsUpTo = (tx: Tx, upto: number) =>
  one<{ statements: number; told: string | null }>(tx, sql`select statements, told from record.bundle_counts(${upto})`)

export interface LeafRow {
  position: number
  leaf: Buffer
}
export const leaves = (tx: Tx, after: number, below: number, atMost: number) =>
  rows<LeafRow>(tx, sql`select place_position as position, leaf from record.bundle_leaves(${after}, ${below}, ${atMost})`)
export const heads = (tx: Tx, after: number, upto: number, atMost: number) =>
  rows<{ size: number; note: string }>(
    tx,
    sql`select size, note from record.head where size > ${after} and size <= ${upto} order by size limit ${atMost}`,
  )
export const statements = (tx: Tx, after: number, upto: number, atMost: number) =>
  rows<{ number: number; salt: Buffer; head: string }>(
    tx,
    sql`select statement_number as number, salt, head from record.bundle_statements(${after}, ${upto}, ${atMost})`,
  )
