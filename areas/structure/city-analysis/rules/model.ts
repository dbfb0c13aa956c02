import { cuts, components, type Rows, rowsOf, distancesFrom } from '../../analysis/rules/graph.ts'
import type { Network } from '../../network/contract.ts'
import type { CityFinding, Mend, Who } from '../contract.ts'
import { ruleOf } from './rule-words.ts'

/** A finding before it is put into words. */
export type Found = Omit<CityFinding, 'id' | 'ruleWords' | 'why' | 'mend'>

export interface Limits {
  loadLimit: number
  spanLimit: number
}

/** Who is at a post now. Undefined where the asker may not see the rota: then nothing is said about it. */
export type Duty = readonly { postId: string; personId: string; name: string; capacity: 'holder' | 'deputy'; onDuty: boolean }[]

export interface City {
  network: Network
  nodes: Who[]
  at: ReadonlyMap<string, number>
  /** Who can reach whom at all: seats, offices, a post and its agency, links. */
  contact: Rows
  /** The same, but where a seat names a post, only that post sits there: what hangs on one role shows. */
  byRole: Rows
  name: (id: string | null) => string
}

export const found = (
  kind: Found['kind'],
  who: Who[],
  values: Record<string, string>,
  more: { edit?: Mend | null; blocking?: boolean } = {},
): Found => ({ kind, rule: ruleOf[kind], who, values, edit: more.edit ?? null, blocking: more.blocking ?? false })

const most = 8
/** Names in a sentence: a long list says how many more there are, and `who` has them all. */
export const listed = (names: readonly string[]) => {
  const all = [...new Set(names)].sort()
  return all.length <= most ? all.join(', ') : `${all.slice(0, most - 1).join(', ')} … (+${all.length - most + 1})`
}

/** Posts that chair, deputise or serve a group. */
export const officers = (group: Network['groups'][number]): string[] =>
  [group.chairPostId, group.deputyChairPostId, group.secretariatPostId].filter((id) => id !== null)

export function cityOf(network: Network): City {
  const agencyNames = new Map(network.agencies.map(({ id, name }) => [id, name]))
  const nodes: Who[] = [
    ...network.groups.map(({ id, name }): Who => ({ kind: 'group', id, name })),
    ...network.agencies.map(({ id, name }): Who => ({ kind: 'agency', id, name })),
    ...network.posts.map(({ id, title, agencyId }): Who => ({ kind: 'post', id, name: `${title} (${agencyNames.get(agencyId) ?? '?'})` })),
  ]
  const at = new Map(nodes.map(({ id }, place) => [id, place]))
  const pairs: [string, string][] = network.posts.map(({ id, agencyId }) => [id, agencyId])
  for (const group of network.groups) for (const post of officers(group)) pairs.push([group.id, post])
  for (const { from, to } of network.links) pairs.push([from.id, to.id])
  const arcs = (ends: readonly (readonly [string, string])[]) =>
    ends.flatMap(([a, b]): [number, number][] => {
      const [from, to] = [at.get(a), at.get(b)]
      return from === undefined || to === undefined ? [] : [[from, to]]
    })
  const seats = network.memberships
  const role = seats.map(({ groupId, agencyId, postId }): [string, string] => [groupId, postId ?? agencyId])
  const whole = [...role, ...seats.map(({ groupId, agencyId }): [string, string] => [groupId, agencyId])]
  return {
    network,
    nodes,
    at,
    contact: rowsOf(nodes.length, arcs([...pairs, ...whole]), true),
    byRole: rowsOf(nodes.length, arcs([...pairs, ...role]), true),
    name: (id) => (id === null ? '?' : (nodes[at.get(id) ?? -1]?.name ?? '?')),
  }
}

/** The parts into which a graph falls without one node, largest first; that node is in none. */
export function without({ nodes, row, to }: Rows, gone: number): number[][] {
  const arcs: [number, number][] = []
  for (let v = 0; v < nodes; v += 1)
    for (let place = row[v]!; place < row[v + 1]!; place += 1) if (v !== gone && to[place] !== gone) arcs.push([v, to[place]!])
  return components(rowsOf(nodes, arcs, true)).filter((part) => part[0] !== gone)
}

export const cutsOf = cuts

/** Steps from the nearest strategic group to each node; -1 where no way leads. */
export function stepsFromStrategic({ network, at, contact }: City): Int32Array {
  const nearest = new Int32Array(contact.nodes).fill(-1)
  for (const { id, tier } of network.groups) {
    if (tier !== 'strategic') continue
    distancesFrom(contact, at.get(id)!).forEach((steps, node) => {
      if (steps !== -1 && (nearest[node] === -1 || steps < nearest[node]!)) nearest[node] = steps
    })
  }
  return nearest
}

/** A backup for a link: the first medium that shares nothing with its primary. */
export function independentOf(network: Network, primaryId: string | null): string | null {
  const primary = network.media.find(({ id }) => id === primaryId)
  if (primary === undefined) return null
  return (
    network.media.find(({ id, dependsOn }) => id !== primaryId && !dependsOn.some((one) => primary.dependsOn.includes(one)))?.id ?? null
  )
}

/** Two media that are independent of each other, or as many as there are. */
export function twoMedia(network: Network): { primaryMediumId: string | null; backupMediumId: string | null } {
  for (const { id } of network.media) {
    const backupMediumId = independentOf(network, id)
    if (backupMediumId !== null) return { primaryMediumId: id, backupMediumId }
  }
  return { primaryMediumId: network.media[0]?.id ?? null, backupMediumId: null }
}
