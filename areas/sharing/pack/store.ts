import { rows, sql } from '#core/db/sql.ts'
import type { Tx } from '#core/operation/implement.ts'

/** Of these protocols, the rows that this person can read: the words, who signed them, who is a party since when. */
export const rowsOfProtocols = (tx: Tx, ids: readonly string[]) =>
  rows<{ table: string; id: string }>(
    tx,
    sql`select 'sharing.protocols' as table, p.id from sharing.protocols p where p.id = any(${ids}::uuid[])
        union all select 'sharing.protocol_versions', v.id from sharing.protocol_versions v where v.protocol_id = any(${ids}::uuid[])
        union all select 'sharing.signatures', s.id from sharing.signatures s join sharing.protocol_versions v on v.id = s.version_id where v.protocol_id = any(${ids}::uuid[])
        union all select 'sharing.parties', a.id from sharing.parties a where a.protocol_id = any(${ids}::uuid[])`,
  )
