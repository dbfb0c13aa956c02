import type { CityFile, CityList } from './contract.ts'

export interface KnownCodes {
  agencies: ReadonlySet<string>
  posts: ReadonlySet<string>
  people: ReadonlySet<string>
  groups: ReadonlySet<string>
  patterns: ReadonlySet<string>
  /** Mail, in lower case, to the code of the person who has it. */
  mails: ReadonlyMap<string, string>
}

/** A row that cannot stand: where it is in the file, and why. */
export interface Stray {
  list: CityList
  index: number
  field: string
  words: string
}

/** Codes used twice, and codes that neither the file nor the city has. */
export function straysOf(file: CityFile, known: KnownCodes): Stray[] {
  const strays: Stray[] = []
  const unique = (list: CityList, field: string, keys: readonly (string | undefined)[]): ReadonlySet<string> => {
    const seen = new Set<string>()
    keys.forEach((key, index) => {
      if (key !== undefined && seen.has(key)) strays.push({ list, index, field, words: `${key} is there twice.` })
      if (key !== undefined) seen.add(key)
    })
    return seen
  }
  const keys = {
    agency: unique(
      'agencies',
      'orgCode',
      file.agencies.map(({ orgCode }) => orgCode),
    ).union(known.agencies),
    post: unique(
      'posts',
      'code',
      file.posts.map(({ code }) => code),
    ).union(known.posts),
    person: unique(
      'people',
      'code',
      file.people.map(({ code }) => code),
    ).union(known.people),
    group: unique(
      'groups',
      'code',
      file.groups.map(({ code }) => code),
    ).union(known.groups),
    pattern: unique(
      'dutyPatterns',
      'code',
      file.dutyPatterns.map(({ code }) => code),
    ).union(known.patterns),
  }
  unique(
    'people',
    'mail',
    file.people.map(({ mail }) => mail?.toLowerCase()),
  )
  unique(
    'holdings',
    'person',
    file.holdings.map(({ post, person }) => `${post} ${person}`),
  )
  unique(
    'memberships',
    'agency',
    file.memberships.map(({ group, agency }) => `${group} ${agency}`),
  )
  unique(
    'leadArrangements',
    'phase',
    file.leadArrangements.map(({ incidentType, jurisdiction, phase }) => `${incidentType} ${jurisdiction} ${phase}`),
  )
  const must = (list: CityList, index: number, field: string, what: keyof typeof keys, code: string | undefined) => {
    if (code !== undefined && !keys[what].has(code)) strays.push({ list, index, field, words: `There is no ${what} ${code}.` })
  }
  file.posts.forEach((post, index) => must('posts', index, 'agency', 'agency', post.agency))
  file.people.forEach((person, index) => {
    must('people', index, 'agency', 'agency', person.agency)
    const owner = known.mails.get(person.mail?.toLowerCase() ?? '')
    if (owner !== undefined && owner !== person.code)
      strays.push({ list: 'people', index, field: 'mail', words: `This address belongs to ${owner} already.` })
  })
  file.holdings.forEach((holding, index) => {
    must('holdings', index, 'post', 'post', holding.post)
    must('holdings', index, 'person', 'person', holding.person)
    must('holdings', index, 'duty', 'pattern', holding.duty === 'always' ? undefined : holding.duty.pattern)
  })
  file.groups.forEach((group, index) => {
    for (const field of ['chair', 'deputyChair', 'secretariat'] as const) must('groups', index, field, 'post', group[field])
  })
  file.memberships.forEach((membership, index) => {
    must('memberships', index, 'group', 'group', membership.group)
    must('memberships', index, 'agency', 'agency', membership.agency)
    must('memberships', index, 'post', 'post', membership.post)
  })
  file.leadArrangements.forEach((arrangement, index) => must('leadArrangements', index, 'agency', 'agency', arrangement.agency))
  return strays
}

export interface Contact {
  channel: 'sms' | 'voice' | 'mail'
  address: string
  rank: number
}

/** In the order in which they are tried: a text wakes, a call reads out, mail keeps. Somebody who is deaf is never rung. */
export function contactsFrom(person: { mail?: string | undefined; mobile?: string | undefined; needs?: string | undefined }): Contact[] {
  const deaf = /\bdeaf\b/i.test(person.needs ?? '')
  const mobile = person.mobile?.replaceAll(/[^+0-9]/g, '')
  const tried = [
    ...(mobile ? [{ channel: 'sms' as const, address: mobile }] : []),
    ...(mobile && !deaf ? [{ channel: 'voice' as const, address: mobile }] : []),
    ...(person.mail ? [{ channel: 'mail' as const, address: person.mail }] : []),
  ]
  return tried.map((contact, index) => ({ ...contact, rank: index + 1 }))
}

/** The neighbour's own agencies carry its code first; they belong to its city, not to ours. */
export const homeCityOf = (orgCode: string, neighbour: string | undefined): string | null =>
  neighbour !== undefined && orgCode.startsWith(`${neighbour}-`) ? neighbour : null
