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

/** The labels under which everything stands that leaves in a file, as far as the asker can read it. */
export const labels = async (tx: Tx) =>
  (
    await rows<{ label: number }>(
      tx,
      sql`select label from structure.agencies union select label from structure.posts union select label from structure.groups
          union select label from structure.memberships union select label from structure.lead_arrangements union select label from structure.media
          union select label from structure.places union select label from structure.links union select label from structure.responsibilities
          union select label from structure.products union select label from structure.product_receivers union select label from structure.variants`,
    )
  ).map(({ label }) => label)
