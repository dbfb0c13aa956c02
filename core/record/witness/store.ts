import { maybe, one, rows, run, sql } from '#core/db/sql.ts'
import type { Tx } from '#core/operation/implement.ts'
import type { Witness } from './configuration.ts'
import { nameOfWitness } from './configuration.ts'
import type { MadeStatement } from './statement.ts'

/** One at a time in the whole city; true when it is ours until the transaction ends. */
export const lockStatements = async (tx: Tx): Promise<boolean> =>
  (await one<{ mine: boolean }>(tx, sql`select pg_try_advisory_xact_lock(7261, 3) as mine`)).mine

export const newestMoment = async (tx: Tx): Promise<Date | undefined> => {
  const newest = await maybe<{ moment: string }>(tx, sql`select moment from record.statement order by number desc limit 1`)
  return newest && new Date(newest.moment)
}

export const newestHead = async (tx: Tx): Promise<string> =>
  (await maybe<{ note: string }>(tx, sql`select note from record.head order by size desc limit 1`))?.note ?? ''

export const putStatement = (tx: Tx, made: MadeStatement) =>
  run(
    tx,
    sql`insert into record.statement (moment, commitment, salt, head, statement) values (${made.at}, ${made.commitment}, ${made.salt}, ${made.head}, ${made.text})`,
  )

/** A witness that is new begins with the newest statement: what came before is the others' to hold. */
export const want = (tx: Tx, witness: Witness, everySeconds: number, now: Date) =>
  run(
    tx,
    sql`insert into record.witness (name, kind, every_seconds, since_at, wanted_at, told_number, next_at)
        values (${nameOfWitness(witness)}, ${witness.kind}, ${everySeconds}, ${now}, ${now}, coalesce((select max(number) - 1 from record.statement), 0), ${now})
        on conflict (name) do update set wanted_at = excluded.wanted_at, every_seconds = excluded.every_seconds`,
  )

export interface Due {
  number: number
  statement: string
}

/**
 * What this witness has not got yet, oldest first; none while it rests, or while another process is at it. Leaves it to us for
 * `leaseSeconds`. A rest that ends later than any rest can was set by a clock that was wrong, and is none.
 */
export async function claim(tx: Tx, name: string, now: Date, leaseSeconds: number, atMost = 100): Promise<Due[]> {
  const mine = await maybe<{ toldNumber: number }>(
    tx,
    sql`select told_number from record.witness where name = ${name}
          and (next_at <= ${now} or next_at > ${now}::timestamptz + make_interval(secs => every_seconds + ${leaseSeconds}::float8)) for update skip locked`,
  )
  if (mine === undefined) return []
  const due = await rows<Due>(
    tx,
    sql`select number, statement from record.statement where number > ${mine.toldNumber} order by number limit ${atMost}`,
  )
  if (due.length > 0)
    await run(
      tx,
      sql`update record.witness set next_at = ${new Date(now.getTime() + leaseSeconds * 1000)}, attempts = attempts + 1 where name = ${name}`,
    )
  return due
}

export const told = (tx: Tx, name: string, upTo: number, now: Date) =>
  run(
    tx,
    sql`update record.witness set told_number = greatest(told_number, ${upTo}), told_at = ${now}, attempts = 0, next_at = ${now}, detail = null where name = ${name}`,
  )

/** It rests a little longer after each failure, at most one interval. */
export const notTold = (tx: Tx, name: string, detail: string, now: Date) =>
  run(
    tx,
    sql`update record.witness set detail = ${detail},
          next_at = ${now}::timestamptz + make_interval(secs => least(every_seconds, 5 * power(2, least(attempts, 10)))) where name = ${name}`,
  )

/** How many witnesses were not reached for two intervals. No names, no content: for /metrics. */
export const lateCount = async (tx: Tx, now: Date): Promise<number> =>
  (
    await one<{ late: number }>(
      tx,
      sql`select count(*)::int as late from record.witness where wanted_at > ${now}::timestamptz - make_interval(secs => 3 * every_seconds)
          and coalesce(told_at, since_at) < ${now}::timestamptz - make_interval(secs => 2 * every_seconds)`,
    )
  ).late

/** Seconds since the oldest entry was recorded that no head covers; 0 when all are covered. */
export const unsealedSeconds = async (tx: Tx): Promise<number> =>
  (
    await one<{ age: number }>(
      tx,
      sql`select greatest(0, coalesce(extract(epoch from clock_timestamp() - record.oldest_unsealed()), 0))::float8 as age`,
    )
  ).age

export const witnessedKeys = (tx: Tx, code: string) =>
  rows<{ cityId: string; publicKey: string }>(tx, sql`select city_id, public_key from record.witnessed_keys(${code})`)

export const putWitnessed = async (tx: Tx, held: { id: string; cityId: string; at: string; commitment: Buffer; text: string }) =>
  (
    await one<{ fresh: boolean }>(
      tx,
      sql`select record.put_witnessed(${held.id}, ${held.cityId}, ${held.at}, ${held.commitment}, ${held.text}) as fresh`,
    )
  ).fresh
