import { one, rows, run, sql } from '#core/db/sql.ts'
import { invalid } from '#core/errors.ts'
import type { Tx } from '#core/operation/implement.ts'
import type { VerifyRow } from '../tree/verify.ts'

export interface Pictured {
  tableName: string
  rowId: string
  at: string
  label: number
  rowContent: Record<string, unknown>
  openedAt: string | null
  acknowledgedAt: string | null
}

export const picture = (tx: Tx, personId: string, at: string, thread: string) =>
  rows<Pictured>(tx, sql`select * from record.picture(${personId}, ${at}, ${thread}) order by at desc, row_id`)

export const markings = async (tx: Tx, labels: readonly number[]): Promise<Map<number, string>> => {
  const found = await rows<{ number: number; marking: string }>(tx, sql`select id as number, marking from access.label where id = any(${labels})`)
  return new Map(found.map((row) => [row.number, row.marking]))
}

export interface Inspection {
  id: string
  askedBy: string
  personId: string
  at: string
  thread: string
  purpose: string
  authority: string
  label: number
}

export const noteInspection = (tx: Tx, inspection: Inspection) =>
  run(
    tx,
    sql`insert into record.inspections (id, asked_by, of_person, as_of, thread, purpose, authority, label)
        values (${inspection.id}, ${inspection.askedBy}, ${inspection.personId}, ${inspection.at}, ${inspection.thread}, ${inspection.purpose},
          ${inspection.authority}, ${inspection.label})`,
  )

/** The label under which the viewer sees this row now. Errors: invalid (no such kind of thing), not found (also when withheld). */
export async function labelOf(tx: Tx, table: string, id: string): Promise<number> {
  const known = await rows(tx, sql`select 1 from record.place where table_name = ${table} limit 1`)
  if (known.length === 0) throw invalid('table', 'There is nothing of this kind that you can see.')
  const found = await one<{ label: number; action: string }>(
    tx,
    sql`select label, action from record.place where table_name = ${table} and row_id = ${id} order by position desc limit 1`,
  )
  return found.label
}

export interface Noted {
  id: string
  personId: string
  postId: string | null
  table: string
  rowId: string
  at: Date
  label: number
}

export const noteOpening = (tx: Tx, noted: Noted) =>
  one<{ id: string; openedAt: string }>(
    tx,
    sql`insert into record.openings (id, person_id, table_name, row_id, opened_at, label)
        values (${noted.id}, ${noted.personId}, ${noted.table}, ${noted.rowId}, ${noted.at}, ${noted.label}) returning id, opened_at`,
  )

/** Acknowledging twice changes nothing: the first time stands. */
export async function noteAcknowledgement(tx: Tx, noted: Noted): Promise<{ acknowledgedAt: string }> {
  await run(
    tx,
    sql`insert into record.acknowledgements (id, person_id, post_id, table_name, row_id, acknowledged_at, label)
        values (${noted.id}, ${noted.personId}, ${noted.postId}, ${noted.table}, ${noted.rowId}, ${noted.at}, ${noted.label})
        on conflict (table_name, row_id, person_id) do nothing`,
  )
  return one(
    tx,
    sql`select acknowledged_at from record.acknowledgements where table_name = ${noted.table} and row_id = ${noted.rowId} and person_id = ${noted.personId}`,
  )
}

interface Page {
  placePosition: number
  header: Buffer
  contentHash: Buffer
  contentSound: boolean
  isStub: boolean
  leaf: Buffer
  label: number
  world: string
  thread: string | null
  tableName: string
  rowId: string
  action: string
}

/** The ledger's rows in order, without content; the positions whose content does not fit its hash are handed to `unsound`. */
export async function* verifyRows(tx: Tx, unsound: (position: number) => void): AsyncGenerator<VerifyRow[]> {
  for (let after = -1; ; ) {
    const page = await rows<Page>(tx, sql`select * from record.verify_page(${after}, 5000)`)
    if (page.length === 0) return
    for (const row of page) if (!row.contentSound) unsound(row.placePosition)
    yield page.map((row) => ({
      position: row.placePosition,
      header: row.header,
      salt: null,
      content: null,
      contentHash: row.contentHash,
      leaf: row.leaf,
      columns: { label: row.label, world: row.world, thread: row.thread, table: row.tableName, row: row.rowId, action: row.action },
    }))
    after = page.at(-1)!.placePosition
  }
}

export const heads = async (tx: Tx): Promise<string[]> => (await rows<{ note: string }>(tx, sql`select note from record.head order by size`)).map((row) => row.note)
export const publicKeys = async (tx: Tx): Promise<string[]> =>
  (await rows<{ publicKey: string }>(tx, sql`select public_key from record.signing_key order by from_at`)).map((row) => row.publicKey)
export const unplaced = async (tx: Tx): Promise<number> => (await one<{ unplaced: number }>(tx, sql`select record.unplaced() as unplaced`)).unplaced
export const nameOf = async (tx: Tx, personId: string): Promise<string> =>
  (await rows<{ name: string }>(tx, sql`select name from access.account where person = ${personId}`))[0]?.name ?? ''
