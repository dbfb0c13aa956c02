import type { ProtocolLine, Terms } from './contract.ts'

interface Dates {
  versionInForce: number | null
  offered: boolean
  expiresAt: string | null
  reviewAt: string | null
  endedAt: string | null
}

/** In which state of its life a protocol stands. What opens is said by the database; this is for the words on a page. */
export function stateOf({ versionInForce, offered, expiresAt, endedAt }: Dates, now: Date): ProtocolLine['state'] {
  if (endedAt !== null) return 'ended'
  if (versionInForce === null) return offered ? 'offered' : 'draft'
  return expiresAt !== null && new Date(expiresAt) <= now ? 'expired' : 'in-force'
}

export const reviewDue = ({ versionInForce, reviewAt, endedAt }: Dates, now: Date): boolean =>
  versionInForce !== null && endedAt === null && reviewAt !== null && new Date(reviewAt) <= now

/** The headings under which two versions say something else, in the order in which they are read. */
export function changedBetween(before: Terms | undefined, after: Terms): string[] {
  if (!before) return []
  return (Object.keys(after) as (keyof Terms)[]).filter((heading) => JSON.stringify(before[heading]) !== JSON.stringify(after[heading]))
}

/** Pairs of agencies that no protocol joins. Each protocol is the ids of its parties. */
export function pairsWithout(agencies: readonly string[], joined: readonly (readonly string[])[]): [string, string][] {
  const all = [...new Set(agencies)]
  return all.flatMap((one, place) =>
    all
      .slice(place + 1)
      .filter((other) => !joined.some((parties) => parties.includes(one) && parties.includes(other)))
      .map((other): [string, string] => [one, other]),
  )
}
