// Makes demo/halvern/city.json and demo/brenmouth/city.json from the hand-written lists. The same lists always give the same city.
// Run: node demo/make.ts (writes both files); city.test.ts fails when a committed file is not what the lists give.
import { writeFileSync } from 'node:fs'
import { pathToFileURL } from 'node:url'
import { brenmouth } from './lists/brenmouth.ts'
import { halvern } from './lists/halvern.ts'
import { familyNames, givenNames } from './lists/names.ts'
import type { Agency, City, Holding, Membership, Person, Post, Recipe } from './lists/shape.ts'

const executiveTitles: Record<string, string> = {
  police: 'Chief Officer on call',
  transport_police: 'Chief Officer on call',
  control_room: 'Head of Control Room',
  fire_and_rescue: 'Principal Officer on call',
  ambulance: 'Strategic Commander on call',
  hospital: 'Executive Director on call',
  health_system: 'Executive Director on call',
  public_health: 'Director of Public Health',
  local_authority: 'Chief Executive',
  partnership_office: 'Head of the Partnership Office',
  military: 'District Commander',
  coroner: 'Senior Coroner',
  venue: 'General Manager',
  voluntary: 'Director',
  faith: 'Convenor',
  elected: 'Chief of Staff',
  government: 'Regional Director',
  education: 'Registrar',
}
const dutyTitles: Record<string, string> = {
  control_room: 'Duty Supervisor',
  military: 'Joint Liaison Officer',
  hospital: 'Manager on call',
  voluntary: 'Duty Co-ordinator',
  coroner: 'Duty Coroner’s Officer',
  government: 'Duty Liaison Officer',
  partnership_office: 'Duty Liaison Officer',
  elected: 'Duty Adviser',
}
const needs = [
  'screen reader',
  'deaf: text first',
  'large print',
  'one-handed use',
  'colour-blind (red and green)',
  'dyslexic: short lines',
  'stammer: text before voice',
]

/** A small seeded generator (mulberry32): numbers from 0 up to 1. */
function seeded(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296
  }
}

function personCode(name: string): string {
  return name.toLowerCase().replace(/ /g, '.')
}

function mailDomain(orgCode: string): string {
  const [where, agency] = orgCode.toLowerCase().split('-')
  const place = { hal: 'halvern', brn: 'brenmouth', exa: 'nation' }[where ?? ''] ?? 'nowhere'
  return `${agency}.${place}.example`
}

function makePosts(recipe: Recipe): Post[] {
  return recipe.agencies.flatMap(([orgType, orgCode]) => {
    const posts: Post[] = [
      {
        code: `${orgCode}-EXE`,
        agency: orgCode,
        kind: 'executive',
        title: executiveTitles[orgType] ?? 'Managing Director',
        minimumSeniority: 5,
      },
    ]
    if (!recipe.withoutDutyPost.includes(orgCode)) {
      posts.push({
        code: `${orgCode}-DUT`,
        agency: orgCode,
        kind: 'duty',
        title: dutyTitles[orgType] ?? 'Duty Officer',
        minimumSeniority: 3,
      })
    }
    for (const [code, kind, title, minimumSeniority] of recipe.posts) {
      if (code.startsWith(`${orgCode}-`)) posts.push({ code, agency: orgCode, kind, title, minimumSeniority })
    }
    return posts
  })
}

function makePeople(recipe: Recipe, posts: Post[], random: () => number): Person[] {
  const spare = recipe.people / posts.length
  const taken = new Set(recipe.named.map(([name]) => name))
  // The two cities draw from different halves, so that nobody turns up in both by chance.
  const drawName = (): string => {
    const given = Math.floor(random() * givenNames.length)
    const family = Math.floor(random() * familyNames.length)
    const name = `${givenNames[given]} ${familyNames[family]}`
    if (taken.has(name) || (given + family) % 2 !== (recipe.city.code === 'HAL' ? 0 : 1)) return drawName()
    taken.add(name)
    return name
  }
  const people: Person[] = []
  const add = (name: string, agency: string, language: string, need: string | undefined, number?: number): void => {
    const digits = String(number ?? recipe.firstNumber + people.length).padStart(3, '0')
    const code = personCode(name)
    people.push({
      code,
      name,
      agency,
      mail: `${code}@${mailDomain(agency)}`,
      mobile: `+44 7700 900${digits}`,
      language,
      ...(need ? { needs: need } : {}),
    })
  }
  let due = 0
  for (const [, orgCode] of recipe.agencies) {
    due += posts.filter((post) => post.agency === orgCode).length * spare
    for (const [name, agency, language, need, number] of recipe.named) if (agency === orgCode) add(name, agency, language, need, number)
    while (people.length < Math.round(due)) {
      const need = random() < 0.05 ? needs[Math.floor(random() * needs.length)] : undefined
      add(drawName(), orgCode, random() < 0.15 ? 'fr' : 'en', need)
    }
  }
  return people
}

function makeHoldings(recipe: Recipe, posts: Post[], people: Person[]): Holding[] {
  const holdings: Holding[] = recipe.namedHoldings.map(([post, name, capacity, order, pattern]) => ({
    post,
    person: personCode(name),
    capacity,
    order,
    duty: pattern === 'always' ? ('always' as const) : { pattern },
  }))
  const used = new Set(holdings.map((holding) => holding.person))
  const unused = (agency: string): Person | undefined => people.find((person) => person.agency === agency && !used.has(person.code))
  const give = (post: Post, person: string, capacity: Holding['capacity'], order: number, pattern: string): void => {
    used.add(person)
    holdings.push({ post: post.code, person, capacity, order, duty: pattern === 'always' ? 'always' : { pattern } })
  }
  for (const post of posts) {
    if (holdings.some((holding) => holding.post === post.code && holding.capacity === 'holder')) continue
    const way = recipe.patterned[post.code] ?? 'always'
    const patterns = { 'days-nights': ['days', 'nights'], weeks: ['week-a', 'week-b'], 'days-only': ['days'], always: ['always'] }[way]
    patterns.forEach((pattern, index) => {
      const person = unused(post.agency)
      if (!person) throw new Error(`${post.agency} has too few people to hold ${post.code}`)
      give(post, person.code, 'holder', index + 1, pattern)
    })
  }
  // First deputies for every post, then second deputies for the posts that are called first, as long as there are people.
  const deputy = (post: Post, order: number): void => {
    const known = holdings.filter((holding) => holding.post === post.code)
    if (known.some((holding) => holding.capacity === 'deputy' && holding.order === order)) return
    const here = people.filter((person) => person.agency === post.agency && !known.some((holding) => holding.person === person.code))
    const load = (person: Person): number => holdings.filter((holding) => holding.person === person.code).length
    const person = unused(post.agency) ?? (order === 1 ? here.toSorted((a, b) => load(a) - load(b))[0] : undefined)
    if (person) give(post, person.code, 'deputy', order, recipe.patterned[post.code] === 'days-only' ? 'days' : 'always')
  }
  const doubled = posts.filter((post) => !recipe.withoutDeputy.includes(post.code))
  for (const post of doubled) deputy(post, 1)
  for (const post of doubled) if (post.kind === 'duty' || post.kind === 'executive') deputy(post, 2)
  const place = new Map(posts.map((post, index) => [post.code, index]))
  return holdings.toSorted(
    (a, b) => (place.get(a.post) ?? 0) - (place.get(b.post) ?? 0) || b.capacity.localeCompare(a.capacity) || a.order - b.order,
  )
}

function makeMemberships(recipe: Recipe): Membership[] {
  return Object.entries(recipe.memberships).flatMap(([group, lists]) =>
    (['core', 'standing', 'invitee'] as const).flatMap((kind) =>
      (lists[kind] ?? '')
        .split(' ')
        .filter(Boolean)
        .map((entry) => {
          const [agency = '', post] = entry.split('=')
          return { group, agency, ...(post ? { post: `${agency}-${post}` } : {}), kind, basis: 'declared' as const }
        }),
    ),
  )
}

/** The city that a recipe gives; the same every time. */
export function makeCity(recipe: Recipe): City {
  const agencies: Agency[] = recipe.agencies.map(([orgType, orgCode, name, shortName, sector], index) => ({
    orgType,
    orgCode,
    name,
    shortName,
    sector,
    callBack: `+44 1632 960${String(recipe.sharedCallBack[orgCode] ?? recipe.firstNumber + index).padStart(3, '0')}`,
  }))
  const { network } = recipe
  for (const agency of agencies) Object.assign(agency, network?.ofAgencies[agency.orgCode])
  const posts = makePosts(recipe).map((post) => ({ ...post, ...network?.ofPosts[post.code] }))
  const people = makePeople(recipe, posts, seeded(recipe.seed))
  const { city, incidentTypes, dutyPatterns, groups, leadArrangements, activationLevels, expectedFindings } = recipe
  return {
    city,
    agencies,
    posts,
    people,
    holdings: makeHoldings(recipe, posts, people),
    groups: groups.map((group) => ({ ...group, ...network?.ofGroups[group.code] })),
    memberships: makeMemberships(recipe),
    leadArrangements,
    activationLevels,
    incidentTypes,
    dutyPatterns,
    expectedFindings,
    ...(network && {
      places: network.places,
      media: network.media,
      links: network.links,
      responsibilities: network.responsibilities,
      products: network.products,
      variants: network.variants,
      weaknesses: network.weaknesses,
    }),
  }
}

/** Readable JSON: one record a line. */
export function cityText(city: City): string {
  const parts = Object.entries(city).map(([key, value]) =>
    Array.isArray(value)
      ? `  ${JSON.stringify(key)}: [\n${value.map((record) => `    ${JSON.stringify(record)}`).join(',\n')}\n  ]`
      : `  ${JSON.stringify(key)}: ${JSON.stringify(value)}`,
  )
  return `{\n${parts.join(',\n')}\n}\n`
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  for (const [folder, recipe] of [
    ['halvern', halvern],
    ['brenmouth', brenmouth],
  ] as const) {
    writeFileSync(new URL(`./${folder}/city.json`, import.meta.url), cityText(makeCity(recipe)))
  }
}
