import type { End, Network } from '../../network/contract.ts'
import { networkFor } from '../../network/rules/variant.ts'
import type { Wishes } from './address.ts'

const agencyOfPost = (network: Network): ReadonlyMap<string, string> => new Map(network.posts.map(({ id, agencyId }) => [id, agencyId]))

/** The agency that an end belongs to: itself, or its post's. Null for a group, which is nobody's. */
export const agencyOfEnd = (posts: ReadonlyMap<string, string>, end: End): string | null =>
  end.kind === 'agency' ? end.id : end.kind === 'post' ? (posts.get(end.id) ?? null) : null

/** Only these agencies, groups and links, with the posts and seats of what is kept. */
function only(network: Network, agencies: ReadonlySet<string>, groups: ReadonlySet<string>, links: Network['links']): Network {
  return {
    ...network,
    agencies: network.agencies.filter(({ id }) => agencies.has(id)),
    posts: network.posts.filter(({ agencyId }) => agencies.has(agencyId)),
    groups: network.groups.filter(({ id }) => groups.has(id)),
    memberships: network.memberships.filter(({ groupId, agencyId }) => groups.has(groupId) && agencies.has(agencyId)),
    responsibilities: network.responsibilities.filter(({ agencyId }) => agencies.has(agencyId)),
    links,
  }
}

/**
 * What a reader asked to see: one attack type and band; the agencies that have a part in one phase; what one agency is joined to (its links, its
 * groups, and who is at the other ends); links of one kind; links over one medium, first or backup. Rows are left out, never changed.
 */
export function narrowed(network: Network, wishes: Wishes): Network {
  let shown = networkFor(network, wishes.attack ?? 'any', wishes.band ?? 'any')
  if (wishes.kind !== undefined || wishes.medium !== undefined) {
    const { kind, medium } = wishes
    const fits = (link: Network['links'][number]) =>
      (kind === undefined || link.kind === kind) &&
      (medium === undefined || link.primaryMediumId === medium || link.backupMediumId === medium)
    shown = { ...shown, links: shown.links.filter(fits) }
  }
  const posts = agencyOfPost(shown)
  if (wishes.phase !== undefined) {
    const responsibilities = shown.responsibilities.filter(({ phase }) => phase === wishes.phase)
    const agencies = new Set(responsibilities.map(({ agencyId }) => agencyId))
    const seated = shown.memberships.filter(({ agencyId }) => agencies.has(agencyId))
    const groups = new Set(seated.map(({ groupId }) => groupId))
    const stays = (end: End) => (end.kind === 'group' ? groups.has(end.id) : agencies.has(agencyOfEnd(posts, end) ?? ''))
    const links = shown.links.filter(({ from, to }) => stays(from) && stays(to))
    shown = { ...only(shown, agencies, groups, links), responsibilities }
  }
  if (wishes.agency !== undefined) {
    const its = (end: End) => agencyOfEnd(posts, end) === wishes.agency
    const links = shown.links.filter(({ from, to }) => its(from) || its(to))
    const ends = links.flatMap(({ from, to }) => [from, to])
    const agencies = new Set([wishes.agency, ...ends.flatMap((end) => agencyOfEnd(posts, end) ?? [])])
    const seats = shown.memberships.filter(({ agencyId }) => agencyId === wishes.agency)
    const groups = new Set([...seats.map(({ groupId }) => groupId), ...ends.filter(({ kind }) => kind === 'group').map(({ id }) => id)])
    shown = only(shown, agencies, groups, links)
  }
  return shown
}

/** Attack types that the network knows variants for, in order. */
export const attacksOf = (network: Network): string[] =>
  [...new Set(network.variants.map(({ incidentType }) => incidentType))].filter((type) => type !== 'any').sort()
