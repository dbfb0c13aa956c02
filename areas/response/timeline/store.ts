import { maybe, one, rows, run, sql } from '#core/db/sql.ts'
import { labelWords } from '#core/access/reach.ts'
import { invalid } from '#core/errors.ts'
import type { Doing, Tx } from '#core/operation/implement.ts'
import type { EntryKind, LogEntry, TimelinePage } from './contract.ts'
import { isLate } from '#core/record/late.ts'
import { isAhead, type Nameable } from './rules.ts'

export interface NewEntry {
  incidentId: string
  label: number
  kind: EntryKind
  /** A word of the catalogue, `log.<code>`; or `text`, or both. */
  code?: string
  params?: Readonly<Record<string, string>>
  text?: string
  occurredAt?: Date | string | undefined
  lateReason?: string | undefined
  /** On behalf of which post. */
  postId?: string | null | undefined
  corrects?: string
  named?: readonly string[]
}

type Writing = Pick<Doing<unknown>, 'tx' | 'clock' | 'id'> & { actor?: { personId: string; postId: string | null } }

/**
 * Writes one line of the timeline, as the actor, or as Concord itself in a timed duty (no actor). Returns its id.
 * Errors: invalid (late without a reason, field `lateReason`; ahead of the clock, field `occurredAt`).
 */
export async function putEntry({ tx, actor, clock, id }: Writing, entry: NewEntry): Promise<string> {
  const enteredAt = clock.now()
  const occurredAt = entry.occurredAt === undefined ? enteredAt : new Date(entry.occurredAt)
  if (isAhead(occurredAt, enteredAt))
    throw invalid('occurredAt', 'This is still to come. Nothing was written. Give the time at which it happened.')
  if (isLate(occurredAt, enteredAt) && !entry.lateReason) {
    throw invalid(
      'lateReason',
      'This happened more than five minutes ago. Nothing was written yet. Say in a few words why it is entered now.',
    )
  }
  const entryId = id()
  const by = actor?.personId || null
  await run(
    tx,
    sql`insert into response.log_entries (id, incident_id, occurred_at, entered_at, kind, code, params, text, post_id, by_person, by_post, late_reason, corrects, named, label)
        values (${entryId}, ${entry.incidentId}, ${occurredAt}, ${enteredAt}, ${entry.kind}, ${entry.code ?? null}, ${JSON.stringify(entry.params ?? {})}::jsonb,
          ${entry.text ?? ''}, ${entry.postId ?? null}, ${by}, ${by && (actor?.postId ?? null)}, ${entry.lateReason ?? null}, ${entry.corrects ?? null},
          ${[...(entry.named ?? [])]}, ${entry.label})`,
  )
  return entryId
}

// Row by row by its id, and no join: each joined table would be read by its own policy over every label of the viewer.
const columns = sql`e.id, e.incident_id, e.occurred_at, e.entered_at as recorded_at, e.kind, e.code, e.params, e.text,
    (select p.name from structure.people p where p.id = e.by_person) as by,
    (select p.title from structure.posts p where p.id = e.by_post) as by_post,
    case when e.post_id is distinct from e.by_post then (select p.title from structure.posts p where p.id = e.post_id) end as on_behalf_of,
    e.late_reason, e.corrects, exists (select from response.log_entries later where later.corrects = e.id) as corrected, e.label`

async function marked(tx: Tx, found: readonly Omit<LogEntry, 'marking'>[]): Promise<LogEntry[]> {
  const words = await labelWords(tx, [...new Set(found.map(({ label }) => label))])
  const markings = new Map(words.map(({ number, marking }) => [number, marking]))
  return found.map((entry) => ({ ...entry, marking: markings.get(entry.label) ?? '' }))
}

/** Errors: not found (also when withheld). */
export const entry = async (tx: Tx, id: string) =>
  (await marked(tx, [await one<Omit<LogEntry, 'marking'>>(tx, sql`select ${columns} from response.log_entries e where e.id = ${id}`)]))[0]!

export const placeOf = (tx: Tx, id: string) =>
  maybe<{ incidentId: string; label: number }>(tx, sql`select incident_id, label from response.log_entries where id = ${id}`)

/** The newest entries that the viewer can read, before one of them; the work does not grow with the timeline. Errors: invalid (field `before`). */
export async function page(tx: Tx, incidentId: string, before: string | undefined, limit: number): Promise<TimelinePage> {
  let from: { occurredAt: string; id: string } | undefined
  if (before !== undefined) {
    from = await maybe(tx, sql`select occurred_at, id from response.log_entries where id = ${before} and incident_id = ${incidentId}`)
    if (!from) throw invalid('before', 'This place in the timeline is not known. Begin again at its newest entry.')
  }
  const found = await one<{ ids: string[] }>(
    tx,
    sql`select response.newest_entries(${incidentId}, ${from?.occurredAt ?? null}, ${from?.id ?? null}, ${limit + 1}) as ids`,
  )
  const entries = await rows<Omit<LogEntry, 'marking'>>(
    tx,
    sql`select line.* from unnest(${found.ids.slice(0, limit)}::uuid[]) with ordinality wanted (id, place)
        cross join lateral (select ${columns} from response.log_entries e where e.id = wanted.id limit 1) line order by wanted.place`,
  )
  return { entries: await marked(tx, entries), next: found.ids.length > limit ? (entries.at(-1)?.id ?? null) : null }
}

/** Agencies that have a seat in an incident, by the names that a text may use. */
export const nameable = (tx: Tx, incidentId: string) =>
  rows<Nameable>(
    tx,
    sql`select a.id, a.name, a.short_name, a.org_code from response.seats s join structure.agencies a on a.id = s.agency_id where s.incident_id = ${incidentId}`,
  )
