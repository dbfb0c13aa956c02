import { rows, sql } from '#core/db/sql.ts'
import type { Tx } from '#core/operation/implement.ts'
import type { Besides } from './rules/lists.ts'

/** What lists hold beside the network: call-back numbers, names in French, agreed leads. */
export async function besides(tx: Tx): Promise<Besides> {
  const pairs = async (statement: ReturnType<typeof sql>) =>
    new Map((await rows<{ id: string; words: string }>(tx, statement)).map(({ id, words }) => [id, words]))
  return {
    callBacks: await pairs(sql`select id, call_back as words from structure.agencies where call_back is not null`),
    frenchNames: await pairs(sql`select id, name_fr as words from structure.groups where name_fr is not null`),
    leads: await rows(
      tx,
      sql`select incident_type, jurisdiction, phase, agency_id, basis from structure.lead_arrangements order by incident_type, jurisdiction, phase`,
    ),
  }
}
