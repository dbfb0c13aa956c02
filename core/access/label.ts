/**
 * The one rule of reading (house.md, idea 2): a label is a set of clauses, each a set of tokens; a viewer sees a row when every clause
 * shares a token with the viewer's reach. The same rule stands in SQL (core/access/sql), and a differential test holds the two together.
 */
export type Clauses = readonly (readonly string[])[]

/** What a token may be of. Core treats the id as opaque. */
export const tokenKinds = [
  'person',
  'agency',
  'group',
  'post',
  'kind',
  'incident',
  'city',
  'cleared',
  'briefed',
  'circle',
  'world',
  'device',
] as const
export type TokenKind = (typeof tokenKinds)[number]

const tokenPattern = new RegExp(`^(?:${tokenKinds.join('|')}):[A-Za-z0-9._-]{1,200}$`)

/** `kind:id`: a kind of the list, and letters, digits, dot, underscore or hyphen. */
export const isToken = (text: string): boolean => tokenPattern.test(text)

/** The label of nobody: one clause that no reach can meet. */
export const nobody: Clauses = [[]]

// Tokens are ASCII, so JavaScript's order is the order of bytes, PostgreSQL's collate "C".
const byText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)

function byClause(a: readonly string[], b: readonly string[]): number {
  if (a.length !== b.length) return a.length - b.length
  for (let at = 0; at < a.length; at += 1) {
    const order = byText(a[at] as string, b[at] as string)
    if (order !== 0) return order
  }
  return 0
}

/**
 * The one way to write a label, the same as access.canonical in SQL: tokens sorted by byte and unique in each clause; clauses unique and
 * sorted by how many tokens they have, then token by token. A clause that another implies is kept, so that both sides stay simple.
 * No clauses, or an empty clause among them, is nobody.
 */
export function canonical(clauses: Clauses): string[][] {
  if (clauses.length === 0 || clauses.some((clause) => clause.length === 0)) return [[]]
  const sorted = clauses.map((clause) => [...new Set(clause)].sort(byText)).sort(byClause)
  return sorted.filter((clause, at) => at === 0 || byClause(sorted[at - 1] as string[], clause) !== 0)
}

/** Every clause shares a token with the reach. No clauses, or an empty clause, is nobody. */
export function canSee(clauses: Clauses, reach: ReadonlySet<string>): boolean {
  if (clauses.length === 0) return false
  for (const clause of clauses) {
    let met = false
    for (const token of clause) {
      if (reach.has(token)) {
        met = true
        break
      }
    }
    if (!met) return false
  }
  return true
}

/** The label of a thing made of both: only who can see each can see it. Nobody with anything is nobody. */
export const combine = (a: Clauses, b: Clauses): string[][] => canonical([...canonical(a), ...canonical(b)])

/** The same label, however it was written. */
export const sameLabel = (a: Clauses, b: Clauses): boolean => JSON.stringify(canonical(a)) === JSON.stringify(canonical(b))
