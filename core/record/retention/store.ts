import { maybe, one, rows, run, sql } from '#core/db/sql.ts'
import type { Tx } from '#core/operation/implement.ts'
import type { Belongings } from '../belonging.ts'
import type { Hold, Policy } from './contract.ts'

export interface NewHold {
  id: string
  thread: string | null
  table: string | null
  row: string | null
  belongings: Belongings
  reason: string
  authority: string
  personId: string
  postId: string | null
  at: Date
  label: number
}

export const placeHold = (tx: Tx, hold: NewHold) =>
  run(
    tx,
    sql`insert into record.holds (id, thread, table_name, row_id, threads, row_tables, row_ids, reason, authority, placed_by, post_id, placed_at, label)
        values (${hold.id}, ${hold.thread}, ${hold.table}, ${hold.row}, ${hold.belongings.threads}, ${hold.belongings.tables}, ${hold.belongings.ids},
          ${hold.reason}, ${hold.authority}, ${hold.personId}, ${hold.postId}, ${hold.at}, ${hold.label})`,
  )

/** Errors: not found (also when it was released already, or is not the actor's to release). */
export const releaseHold = (tx: Tx, id: string, by: string, at: Date, reason: string) =>
  one<{ id: string; releasedAt: string }>(
    tx,
    sql`update record.holds set released_by = ${by}, released_at = greatest(placed_at, ${at}), release_reason = ${reason} where id = ${id} and released_at is null
        returning id, released_at`,
  )

export const holds = (tx: Tx, thread: string | null) =>
  rows<Hold>(
    tx,
    sql`select id, thread, table_name as table, row_id as row, reason, authority, placed_at, released_at, release_reason from record.holds
        where ${thread}::uuid is null or thread = ${thread} or ${thread} = any(threads) order by released_at is not null, placed_at desc, id limit 500`,
  )

export const heldSince = async (tx: Tx, thread: string): Promise<string | null> =>
  (await one<{ since: string | null }>(tx, sql`select record.held_since(${thread}) as since`)).since

const policy = sql`r.table_name as table, coalesce(p.keep_days, r.default_days) as keep_days, r.default_days, r.since, r.root_table as of,
  coalesce(p.basis, r.basis) as basis, p.confirmed_at`

export const policies = async (tx: Tx): Promise<Policy[]> => {
  const found = await rows<Omit<Policy, 'lastRun'> & { runAt: string | null; found: number | null }>(
    tx,
    sql`select ${policy}, last.at as run_at, last.found from record.retention_rule r left join record.retention_policies p using (table_name)
        left join lateral (select n.at, n.found from record.retention_runs n where n.table_name = r.table_name and n.kind = 'run' order by n.at desc limit 1) last on true
        order by r.table_name`,
  )
  return found.map(({ runAt, found: gone, ...rest }) => ({ ...rest, lastRun: runAt === null ? null : { at: runAt, rows: gone ?? 0 } }))
}

export const kept = (tx: Tx) =>
  rows<{ table: string; because: string }>(tx, sql`select table_name as table, because from record.kept_table order by table_name`)

/** Errors: not found (no retention is said for this table). */
export const policyOf = (tx: Tx, table: string) =>
  one<Omit<Policy, 'lastRun'>>(
    tx,
    sql`select ${policy} from record.retention_rule r left join record.retention_policies p using (table_name) where r.table_name = ${table}`,
  )

export interface NewPolicy {
  id: string
  table: string
  keepDays: number
  basis: string
  personId: string
  at: Date
  label: number
}
export const setPolicy = (tx: Tx, it: NewPolicy) =>
  run(
    tx,
    sql`insert into record.retention_policies as p (id, table_name, keep_days, basis, set_by, set_at, label)
        values (${it.id}, ${it.table}, ${it.keepDays}, ${it.basis}, ${it.personId}, ${it.at}, ${it.label})
        on conflict (table_name) do update set keep_days = excluded.keep_days, basis = excluded.basis, set_by = excluded.set_by, set_at = excluded.set_at`,
  )

export const confirm = (tx: Tx, table: string, by: string, at: Date) =>
  one<{ confirmedAt: string }>(
    tx,
    sql`update record.retention_policies set confirmed_by = ${by}, confirmed_at = ${at} where table_name = ${table} returning confirmed_at`,
  )

/** How many rows would go. Errors: not allowed. */
export const wouldGo = async (tx: Tx, table: string, keepDays: number, at: Date): Promise<number> =>
  (await one<{ found: number }>(tx, sql`select record.would_go(${table}, ${keepDays}, ${at}) as found`)).found

export const noteAsked = (
  tx: Tx,
  it: { id: string; table: string; keepDays: number; at: Date; found: number; personId: string; label: number },
) =>
  run(
    tx,
    sql`insert into record.retention_runs (id, table_name, kind, keep_days, upto, found, by_person, at, label)
        values (${it.id}, ${it.table}, 'asked', ${it.keepDays}, ${it.at}, ${it.found}, ${it.personId}, ${it.at}, ${it.label})`,
  )

/** For the timed duty: the tables that have a rule. */
export const tables = async (tx: Tx): Promise<string[]> =>
  (await rows<{ name: string }>(tx, sql`select table_name as name from record.retention_rule order by table_name`)).map((row) => row.name)

/** Deletes at most so many rows of a table whose time is over; returns how many went. */
export const retain = async (tx: Tx, table: string, at: Date, atMost: number): Promise<number> =>
  (await maybe<{ gone: number }>(tx, sql`select record.retain(${table}, ${at}, ${atMost}) as gone`))?.gone ?? 0

export const forgetAnswers = (tx: Tx) => run(tx, sql`select record.forget_answers()`)
