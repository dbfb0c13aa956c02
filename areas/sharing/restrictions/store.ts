import { one, rows, sql } from '#core/db/sql.ts'
import type { Tx } from '#core/operation/implement.ts'
import type { InformationKind } from '../contract.ts'

export interface KeptRow {
  id: string
  source: 'item' | 'pointer'
  kind: InformationKind | null
  title: string
  narrower: boolean
  caveats: string[]
  because: string | null
  until: string | null
  since: string
  label: number
  marking: string
}
/** What stands of an agency's, as far as the asker can read it. A caveat is a clause of one token of a briefing. */
export const standing = (tx: Tx, agencyId: string) =>
  rows<KeptRow>(
    tx,
    sql`select i.id, 'item' as source, i.kind, i.title, i.restricted_because is not null as narrower, i.caveats, i.restricted_because as because,
          i.restricted_until as until, i.shared_at as since, i.label, l.marking
        from sharing.items i join access.label l on l.id = i.label where i.originator_agency_id = ${agencyId} and i.state = 'shared'
        union all
        select p.id, 'pointer', null, p.title, false, array(select c.value ->> 0 from jsonb_array_elements(l.clauses) c
            where jsonb_array_length(c.value) = 1 and c.value ->> 0 like 'briefed:%'), p.restriction_reason, null, p.made_at, p.label, l.marking
        from sharing.pointers p join access.label l on l.id = p.label where p.maker_agency_id = ${agencyId} and p.ended_at is null
        order by since limit 5000`,
  )
export const usual = async (tx: Tx, at: Date) =>
  new Map(
    (await rows<{ kind: string; tlp: string }>(tx, sql`select kind, tlp from sharing.usual_markings(${at})`)).map(({ kind, tlp }) => [
      kind,
      tlp,
    ]),
  )
export const shares = (tx: Tx, at: Date) =>
  rows<{ agencyId: string; restricted: number; pastEnd: number }>(
    tx,
    sql`select agency_id, restricted, past_end from sharing.restriction_shares(${at})`,
  )
/** Does the asker answer for this agency? */
export const answers = async (tx: Tx, agencyId: string, kinds: readonly string[]) =>
  (await one<{ may: boolean }>(tx, sql`select sharing.acts_for(${agencyId}, ${kinds}) as may`)).may
