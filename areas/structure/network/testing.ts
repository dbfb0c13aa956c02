import type { End, Network } from './contract.ts'
import { bands, linkKinds } from './contract.ts'
import type { Tier } from '../contract.ts'
import type { z } from 'zod'

/** Numbers from 0 up to 1, the same for the same seed (mulberry32). */
export function chanceOf(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}

const sectors = [
  ['police', 'Police'],
  ['fire', 'Fire and Rescue'],
  ['ambulance', 'Ambulance'],
  ['hospital-health-system', 'Hospital'],
  ['public-health', 'Public Health'],
  ['local-authority', 'Council'],
  ['transport-operators', 'Transport'],
  ['utilities', 'Water and Power'],
  ['telecoms', 'Telecoms'],
  ['venue-business', 'Venues'],
  ['education', 'University'],
  ['voluntary', 'Aid Society'],
  ['faith-community', 'Faith Council'],
] as const
const places = ['Ashmere', 'Brindle', 'Calder Hythe', 'Dunmoor', 'Elverstow', 'Fennick', 'Garrow', 'Hollin', 'Inverley', 'Jarrow Vale']
const duties = ['Duty officer', 'Liaison officer', 'Executive on call', 'Control room lead', 'Information officer', 'Logistics lead']
const rooms: [string, z.infer<typeof Tier>][] = [
  ['Strategic Co-ordinating Group', 'strategic'],
  ['Tactical Co-ordinating Group', 'tactical'],
  ['Information Cell', 'operational'],
  ['Resilience Partnership', 'partnership'],
  ['Recovery Group', 'strategic'],
  ['Humanitarian Assistance Group', 'tactical'],
  ['Communications Cell', 'operational'],
  ['City Policy Group', 'policy'],
  ['National Liaison Group', 'national'],
]
const ways = [
  ['voice', 'Telephone', ['mobile-network']],
  ['radio', 'Inter-agency radio', ['radio-masts']],
  ['mail', 'Mail', ['internet']],
  ['portal', 'Concord', ['internet']],
  ['runner', 'In person', []],
] as const

export interface Size {
  agencies: number
  posts: number
  groups: number
  links: number
  seed?: number
}

/**
 * A believable city's network of a given size, all of it invented; the same for the same seed. Each agency sits in a group, each link is one of its
 * kind, two in five are untested or were last tried more than a year before 2026-11-01, one in four has no backup.
 */
export function inventedNetwork({ agencies, posts, groups, links, seed = 1 }: Size): Network {
  const chance = chanceOf(seed)
  const below = (count: number) => Math.floor(chance() * count)
  const pick = <T>(from: readonly T[]): T => from[below(from.length)]!
  let last = 0
  const id = () => `00000000-0000-4000-8000-${(last += 1).toString(16).padStart(12, '0')}`

  const network: Network = {
    agencies: Array.from({ length: agencies }, (_, place) => {
      const [sector, kind] = sectors[place % sectors.length]!
      const where = `${places[Math.floor(place / sectors.length) % places.length]}${place >= sectors.length * places.length ? ` ${1 + Math.floor(place / (sectors.length * places.length))}` : ''}`
      const name = `${where} ${kind}`
      return {
        id: id(),
        orgType: sector,
        orgCode: `A${place}`,
        name,
        shortName: null,
        sector,
        parentId: null,
        services: [],
        homeCity: null,
      }
    }),
    posts: [],
    groups: [],
    memberships: [],
    media: ways.map(([code, name, dependsOn]) => ({ id: id(), code, name, dependsOn: [...dependsOn] })),
    places: [],
    links: [],
    responsibilities: [],
    products: [],
    variants: [],
  }
  network.posts = Array.from({ length: posts }, (_, place) => ({
    id: id(),
    code: `P${place}`,
    agencyId: network.agencies[place % agencies]!.id,
    kind: place % 5 === 0 ? ('executive' as const) : ('duty' as const),
    title: duties[(place + Math.floor(place / agencies)) % duties.length]!,
    minimumSeniority: 1 + (place % 3),
    competences: [],
    placeId: null,
  }))
  network.groups = Array.from({ length: groups }, (_, place) => {
    const [name, tier] = rooms[place % rooms.length]!
    return {
      id: id(),
      code: `G${place}`,
      name: place < rooms.length ? name : `${name} ${1 + Math.floor(place / rooms.length)}`,
      tier,
      purpose: '',
      authority: 'Invented',
      convening: '',
      termsOfReference: '',
      cells: [],
      chairPostId: posts > 0 ? network.posts[place % posts]!.id : null,
      deputyChairPostId: posts > 1 ? network.posts[(place + 1) % posts]!.id : null,
      secretariatPostId: null,
      recordsOwnerPostId: null,
      quorum: 3,
      placeId: null,
      reviewAt: null,
    }
  })
  const postOf = (agencyId: string) => network.posts.find((post) => post.agencyId === agencyId)?.id ?? null
  for (const [place, agency] of network.agencies.entries()) {
    for (const group of new Set([place % groups, below(groups)]))
      network.memberships.push({
        id: id(),
        groupId: network.groups[group]!.id,
        agencyId: agency.id,
        postId: postOf(agency.id),
        kind: pick(['core', 'core', 'standing', 'invitee'] as const),
        basis: 'Invented',
        derived: false,
      })
  }
  const ends: End[] = [
    ...network.agencies.map((row) => ({ kind: 'agency' as const, id: row.id })),
    ...network.posts.map((row) => ({ kind: 'post' as const, id: row.id })),
    ...network.groups.map((row) => ({ kind: 'group' as const, id: row.id })),
  ]
  const known = new Set<string>()
  while (network.links.length < links) {
    const from = pick(ends)
    // Few are told by many: the second end leans to the front of its list, as command rooms do.
    const to = ends[ends.length - 1 - Math.floor(chance() ** 2 * ends.length)]!
    const kind = pick(linkKinds)
    const key = `${from.id} ${to.id} ${kind}`
    if (from.id === to.id || known.has(key)) continue
    known.add(key)
    const primary = below(ways.length)
    network.links.push({
      id: id(),
      from,
      to,
      kind,
      primaryMediumId: network.media[primary]!.id,
      backupMediumId: chance() < 0.25 ? null : network.media[(primary + 1 + below(ways.length - 1)) % ways.length]!.id,
      carries: ['situation'],
      testedAt: chance() < 0.4 ? pick([null, '2025-03-01T09:00:00Z']) : '2026-09-14T09:00:00Z',
    })
  }
  for (const activity of ['Warn the public', 'Receive the injured', 'Close roads', 'Shelter people'])
    for (const phase of ['response', 'transition', 'recovery'] as const)
      network.responsibilities.push({
        id: id(),
        activity,
        phase,
        agencyId: pick(network.agencies).id,
        part: 'accountable',
        jointBasis: null,
      })
  const first = network.groups[0]
  if (first) {
    const seated = new Set(network.memberships.filter(({ groupId }) => groupId === first.id).map(({ agencyId }) => agencyId))
    const joins = network.agencies.find((row) => !seated.has(row.id))
    const variant = { groupId: first.id, incidentType: 'chemical', basis: 'Invented' }
    if (joins) network.variants.push({ id: id(), ...variant, band: 'any', effect: 'joins', agencyId: joins.id, postId: null })
    const chairs = network.posts.at(-1)
    if (chairs) network.variants.push({ id: id(), ...variant, band: bands[1], effect: 'chairs', agencyId: null, postId: chairs.id })
  }
  return network
}
