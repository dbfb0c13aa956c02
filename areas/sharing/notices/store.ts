import type { PostKind } from '#core/operation/operation.ts'
import { rows, run, sql } from '#core/db/sql.ts'
import type { Tx } from '#core/operation/implement.ts'

/** That something waits, and for whom. What it is about is named for the record alone; no message says it. */
export interface Notice {
  /** One notice for each key, however often it is put. */
  key: string
  about: { table: string; id: string }
  /** An agency's posts of these kinds (or one post of it, before them); or whoever takes part in `incident:<id>` in such a post. */
  to: { agencyId: string; postId?: string | null; kinds: readonly PostKind[] } | { part: string; kinds: readonly PostKind[] }
  due: Date
}

/** Puts notices into this transaction; a timed duty delivers them after its commit. Errors: not allowed (what it is about is not there for the writer). */
export async function putNotices(tx: Tx, notices: readonly Notice[]): Promise<void> {
  for (const { key, about, to, due } of notices) {
    const target = 'part' in to ? { agencyId: null, postId: null, ...to } : { postId: null, part: null, ...to }
    await run(
      tx,
      sql`select sharing.put_notice(${key}, ${target.agencyId}, ${target.postId}, ${target.part}, ${target.kinds}, ${about.table}, ${about.id}, ${due})`,
    )
  }
}

export interface DueNotice {
  id: string
  key: string
  agencyId: string | null
  postId: string | null
  part: string | null
  kinds: PostKind[]
  aboutTable: string
  aboutRow: string
  tries: number
}

/** Notices of this world that are due, the longest first. What another process is at is left to it. */
export const claim = (tx: Tx, now: Date, atMost: number) =>
  rows<DueNotice>(
    tx,
    sql`select id, key, agency_id, post_id, part, kinds, about_table, about_row, tries from sharing.notices
        where world = (select access.world()) and settled_at is null and due_at <= ${now} order by due_at, id limit ${atMost} for update skip locked`,
  )
export const settle = (tx: Tx, id: string, told: number, at: Date) =>
  run(tx, sql`update sharing.notices set told = ${told}, settled_at = ${at}, tries = tries + 1 where id = ${id}`)
export const postpone = (tx: Tx, id: string, until: Date) =>
  run(tx, sql`update sharing.notices set due_at = ${until}, tries = tries + 1 where id = ${id}`)

/** Who takes part in something now, in a post of one of these kinds. */
export const inPart = async (tx: Tx, part: string, kinds: readonly PostKind[]) =>
  (await rows<{ personId: string }>(tx, sql`select person_id from sharing.in_part(${part}, ${kinds})`)).map(({ personId }) => personId)

export const languages = async (tx: Tx, people: readonly string[]): Promise<Map<string, 'en' | 'fr'>> =>
  new Map(
    (await rows<{ person: string; language: string }>(tx, sql`select person, language from sharing.languages(${people}::uuid[])`)).map(
      ({ person, language }) => [person, language === 'fr' ? 'fr' : 'en'],
    ),
  )
