import type { OversightLine } from './contract.ts'

/** How long a known weakness may stay open before it rises by itself; half of it when it came back once, a third when twice. */
export const weaknessDays = 30

const ofStructure: ReadonlySet<OversightLine['kind']> = new Set(['structure-review', 'group-review', 'known-weakness'])

export const stateOf = (
  { kind, reviewDueAt, reviewedAt }: { kind: OversightLine['kind']; reviewDueAt: string | null; reviewedAt: string | null },
  now: Date,
): OversightLine['state'] => {
  if (reviewedAt !== null) return ofStructure.has(kind) ? 'done' : 'reviewed'
  if (kind === 'known-weakness') return 'open'
  return reviewDueAt === null ? 'noted' : new Date(reviewDueAt) <= now ? 'overdue' : 'to-review'
}

const order: readonly OversightLine['state'][] = ['overdue', 'to-review', 'open', 'noted', 'reviewed', 'done']

/** Overdue reviews first, the longest on top; then what waits for its review; then weaknesses, what came back most often first; then the newest. */
export const byUrgency = <T extends Pick<OversightLine, 'state' | 'at' | 'times'>>(some: readonly T[]): T[] =>
  [...some].sort(
    (a, b) =>
      order.indexOf(a.state) - order.indexOf(b.state) ||
      (a.state === 'open' ? b.times - a.times : 0) ||
      (order.indexOf(a.state) <= order.indexOf('open') ? a.at.localeCompare(b.at) : b.at.localeCompare(a.at)),
  )
