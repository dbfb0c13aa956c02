import { one, rows, sql } from '#core/db/sql.ts'
import type { Tx } from '#core/operation/implement.ts'

/** Seconds until each call-out was accepted, in all worlds; null: nobody did. Nothing for anybody but named hands. */
export const acceptances = (tx: Tx) =>
  rows<{ postId: string; seconds: number | null }>(tx, sql`select post_id, seconds from watch.acceptance_times()`)

/** The newest test call-out; undefined when there was none, or when it is not the asker's to know. */
export async function lastTest(tx: Tx): Promise<{ at: string; called: number; accepted: number } | undefined> {
  const { testedAt, called, accepted } = await one<{ testedAt: string | null; called: number; accepted: number }>(
    tx,
    sql`select tested_at, called, accepted from watch.last_test()`,
  )
  return testedAt === null ? undefined : { at: testedAt, called, accepted }
}
