import { maybe, one, rows, sql } from '#core/db/sql.ts'
import type { Tx } from '#core/operation/implement.ts'
import type { InformationKind } from '../contract.ts'
import type { Terms } from '../protocols/contract.ts'

export interface ItemRow {
  id: string
  incidentId: string | null
  kind: InformationKind
  title: string
  originatorAgencyId: string
  originator: string
  sharedBy: string
  byName: string
  post: string | null
  sharedAt: string
  protocolId: string | null
  protocol: string | null
  epoch: number | null
  basis: string | null
  toAgencies: string[] | null
  restrictedBecause: string | null
  restrictedUntil: string | null
  untilAt: string | null
  caveats: string[]
  sensitive: boolean
  derivedFrom: string[]
  state: 'shared' | 'recalled'
  changedAt: string | null
  changedBecause: string | null
  grading: string | null
  gradedBy: string
  gradedPost: string | null
  gradedAt: string | null
  gradedBecause: string | null
  label: number
  marking: string
}
const columns = sql`i.id, i.incident_id, i.kind, i.title, i.originator_agency_id, coalesce(a.name, '') as originator, i.shared_by, coalesce(who.name, '') as by_name,
  post.title as post, i.shared_at, i.protocol_id, p.title as protocol, i.epoch, i.basis, i.to_agencies, i.restricted_because, i.restricted_until, i.until_at, i.caveats,
  i.sensitive, i.derived_from, i.state, i.changed_at, i.changed_because, i.grading, coalesce(grader.name, '') as graded_by, graded.title as graded_post,
  i.graded_at, i.graded_because, i.label, l.marking`
const joined = sql`from sharing.items i join access.label l on l.id = i.label left join structure.agencies a on a.id = i.originator_agency_id
  left join sharing.protocols p on p.id = i.protocol_id left join structure.people who on who.id = i.shared_by left join structure.posts post on post.id = i.post_id
  left join structure.people grader on grader.id = i.graded_by left join structure.posts graded on graded.id = i.graded_post_id`

/** Newest first, of those that the viewer can read; `before` is the moment at which the last page ended. */
export const page = (tx: Tx, { before, kind, limit }: { before: string | null; kind: string | null; limit: number }) =>
  rows<ItemRow>(
    tx,
    sql`select ${columns} ${joined} where (${before}::timestamptz is null or i.shared_at < ${before}::timestamptz) and (${kind}::text is null or i.kind = ${kind})
        order by i.shared_at desc, i.id limit ${limit}`,
  )
/** Errors: not found (also when withheld). */
export const byId = (tx: Tx, id: string) => one<ItemRow>(tx, sql`select ${columns} ${joined} where i.id = ${id}`)
export const byIds = (tx: Tx, ids: readonly string[]) =>
  rows<ItemRow>(tx, sql`select ${columns} ${joined} where i.id = any(${ids}::uuid[])`)

/** What was shared for an incident and stands, newest first, as far as the viewer can read it. */
export const ofIncident = (tx: Tx, incidentId: string) =>
  rows<ItemRow>(
    tx,
    sql`select ${columns} ${joined} where i.incident_id = ${incidentId} and i.state = 'shared' order by i.shared_at desc, i.id limit 50`,
  )

export interface Shared {
  originatorAgencyId: string
  kind: string
  title: string
  text: string
  marking: string
  at: Date
  protocolId?: string | undefined
  agencyIds?: readonly string[] | undefined
  basis?: string | undefined
  /** By the world's clock, and the same moment by the real one, in which what is opened ends. */
  until?: string | undefined
  untilReal?: Date | undefined
  restrictedBecause?: string | undefined
  restrictedUntil?: string | undefined
  restrictedUntilReal?: Date | undefined
  caveats?: readonly string[] | undefined
  derivedFrom?: readonly string[] | undefined
  incidentId?: string | undefined
  grading?: string | undefined
  releaseId?: string | undefined
}
/** The database works out and checks what opens. Errors: invalid, with the field; not allowed; conflict (sent already). */
export const share = async (tx: Tx, it: Shared) =>
  (await one<{ id: string }>(tx, sql`select sharing.share_item(${JSON.stringify(it)}::jsonb) as id`)).id
/** What is kept is for others to read; the receipt is all that comes back. */
export const reportUpward = async (tx: Tx, it: Shared) =>
  (await one<{ receipt: string }>(tx, sql`select sharing.report_upward(${JSON.stringify(it)}::jsonb) as receipt`)).receipt
/** Null: it is sensitive, or not there for this viewer. */
export const textOf = async (tx: Tx, id: string) =>
  (await one<{ text: string | null }>(tx, sql`select sharing.item_text(${id}) as text`)).text
/** Writes who opened it, then reads it. Null: not there for this viewer. */
export const open = async (tx: Tx, id: string, at: Date) =>
  (await one<{ text: string | null }>(tx, sql`select sharing.open_item(${id}, ${at}) as text`)).text
export const mayAnswer = async (tx: Tx, id: string) =>
  (await one<{ may: boolean }>(tx, sql`select sharing.mine_to_answer(${id}) as may`)).may

/**
 * The marking of what is made of these, in the one way of writing it, and whether reading such a thing is an entry.
 * Errors: invalid `marking`.
 */
export const marked = (tx: Tx, marking: string, floors: readonly string[] = [], caveats: readonly string[] = []) =>
  one<{ marking: string; sensitive: boolean }>(
    tx,
    sql`select m.marking, sharing.is_sensitive(m.marking, ${caveats}::text[]) as sensitive from sharing.marked(${marking}, ${floors}::text[]) m (marking)`,
  )

export const acknowledgedAt = async (tx: Tx, table: string, id: string, personId: string) =>
  (
    await maybe<{ at: string }>(
      tx,
      sql`select acknowledged_at as at from record.acknowledgements where table_name = ${table} and row_id = ${id} and person_id = ${personId}`,
    )
  )?.at ?? null

export interface NoticeRow {
  id: string
  itemId: string
  deed: 'remarked' | 'regraded' | 'recalled'
  title: string
  originator: string
  at: string
  because: string
  own: boolean
  made: { id: string; title: string }[]
  acknowledgedAt: string | null
  marking: string
  label: number
}
/** What the viewer's own agencies were told about what they had. */
export const notices = (tx: Tx, agencyIds: readonly string[], personId: string) =>
  rows<NoticeRow>(
    tx,
    sql`select d.id, d.item_id, d.deed, coalesce(d.title, '') as title, coalesce(a.name, '') as originator, d.sent_at as at, d.because, d.agency_id = d.originator_agency_id as own, k.acknowledged_at, d.marking, d.label,
          case when d.deed = 'recalled' then coalesce((select jsonb_agg(jsonb_build_object('id', i.id, 'title', i.title) order by i.shared_at) from sharing.items i
            where d.item_id = any(i.derived_from) and i.originator_agency_id = d.agency_id and i.state = 'shared'), '[]') else '[]' end as made
        from sharing.disclosures d left join structure.agencies a on a.id = d.originator_agency_id
        left join record.acknowledgements k on k.table_name = 'sharing.disclosures' and k.row_id = d.id and k.person_id = ${personId}
        where d.deed <> 'shared' and d.agency_id = any(${agencyIds}::uuid[]) order by d.sent_at desc, d.id limit 50`,
  )

export interface Open {
  id: string
  title: string
  epoch: number
  expiresAt: string
  terms: Terms
}
/** Protocols in force now that the viewer can read. */
export const inForce = (tx: Tx) =>
  rows<Open>(
    tx,
    sql`select p.id, p.title, p.epoch, p.expires_at, v.terms from sharing.protocols p
        join sharing.protocol_versions v on v.protocol_id = p.id and v.state = 'offered' and v.number = p.version_in_force
        where p.ended_at is null and p.expires_at > access.real_now() order by p.title, p.id`,
  )
/** Whom the protocol opens to in this epoch, or who is named: without the originator. */
export const receivers = (
  tx: Tx,
  it: { protocolId: string | null; epoch: number | null; named: readonly string[] | null; originatorAgencyId: string },
) =>
  rows<{ agencyId: string; kinds: string[] }>(
    tx,
    sql`select agency_id, kinds from sharing.receivers(${it.protocolId}::uuid, ${it.epoch}::int, ${it.named}::uuid[], ${it.originatorAgencyId}::uuid)`,
  )
/** May this transaction's person act for the agency, in one of these kinds of post (none: in any)? */
export const actsFor = async (tx: Tx, agencyId: string, kinds: readonly string[]) =>
  (await one<{ may: boolean }>(tx, sql`select sharing.acts_for(${agencyId}, ${kinds}::text[]) as may`)).may
