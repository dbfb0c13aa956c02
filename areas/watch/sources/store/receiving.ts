import { maybe, one, rows, run, sql } from '#core/db/sql.ts'
import type { Tx } from '#core/operation/implement.ts'

/** Sources as the doors and timed duties use them: under the duties' role, by the real clock, in the live world. */

export interface Source {
  id: string
  code: string
  name: string
  everySeconds: number
  lostAfter: number
}

export const liveWorld = async (tx: Tx): Promise<string> =>
  (await one<{ id: string }>(tx, sql`select id from access.world where kind = 'live'`)).id

const columns = sql`s.id, s.code, s.name, s.every_seconds, s.lost_after`

/** The posting source that this token belongs to; a token of another source finds nothing. */
export const byToken = (tx: Tx, code: string, tokenHash: Buffer) =>
  maybe<Source>(
    tx,
    sql`select ${columns} from watch.sources s where s.code = ${code} and s.token_hash = ${tokenHash} and s.kind = 'http' and s.retired_at is null`,
  )

export const folders = (tx: Tx) =>
  rows<Source>(tx, sql`select ${columns} from watch.sources s where s.kind = 'folder' and s.retired_at is null order by s.id`)

export interface DueFeed extends Source {
  address: string
  etag: string | null
  lastModified: string | null
  bodyHash: string | null
  failures: number
}

/**
 * Feeds to be asked now. Each is claimed by moving its next time on, so that two server processes never ask the same one; the answer sets it
 * anew, and a process that dies at it leaves it for two minutes at most.
 */
export const claimDueFeeds = (tx: Tx, now: Date, limit: number) =>
  rows<DueFeed>(
    tx,
    sql`update watch.source_states st set next_at = ${now}::timestamptz + make_interval(secs => greatest(s.every_seconds, 120)), tried_at = ${now}
        from watch.sources s where s.id = st.source_id and st.source_id in (
          select due.source_id from watch.source_states due join watch.sources f on f.id = due.source_id
          where f.kind = 'feed' and f.retired_at is null and due.next_at <= ${now} order by due.next_at limit ${limit} for update of due skip locked)
        returning ${columns}, s.address, st.etag, st.last_modified, st.body_hash, st.failures`,
  )

export interface Answered {
  /** Something came that is worth an age. */
  received: boolean
  etag?: string | null
  lastModified?: string | null
  bodyHash?: string | null
}

/** The source answered. Resolves to since when it was lost, if it was. */
export async function noteAnswer(tx: Tx, id: string, now: Date, answered: Answered): Promise<{ lostAt: string | null; failures: number }> {
  const before = await one<{ lostAt: string | null; failures: number }>(
    tx,
    sql`select lost_at, failures from watch.source_states where source_id = ${id} for update`,
  )
  const remember = answered.etag !== undefined
  await run(
    tx,
    sql`update watch.source_states st set answered_at = ${now}, tried_at = ${now}, failures = 0, failure = null, lost_at = null,
          next_at = ${now}::timestamptz + make_interval(secs => s.every_seconds),
          received_at = case when ${answered.received} then ${now}::timestamptz else st.received_at end,
          etag = case when ${remember} then ${answered.etag ?? null}::text else st.etag end,
          last_modified = case when ${remember} then ${answered.lastModified ?? null}::text else st.last_modified end,
          body_hash = case when ${remember} then ${answered.bodyHash ?? null}::text else st.body_hash end
        from watch.sources s where s.id = st.source_id and st.source_id = ${id}`,
  )
  return before
}

/** The source did not answer, or with nothing that can be used. Resolves to how often in a row, and whether it counted as lost before. */
export const noteFailure = (tx: Tx, id: string, now: Date, why: string, nextAt: Date | null) =>
  one<{ failures: number; lostAt: string | null }>(
    tx,
    sql`update watch.source_states set failures = failures + 1, failure = ${why}, tried_at = ${now}, etag = null, last_modified = null, body_hash = null,
          next_at = coalesce(${nextAt}::timestamptz, next_at) where source_id = ${id} returning failures, lost_at`,
  )

export const markLost = (tx: Tx, id: string, at: Date) =>
  run(tx, sql`update watch.source_states set lost_at = ${at} where source_id = ${id} and lost_at is null`)

export interface NewEvent {
  id: string
  sourceId: string
  kind: 'lost' | 'back'
  at: Date
  failures: number
  detail: string
}

/** Under the label of the source itself: whoever sees the one sees the other. */
export const putEvent = (tx: Tx, { id, sourceId, kind, at, failures, detail }: NewEvent) =>
  run(
    tx,
    sql`insert into watch.source_events (id, source_id, kind, at, failures, detail, label)
        select ${id}, s.id, ${kind}, ${at}, ${failures}, ${detail}, s.label from watch.sources s where s.id = ${sourceId}`,
  )

/** Which of these links are still to be fetched, with how often each failed. */
export const openLinks = async (tx: Tx, sourceId: string, keys: readonly string[]) =>
  new Map(
    (
      await rows<{ key: string; failures: number }>(
        tx,
        sql`select wanted.key, coalesce(l.failures, 0) as failures from unnest(${keys}::text[]) as wanted (key)
            left join watch.source_links l on l.source_id = ${sourceId} and l.key = wanted.key where l.fetched_at is null`,
      )
    ).map(({ key, failures }) => [key, failures]),
  )

export const linkDone = (tx: Tx, sourceId: string, key: string, at: Date) =>
  run(
    tx,
    sql`insert into watch.source_links (source_id, key, fetched_at) values (${sourceId}, ${key}, ${at})
        on conflict (source_id, key) do update set fetched_at = excluded.fetched_at`,
  )

export const linkFailed = (tx: Tx, sourceId: string, key: string) =>
  run(
    tx,
    sql`insert into watch.source_links (source_id, key, failures) values (${sourceId}, ${key}, 1)
        on conflict (source_id, key) do update set failures = watch.source_links.failures + 1`,
  )
