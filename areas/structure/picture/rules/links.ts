import type { End, LinkKind, Network } from '../../network/contract.ts'

export type Link = Network['links'][number]

/** a link that was never tried, or not within the last 12 months, is untested. */
export function isUntested(testedAt: string | null, now: Date): boolean {
  if (testedAt === null) return true
  const yearAgo = new Date(now)
  yearAgo.setUTCFullYear(yearAgo.getUTCFullYear() - 1)
  return new Date(testedAt).getTime() < yearAgo.getTime()
}

export type Backup = 'there' | 'none' | 'no-medium'
/** No medium at all is worse than no backup. */
export const backupOf = ({ primaryMediumId, backupMediumId }: Pick<Link, 'primaryMediumId' | 'backupMediumId'>): Backup =>
  primaryMediumId === null ? 'no-medium' : backupMediumId === null ? 'none' : 'there'

/** how many links end at each group, post and agency; an agency carries those of its posts too. */
export function loadsOf(network: Network): Map<string, number> {
  const loads = new Map<string, number>()
  const posts = new Map(network.posts.map(({ id, agencyId }) => [id, agencyId]))
  const add = (id: string | undefined) => id !== undefined && loads.set(id, (loads.get(id) ?? 0) + 1)
  for (const { from, to } of network.links) {
    for (const end of [from, to]) {
      add(end.id)
      if (end.kind === 'post') add(posts.get(end.id))
    }
  }
  return loads
}

/** One link that was seen in use: somebody told somebody, so often, the last time then. Ends are groups, posts or agencies. */
export interface Observed {
  fromId: string
  toId: string
  count?: number
  lastAt: string
}
export type Use = 'used' | 'not-used'
export interface Overlay {
  /** Of each declared link: whether it was seen in use. */
  uses: ReadonlyMap<string, Use>
  /** Seen in use and declared nowhere. */
  undeclared: readonly Observed[]
}

/**
 * Observed over declared. A link is used when its beginning was seen to tell its end; one that liaises, in either direction. A post and its agency
 * count as one, because a message is often known only by the agency it came from. Groups are themselves.
 */
export function overlayOf(network: Network, observed: readonly Observed[]): Overlay {
  const posts = new Map(network.posts.map(({ id, agencyId }) => [id, agencyId]))
  const lifted = (id: string) => posts.get(id) ?? id
  const way = (from: string, to: string) => `${lifted(from)} ${lifted(to)}`
  const seen = new Set(observed.map(({ fromId, toId }) => way(fromId, toId)))
  const declared = new Set<string>()
  const uses = new Map<string, Use>()
  for (const { id, from, to, kind } of network.links) {
    const ways = kind === 'liaises' ? [way(from.id, to.id), way(to.id, from.id)] : [way(from.id, to.id)]
    for (const one of ways) declared.add(one)
    uses.set(id, ways.some((one) => seen.has(one)) ? 'used' : 'not-used')
  }
  const within = ({ fromId, toId }: Observed) => lifted(fromId) === lifted(toId)
  return { uses, undeclared: observed.filter((one) => !within(one) && !declared.has(way(one.fromId, one.toId))) }
}

/** What is at the other end of a link, seen from one of its ends. */
export const otherEnd = (link: Link, id: string): End => (link.from.id === id ? link.to : link.from)

export const linksAt = (network: Network, id: string): Link[] => network.links.filter(({ from, to }) => from.id === id || to.id === id)

/** The order in which kinds are told and drawn. */
export const weightOf: Record<LinkKind, number> = { directs: 3, reports: 2, informs: 1.25, requests: 1.25, liaises: 1 }
