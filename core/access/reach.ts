import { maybe, one, rows, sql } from '#core/db/sql.ts'
import { notFound } from '#core/errors.ts'
import type { Tx } from '#core/operation/implement.ts'
import type { Clauses } from './label.ts'

export interface Grant {
  personId: string
  /** `kind:id`, opaque to core. */
  token: string
  /** null: from now on, by the database's own clock. */
  from: Date | string | null
  until: Date | string | null
  /** Where it came from, such as `structure.holding:<id>`; ending names the same source. */
  source: string
}

/** Gives a person a token; the grant is an entry. Refused (not allowed) when it is not the actor's to give. */
export async function grantReach(tx: Tx, grant: Grant): Promise<void> {
  await one(tx, sql`select access.grant_reach(${grant.personId}, ${grant.token}, ${grant.from}, ${grant.until}, ${grant.source}) as id`)
}

/** Ends every token that came from `source`, from `at` on (null: now). Returns how many. */
export async function endReach(tx: Tx, source: string, at: Date | string | null): Promise<number> {
  return (await one<{ ended: number }>(tx, sql`select access.end_reach(${source}, ${at}) as ended`)).ended
}

/**
 * The number of a label, made when it is new. The marking is held against the city's scheme and ceiling, and kept in the one way of writing it.
 * Errors: invalid `label` (a malformed token), `marking` (a word that the scheme does not have, or content above the ceiling: offer a pointer record).
 */
export async function internLabel(tx: Tx, label: { clauses: Clauses; marking: string }): Promise<number> {
  return (await one<{ number: number }>(tx, sql`select access.intern(${JSON.stringify(label.clauses)}::jsonb, ${label.marking}) as number`))
    .number
}

/** The label of what is made of several things: only who can read each reads it; the strictest word on each axis. Errors: not found (one is not readable to the maker). */
export async function combineLabels(tx: Tx, numbers: readonly number[]): Promise<number> {
  const made = (await one<{ number: number | null }>(tx, sql`select access.combine(${numbers}::int[]) as number`)).number
  if (made === null) throw notFound()
  return made
}

/** How a collection is marked: the strictest word on each axis of all that is in it, and of `least`. Errors: as combineLabels. */
export async function markingOfAll(tx: Tx, numbers: readonly number[], least = ''): Promise<string> {
  const [whole] = numbers.length === 0 ? [] : await labelWords(tx, [await combineLabels(tx, [...new Set(numbers)])])
  return (await one<{ marking: string }>(tx, sql`select access.strictest(${least}, ${whole?.marking ?? ''}) as marking`)).marking
}

export interface LabelWords {
  number: number
  clauses: Clauses
  marking: string
}

/** The words of labels that the viewer can read; others are simply absent. */
export const labelWords = (tx: Tx, numbers: readonly number[]): Promise<LabelWords[]> =>
  rows<LabelWords>(tx, sql`select id as number, clauses, marking from access.label where id = any(${numbers})`)

/** Does the actor hold any of these tokens now? For `can` in answers; the policies decide. */
export async function holdsAny(tx: Tx, tokens: readonly string[]): Promise<boolean> {
  return (await maybe<{ held: boolean }>(tx, sql`select access.holds(variadic ${tokens}::text[]) as held`))?.held ?? false
}
