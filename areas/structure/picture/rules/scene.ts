import type { LinkKind, Network } from '../../network/contract.ts'
import { agencyOfEnd } from './narrow.ts'
import { type Backup, backupOf, isUntested, loadsOf } from './links.ts'

// What a picture of a network is made of, before it has a place: nodes in layers, and lines between them. Pure and in the order of the network,
// so that the same network gives the same picture.

export const layers = ['national', 'policy', 'strategic', 'tactical', 'operational', 'agencies', 'partnership'] as const
export type Layer = (typeof layers)[number]

export interface Seat {
  id: string
  agencyId: string
  short: string
  name: string
  standing: 'core' | 'standing' | 'invitee'
  office: 'chair' | 'deputy' | null
}
export interface SceneNode {
  id: string
  kind: 'group' | 'agency' | 'post' | 'cluster'
  layer: Layer
  name: string
  /** A second line: who chairs a group, how many are in a cluster. Null for nobody. */
  second: string | null
  /** How many links end here. */
  load: number
  seats: readonly Seat[]
  /** A post's agency; the cluster that an agency or group is in. */
  parent: string | null
  /** How many agencies or groups a closed cluster stands for. */
  holds: number
}
export interface SceneLine {
  id: string
  from: string
  to: string
  kind: LinkKind | 'several'
  /** The links that it stands for: more than one where an end is a closed cluster. */
  linkIds: readonly string[]
  /** Of several: at least one. Nothing is shown as sound because its neighbour is. */
  untested: boolean
  backup: Backup
  /** Which of how many lines between the same two, so that they lie beside each other. */
  lane: number
  lanes: number
}
export interface Scene {
  nodes: readonly SceneNode[]
  lines: readonly SceneLine[]
  /** Open clusters, each a frame around what it holds. */
  frames: ReadonlyArray<{ id: string; name: string; holds: number; layer: Layer }>
  /** Where a row of the network is to be found: itself, or what it is hidden in. */
  at: ReadonlyMap<string, string>
}

export const sectorKey = (sector: string | null) => `sector:${sector ?? ''}`
export const tierKey = (tier: string) => `tier:${tier}`

/** Up to so many agencies, and so many groups of one tier, stand open when nobody said otherwise. */
const openAgencies = 60
const openGroups = 24

/** Which clusters are open: as the address says (`all`, `none`, keys), else as many as can be read at once. */
export function openClusters(network: Network, asked: string | undefined, focus?: string): Set<string> {
  const sectors = [...new Set(network.agencies.map(({ sector }) => sectorKey(sector)))]
  const tiers = [...new Set(network.groups.map(({ tier }) => tierKey(tier)))]
  if (asked === 'all') return new Set([...sectors, ...tiers])
  if (asked === 'none') return new Set()
  if (asked !== undefined) return new Set(asked.split(','))
  const few = (tier: string) => network.groups.filter((group) => tierKey(group.tier) === tier).length <= openGroups
  // Whoever follows a link to somebody sees them, and not the cluster that holds them.
  const held = network.groups.flatMap(({ id, tier }) => (id === focus ? [tierKey(tier)] : []))
  return new Set([...(network.agencies.length <= openAgencies ? sectors : []), ...tiers.filter(few), ...held])
}

/** What fits on a seat: the short name, else the beginning of the name. */
export const shortOf = ({ name, shortName }: { name: string; shortName: string | null }): string => shortName ?? name

export interface SceneWords {
  /** `police` → Police; null: no sector. */
  sector: (sector: string | null) => string
  tier: (tier: Layer) => string
}

/** @param now the moment against which a test is old */
export function sceneOf(network: Network, open: ReadonlySet<string>, now: Date, words: SceneWords): Scene {
  const loads = loadsOf(network)
  const load = (id: string) => loads.get(id) ?? 0
  const at = new Map<string, string>()
  const nodes: SceneNode[] = []
  const frames: { id: string; name: string; holds: number; layer: Layer }[] = []
  const cluster = (key: string, layer: Layer, name: string, ids: string[]) => {
    if (open.has(key)) frames.push({ id: key, name, holds: ids.length, layer })
    else {
      for (const id of ids) at.set(id, key)
      const carried = ids.reduce((sum, id) => sum + load(id), 0)
      nodes.push({ id: key, kind: 'cluster', layer, name, second: null, load: carried, seats: [], parent: null, holds: ids.length })
    }
    return open.has(key)
  }

  const agencies = new Map(network.agencies.map((row) => [row.id, row]))
  const posts = new Map(network.posts.map((row) => [row.id, row]))
  const seatsOf = Map.groupBy(network.memberships, ({ groupId }) => groupId)
  for (const [tier, groups] of Map.groupBy(network.groups, (group) => group.tier)) {
    if (
      !cluster(
        tierKey(tier),
        tier,
        words.tier(tier),
        groups.map(({ id }) => id),
      )
    )
      continue
    for (const group of groups) {
      at.set(group.id, group.id)
      const chair = posts.get(group.chairPostId ?? '')
      const deputy = posts.get(group.deputyChairPostId ?? '')
      const seats = (seatsOf.get(group.id) ?? []).flatMap((seat): Seat[] => {
        const agency = agencies.get(seat.agencyId)
        if (!agency) return []
        // A seat without a post of its own stands for its agency: the chair sits where the chair's agency does.
        const holds = (post: typeof chair) =>
          post !== undefined && (seat.postId === post.id || (seat.postId === null && post.agencyId === agency.id))
        const office = holds(chair) ? 'chair' : holds(deputy) ? 'deputy' : null
        return [{ id: seat.id, agencyId: agency.id, short: shortOf(agency), name: agency.name, standing: seat.kind, office }]
      })
      const rank = { chair: 0, deputy: 1, core: 2, standing: 3, invitee: 4 }
      seats.sort((one, other) => rank[one.office ?? one.standing] - rank[other.office ?? other.standing])
      nodes.push({
        id: group.id,
        kind: 'group',
        layer: tier,
        name: group.name,
        second: group.chairPostId === null ? null : (chair?.title ?? ''),
        load: load(group.id),
        seats,
        parent: tierKey(tier),
        holds: 0,
      })
    }
  }

  const linked = new Set(network.links.flatMap(({ from, to }) => [from, to].filter(({ kind }) => kind === 'post').map(({ id }) => id)))
  const postsOf = Map.groupBy(
    network.posts.filter(({ id }) => linked.has(id)),
    ({ agencyId }) => agencyId,
  )
  for (const [sector, held] of Map.groupBy(network.agencies, (agency) => agency.sector)) {
    const key = sectorKey(sector)
    const isOpen = cluster(
      key,
      'agencies',
      words.sector(sector),
      held.map(({ id }) => id),
    )
    for (const agency of held) {
      const its = postsOf.get(agency.id) ?? []
      if (!isOpen) {
        for (const post of its) at.set(post.id, key)
        continue
      }
      at.set(agency.id, agency.id)
      const shared = { layer: 'agencies', second: null, seats: [], holds: 0 } as const
      nodes.push({ ...shared, id: agency.id, kind: 'agency', name: agency.name, load: load(agency.id), parent: key })
      for (const post of its) {
        at.set(post.id, post.id)
        nodes.push({ ...shared, id: post.id, kind: 'post', name: post.title, load: load(post.id), parent: agency.id })
      }
    }
  }
  for (const post of network.posts) if (!at.has(post.id)) at.set(post.id, at.get(post.agencyId) ?? post.agencyId)
  return { nodes, frames, at, lines: linesOf(network, at, now) }
}

function linesOf(network: Network, at: ReadonlyMap<string, string>, now: Date): SceneLine[] {
  const lines = new Map<string, SceneLine>()
  const pairs = new Map<string, SceneLine[]>()
  for (const link of network.links) {
    const from = at.get(link.from.id)
    const to = at.get(link.to.id)
    // Both ends within one closed cluster: told in its number and in the table.
    if (from === undefined || to === undefined || from === to) continue
    const hidden = from !== link.from.id || to !== link.to.id
    const key = hidden ? `${from} ${to}` : link.id
    const old = lines.get(key)
    const backup = backupOf(link)
    const untested = isUntested(link.testedAt, now)
    if (old) {
      lines.set(key, {
        ...old,
        kind: old.kind === link.kind ? old.kind : 'several',
        linkIds: [...old.linkIds, link.id],
        untested: old.untested || untested,
        backup: worst(old.backup, backup),
      })
    } else lines.set(key, { id: key, from, to, kind: link.kind, linkIds: [link.id], untested, backup, lane: 0, lanes: 1 })
  }
  for (const line of lines.values()) {
    const pair = line.from < line.to ? `${line.from} ${line.to}` : `${line.to} ${line.from}`
    pairs.set(pair, [...(pairs.get(pair) ?? []), line])
  }
  return [...lines.values()].map((line) => {
    const beside = pairs.get(line.from < line.to ? `${line.from} ${line.to}` : `${line.to} ${line.from}`) ?? [line]
    return beside.length === 1 ? line : { ...line, lane: beside.findIndex(({ id }) => id === line.id), lanes: beside.length }
  })
}

const order: readonly Backup[] = ['there', 'none', 'no-medium']
const worst = (one: Backup, other: Backup): Backup => (order.indexOf(one) > order.indexOf(other) ? one : other)

/**
 * What is one step (or two) away: along links in either direction; from an agency to its posts and to the groups where it sits, and from a post to
 * its agency. A group does not lead to all who sit in it: they are in its room, to be seen there.
 */
export function neighboursOf(network: Network, id: string, steps: 1 | 2): Set<string> {
  const posts = new Map(network.posts.map((post) => [post.id, post.agencyId]))
  const next = new Map<string, Set<string>>()
  const join = (one: string, other: string) => void next.set(one, (next.get(one) ?? new Set()).add(other))
  for (const { from, to } of network.links) {
    join(from.id, to.id)
    join(to.id, from.id)
    // Whoever looks at an agency looks at its posts' links as well.
    for (const [one, other] of [
      [from, to],
      [to, from],
    ] as const) {
      const agency = agencyOfEnd(posts, one)
      if (one.kind === 'post' && agency !== null) join(agency, other.id)
    }
  }
  for (const { agencyId, groupId } of network.memberships) join(agencyId, groupId)
  for (const post of network.posts) {
    join(post.agencyId, post.id)
    join(post.id, post.agencyId)
  }
  const reached = new Set([id])
  let edge = new Set([id])
  for (let step = 0; step < steps; step += 1) {
    edge = new Set([...edge].flatMap((one) => [...(next.get(one) ?? [])]).filter((one) => !reached.has(one)))
    for (const one of edge) reached.add(one)
  }
  return reached
}

/** The rows whose name, code, title or post holds these words, in any case and without regard to accents. */
export function foundIn(network: Network, words: string): Set<string> {
  const plain = (text: string) => text.normalize('NFD').replace(/\p{M}/gu, '').toLocaleLowerCase()
  const wanted = plain(words.trim())
  if (wanted === '') return new Set()
  const holds = (...texts: (string | null)[]) => texts.some((text) => text !== null && plain(text).includes(wanted))
  return new Set([
    ...network.agencies.filter((row) => holds(row.name, row.shortName, row.orgCode)).map(({ id }) => id),
    ...network.groups.filter((row) => holds(row.name, row.code)).map(({ id }) => id),
    ...network.posts.filter((row) => holds(row.title, row.code)).map(({ id }) => id),
  ])
}
