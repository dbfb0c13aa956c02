import { one, rows, run, sql } from '#core/db/sql.ts'
import type { Tx } from '#core/operation/implement.ts'
import type { Found, Run } from './contract.ts'

export const put = (
  tx: Tx,
  it: { id: string; asked: Run['asked']; found: Found; onVersion: number | null; personId: string; at: Date; label: number },
) =>
  run(
    tx,
    sql`insert into structure.stress_runs (id, asked, found, on_version, run_by, run_at, label)
        values (${it.id}, ${JSON.stringify(it.asked)}::jsonb, ${JSON.stringify(it.found)}::jsonb, ${it.onVersion}, ${it.personId}, ${it.at}, ${it.label})`,
  )

const columns = sql`r.id, r.asked, r.on_version, coalesce(p.name, a.name, '') as by, r.run_at as at, r.label, l.marking`
const from = sql`from structure.stress_runs r join access.label l on l.id = r.label left join structure.people p on p.id = r.run_by
  left join access.account a on a.person = r.run_by`

export const runs = (tx: Tx) => rows<Omit<Run, 'found'>>(tx, sql`select ${columns} ${from} order by r.run_at desc limit 100`)
/** Errors: not found. */
export const runOf = (tx: Tx, id: string) => one<Run>(tx, sql`select ${columns}, r.found ${from} where r.id = ${id}`)

/** Keeps a transaction that waits for a worker from being taken for one that was left open. */
export const stillHere = (tx: Tx) => run(tx, sql`select 1`)
