import { liveWorld } from '#core/db/testing.ts'
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
        orgType: sector.replaceAll('-', '_'),
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

/** Whoever keeps the tables: a test city's owner, or a bench's. */
interface Owner {
  query: (text: string, values: unknown[]) => Promise<unknown>
}

/** Puts a network into an empty city's tables, as an import would have left them. */
export async function storeNetwork(owner: Owner, network: Network): Promise<void> {
  const put = (table: string, columns: string, types: string, rows: readonly object[]) =>
    owner.query(
      `insert into structure.${table} (${columns}, label, world)
       select ${columns}, access.city_label(), $2 from jsonb_to_recordset($1::jsonb) as row (${types})`,
      [JSON.stringify(rows.map(snaked)), liveWorld],
    )
  const { agencies, posts, groups, memberships, media, responsibilities, variants } = network
  await put('agencies', 'id, org_type, org_code, name, sector', 'id uuid, org_type text, org_code text, name text, sector text', agencies)
  const ofPost = 'id uuid, code text, agency_id uuid, kind text, title text, minimum_seniority int'
  await put('posts', 'id, code, agency_id, kind, title, minimum_seniority', ofPost, posts)
  const ofGroup = 'id, code, name, tier, authority, chair_post_id, deputy_chair_post_id, quorum'
  await put(
    'groups',
    ofGroup,
    'id uuid, code text, name text, tier text, authority text, chair_post_id uuid, deputy_chair_post_id uuid, quorum int',
    groups,
  )
  const ofSeat = 'id uuid, group_id uuid, agency_id uuid, post_id uuid, kind text, basis text'
  await put('memberships', 'id, group_id, agency_id, post_id, kind, basis', ofSeat, memberships)
  await put('media', 'id, code, name, depends_on', 'id uuid, code text, name text, depends_on text[]', media)
  const links = network.links.map(({ from, to, ...link }) => ({ ...link, [`from${named(from)}Id`]: from.id, [`to${named(to)}Id`]: to.id }))
  const ends = ['from', 'to'].flatMap((end) => ['group', 'post', 'agency'].map((kind) => `${end}_${kind}_id`))
  const rest = 'id uuid, kind text, primary_medium_id uuid, backup_medium_id uuid, carries text[], tested_at timestamptz'
  const columns = `id, kind, primary_medium_id, backup_medium_id, carries, tested_at, ${ends.join(', ')}`
  await put('links', columns, `${rest}, ${ends.map((end) => `${end} uuid`).join(', ')}`, links)
  const ofPart = 'id uuid, activity text, phase text, agency_id uuid, part text'
  await put('responsibilities', 'id, activity, phase, agency_id, part', ofPart, responsibilities)
  const ofVariant = 'id uuid, group_id uuid, incident_type text, band text, effect text, agency_id uuid, post_id uuid, basis text'
  await put('variants', 'id, group_id, incident_type, band, effect, agency_id, post_id, basis', ofVariant, variants)
}

const named = ({ kind }: End) => kind[0]!.toUpperCase() + kind.slice(1)
const snaked = (row: object) =>
  Object.fromEntries(Object.entries(row).map(([key, value]) => [key.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`), value]))
