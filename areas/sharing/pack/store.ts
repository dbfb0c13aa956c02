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

/** What hangs on the items and requests of these threads: to whom they went, what was challenged, released, answered, appealed, and where it climbed. */
export const rowsOfThreads = (tx: Tx, threads: readonly string[]) =>
  rows<{ table: string; id: string }>(
    tx,
    sql`with items as (select id from sharing.items where incident_id = any(${threads}::uuid[])),
          requests as (select id from sharing.requests where incident_id = any(${threads}::uuid[]))
        select 'sharing.disclosures' as table, d.id from sharing.disclosures d where d.item_id in (select id from items)
        union all select 'sharing.challenges', c.id from sharing.challenges c where c.item_id in (select id from items)
        union all select 'sharing.releases', l.id from sharing.releases l where l.item_id in (select id from items)
        union all select 'sharing.request_answers', a.id from sharing.request_answers a where a.request_id in (select id from requests)
        union all select 'sharing.request_appeals', p.id from sharing.request_appeals p where p.request_id in (select id from requests)
        union all select 'sharing.request_steps', s.id from sharing.request_steps s where s.request_id in (select id from requests)`,
  )
