import type { Band, Network } from '../contract.ts'

type Variant = Network['variants'][number]

/** How closely a variant speaks of this: an attack type weighs more than a time band. */
const closeness = ({ incidentType, band }: Variant) => (incidentType === 'any' ? 0 : 2) + (band === 'any' ? 0 : 1)

/**
 * The network as it is for one attack type and time band (GAP-04): who joins, who leaves, who chairs. What speaks more closely of it comes last
 * and wins. Somebody who joins sits as a standing member: a quorum of core members stays what it was. `any` takes only what holds for any.
 */
export function networkFor(network: Network, incidentType: string, band: Band): Network {
  const applies = network.variants
    .filter((variant) => ['any', incidentType].includes(variant.incidentType) && ['any', band].includes(variant.band))
    .sort((a, b) => closeness(a) - closeness(b) || (a.id < b.id ? -1 : 1))
  let { memberships } = network
  const groups = new Map(network.groups.map((group) => [group.id, group]))
  for (const { id, groupId, effect, agencyId, postId, basis } of applies) {
    const group = groups.get(groupId)
    if (group === undefined) continue
    if (effect === 'chairs') groups.set(groupId, { ...group, chairPostId: postId })
    else if (effect === 'deputy-chairs') groups.set(groupId, { ...group, deputyChairPostId: postId })
    else if (effect === 'leaves') memberships = memberships.filter((seat) => seat.groupId !== groupId || seat.agencyId !== agencyId)
    else if (agencyId !== null && !memberships.some((seat) => seat.groupId === groupId && seat.agencyId === agencyId))
      memberships = [...memberships, { id, groupId, agencyId, postId, kind: 'standing', basis, derived: false }]
  }
  return { ...network, groups: [...groups.values()], memberships, variants: [] }
}
