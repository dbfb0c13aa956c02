import type { Network } from '../../network/contract.ts'
import type { Mend, Who } from '../contract.ts'
import { type City, cutsOf, type Found, found, listed, officers, twoMedia, without } from './model.ts'
import { components } from '../../analysis/rules/graph.ts'

const strategic = (network: Network) => network.groups.find(({ tier }) => tier === 'strategic')
const dutyPost = (network: Network, agencyId: string) =>
  network.posts.find((post) => post.agencyId === agencyId && (post.kind === 'duty' || post.kind === 'watch-officer'))?.id ?? null

function seatIn(network: Network, agencyId: string, basis: string): { edit: Mend | null; values: Record<string, string> } {
  const group = strategic(network)
  if (group === undefined) return { edit: null, values: {} }
  const seat = { deed: 'addSeat', groupId: group.id, agencyId, postId: dutyPost(network, agencyId), basis } as const
  return { edit: seat, values: { other: group.name } }
}

/** Groups that an agency touches: a seat, an office of its posts, a link of its own or its posts with a group. */
function touched({ network }: City): Map<string, { group: boolean; anything: boolean }> {
  const agencyOf = new Map([
    ...network.agencies.map(({ id }) => [id, id] as const),
    ...network.posts.map(({ id, agencyId }) => [id, agencyId] as const),
  ])
  const state = new Map(network.agencies.map(({ id }) => [id, { group: false, anything: false }]))
  const touch = (id: string, group: boolean) => {
    const one = state.get(agencyOf.get(id) ?? '')
    if (one === undefined) return
    one.anything = true
    one.group ||= group
  }
  for (const { agencyId } of network.memberships) touch(agencyId, true)
  for (const group of network.groups) for (const post of officers(group)) touch(post, true)
  for (const { from, to } of network.links) {
    // A post that speaks with its own house alone is no link of the house.
    if (agencyOf.get(from.id) !== undefined && agencyOf.get(from.id) === agencyOf.get(to.id)) continue
    touch(from.id, to.kind === 'group')
    touch(to.id, from.kind === 'group')
  }
  return state
}

/** Agencies that nobody tells, or that no group knows; control rooms that are members of nothing. */
export function outsideFindings(city: City): Found[] {
  const { network } = city
  const state = touched(city)
  const members = new Set(network.memberships.map(({ agencyId }) => agencyId))
  return network.agencies.flatMap(({ id, name, orgType }): Found[] => {
    const who: Who[] = [{ kind: 'agency', id, name }]
    const { group, anything } = state.get(id)!
    const isRoom = orgType === 'control_room' && !members.has(id)
    if (isRoom) {
      const seat = seatIn(network, id, 'R-1.2.5: a control room is a member in its own right')
      return [found('control-room-outside', who, { name, ...seat.values }, { edit: seat.edit })]
    }
    if (group) return []
    const seat = seatIn(network, id, 'R-1.1.2: every agency is connected to a group')
    return [found(anything ? 'outside-groups' : 'isolated', who, { name, ...seat.values }, { edit: seat.edit })]
  })
}

/** A link between the strategic group and somebody cut off, by two media that are independent where there are two. */
function linkTo(city: City, cutOff: readonly number[]): Mend | null {
  const group = strategic(city.network)
  const linked = new Set(
    city.network.links.flatMap(({ from, to }) => (from.id === group?.id ? [to.id] : to.id === group?.id ? [from.id] : [])),
  )
  const end = cutOff.map((node) => city.nodes[node]!).find(({ kind, id }) => kind !== 'post' && id !== group?.id && !linked.has(id))
  if (group === undefined || end === undefined || (end.kind !== 'agency' && end.kind !== 'group')) return null
  const inside = cutOff.includes(city.at.get(group.id) ?? -1)
  return inside
    ? null
    : { deed: 'addLink', from: { kind: 'group', id: group.id }, to: { kind: end.kind, id: end.id }, ...twoMedia(city.network) }
}

const few = 3

/** Who and what the network falls apart without. */
export function pathFindings(city: City): Found[] {
  const { network, nodes, at, contact, byRole } = city
  const agencyOf = new Map(network.posts.map(({ id, agencyId }) => [id, agencyId]))
  const own = (node: number) => {
    const { id } = nodes[node]!
    const agencyId = agencyOf.get(id) ?? id
    return new Set(
      [agencyId, ...network.posts.filter((post) => post.agencyId === agencyId).map((post) => post.id)].map((one) => at.get(one)!),
    )
  }
  const named = (part: readonly number[], kind: Who['kind']) => part.map((node) => nodes[node]!).filter((who) => who.kind === kind)
  const groupsIn = (part: readonly number[]) => named(part, 'group')
  // One part before: what hangs together only through this node. An agency and its own posts cut off from each other are no finding.
  const behind = (graph: City['contact'], node: number) => {
    const mine = own(node)
    const together = components(graph).find((part) => part.includes(node)) ?? []
    const inside = new Set(together)
    return without(graph, node)
      .filter((part) => inside.has(part[0]!))
      .map((part) => part.filter((one) => !mine.has(one)))
      .filter((part) => part.length > 0)
  }
  const these: Found[] = []
  const told = new Set<string>()
  for (const node of cutsOf(byRole).points) {
    const who = nodes[node]!
    if (who.kind === 'group') continue
    const parts = behind(byRole, node).filter((part) => groupsIn(part).length > 0)
    const rest = parts.sort((a, b) => groupsIn(a).length - groupsIn(b).length)
    const main = rest.pop()
    const house = agencyOf.get(who.id)
    if (
      main === undefined ||
      rest.length === 0 ||
      (who.kind === 'agency' && network.posts.some((post) => post.agencyId === who.id && told.has(post.id)))
    )
      continue
    told.add(who.id)
    if (house !== undefined) told.add(house)
    const cut = rest.flat()
    these.push(
      found(
        'single-path',
        [who, ...groupsIn(cut)],
        { name: who.name, groups: listed(groupsIn(cut).map(({ name }) => name)), others: listed(groupsIn(main).map(({ name }) => name)) },
        { edit: linkTo(city, cut) },
      ),
    )
  }
  for (const node of cutsOf(contact).points) {
    const who = nodes[node]!
    if (who.kind === 'group' || told.has(who.id)) continue
    const [, ...rest] = behind(contact, node).sort((a, b) => b.length - a.length)
    const cut = rest.flat()
    const lost = named(cut, 'agency')
    if (lost.length === 0) continue
    these.push(
      found('cut-point', [who, ...lost], { name: who.name, others: listed(lost.map(({ name }) => name)) }, { edit: linkTo(city, cut) }),
    )
  }
  for (const [a, b] of cutsOf(contact).bridges) {
    const side = (from: number, not: number) => {
      const seen = new Set([from])
      const queue = [from]
      for (const v of queue)
        for (const w of contact.to.slice(contact.row[v], contact.row[v + 1]))
          if (!seen.has(w) && !(v === from && w === not)) {
            seen.add(w)
            queue.push(w)
          }
      return queue
    }
    const [one, other] = [side(a, b), side(b, a)].sort((left, right) => left.length - right.length) as [number[], number[]]
    if (named(one, 'agency').length < 2 || named(other, 'agency').length < 2) continue
    const [left, right] = [nodes[a]!, nodes[b]!]
    const lost = named(one, 'agency')
    these.push(
      found(
        'bridge',
        [left, right],
        { from: left.name, to: right.name, others: listed(lost.map(({ name }) => name)) },
        { edit: linkTo(city, one) },
      ),
    )
  }
  // Whoever is isolated has a finding of their own.
  const parts = components(contact).filter((part) => named(part, 'group').length > 0)
  // Many of them are one fact: nothing joins these groups, as where a list of partnerships was taken in and no link yet.
  const apart = parts.slice(1).length > few ? [parts.slice(1).flat()] : parts.slice(1)
  for (const part of apart) {
    const [groups, agencies] = [named(part, 'group'), named(part, 'agency')]
    const edit = linkTo(city, part)
    these.push(found('parts', [...groups, ...agencies], { names: listed(groups.map(({ name }) => name)) }, { edit }))
  }
  return these
}
