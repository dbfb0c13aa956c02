import type { Network } from '../../network/contract.ts'
import type { Who } from '../contract.ts'
import { type City, type Duty, type Found, found, listed, officers } from './model.ts'

/** Groups that may meet at the same time when something happens. */
const convenes = new Set(['strategic', 'tactical', 'operational'])

/** Groups without a chair, with a chair who deputises for itself, without a quorum, or with one that they can never have. */
export function groupFindings({ network, name }: City): Found[] {
  const posts = new Map(network.posts.map((post) => [post.id, post]))
  return network.groups.flatMap((group): Found[] => {
    const who: Who[] = [{ kind: 'group', id: group.id, name: group.name }]
    const seats = network.memberships.filter(({ groupId }) => groupId === group.id)
    const core = seats.filter(({ kind }) => kind === 'core').length
    // The most senior of those who sit there by name, and not somebody who already serves.
    const senior = seats
      .map(({ postId }) => posts.get(postId ?? ''))
      .filter((post) => post !== undefined && !officers(group).includes(post.id))
      .sort((a, b) => (b?.minimumSeniority ?? 0) - (a?.minimumSeniority ?? 0))[0]
    const office = (which: 'chairPostId' | 'deputyChairPostId', postId: string | undefined) =>
      postId === undefined ? null : ({ deed: 'setOffice', groupId: group.id, office: which, postId } as const)
    const values = { name: group.name, ...(senior ? { other: name(senior.id) } : {}) }
    const these: Found[] = []
    if (group.chairPostId === null) {
      const next = group.deputyChairPostId === null ? senior?.id : undefined
      these.push(found('group-without-chair', who, values, { edit: office('chairPostId', next), blocking: group.tier === 'strategic' }))
    } else if (group.chairPostId === group.deputyChairPostId)
      these.push(
        found('chair-is-deputy', who, { ...values, chair: name(group.chairPostId) }, { edit: office('deputyChairPostId', senior?.id) }),
      )
    if (convenes.has(group.tier) && group.quorum === null) these.push(found('group-without-quorum', who, values))
    if (group.quorum !== null && group.quorum > core)
      these.push(found('quorum-too-high', who, { ...values, quorum: String(group.quorum), count: String(core) }))
    return these
  })
}

/** Where a post is needed: the groups that it sits in or serves, as far as they may meet at once; invitees come when asked. */
function seatsOf(network: Network): Map<string, Network['groups']> {
  const needed = new Map<string, Network['groups']>()
  const add = (postId: string, group: Network['groups'][number]) => {
    const those = needed.get(postId) ?? []
    if (!those.includes(group)) needed.set(postId, [...those, group])
  }
  for (const group of network.groups) {
    if (!convenes.has(group.tier)) continue
    for (const post of officers(group)) add(post, group)
    for (const seat of network.memberships)
      if (seat.groupId === group.id && seat.postId !== null && seat.kind !== 'invitee') add(seat.postId, group)
  }
  return needed
}

/** What tonight's rota says: posts with nobody on duty, deputies of themselves, people who would be needed in two places at once. */
export function dutyFindings(city: City, duty: Duty): Found[] {
  const { network, name } = city
  const needed = seatsOf(network)
  const linked = new Set(network.links.flatMap(({ from, to }) => [from, to]).flatMap(({ kind, id }) => (kind === 'post' ? [id] : [])))
  const post = (id: string): Who => ({ kind: 'post', id, name: name(id) })
  const there = Map.groupBy(
    duty.filter(({ onDuty }) => onDuty),
    ({ postId }) => postId,
  )
  const empty = network.posts
    .filter(({ id, kind }) => (needed.has(id) || linked.has(id) || kind === 'duty' || kind === 'watch-officer') && !there.has(id))
    .map(({ id }) => {
      const groups = listed((needed.get(id) ?? []).map((group) => group.name)) || '–'
      return found('empty-post', [post(id)], { name: name(id), groups })
    })
  const twice = [...Map.groupBy(duty, ({ postId, personId }) => `${postId} ${personId}`).values()]
    .filter((rows) => new Set(rows.map(({ capacity }) => capacity)).size > 1)
    .map(([row]) =>
      found('deputy-of-oneself', [{ kind: 'person', id: row!.personId, name: row!.name }, post(row!.postId)], {
        person: row!.name,
        name: name(row!.postId),
      }),
    )
  const holding = Map.groupBy(
    duty.filter(({ onDuty, capacity }) => onDuty && capacity === 'holder'),
    ({ personId }) => personId,
  )
  const chairs = network.groups.flatMap((group): Found[] => {
    const both = [...holding.values()].find(
      (rows) =>
        group.chairPostId !== group.deputyChairPostId &&
        [group.chairPostId, group.deputyChairPostId].every((id) => id !== null && rows.some(({ postId }) => postId === id)),
    )
    if (both === undefined) return []
    const [{ personId, name: person }] = both as [Duty[number]]
    const who: Who[] = [
      { kind: 'person', id: personId, name: person },
      { kind: 'group', id: group.id, name: group.name },
    ]
    return [found('deputy-of-oneself', who, { person, name: group.name })]
  })
  const twoPlaces = [...holding].flatMap(([personId, rows]): Found[] => {
    const groups = [...new Set(rows.flatMap(({ postId }) => needed.get(postId) ?? []))]
    // In one and the same room is one place; where no room is named, two groups are two places.
    const places = new Set(groups.map(({ id, placeId }) => placeId ?? id))
    if (places.size < 2) return []
    const person = rows[0]!.name
    const who: Who[] = [
      { kind: 'person', id: personId, name: person },
      ...groups.map(({ id, name: of }): Who => ({ kind: 'group', id, name: of })),
    ]
    return [found('two-places', who, { person, groups: listed(groups.map((group) => group.name)) })]
  })
  return [...empty, ...twice, ...chairs, ...twoPlaces]
}
