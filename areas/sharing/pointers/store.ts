import { one, rows, run, sql } from '#core/db/sql.ts'
import type { Tx } from '#core/operation/implement.ts'
import type { Clauses } from '#core/access/label.ts'

export interface PointerRow {
  id: string
  title: string
  how: string
  holderAgencyId: string
  askPost: string | null
  makerAgencyId: string
  by: string
  at: string
  restrictionReason: string | null
  endedAt: string | null
  endReason: string | null
  incidentId: string | null
  label: number
  marking: string
}
const columns = sql`p.id, p.title, p.how, p.holder_agency_id, post.title as ask_post, p.maker_agency_id, coalesce(who.name, '') as by, p.made_at as at,
  p.restriction_reason, p.ended_at, p.end_reason, p.incident_id, p.label, l.marking`
const joined = sql`from sharing.pointers p join access.label l on l.id = p.label
  left join structure.posts post on post.id = p.ask_post_id left join structure.people who on who.id = p.made_by`

/** What stands first, the newest on top; then what was taken back. */
export const all = (tx: Tx) =>
  rows<PointerRow>(tx, sql`select ${columns} ${joined} order by p.ended_at is not null, p.made_at desc, p.id limit 500`)
export const byId = (tx: Tx, id: string) => one<PointerRow>(tx, sql`select ${columns} ${joined} where p.id = ${id}`)
export const postsOf = (tx: Tx, agencyId: string) =>
  rows<{ id: string; title: string }>(tx, sql`select id, title from structure.posts where agency_id = ${agencyId} order by title, id`)

export interface NewPointer {
  id: string
  incidentId: string | null
  title: string
  holderAgencyId: string
  askPostId: string | null
  how: string
  makerAgencyId: string
  personId: string
  at: Date
  restrictedBecause: string | null
  label: number
}
export const put = (tx: Tx, it: NewPointer) =>
  run(
    tx,
    sql`insert into sharing.pointers (id, incident_id, title, holder_agency_id, ask_post_id, how, maker_agency_id, made_by, made_at, restriction_reason, label)
        values (${it.id}, ${it.incidentId}, ${it.title}, ${it.holderAgencyId}, ${it.askPostId}, ${it.how}, ${it.makerAgencyId}, ${it.personId}, ${it.at},
          ${it.restrictedBecause}, ${it.label})`,
  )
/** False: the database let nobody change it. Errors: conflict (taken back already). */
export const end = async (tx: Tx, id: string, by: string, at: Date, reason: string) =>
  (
    await rows(
      tx,
      sql`update sharing.pointers set ended_at = ${at}, ended_by = ${by}, end_reason = ${reason} where id = ${id} returning id`,
    )
  ).length === 1

export interface Known {
  is: 'pointer' | 'told' | 'asked'
  title: string
  holderAgencyId: string
  askPost: string | null
  how: string
}
/** Something that the asker may know exists: a pointer, what their agency was told of and can read no more, a request. Errors: not found. */
export const known = (tx: Tx, id: string) =>
  one<Known>(
    tx,
    sql`select 'pointer' as is, p.title, p.holder_agency_id, post.title as ask_post, p.how ${joined} where p.id = ${id}
        union all
        (select 'told', coalesce(d.title, ''), d.originator_agency_id, null, coalesce(d.because, '') from sharing.disclosures d
          where d.item_id = ${id} and not exists (select from sharing.items i where i.id = d.item_id) order by d.sent_at desc limit 1)
        union all
        select 'asked', r.what, r.to_agency_id, post.title, '' from sharing.requests r left join structure.posts post on post.id = r.to_post_id where r.id = ${id}`,
  )

export const readByNobody = (tx: Tx) =>
  rows<{ marking: string; clauses: Clauses; agencyId: string }>(tx, sql`select marking, clauses, agency_id from sharing.read_by_nobody()`)
