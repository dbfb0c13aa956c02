import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { beforeAll, describe, expect, test } from 'vitest'
import { brenmouth } from './lists/brenmouth.ts'
import { halvern } from './lists/halvern.ts'
import type { City, DutyPattern, Holding, Recipe } from './lists/shape.ts'
import { cityText, makeCity } from './make.ts'

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url))
const read = (path: string): string => readFileSync(here(path), 'utf8')
const cityOf = (folder: string): City => JSON.parse(read(`./${folder}/city.json`)) as City

type Step = {
  at: string
  as: string | null
  operation: string
  input: Record<string, unknown>
  says: { en: string; fr: string }
  keep?: string
}
const script = JSON.parse(read('./exercise/script.json')) as { startsAt: string; rate: number; steps: Step[] }
const cast = (JSON.parse(read('./halvern/cast.json')) as { cast: { person: string; post: string }[] }).cast
const messages = readdirSync(here('./exercise/messages')).filter((file) => file.endsWith('.xml'))

// The sectors of A.11's inclusion check.
const sectors = [
  'police',
  'transport-police',
  'fire',
  'fire-shared-control',
  'ambulance',
  'hospital-health-system',
  'public-health',
  'local-authority',
  'transport-operators',
  'utilities',
  'telecoms',
  'military-liaison',
  'coroner',
  'venue-business',
  'education',
  'voluntary',
  'faith-community',
  'elected-leadership',
  'national-government-liaison',
  'neighbouring-partnership',
]

/** Whether a pattern's hours include a moment, in the city's own time. The demo's date is in winter: local time is UTC. */
function onDuty(holding: Holding, patterns: DutyPattern[], at: Date): boolean {
  const { duty } = holding
  if (duty === 'always') return true
  const pattern = patterns.find((candidate) => candidate.code === duty.pattern)
  if (!pattern) throw new Error(`no pattern ${duty.pattern}`)
  const thursday = new Date(at.getTime() + (4 - (at.getUTCDay() || 7)) * 86_400_000)
  const week = Math.ceil(((thursday.getTime() - Date.UTC(thursday.getUTCFullYear(), 0, 1)) / 86_400_000 + 1) / 7)
  if (pattern.weeks !== 'all' && (week % 2 === 1) !== (pattern.weeks === 'odd')) return false
  const clock = at.toISOString().slice(11, 16)
  return pattern.from < pattern.until ? clock >= pattern.from && clock < pattern.until : clock >= pattern.from || clock < pattern.until
}

function repeated(values: string[]): string[] {
  return values.filter((value, index) => values.indexOf(value) !== index)
}

describe.each<[string, Recipe, Record<string, number>]>([
  ['halvern', halvern, { agencies: 40, posts: 120, people: 300, groups: 9 }],
  ['brenmouth', brenmouth, { agencies: 12, posts: 32, people: 66, groups: 3 }],
])('the city of %s', (folder, recipe, counts) => {
  let city: City
  let posts: Set<string>
  let agencies: Set<string>
  let people: Map<string, string>
  beforeAll(() => {
    city = cityOf(folder)
    posts = new Set(city.posts.map((post) => post.code))
    agencies = new Set(city.agencies.map((agency) => agency.orgCode))
    people = new Map(city.people.map((person) => [person.code, person.agency]))
  })

  test('is what its lists give', () => {
    expect(read(`./${folder}/city.json`)).toBe(cityText(makeCity(recipe)))
  })

  test('is as large as it says', () => {
    expect({ agencies: city.agencies.length, posts: city.posts.length, people: city.people.length, groups: city.groups.length }).toEqual(
      counts,
    )
  })

  test('names everything once', () => {
    expect(repeated(city.agencies.map((agency) => agency.orgCode))).toEqual([])
    expect(repeated(city.agencies.map((agency) => agency.callBack))).toEqual([])
    expect(repeated(city.posts.map((post) => post.code))).toEqual([])
    for (const key of ['code', 'mail', 'mobile', 'name'] as const) expect(repeated(city.people.map((person) => person[key]))).toEqual([])
    expect(repeated(city.groups.map((group) => group.code))).toEqual([])
    expect(repeated(city.memberships.map(({ group, agency }) => `${group} ${agency}`))).toEqual([])
    expect(repeated(city.holdings.map(({ post, person }) => `${post} ${person}`))).toEqual([])
    expect(repeated(city.holdings.map(({ post, capacity, order }) => `${post} ${capacity} ${order}`))).toEqual([])
    expect(
      repeated(city.leadArrangements.map(({ incidentType, jurisdiction, phase }) => `${incidentType} ${jurisdiction} ${phase}`)),
    ).toEqual([])
  })

  test('refers only to what is there', () => {
    const types = new Set(city.incidentTypes.map((type) => type.code))
    const groups = new Set(city.groups.map((group) => group.code))
    const patterns = new Set(city.dutyPatterns.map((pattern) => pattern.code))
    const strays = [
      ...city.posts.filter((post) => !agencies.has(post.agency) || !post.code.startsWith(`${post.agency}-`)),
      ...city.people.filter((person) => !agencies.has(person.agency)),
      ...city.holdings.filter(({ post, duty }) => !posts.has(post) || (duty !== 'always' && !patterns.has(duty.pattern))),
      ...city.groups.filter((group) => [group.chair, group.deputyChair, group.secretariat].some((post) => !posts.has(post))),
      ...city.memberships.filter(({ group, agency, post }) => !groups.has(group) || !agencies.has(agency) || (post && !posts.has(post))),
      ...city.leadArrangements.filter(({ incidentType, agency }) => !types.has(incidentType) || !agencies.has(agency)),
      ...city.activationLevels.filter(
        (level) => level.callsOut.some((post) => !posts.has(post)) || level.convenes.some((group) => !groups.has(group)),
      ),
    ]
    expect(strays).toEqual([])
    expect(city.holdings.filter(({ post, person }) => people.get(person) !== city.posts.find(({ code }) => code === post)?.agency)).toEqual(
      [],
    )
  })

  test('has a holder for every post and an executive post in every agency', () => {
    const held = new Set(city.holdings.filter((holding) => holding.capacity === 'holder').map((holding) => holding.post))
    expect([...posts].filter((post) => !held.has(post))).toEqual([])
    for (const agency of agencies) expect(city.posts.filter((post) => post.agency === agency && post.kind === 'executive')).toHaveLength(1)
  })

  test('has numbers and addresses that belong to nobody', () => {
    expect(city.people.filter((person) => !/^\+44 7700 900\d{3}$/.test(person.mobile))).toEqual([])
    expect(city.agencies.filter((agency) => !/^\+44 1632 960\d{3}$/.test(agency.callBack))).toEqual([])
    expect(city.people.filter((person) => !/^[a-z.-]+@[a-z.]+\.example$/.test(person.mail))).toEqual([])
  })

  test('has exactly the gaps that it lists', () => {
    const deputies = new Set(city.holdings.filter((holding) => holding.capacity === 'deputy').map((holding) => holding.post))
    const listed = (kind: string): string[] =>
      city.expectedFindings
        .filter((finding) => finding.kind === kind)
        .map((finding) => finding.about)
        .toSorted()
    expect([...posts].filter((post) => !deputies.has(post)).toSorted()).toEqual(listed('post-without-deputy'))
    const holders = city.holdings.filter((holding) => holding.capacity === 'holder').map((holding) => holding.person)
    expect(repeated(holders)).toEqual(listed('person-holding-two-posts'))
    const hours = Array.from({ length: 14 * 24 }, (_, hour) => new Date(Date.UTC(2026, 2, 9, hour, 30)))
    const uncovered = [...posts].filter((post) => {
      const holdings = city.holdings.filter((holding) => holding.post === post)
      return hours.some((hour) => !holdings.some((holding) => onDuty(holding, city.dutyPatterns, hour)))
    })
    expect(uncovered).toEqual(listed('uncovered-hours'))
    const without = [...agencies].filter((agency) => !city.posts.some((post) => post.agency === agency && post.kind === 'duty'))
    for (const agency of listed('agency-without-duty-post')) expect(without).toContain(agency)
  })
})

test('two people of Brenmouth stand in both cities, and are the same', () => {
  const ours = new Map(cityOf('halvern').people.map((person) => [person.code, person]))
  const both = cityOf('brenmouth').people.filter((person) => ours.has(person.code))
  expect(both.map((person) => person.name)).toEqual(['Freya Nordhallow', 'Casimir Dunlowe-Frith'])
  for (const person of both) expect(ours.get(person.code)).toEqual(person)
})

test('an agency that serves both cities is one agency: same type, code, name and number', () => {
  const ours = new Map(cityOf('halvern').agencies.map((agency) => [agency.orgCode, agency]))
  const both = cityOf('brenmouth').agencies.filter((agency) => ours.has(agency.orgCode))
  expect(both.map((agency) => agency.orgCode)).toEqual(['EXA-TPO', 'HAL-AMB', 'BRN-RES', 'HAL-RES'])
  for (const { orgCode, orgType, name, callBack } of both) expect(ours.get(orgCode)).toMatchObject({ orgType, name, callBack })
})

describe('Halvern', () => {
  const city = cityOf('halvern')

  test('has somebody from every sector', () => {
    const present = new Set(city.agencies.map((agency) => agency.sector))
    expect([...present].toSorted()).toEqual(sectors.toSorted())
  })

  test('has a strategic group of eight core members with a quorum of five', () => {
    expect(city.memberships.filter(({ group, kind }) => group === 'SCG' && kind === 'core')).toHaveLength(8)
    expect(city.groups.find((group) => group.code === 'SCG')?.quorum).toBe(5)
    for (const group of city.groups) {
      const core = city.memberships.filter((membership) => membership.group === group.code && membership.kind === 'core')
      expect(core.length, group.code).toBeGreaterThanOrEqual(group.quorum)
    }
  })

  test('has a pool of neutral commanders from several agencies', () => {
    const pool = city.posts.filter((post) => post.kind === 'neutral-commander').map((post) => post.agency)
    expect(new Set(pool).size).toBeGreaterThanOrEqual(4)
    expect(pool).toContain('HAL-POL')
  })

  test('leaves one agency in no group, as it says', () => {
    const seated = new Set(city.memberships.map((membership) => membership.agency))
    expect(city.agencies.map((agency) => agency.orgCode).filter((agency) => !seated.has(agency))).toEqual(['HAL-RAD'])
  })

  test('gives everybody in the cast the post that they are said to hold', () => {
    for (const { person, post } of cast) {
      expect(city.people.map(({ code }) => code)).toContain(person)
      expect(
        city.holdings.some((holding) => holding.person === person && holding.post === post),
        `${person} ${post}`,
      ).toBe(true)
    }
  })
})

describe('the network of Halvern', () => {
  const city = cityOf('halvern')
  const { links = [], media = [], responsibilities = [], products = [], variants = [], places = [], weaknesses = [] } = city
  const codes = {
    group: new Set(city.groups.map(({ code }) => code)),
    post: new Set(city.posts.map(({ code }) => code)),
    agency: new Set(city.agencies.map(({ orgCode }) => orgCode)),
  }
  const there = (end: string) => {
    const [kind = '', code = ''] = end.split(':')
    return codes[kind as keyof typeof codes]?.has(code) ?? false
  }
  const mediumOf = new Map(media.map((medium) => [medium.code, medium]))

  test('is as large as it says, and refers only to what is there', () => {
    expect([links.length, products.length, media.length]).toEqual([66, 15, 12])
    expect(new Set(responsibilities.map(({ phase }) => phase))).toEqual(new Set(['response', 'transition', 'recovery']))
    expect(new Set(responsibilities.map(({ activity, phase }) => `${activity} ${phase}`)).size).toBe(20)
    expect(links.flatMap(({ from, to }) => [from, to]).filter((end) => !there(end))).toEqual([])
    expect(links.filter(({ primary, backup }) => !mediumOf.has(primary) || (backup && !mediumOf.has(backup)))).toEqual([])
    expect(responsibilities.filter(({ agency }) => !codes.agency.has(agency))).toEqual([])
    expect(products.flatMap(({ producer, receivers }) => [producer, ...receivers]).filter((agency) => !codes.agency.has(agency))).toEqual(
      [],
    )
    expect(variants.filter(({ agency, post }) => (agency ? !codes.agency.has(agency) : !codes.post.has(post ?? '')))).toEqual([])
    const used = [...city.posts, ...city.groups].flatMap(({ place }) => place ?? [])
    expect(used.filter((code) => !places.some((place) => place.code === code))).toEqual([])
    expect(repeated(links.map(({ from, kind, to }) => `${from} ${kind} ${to}`))).toEqual([])
    expect(repeated(responsibilities.map((row) => `${row.activity} ${row.phase} ${row.agency} ${row.part}`))).toEqual([])
  })

  test('is weak where it says that it is, and nowhere else in these ways', () => {
    const plain = (end: string) => end.replace(/^[a-z]+:/, '')
    const nameOf = ({ from, kind, to }: { from: string; kind: string; to: string }) => `${plain(from)} ${kind} ${plain(to)}`
    const listed = (kind: string) => weaknesses.filter((weakness) => weakness.kind === kind).map(({ about }) => about)
    expect(links.filter(({ backup }) => !backup).map(nameOf)).toEqual(listed('link-without-backup'))
    expect(
      links
        .filter(({ testedAt }) => !testedAt)
        .map(nameOf)
        .toSorted(),
    ).toEqual(listed('link-untested').toSorted())
    const shared = links.filter(({ primary, backup }) =>
      mediumOf.get(primary)!.dependsOn.some((need) => mediumOf.get(backup ?? '')?.dependsOn.includes(need)),
    )
    expect(shared.map(nameOf).toSorted()).toEqual(listed('backup-not-independent').toSorted())
    const duties = Map.groupBy(responsibilities, ({ activity, phase }) => `${activity} (${phase})`)
    const accountable = [...duties].map(([duty, rows]) => ({ duty, rows: rows.filter(({ part }) => part === 'accountable') }))
    expect(
      accountable.filter(({ rows }) => rows.length > 1 && !rows.every(({ jointBasis }) => jointBasis)).map(({ duty }) => duty),
    ).toEqual(listed('two-accountable'))
    expect(accountable.filter(({ rows }) => rows.length === 0).map(({ duty }) => duty)).toEqual(listed('nobody-accountable'))
    expect(products.filter(({ protocol }) => !protocol).map(({ code }) => code)).toEqual(listed('product-without-protocol'))
  })
})

describe('the exercise', () => {
  const city = cityOf('halvern')
  const startsAt = new Date(script.startsAt)
  const minutes = (at: string): number => {
    const [, hours, rest] = /^T\+(\d+):(\d\d)$/.exec(at) ?? []
    return Number(hours) * 60 + Number(rest)
  }

  test('is played by people who are on duty when they act, in the order of the clock', () => {
    expect(script.steps.map((step) => minutes(step.at))).toEqual(script.steps.map((step) => minutes(step.at)).toSorted((a, b) => a - b))
    for (const { as, at } of script.steps) {
      if (as === null) continue
      const moment = new Date(startsAt.getTime() + minutes(at) * 60_000)
      const holdings = city.holdings.filter((holding) => (as.startsWith('post/') ? holding.post === as.slice(5) : holding.person === as))
      expect(
        holdings.some((holding) => onDuty(holding, city.dutyPatterns, moment)),
        `${as} at ${at}`,
      ).toBe(true)
      if (!as.startsWith('post/')) expect(cast.map(({ person }) => person)).toContain(as)
    }
  })

  test('takes three minutes', () => {
    expect(minutes(script.steps.at(-1)?.at ?? '') / script.rate).toBe(3)
  })

  test('speaks of what an earlier step kept, and of posts and people that exist', () => {
    const kept = new Set<string>()
    const codes = new Set([...city.posts, ...city.people].map(({ code }) => code))
    for (const { input, keep, operation, says } of script.steps) {
      expect(operation).toMatch(/^[a-z]+\.[a-zA-Z]+$/)
      expect(Math.min(says.en.length, says.fr.length)).toBeGreaterThan(10)
      for (const [, word = ''] of JSON.stringify(input).matchAll(/"([$@][^"]+)"/g)) {
        const [kind, name = ''] = word.split('/')
        if (word.startsWith('$')) expect(kept, `${operation} ${word}`).toContain(word.slice(1).split('.')[0])
        if (kind === '@post' || kind === '@person') expect(codes, `${operation} ${word}`).toContain(name)
        if (kind === '@agency')
          expect(
            city.agencies.map(({ orgCode }) => orgCode),
            `${operation} ${word}`,
          ).toContain(name)
        if (kind === '@file') expect(messages).toContain(word.replace('@file/messages/', ''))
      }
      if (keep) kept.add(keep)
    }
  })

  test('has a refusal, a dissent, and reasons that are owed and then given', () => {
    const text = JSON.stringify(script.steps)
    expect(text).toContain('"expect":"invalid"')
    expect(text).toContain('"dissent":[{"postId"')
    expect(script.steps.findIndex((step) => step.input['rationaleOwed'] === true)).toBeLessThan(
      script.steps.findIndex((step) => step.operation === 'response.giveRationale'),
    )
  })
})

describe('the CAP messages of the exercise', () => {
  const element = (xml: string, name: string): string | undefined => new RegExp(`<${name}>([^<]*)</${name}>`).exec(xml)?.[1]
  const texts = messages.map((file) => [file, read(`./exercise/messages/${file}`)] as const)
  const identities = new Map(
    texts.map(([file, xml]) => [['sender', 'identifier', 'sent'].map((name) => element(xml, name)).join(','), file]),
  )

  test('are eight, with an Alert, an Update, a Cancel and an Ack', () => {
    expect(texts).toHaveLength(8)
    expect(identities.size).toBe(8)
    expect([...new Set(texts.map(([, xml]) => element(xml, 'msgType')))].toSorted()).toEqual(['Ack', 'Alert', 'Cancel', 'Update'])
  })

  test.each(texts)('%s is well formed, an exercise, and refers only to messages that are here', (_, xml) => {
    const open: string[] = []
    for (const [, closing, name = ''] of xml.replace(/<\?xml[^>]*\?>/, '').matchAll(/<(\/?)([A-Za-z]+)[^>]*>/g)) {
      if (closing) expect(open.pop()).toBe(name)
      else open.push(name)
    }
    expect(open).toEqual([])
    expect(xml).not.toMatch(/<!DOCTYPE|&(?!amp;|lt;|gt;|quot;|apos;)/)
    expect(xml).toContain('<alert xmlns="urn:oasis:names:tc:emergency:cap:1.2">')
    expect(element(xml, 'status')).toBe('Exercise')
    expect(element(xml, 'sender')).toMatch(/^[a-z]+@([a-z]+\.)?(halvern|brenmouth)\.example$/)
    for (const name of ['sent', 'effective', 'onset', 'expires']) {
      const value = element(xml, name)
      if (value) expect(value).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[+-]\d\d:\d\d$/)
    }
    if (element(xml, 'scope') === 'Restricted') expect(element(xml, 'restriction')).toBeTruthy()
    if (element(xml, 'scope') === 'Private') expect(element(xml, 'addresses')).toBeTruthy()
    const references = element(xml, 'references')?.split(' ') ?? []
    for (const reference of references) expect([...identities.keys()]).toContain(reference)
    expect(references.length > 0).toBe(element(xml, 'msgType') !== 'Alert')
    for (const [, polygon = ''] of xml.matchAll(/<polygon>([^<]*)</g)) {
      const points = polygon.split(' ')
      expect(points.length).toBeGreaterThanOrEqual(4)
      expect(points[0]).toBe(points.at(-1))
    }
  })

  test('one speaks two languages about the same polygon and the same districts', () => {
    const [, bilingual = ''] = texts.find(([file]) => file.startsWith('03')) ?? []
    expect([...bilingual.matchAll(/<language>([^<]*)</g)].map((match) => match[1])).toEqual(['en', 'fr'])
    const geometry = [...bilingual.matchAll(/<polygon>([^<]*)</g)].map((match) => match[1])
    expect(new Set(geometry).size).toBe(1)
    expect(bilingual.match(/<geocode>/g)).toHaveLength(4)
  })

  const schema = here('../../shared/data/schemas/CAP-v1.2.xsd')
  const absent = existsSync(schema) ? '' : ' (skipped: ../shared, which holds the CAP 1.2 schema, is absent)'
  test.skipIf(absent !== '')(`obey the CAP 1.2 schema${absent}`, async () => {
    const { XmlDocument, XsdValidator } = await import('libxml2-wasm')
    const xsd = XmlDocument.fromString(readFileSync(schema, 'utf8'))
    const validator = XsdValidator.fromDoc(xsd)
    for (const [file, xml] of texts) {
      const document = XmlDocument.fromString(xml)
      expect(() => validator.validate(document), file).not.toThrow()
      document.dispose()
    }
    validator.dispose()
    xsd.dispose()
  })
})
