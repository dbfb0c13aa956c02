import { rows, sql } from '#core/db/sql.ts'
import type { Tx } from '#core/operation/implement.ts'
import type { PersonLine } from './contract.ts'

/** Of holdings and ways, those that the viewer may read. */
export const people = (tx: Tx, at: Date) =>
  rows<PersonLine>(
    tx,
    sql`select p.id, p.code, p.name, p.agency_id, a.name as agency_name, coalesce(held.titles, '{}') as holds, coalesce(reached.ways, '{}') as ways
        from structure.people p join structure.agencies a on a.id = p.agency_id
        left join (select h.person_id, array_agg(distinct o.title order by o.title) as titles from structure.holdings h join structure.posts o on o.id = h.post_id
          where h.until_at is null or h.until_at > ${at} group by h.person_id) held on held.person_id = p.id
        left join (select c.person_id, array_agg(c.channel order by c.rank) as ways from structure.contacts c group by c.person_id) reached on reached.person_id = p.id
        order by p.name, p.id limit 5000`,
  )

export const hours = (tx: Tx) =>
  rows<{ code: string; words: string }>(tx, sql`select code, words from structure.duty_patterns order by words, code`)
