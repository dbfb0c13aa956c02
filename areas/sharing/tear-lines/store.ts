import { one, rows, sql } from '#core/db/sql.ts'
import type { Tx } from '#core/operation/implement.ts'
import type { InformationKind } from '../contract.ts'

export interface Proposed {
  itemId: string
  agencyId: string
  at: Date
  kind: string
  title: string
  text: string
  marking: string
  protocolId?: string | undefined
  agencyIds?: readonly string[] | undefined
  basis?: string | undefined
  until?: string | undefined
}
/** Kept under the item's own label. Errors: not allowed. */
export const propose = async (tx: Tx, it: Proposed) =>
  (await one<{ id: string }>(tx, sql`select sharing.propose_release(${it.itemId}, ${JSON.stringify(it)}::jsonb) as id`)).id

/** False: it was decided already. Errors: not allowed (not the originator's post, or one's own proposal). */
export const decide = async (tx: Tx, releaseId: string, approve: boolean, words: string, at: Date) =>
  (await one<{ done: boolean }>(tx, sql`select sharing.decide_release(${releaseId}, ${approve}, ${words}, ${at}) as done`)).done

export interface ReleaseRow {
  id: string
  itemId: string
  kind: InformationKind
  title: string
  text: string
  marking: string
  protocolId: string | null
  protocol: string | null
  basis: string | null
  toAgencies: string[] | null
  untilAt: string | null
  proposedBy: string
  proposer: string
  proposedAt: string
  state: 'proposed' | 'approved' | 'refused'
  decider: string
  decidedAt: string | null
  decidedWords: string | null
  sentAs: string | null
  label: number
}
const columns = sql`r.id, r.item_id, r.kind, r.title, r.text, r.marking, r.protocol_id, p.title as protocol, r.basis, r.to_agencies, r.until_at, r.proposed_by,
  coalesce(who.name, '') as proposer, r.proposed_at, r.state, coalesce(decider.name, '') as decider, r.decided_at, r.decided_words, sent.id as sent_as, r.label`
const joined = sql`from sharing.releases r left join sharing.protocols p on p.id = r.protocol_id left join structure.people who on who.id = r.proposed_by
  left join structure.people decider on decider.id = r.decided_by left join sharing.items sent on sent.id = r.released_id`

export const ofItem = (tx: Tx, itemId: string) =>
  rows<ReleaseRow>(tx, sql`select ${columns} ${joined} where r.item_id = ${itemId} order by r.proposed_at desc, r.id`)
/** Errors: not found (also when withheld). */
export const byId = (tx: Tx, id: string) => one<ReleaseRow>(tx, sql`select ${columns} ${joined} where r.id = ${id}`)
