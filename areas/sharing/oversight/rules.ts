import type { OversightLine } from './contract.ts'

export const stateOf = (
  { reviewDueAt, reviewedAt }: { reviewDueAt: string | null; reviewedAt: string | null },
  now: Date,
): OversightLine['state'] =>
  reviewedAt !== null ? 'reviewed' : reviewDueAt === null ? 'noted' : new Date(reviewDueAt) <= now ? 'overdue' : 'to-review'

const order: readonly OversightLine['state'][] = ['overdue', 'to-review', 'noted', 'reviewed']

/** Overdue reviews first, the longest on top; then what waits for its review; then the newest. */
export const byUrgency = <T extends Pick<OversightLine, 'state' | 'at'>>(some: readonly T[]): T[] =>
  [...some].sort(
    (a, b) =>
      order.indexOf(a.state) - order.indexOf(b.state) ||
      (a.state === 'overdue' || a.state === 'to-review' ? a.at.localeCompare(b.at) : b.at.localeCompare(a.at)),
  )
