import type { Who } from '../contract.ts'
import { type City, type Found, found, independentOf, type Limits } from './model.ts'

const year = 365 * 86_400_000

/** Links: media, independence, tests. @param at the moment of asking */
export function linkFindings({ network, name }: City, at: Date): Found[] {
  const medium = new Map(network.media.map((one) => [one.id, one]))
  return network.links.flatMap((link): Found[] => {
    const [from, to] = [name(link.from.id), name(link.to.id)]
    const who: Who[] = [
      { kind: 'link', id: link.id, name: `${from} → ${to}` },
      { kind: link.from.kind, id: link.from.id, name: from },
      { kind: link.to.kind, id: link.to.id, name: to },
    ]
    const primary = medium.get(link.primaryMediumId ?? '')
    const backup = medium.get(link.backupMediumId ?? '')
    const values = { from, to, primary: primary?.name ?? '?', backup: backup?.name ?? '?' }
    const these: Found[] = []
    if (primary === undefined) {
      const first = network.media.find(({ id }) => id !== link.backupMediumId)
      const edit = first && ({ deed: 'setMedium', linkId: link.id, which: 'primaryMediumId', mediumId: first.id } as const)
      these.push(found('no-primary', who, { ...values, ...(first ? { other: first.name } : {}) }, { edit: edit ?? null }))
    } else {
      const shared = backup?.dependsOn.filter((one) => primary.dependsOn.includes(one)) ?? []
      const other = independentOf(network, primary.id)
      const edit = other === null ? null : ({ deed: 'setMedium', linkId: link.id, which: 'backupMediumId', mediumId: other } as const)
      const more = { ...values, shared: shared.join(', '), ...(other === null ? {} : { other: medium.get(other)?.name ?? '?' }) }
      if (backup === undefined) these.push(found('no-backup', who, more, { edit }))
      else if (shared.length > 0) these.push(found('dependent-backup', who, more, { edit }))
    }
    const tested = link.testedAt === null ? null : new Date(link.testedAt)
    if (tested === null || at.getTime() - tested.getTime() > year)
      these.push(found('untested', who, { ...values, since: tested === null ? '–' : tested.toISOString().slice(0, 10) }))
    return these
  })
}

/** Arcs of command, from whoever directs: a report is the same arc, told from below. */
export const commandArcs = ({ network, at }: City): [number, number][] =>
  network.links.flatMap(({ from, to, kind }): [number, number][] => {
    const [a, b] = [at.get(from.id), at.get(to.id)]
    if (a === undefined || b === undefined) return []
    return kind === 'directs' ? [[a, b]] : kind === 'reports' ? [[b, a]] : []
  })

/** How many links each node must keep. */
export function loads({ network, at, nodes }: City): Int32Array {
  const load = new Int32Array(nodes.length)
  for (const { from, to } of network.links)
    for (const end of [from, to]) {
      const node = at.get(end.id)
      if (node !== undefined) load[node]! += 1
    }
  return load
}

/** Whom each node directs or is reported to by, each counted once. */
export function spans(city: City): Int32Array {
  const span = new Int32Array(city.nodes.length)
  const seen = new Set<string>()
  for (const [from, to] of commandArcs(city)) {
    if (seen.has(`${from} ${to}`)) continue
    seen.add(`${from} ${to}`)
    span[from]! += 1
  }
  return span
}

/** Posts with more links than they can keep, and anybody who directs too many. */
export function loadFindings(city: City, limits: Limits): Found[] {
  const [load, span] = [loads(city), spans(city)]
  return city.nodes.flatMap((who, node) => [
    ...(who.kind === 'post' && load[node]! > limits.loadLimit
      ? [found('load', [who], { name: who.name, count: String(load[node]), limit: String(limits.loadLimit) })]
      : []),
    ...(span[node]! > limits.spanLimit
      ? [found('span-of-control', [who], { name: who.name, count: String(span[node]), limit: String(limits.spanLimit) })]
      : []),
  ])
}

/** Rings of command: each stands above all the others, so nobody does. */
export function ringFindings(city: City): Found[] {
  const next = Map.groupBy(commandArcs(city), ([from]) => from)
  const reach = (start: number) => {
    const seen = new Set<number>()
    const queue = [start]
    for (const v of queue)
      for (const [, w] of next.get(v) ?? [])
        if (!seen.has(w)) {
          seen.add(w)
          queue.push(w)
        }
    return seen
  }
  const below = new Map([...next.keys()].map((node) => [node, reach(node)]))
  const told = new Set<number>()
  return [...next.keys()].flatMap((node) => {
    if (told.has(node) || !below.get(node)!.has(node)) return []
    const ring = [...below.get(node)!].filter((other) => below.get(other)?.has(node))
    for (const one of ring) told.add(one)
    const who = ring.map((one) => city.nodes[one]!)
    return [found('circular-reporting', who, { names: who.map(({ name }) => name).join(' · ') })]
  })
}
