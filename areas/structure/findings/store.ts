import { rows, run, sql } from '#core/db/sql.ts'
import type { Tx } from '#core/operation/implement.ts'
import type { Finding } from './contract.ts'
import type { Found, Whole } from './rules.ts'

/** Which posts have an hour in the two weeks from `at` in which neither a holder nor a deputy is on duty. */
const uncovered = sql`case when exists (select from structure.holdings h where h.post_id = p.id and h.pattern_id is null) then false else not (
  (select range_agg(s.stretch) from structure.holdings h cross join lateral unnest(structure.duty_stretches(h.pattern_id, span.from_at, span.until_at)) s (stretch)
   where h.post_id = p.id and (h.until_at is null or h.until_at > span.from_at)) @> tstzrange(span.from_at, span.until_at)) end`

export async function whole(tx: Tx, at: Date): Promise<Whole> {
  const until = new Date(at.getTime() + 14 * 86_400_000)
  return {
    agencies: await rows(tx, sql`select id, org_type, org_code, name from structure.agencies order by org_code`),
    posts: await rows(
      tx,
      sql`select p.id, p.code, p.agency_id, p.kind, coalesce(${uncovered}, false) as uncovered,
            (select l.name from structure.places l where l.id = p.place_id) as place
          from structure.posts p, (select ${at}::timestamptz as from_at, ${until}::timestamptz as until_at) span order by p.code`,
    ),
    holdings: await rows(
      tx,
      sql`select h.post_id, who.code as person, who.name as person_name, h.capacity from structure.holdings h join structure.people who on who.id = h.person_id
          where h.from_at <= ${at} and (h.until_at is null or h.until_at > ${at}) order by who.code`,
    ),
    groups: await rows(tx, sql`select id, code, name, tier, chair_post_id, deputy_chair_post_id from structure.groups order by code`),
    memberships: await rows(tx, sql`select group_id, agency_id from structure.memberships where ended_at is null`),
  }
}

const columns = sql`id, kind, about, words, source, found_at, resolved_at`

export const findings = (tx: Tx, resolved: boolean) =>
  rows<Finding>(
    tx,
    sql`select ${columns} from structure.findings where (resolved_at is not null) = ${resolved} order by kind, about, found_at desc`,
  )

/** Opens what is new of these kinds, resolves what is no longer so, leaves the rest as it is. Each comes with its label. */
export async function reconcile(
  tx: Tx,
  kinds: readonly string[],
  found: ReadonlyArray<Found & { id: string; label: number }>,
  at: Date,
  source: string,
): Promise<void> {
  const now = JSON.stringify(found)
  await run(
    tx,
    sql`update structure.findings was set resolved_at = ${at} where was.resolved_at is null and was.kind = any(${kinds}) and not exists (
          select from jsonb_to_recordset(${now}::jsonb) as new (kind text, about text) where new.kind = was.kind and new.about = was.about)`,
  )
  await run(
    tx,
    sql`insert into structure.findings (id, kind, about, words, source, found_at, label)
        select id, kind, about, words, ${source}, ${at}, label from jsonb_to_recordset(${now}::jsonb) as new (id uuid, kind text, about text, words text, label int)
        where not exists (select from structure.findings was where was.resolved_at is null and was.kind = new.kind and was.about = new.about)`,
  )
}

/** How long this transaction may wait for us before it is ended: 2 seconds, but for work that cannot be divided. */
export const mayWait = (tx: Tx, seconds: number) =>
  run(tx, sql`select set_config('idle_in_transaction_session_timeout', ${`${seconds}s`}, true)`)
