import type { Goal } from '../city-analysis/contract.ts'
import { cityOf, stepsFromStrategic } from '../city-analysis/rules/model.ts'
import type { Network } from '../network/contract.ts'
import type { Efficiency, Observed, ObservedPair } from './contract.ts'

export type Seen = Omit<ObservedPair, 'from' | 'to' | 'state'>
export interface Moment {
  what: string
  agencyId: string | null
  at: string
}

/** Declared against observed. Two agencies are joined by a link of theirs or their posts', by one with a group of the other, or by a seat in one group. */
export function compared(network: Network, seen: readonly Seen[]): Pick<Observed, 'pairs' | 'notUsed'> {
  const name = new Map(network.agencies.map((agency) => [agency.id, agency.name]))
  const house = new Map([
    ...network.agencies.map(({ id }) => [id, id] as const),
    ...network.posts.map(({ id, agencyId }) => [id, agencyId] as const),
  ])
  const members = Map.groupBy(network.memberships, ({ groupId }) => groupId)
  const agenciesAt = (end: Network['links'][number]['from']) =>
    end.kind === 'group' ? (members.get(end.id) ?? []).map(({ agencyId }) => agencyId) : [house.get(end.id) ?? '']
  const declared = new Set<string>()
  const declare = (from: readonly string[], to: readonly string[]) => {
    for (const a of from) for (const b of to) if (a !== b) declared.add(`${a} ${b}`)
  }
  for (const seats of members.values()) {
    const those = seats.map(({ agencyId }) => agencyId)
    declare(those, those)
  }
  for (const { from, to, kind } of network.links) {
    declare(agenciesAt(from), agenciesAt(to))
    if (kind === 'liaises') declare(agenciesAt(to), agenciesAt(from))
  }
  const inUse = new Set(seen.map(({ fromId, toId }) => `${fromId} ${toId}`))
  const notUsed = new Map<string, Observed['notUsed'][number]>()
  for (const { from, to, kind } of network.links) {
    const [a, b] = [house.get(from.id), house.get(to.id)]
    if (a === undefined || b === undefined || a === b || inUse.has(`${a} ${b}`) || (kind === 'liaises' && inUse.has(`${b} ${a}`))) continue
    notUsed.set(`${a} ${b} ${kind}`, { fromId: a, toId: b, from: name.get(a) ?? '?', to: name.get(b) ?? '?', kind })
  }
  return {
    pairs: seen
      .filter(({ fromId, toId }) => name.has(fromId) && name.has(toId))
      .map((pair) => ({
        ...pair,
        from: name.get(pair.fromId)!,
        to: name.get(pair.toId)!,
        state: declared.has(`${pair.fromId} ${pair.toId}`) ? ('used' as const) : ('undeclared' as const),
      }))
      .sort((a, b) => b.count - a.count || (a.from < b.from ? -1 : 1)),
    notUsed: [...notUsed.values()],
  }
}

/** One call away, and two more than that. */
const [close, far] = [1, 3]

/**
 * How soon the network knew, decided and acted, beside how far each core agency is from the strategic group. What topology does not explain:
 * close and later than the goal; far (or with no way at all) and within it. Without a goal nothing is called slow or fast.
 */
export function efficiencyOf(network: Network, moments: readonly Moment[], goal: Goal | null): Efficiency {
  const at = (what: string) => moments.find((one) => one.what === what && one.agencyId === null)?.at ?? null
  const signalledAt = at('signalled')
  const beganAt = signalledAt ?? at('began')
  const minutes = (then: string | null | undefined) =>
    beganAt === null || then === null || then === undefined
      ? null
      : Math.max(0, Math.round((Date.parse(then) - Date.parse(beganAt)) / 6000) / 10)
  const strategic = new Set(network.groups.filter(({ tier }) => tier === 'strategic').map(({ id }) => id))
  // Where no group is strategic, as with a list of partnerships, core is whoever sits as such in any.
  const counts = ({ kind, groupId }: Network['memberships'][number]) => kind === 'core' && (strategic.size === 0 || strategic.has(groupId))
  const core = new Set(network.memberships.filter(counts).map(({ agencyId }) => agencyId))
  const knew = new Map(moments.filter(({ what }) => what === 'knew').map(({ agencyId, at: then }) => [agencyId, then]))
  const city = cityOf(network)
  const steps = stepsFromStrategic(city)
  const agencies = network.agencies
    .filter(({ id }) => core.has(id) || knew.has(id))
    .map(({ id, name }) => {
      const node = steps[city.at.get(id)!]!
      const away = node === -1 ? null : node
      const took = minutes(knew.get(id))
      const late = goal !== null && took !== null && took > goal.sharedMinutes
      const soon = goal !== null && took !== null && took <= goal.sharedMinutes
      const unexplained =
        late && away !== null && away <= close
          ? ('close-but-slow' as const)
          : soon && (away === null || away >= far)
            ? ('far-but-fast' as const)
            : null
      return { id, name, steps: away, minutes: took, unexplained }
    })
  const ofCore = agencies.filter(({ id }) => core.has(id))
  const all = ofCore.map((one) => one.minutes)
  return {
    since: signalledAt === null ? 'opening' : 'signal',
    beganAt,
    sharedMinutes: all.length === 0 || all.includes(null) ? null : Math.max(...(all as number[])),
    decidedMinutes: minutes(at('decided')),
    actedMinutes: minutes(at('acted')),
    coreAgencies: core.size,
    knew: ofCore.filter((one) => one.minutes !== null).length,
    agencies,
  }
}
