import type { Network } from '../network/contract.ts'

// What is lost when something is taken away: exact, pure, fast enough for all pairs. It tells who can still be told *as declared*: a link that
// names no medium carries nothing, and a backup counts only where it is independent of the primary. Nothing here knows tonight's rota.

export type Taken = { kind: 'agency' | 'post' | 'medium' | 'dependence' | 'place'; id: string }

/** What one loss does, beyond what was so before it. Ids of agencies, groups; an activity with its phase. */
export interface Loss {
  taken: Taken[]
  /** Agencies that still stand and can no longer be told from any strategic group. */
  untold: string[]
  untoldGroups: string[]
  /** Nobody accountable is left (`lost`), or whoever is left cannot be told (`untold`). */
  uncovered: { activity: string; phase: string; reason: 'lost' | 'untold' }[]
  groups: { groupId: string; lost: ('chair' | 'deputy' | 'quorum' | 'room')[] }[]
}

/** How much a loss does, to put the worst first; a count of things lost, never a score of anybody. */
export interface Harm {
  untold: number
  uncovered: number
  /** Groups with nobody left to chair, and groups that fall below their quorum. */
  headless: number
  inquorate: number
}

export interface PairHarm extends Harm {
  taken: [Taken, Taken]
  /** Harm that neither of the two does alone. */
  together: number
}

export const harmOf = ({ untold, uncovered, headless, inquorate }: Harm): number => untold + uncovered + headless + inquorate

type Bits = Int32Array<ArrayBuffer>

interface Group {
  node: number
  /** Bits of the agencies and posts that make the group: without any of them it tells nobody anything. */
  made: Bits
  chair: number
  deputy: number
  quorum: number
  /** Bits of its core members. */
  core: Bits
  place: string | null
}

export interface Model {
  network: Network
  /** How many words of 32 bits a set of nodes takes. */
  words: number
  ids: string[]
  agencies: Bits
  sources: Bits
  groups: Group[]
  responsibilities: { activity: string; phase: string; accountable: Bits }[]
  /** Everything that can be taken away, with the nodes and media that go with it. */
  taken: { what: Taken; nodes: Bits; media: Bits; place: string | null }[]
  /** Rows of bits: whom each node tells, while the media of this set (its bits, joined) are dead. */
  tells: (dead: Bits) => Bits[]
  before: Standing
}

/** How things stand with something taken away. */
interface Standing {
  /** Of nodes: what stands, and of that what can be told. */
  alive: Bits
  told: Bits
}

const has = (bits: Bits, at: number) => at >= 0 && ((bits[at >> 5]! >>> (at & 31)) & 1) === 1
const put = (bits: Bits, at: number) => {
  if (at >= 0) bits[at >> 5]! |= 1 << (at & 31)
}
const meets = (one: Bits, other: Bits) => {
  for (let word = 0; word < one.length; word += 1) if ((one[word]! & other[word]!) !== 0) return true
  return false
}
/** How many bits both sets share. */
function shared(one: Bits, other: Bits): number {
  let count = 0
  for (let word = 0; word < one.length; word += 1) {
    for (let left = one[word]! & other[word]!; left !== 0; left &= left - 1) count += 1
  }
  return count
}
const listed = (bits: Bits): number[] => Array.from({ length: bits.length * 32 }, (_, at) => at).filter((at) => has(bits, at))

/** Reads a network once, so that many losses can be asked of it. Strategic groups are where telling begins. */
export function modelOf(network: Network): Model {
  const ids = [...network.groups, ...network.agencies, ...network.posts].map(({ id }) => id)
  const place = new Map(ids.map((id, at) => [id, at]))
  const nodeOf = (id: string | null) => (id === null ? -1 : (place.get(id) ?? -1))
  const words = Math.max(1, Math.ceil(ids.length / 32))
  const mediaWords = Math.max(1, Math.ceil(network.media.length / 32))
  const bitsOf = (nodes: Iterable<number>, length = words) => {
    const bits = new Int32Array(length)
    for (const node of nodes) put(bits, node)
    return bits
  }
  const mediumAt = new Map(network.media.map(({ id }, at) => [id, at]))
  const dependsOn = network.media.map(({ dependsOn: all }) => new Set(all))
  const seats = Map.groupBy(network.memberships, ({ groupId }) => groupId)
  const officers = (group: Network['groups'][number]) => [group.chairPostId, group.deputyChairPostId, group.secretariatPostId]
  const groups = network.groups.map((group): Group => {
    const own = seats.get(group.id) ?? []
    return {
      node: nodeOf(group.id),
      made: bitsOf([...own.flatMap(({ agencyId, postId }) => [agencyId, postId]), ...officers(group)].map(nodeOf)),
      chair: nodeOf(group.chairPostId),
      deputy: nodeOf(group.deputyChairPostId),
      quorum: group.quorum ?? 0,
      core: bitsOf(own.filter(({ kind }) => kind === 'core').map(({ agencyId }) => nodeOf(agencyId))),
      place: group.placeId,
    }
  })
  // Always: a group and those who sit in it or serve it, an agency and its posts. Links: as long as a medium of theirs works.
  const always: [number, number][] = []
  const bothWays = (a: number, b: number) => {
    if (a >= 0 && b >= 0) always.push([a, b], [b, a])
  }
  for (const { id, agencyId } of network.posts) bothWays(nodeOf(id), nodeOf(agencyId))
  for (const { groupId, agencyId, postId } of network.memberships)
    for (const member of [agencyId, postId]) bothWays(nodeOf(groupId), nodeOf(member))
  for (const group of network.groups) for (const post of officers(group)) bothWays(nodeOf(group.id), nodeOf(post))
  const carried = network.links.flatMap(({ from, to, kind, primaryMediumId, backupMediumId }) => {
    const [a, b] = [nodeOf(from.id), nodeOf(to.id)]
    const primary = mediumAt.get(primaryMediumId ?? '') ?? -1
    const backup = mediumAt.get(backupMediumId ?? '') ?? -1
    if (a < 0 || b < 0 || primary < 0) return []
    const independent = backup >= 0 && backup !== primary && dependsOn[primary]!.isDisjointFrom(dependsOn[backup]!)
    const arc = { a, b, primary, backup: independent ? backup : -1 }
    return kind === 'liaises' ? [arc, { ...arc, a: b, b: a }] : [arc]
  })
  const kept = new Map<string, Bits[]>()
  const tells = (dead: Bits): Bits[] => {
    const key = dead.join()
    let rows = kept.get(key)
    if (rows === undefined) {
      rows = ids.map(() => new Int32Array(words))
      for (const [a, b] of always) put(rows[a]!, b)
      for (const { a, b, primary, backup } of carried) {
        if (!has(dead, primary) || (backup >= 0 && !has(dead, backup))) put(rows[a]!, b)
      }
      kept.set(key, rows)
    }
    return rows
  }
  const [noNodes, noMedia] = [bitsOf([]), bitsOf([], mediaWords)]
  const postsOf = Map.groupBy(network.posts, ({ agencyId }) => agencyId)
  const mediaWhere = (test: (at: number) => boolean) => bitsOf([...network.media.keys()].filter(test), mediaWords)
  const accountable = Map.groupBy(
    network.responsibilities.filter(({ part }) => part === 'accountable'),
    ({ activity, phase }) => JSON.stringify([activity, phase]),
  )
  const model: Model = {
    network,
    words,
    ids,
    agencies: bitsOf(network.agencies.map(({ id }) => nodeOf(id))),
    sources: bitsOf(network.groups.filter(({ tier }) => tier === 'strategic').map(({ id }) => nodeOf(id))),
    groups,
    responsibilities: [...accountable.values()].map((rows) => ({
      activity: rows[0]!.activity,
      phase: rows[0]!.phase,
      accountable: bitsOf(rows.map(({ agencyId }) => nodeOf(agencyId))),
    })),
    taken: [
      ...network.agencies.map(({ id }) => ({
        what: { kind: 'agency' as const, id },
        nodes: bitsOf([nodeOf(id), ...(postsOf.get(id) ?? []).map((post) => nodeOf(post.id))]),
        media: noMedia,
        place: null,
      })),
      ...network.posts.map(({ id }) => ({ what: { kind: 'post' as const, id }, nodes: bitsOf([nodeOf(id)]), media: noMedia, place: null })),
      ...network.media.map(({ id }, at) => ({
        what: { kind: 'medium' as const, id },
        nodes: noNodes,
        media: mediaWhere((one) => one === at),
        place: null,
      })),
      ...[...new Set(network.media.flatMap((medium) => medium.dependsOn))].sort().map((id) => ({
        what: { kind: 'dependence' as const, id },
        nodes: noNodes,
        media: mediaWhere((one) => dependsOn[one]!.has(id)),
        place: null,
      })),
      ...network.places.map(({ id }) => ({
        what: { kind: 'place' as const, id },
        nodes: bitsOf(network.posts.filter(({ placeId }) => placeId === id).map((post) => nodeOf(post.id))),
        media: noMedia,
        place: id,
      })),
    ],
    tells,
    before: { alive: noNodes, told: noNodes },
  }
  return { ...model, before: standing(model, noNodes, noMedia) }
}

/** Who stands and who can be told, with these nodes gone and these media dead. */
function standing(model: Model, gone: Bits, dead: Bits): Standing {
  const { words, groups, sources, ids } = model
  const tells = model.tells(dead)
  const alive = new Int32Array(words)
  for (let word = 0; word < words; word += 1) alive[word] = ~gone[word]!
  for (const { node, made } of groups) if (!meets(made, alive)) alive[node >> 5]! &= ~(1 << (node & 31))
  const told = new Int32Array(words)
  const queue = new Int32Array(ids.length)
  let [head, tail] = [0, 0]
  const take = (word: number, fresh: number) => {
    told[word]! |= fresh
    for (let left = fresh; left !== 0; left &= left - 1) queue[tail++] = word * 32 + 31 - Math.clz32(left & -left)
  }
  for (let word = 0; word < words; word += 1) take(word, sources[word]! & alive[word]!)
  while (head < tail) {
    const row = tells[queue[head++]!]!
    for (let word = 0; word < words; word += 1) {
      const fresh = row[word]! & alive[word]! & ~told[word]!
      if (fresh !== 0) take(word, fresh)
    }
  }
  return { alive, told }
}

/** Posts at these nodes are gone, where somebody held the office before. */
const lostOffice = (post: number, { alive }: Standing) => post >= 0 && !has(alive, post)
const headless = ({ chair, deputy }: Group, now: Standing) =>
  (chair >= 0 || deputy >= 0) && (chair < 0 || lostOffice(chair, now)) && (deputy < 0 || lostOffice(deputy, now))
const quorate = ({ core, quorum }: Group, { told }: Standing) => shared(core, told) >= quorum

function harm(model: Model, now: Standing): Harm {
  const { agencies, before, groups, responsibilities, words } = model
  let untold = 0
  for (let word = 0; word < words; word += 1) {
    for (let left = agencies[word]! & before.told[word]! & now.alive[word]! & ~now.told[word]!; left !== 0; left &= left - 1) untold += 1
  }
  let [uncovered, without, below] = [0, 0, 0]
  for (const { accountable } of responsibilities) if (meets(accountable, before.told) && !meets(accountable, now.told)) uncovered += 1
  for (const group of groups) {
    if (headless(group, now)) without += 1
    if (quorate(group, before) && !quorate(group, now)) below += 1
  }
  return { untold, uncovered, headless: without, inquorate: below }
}

const joined = (one: Bits, other: Bits): Bits => one.map((word, at) => word | other[at]!)

/** What is lost when all of these are taken away together. What is not in the network takes nothing with it. */
export function lossOf(model: Model, taken: readonly Taken[]): Loss {
  const { before, groups, ids, agencies, responsibilities } = model
  const those = model.taken.filter(({ what }) => taken.some(({ kind, id }) => kind === what.kind && id === what.id))
  const nothing = { nodes: new Int32Array(model.words), media: new Int32Array(Math.max(1, Math.ceil(model.network.media.length / 32))) }
  const gone = those.reduce<Bits>((all, { nodes }) => joined(all, nodes), nothing.nodes)
  const now = standing(
    model,
    gone,
    those.reduce<Bits>((all, { media }) => joined(all, media), nothing.media),
  )
  const places = new Set(those.map(({ place }) => place).filter((place) => place !== null))
  const untold = (nodes: number[]) => nodes.filter((node) => has(before.told, node) && !has(now.told, node)).map((node) => ids[node]!)
  return {
    taken: those.map(({ what }) => what),
    untold: untold(listed(agencies).filter((node) => has(now.alive, node))),
    untoldGroups: untold(groups.map(({ node }) => node)),
    uncovered: responsibilities
      .filter(({ accountable }) => meets(accountable, before.told) && !meets(accountable, now.told))
      .map(({ activity, phase, accountable }) => ({ activity, phase, reason: meets(accountable, now.alive) ? 'untold' : 'lost' })),
    groups: groups
      .map((group) => ({
        groupId: ids[group.node]!,
        lost: [
          lostOffice(group.chair, now) && ('chair' as const),
          lostOffice(group.deputy, now) && ('deputy' as const),
          quorate(group, before) && !quorate(group, now) && ('quorum' as const),
          group.place !== null && places.has(group.place) && ('room' as const),
        ].filter((one) => one !== false),
      }))
      .filter(({ lost }) => lost.length > 0),
  }
}

/** Each single loss, worst first. */
export function singles(model: Model): (Harm & { taken: Taken })[] {
  return model.taken
    .map(({ what, nodes, media }) => ({ taken: what, ...harm(model, standing(model, nodes, media)) }))
    .sort((a, b) => harmOf(b) - harmOf(a))
}

/**
 * All pairs of losses, exactly; `most` of the worst are handed back, those first that do most which neither does alone.
 * `counted` says how many pairs were looked at, so that a short list is not read as a short search.
 */
export function pairs(model: Model, most: number): { counted: number; worst: PairHarm[] } {
  const { taken } = model
  const alone = taken.map(({ nodes, media }) => harmOf(harm(model, standing(model, nodes, media))))
  const found: PairHarm[] = []
  const order = (a: PairHarm, b: PairHarm) => b.together - a.together || harmOf(b) - harmOf(a)
  let counted = 0
  for (let first = 0; first < taken.length; first += 1) {
    for (let second = 0; second < first; second += 1) {
      counted += 1
      const [one, other] = [taken[second]!, taken[first]!]
      const did = harm(model, standing(model, joined(one.nodes, other.nodes), joined(one.media, other.media)))
      const together = harmOf(did) - alone[first]! - alone[second]!
      if (harmOf(did) > 0) found.push({ taken: [one.what, other.what], ...did, together: Math.max(0, together) })
    }
    if (found.length > 4096 + most) found.sort(order).splice(most)
  }
  return { counted, worst: found.sort(order).slice(0, most) }
}
