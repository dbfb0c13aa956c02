import type { Network } from '../../network/contract.ts'

const escapes: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
  '\t': '&#9;',
  '\n': '&#10;',
  '\r': '&#13;',
}
// What XML 1.0 cannot hold at all, whatever is done to it.
const impossible = /[^\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/gu
const text = (value: string) => value.replaceAll(impossible, '\uFFFD').replaceAll(/[&<>"'\t\n\r]/g, (mark) => escapes[mark]!)

type Data = Readonly<Record<string, string | readonly string[] | null | undefined>>

const keys = {
  graph: ['marking', 'at', 'version'],
  node: ['kind', 'code', 'name', 'type', 'sector', 'tier', 'place', 'services', 'competences', 'cells'],
  edge: ['kind', 'primary', 'backup', 'carries', 'tested', 'basis'],
} as const

const keyId = (of: keyof typeof keys, name: string) => `${of}-${name}`

const dataOf = (of: keyof typeof keys, data: Data, indent: string): string =>
  Object.entries(data)
    .flatMap(([name, value]) => {
      const words = typeof value === 'string' ? value : (value ?? []).join('; ')
      return words === '' ? [] : [`${indent}<data key="${keyId(of, name)}">${text(words)}</data>\n`]
    })
    .join('')

/**
 * The network as GraphML: agencies, posts and groups as nodes; links, seats, offices, branches and whose post it is as edges. It says its own
 * marking, so that it keeps it when it goes from hand to hand.
 */
export function graphmlOf(network: Network, about: { marking: string; at: string; version: string }): string {
  const media = new Map(network.media.map(({ id, name }) => [id, name]))
  const places = new Map(network.places.map(({ id, name }) => [id, name]))
  const nodes: string[] = []
  const there = new Set<string>()
  const node = (id: string, data: Data) => {
    there.add(id)
    nodes.push(`    <node id="${text(id)}">\n${dataOf('node', data, '      ')}    </node>\n`)
  }
  for (const { id, orgType, orgCode, name, sector, services } of network.agencies)
    node(id, { kind: 'agency', code: orgCode, name, type: orgType, sector, services })
  for (const { id, code, title, kind, placeId, competences } of network.posts)
    node(id, { kind: 'post', code, name: title, type: kind, place: places.get(placeId ?? ''), competences })
  for (const { id, code, name, tier, placeId, cells } of network.groups)
    node(id, { kind: 'group', code, name, tier, place: places.get(placeId ?? ''), cells })
  const edges: string[] = []
  // An edge to what its reader cannot read would tell that it is there.
  const edge = (from: string | null, to: string | null, data: Data) => {
    if (from === null || to === null || !there.has(from) || !there.has(to)) return
    edges.push(`    <edge source="${text(from)}" target="${text(to)}">\n${dataOf('edge', data, '      ')}    </edge>\n`)
  }
  for (const { from, to, kind, primaryMediumId, backupMediumId, carries, testedAt } of network.links)
    edge(from.id, to.id, {
      kind,
      primary: media.get(primaryMediumId ?? ''),
      backup: media.get(backupMediumId ?? ''),
      carries,
      tested: testedAt,
    })
  for (const { agencyId, groupId, kind, basis } of network.memberships) edge(agencyId, groupId, { kind: `sits (${kind})`, basis })
  for (const { id, agencyId } of network.posts) edge(id, agencyId, { kind: 'belongs' })
  for (const { id, parentId } of network.agencies) edge(id, parentId, { kind: 'branch' })
  for (const { id, chairPostId, deputyChairPostId, secretariatPostId, recordsOwnerPostId } of network.groups) {
    edge(chairPostId, id, { kind: 'chairs' })
    edge(deputyChairPostId, id, { kind: 'deputy-chairs' })
    edge(secretariatPostId, id, { kind: 'serves' })
    edge(recordsOwnerPostId, id, { kind: 'owns-records' })
  }
  const named = Object.entries(keys)
    .flatMap(([of, list]) =>
      list.map((name) => `  <key id="${keyId(of as keyof typeof keys, name)}" for="${of}" attr.name="${name}" attr.type="string"/>\n`),
    )
    .join('')
  return [
    '<?xml version="1.0" encoding="UTF-8"?>\n',
    '<graphml xmlns="http://graphml.graphdrawing.org/xmlns">\n',
    named,
    '  <graph edgedefault="directed">\n',
    dataOf('graph', about, '    '),
    ...nodes,
    ...edges,
    '  </graph>\n</graphml>\n',
  ].join('')
}
