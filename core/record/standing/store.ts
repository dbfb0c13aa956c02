import { maybe, one, rows, run, sql } from '#core/db/sql.ts'
import { conflict, notFound } from '#core/errors.ts'
import type { Tx } from '#core/operation/implement.ts'

export interface KeyRow {
  id: string
  publicKey: string
  from: string
  until: string | null
  ended: 'rotated' | 'lost' | null
}
export const keys = (tx: Tx) =>
  rows<KeyRow>(
    tx,
    sql`select key_id as id, public_key, from_at as "from", until_at as "until", ended from record.signing_key order by from_at desc, key_id`,
  )

export const sealing = (tx: Tx) =>
  one<{ oldestUnsealed: string | null; lastHead: string | null; size: number | null; unplaced: number }>(
    tx,
    sql`select * from record.seal_state()`,
  )

export interface ChangeRow {
  id: string
  kind: 'rotation' | 'loss'
  reason: string
  askedAt: string
  doneAt: string | null
  atSize: number | null
  oldKey: string | null
  newKey: string | null
}
export const changes = (tx: Tx) =>
  rows<ChangeRow>(
    tx,
    sql`select id, kind, reason, asked_at, done_at, at_size, old_key, new_key from record.key_changes order by asked_at desc limit 100`,
  )

/** Errors: conflict (one is waiting already). */
export async function askChange(
  tx: Tx,
  it: { id: string; kind: 'rotation' | 'loss'; reason: string; overlapHours: number; by: string; at: Date; label: number },
): Promise<void> {
  if (await maybe(tx, sql`select 1 as found from record.key_changes where done_at is null`))
    throw conflict('A change of key is asked for already and is not done yet. Nothing was changed. See the page of the record.')
  await run(
    tx,
    sql`insert into record.key_changes (id, kind, reason, overlap_hours, asked_by, asked_at, label)
        values (${it.id}, ${it.kind}, ${it.reason}, ${it.overlapHours}, ${it.by}, ${it.at}, ${it.label})`,
  )
}

export interface WitnessRow {
  name: string
  kind: 'file' | 'mail' | 'city'
  everySeconds: number
  sinceAt: string
  wantedAt: string
  toldAt: string | null
  detail: string | null
}
export const witnesses = (tx: Tx) =>
  rows<WitnessRow>(tx, sql`select name, kind, every_seconds, since_at, wanted_at, told_at, detail from record.witness_state()`)

export interface VerificationRow {
  id: string
  askedAt: string
  finishedAt: string | null
  ok: boolean | null
  report: Record<string, unknown> | null
}
export const verifications = (tx: Tx) =>
  rows<VerificationRow>(tx, sql`select id, asked_at, finished_at, ok, report from record.verifications order by asked_at desc limit 10`)

/** The one that waits already, or a new one. */
export async function askVerification(tx: Tx, it: { id: string; by: string; at: Date; label: number }): Promise<string> {
  const waiting = await maybe<{ id: string }>(tx, sql`select id from record.verifications where finished_at is null limit 1`)
  if (waiting) return waiting.id
  await run(tx, sql`insert into record.verifications (id, asked_by, asked_at, label) values (${it.id}, ${it.by}, ${it.at}, ${it.label})`)
  return it.id
}

/** One process at a time verifies, until its transaction ends. */
export const lockVerifying = async (tx: Tx): Promise<boolean> =>
  (await one<{ mine: boolean }>(tx, sql`select pg_try_advisory_xact_lock(7261, 4) as mine`)).mine

/** What a process may verify now: the oldest that was asked for; or, when none was for `afterHours`, one by itself. */
export async function dueVerification(
  tx: Tx,
  fresh: { id: string; label: number; at: Date },
  afterHours: number,
): Promise<string | undefined> {
  if (!(await lockVerifying(tx))) return undefined
  const asked = await maybe<{ id: string }>(
    tx,
    sql`select id from record.verifications where finished_at is null order by asked_at limit 1 for update skip locked`,
  )
  if (asked) return asked.id
  const recent = await maybe(
    tx,
    sql`select 1 as found from record.verifications where asked_at > ${fresh.at}::timestamptz - make_interval(hours => ${afterHours}) limit 1`,
  )
  if (recent) return undefined
  await run(
    tx,
    sql`insert into record.verifications (id, asked_at, label, world) select ${fresh.id}, ${fresh.at}, ${fresh.label}, id from access.world where kind = 'live'`,
  )
  return fresh.id
}

export const finishVerification = (tx: Tx, id: string, at: Date, ok: boolean, report: object) =>
  run(
    tx,
    sql`update record.verifications set finished_at = ${at}, ok = ${ok}, report = ${JSON.stringify(report)}::jsonb where id = ${id} and finished_at is null`,
  )

export const addCity = (tx: Tx, it: { id: string; name: string; code: string; publicKey: string; by: string; at: Date; label: number }) =>
  run(
    tx,
    sql`insert into record.witnessed_cities (id, name, code, public_key, added_by, added_at, label)
        values (${it.id}, ${it.name}, ${it.code}, ${it.publicKey}, ${it.by}, ${it.at}, ${it.label})`,
  )
export async function endCity(tx: Tx, id: string, at: Date): Promise<void> {
  const ended = await rows(tx, sql`update record.witnessed_cities set ended_at = ${at} where id = ${id} and ended_at is null returning id`)
  if (ended.length === 0) throw notFound()
}

export const cities = (tx: Tx) =>
  rows<{ id: string; name: string; code: string; publicKey: string; addedAt: string; endedAt: string | null; newestAt: string | null }>(
    tx,
    sql`select c.id, c.name, c.code, c.public_key, c.added_at, c.ended_at,
          (select max(w.moment) from record.witnessed w where w.city_id = c.id) as newest_at
        from record.witnessed_cities c order by c.name, c.added_at`,
  )
export const statementsOf = (tx: Tx, cityId: string | undefined) =>
  rows<{ cityId: string; at: string; receivedAt: string; statement: string }>(
    tx,
    sql`select city_id, moment as at, received_at, statement from record.witnessed
        where ${cityId ?? null}::uuid is null or city_id = ${cityId ?? null} order by moment desc limit 1000`,
  )
