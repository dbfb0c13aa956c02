import { copied, one, rows, run, sql } from '#core/db/sql.ts'
import { notFound } from '#core/errors.ts'
import type { Tx } from '#core/operation/implement.ts'
import { type LedgerPage, readPage } from '../tree/page.ts'
import type { PageReader } from '../tree/rows.ts'

export interface Pictured {
  tableName: string
  rowId: string
  at: string
  label: number
  rowContent: Record<string, unknown>
  openedAt: string | null
  acknowledgedAt: string | null
}

/** `at`: by the real clock; `worldAt`: the same moment by the world's clock. */
export const picture = (tx: Tx, personId: string, at: Date, worldAt: string, thread: string) =>
  rows<Pictured>(tx, sql`select * from record.picture(${personId}, ${at}, ${worldAt}, ${thread}) order by at desc, row_id`)

export const markings = async (tx: Tx, labels: readonly number[]): Promise<Map<number, string>> => {
  const found = await rows<{ number: number; marking: string }>(
    tx,
    sql`select id as number, marking from access.label where id = any(${labels})`,
  )
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

/** Refuses what the viewer cannot see. Errors: not found (also when withheld, and when there is no such kind of thing). */
const labelOf = (table: string, id: string) =>
  sql`(select p.label from record.place p where p.table_name = ${table} and p.row_id = ${id} order by p.position desc limit 1)`

export interface Noted {
  id: string
  personId: string
  postId: string | null
  table: string
  rowId: string
  at: Date
}

/** One statement: the row is read through its label, and the note is written under the same label. */
export async function noteOpening(tx: Tx, noted: Noted): Promise<void> {
  const [seen] = await rows<{ seen: boolean }>(
    tx,
    sql`with seen as ${labelOf(noted.table, noted.rowId)}, noted as (
          insert into record.openings (id, person_id, table_name, row_id, opened_at, label)
          select ${noted.id}, ${noted.personId}, ${noted.table}, ${noted.rowId}, ${noted.at}, seen.label from seen)
        select true as seen from seen`,
  )
  if (!seen) throw notFound()
}

/** Acknowledging twice changes nothing: the first time stands. */
export async function noteAcknowledgement(tx: Tx, noted: Noted): Promise<{ acknowledgedAt: string }> {
  await run(
    tx,
    sql`with seen as ${labelOf(noted.table, noted.rowId)}
        insert into record.acknowledgements (id, person_id, post_id, table_name, row_id, acknowledged_at, label)
        select ${noted.id}, ${noted.personId}, ${noted.postId}, ${noted.table}, ${noted.rowId}, ${noted.at}, seen.label from seen
        on conflict (table_name, row_id, person_id) do nothing`,
  )
  return one(
    tx,
    sql`select acknowledged_at from record.acknowledgements where table_name = ${noted.table} and row_id = ${noted.rowId} and person_id = ${noted.personId}`,
  )
}

/** A person with a post for it, or the verifying role by its own rights. */
export type Verifying = 'person' | 'verifier'
const pageFunctions = { person: 'record.verify_page', verifier: 'record.ledger_page' } as const
const pageColumns = [
  ...[
    'positions',
    'header_lengths',
    'headers',
    'content_hashes',
    'leaves',
    'flags',
    'labels',
    'worlds',
    'threads',
    'row_ids',
    'table_names',
  ],
]

async function pageAfter(tx: Tx, by: Verifying, after: number, rowsOfPage: number): Promise<LedgerPage | undefined> {
  const [row] = await copied(tx, `select ${pageColumns.join(', ')} from ${pageFunctions[by]}(${Math.trunc(after)}, ${rowsOfPage})`)
  if (row === undefined || row.includes(null)) return undefined
  const [positions, headerLengths, headers, contentHashes, leaves, flags, labels, worlds, threads, rowIds, tableNames] = row as Buffer[]
  return {
    ...{
      positions: positions!,
      headerLengths: headerLengths!,
      headers: headers!,
      contentHashes: contentHashes!,
      leaves: leaves!,
      flags: flags!,
    },
    ...{ labels: labels!, worlds: worlds!, threads: threads!, rowIds: rowIds!, tableNames: tableNames!.toString() },
  }
}

/**
 * A page of the ledger after another, without content, each asked for before it is needed. PostgreSQL works longer on a page than whoever takes it, so the
 * verifying role may bring a second connection: every other page is then the other's, at the place where it begins if no position is missing. Where one
 * is, what was asked for ahead begins elsewhere: it is left, and asked for anew.
 */
export async function* ledgerPages(tx: Tx, by: Verifying, beside?: Tx, rowsOfPage = 4096): AsyncGenerator<PageReader> {
  const connections = beside === undefined ? [tx] : [tx, beside]
  const ahead: { after: number; page: Promise<LedgerPage | undefined> }[] = []
  let turn = 0
  const askAhead = (last: number) => {
    if (ahead[0]?.after !== last) ahead.length = 0
    while (ahead.length < connections.length) {
      const after = last + ahead.length * rowsOfPage
      const page = pageAfter(connections[turn++ % connections.length]!, by, after, rowsOfPage)
      // A page that fails is told when it is taken, not before.
      page.catch(() => undefined)
      ahead.push({ after, page })
    }
  }
  for (let last = -1; ; ) {
    askAhead(last)
    const page = await ahead.shift()!.page
    if (page === undefined) return
    const reader = readPage(page)
    last = reader.position(reader.count - 1)
    askAhead(last)
    yield reader
  }
}

export const heads = async (tx: Tx): Promise<string[]> =>
  (await rows<{ note: string }>(tx, sql`select note from record.head order by size`)).map((row) => row.note)
export const publicKeys = async (tx: Tx): Promise<string[]> =>
  (await rows<{ publicKey: string }>(tx, sql`select public_key from record.signing_key order by from_at`)).map((row) => row.publicKey)
export const unplaced = async (tx: Tx): Promise<number> =>
  (await one<{ unplaced: number }>(tx, sql`select record.unplaced() as unplaced`)).unplaced
export const nameOf = async (tx: Tx, personId: string): Promise<string> =>
  (await rows<{ name: string }>(tx, sql`select name from access.account where person = ${personId}`))[0]?.name ?? ''
