import { rows, sql } from '#core/db/sql.ts'
import type { Tx } from '#core/operation/implement.ts'
import type { InformationKind } from '../contract.ts'

export interface SentRow {
  id: string
  itemId: string
  deed: 'shared' | 'remarked' | 'regraded' | 'recalled'
  agencyId: string
  agency: string
  originatorAgencyId: string
  originator: string
  at: string
  by: string
  marking: string
  protocolId: string | null
  protocol: string | null
  channel: 'concord'
  kind: InformationKind
  because: string | null
  label: number
  open: boolean
}
const columns = sql`d.id, d.item_id, d.deed, d.agency_id, coalesce(a.name, '') as agency, d.originator_agency_id, coalesce(o.name, '') as originator, d.sent_at as at,
  coalesce(who.name, '') as by, d.marking, d.protocol_id, p.title as protocol, d.channel, d.kind, d.because, d.label, i.id is not null as open`
const joined = sql`from sharing.disclosures d left join structure.agencies a on a.id = d.agency_id left join structure.agencies o on o.id = d.originator_agency_id
  left join structure.people who on who.id = d.sent_by left join sharing.protocols p on p.id = d.protocol_id left join sharing.items i on i.id = d.item_id`

/**
 * What was sent of an item, up to a moment of the world's clock (null: all), in order; whom each deed was for, under which marking and protocol.
 * Its rows are the viewer's: all for the originator and an inquiry, their own for a receiver.
 */
export const sentOf = (tx: Tx, itemId: string, at: string | null = null) =>
  rows<SentRow>(
    tx,
    sql`select ${columns} ${joined} where d.item_id = ${itemId} and (${at}::timestamptz is null or d.sent_at <= ${at}::timestamptz) order by d.sent_at, a.name, d.id`,
  )

export interface LookedRow {
  id: string
  rowId: string
  personId: string
  by: string
  agency: string
  at: string
}
const looked = sql`coalesce(who.name, '') as by, coalesce(a.name, '') as agency`
const whose = sql`left join structure.people who on who.id = x.person_id left join structure.agencies a on a.id = who.agency_id`

/** Who opened an item, each time, up to a moment (null: all). */
export const openedOf = (tx: Tx, itemId: string, at: string | null = null) =>
  rows<LookedRow>(
    tx,
    sql`select x.id, x.row_id, x.person_id, ${looked}, x.opened_at as at from record.openings x ${whose}
        where x.table_name = 'sharing.items' and x.row_id = ${itemId} and x.person_id is not null and (${at}::timestamptz is null or x.opened_at <= ${at}::timestamptz) order by x.opened_at, x.id`,
  )

/** Who acknowledged an item, or one of the rows by which agencies were told about it. */
export const acknowledgedOf = (tx: Tx, table: 'sharing.items' | 'sharing.disclosures', ids: readonly string[], at: string | null = null) =>
  rows<LookedRow>(
    tx,
    sql`select x.id, x.row_id, x.person_id, ${looked}, x.acknowledged_at as at from record.acknowledgements x ${whose}
        where x.table_name = ${table} and x.row_id = any(${ids}::uuid[]) and x.person_id is not null and (${at}::timestamptz is null or x.acknowledged_at <= ${at}::timestamptz)
        order by x.acknowledged_at, x.id`,
  )

/** What agencies gave out or received, newest first. */
export const ofAgencies = (
  tx: Tx,
  it: { agencyIds: readonly string[]; direction: 'given' | 'received' | null; before: string | null; limit: number },
) =>
  rows<SentRow>(
    tx,
    sql`select ${columns} ${joined} where ((${it.direction}::text is distinct from 'received' and d.originator_agency_id = any(${it.agencyIds}::uuid[]))
          or (${it.direction}::text is distinct from 'given' and d.agency_id = any(${it.agencyIds}::uuid[])))
        and (${it.before}::timestamptz is null or d.sent_at < ${it.before}::timestamptz) order by d.sent_at desc, d.id limit ${it.limit}`,
  )
