import { invalid } from '#core/errors.ts'
import type { CityFile } from './contract.ts'

/** A code used twice, or one that nothing in the file or the city has: said with the list and the line, before anything is stored. */
export function refuseStrays(
  file: CityFile,
  known: {
    agencies: ReadonlySet<string>
    posts: ReadonlySet<string>
    people: ReadonlySet<string>
    groups: ReadonlySet<string>
    patterns: ReadonlySet<string>
  },
): void {
  const stray = (list: string, index: number, words: string) =>
    invalid(`city.${list}.${index}`, `${words} Nothing was stored. Correct the file and send it again.`)
  const unique = (list: string, keys: readonly string[]) => {
    const seen = new Set<string>()
    keys.forEach((key, index) => {
      if (seen.has(key)) throw stray(list, index, `${key} is there twice.`)
      seen.add(key)
    })
    return seen
  }
  const agencies = unique(
    'agencies',
    file.agencies.map(({ orgCode }) => orgCode),
  ).union(known.agencies)
  const posts = unique(
    'posts',
    file.posts.map(({ code }) => code),
  ).union(known.posts)
  const people = unique(
    'people',
    file.people.map(({ code }) => code),
  ).union(known.people)
  unique(
    'people',
    file.people.flatMap(({ mail }) => mail?.toLowerCase() ?? []),
  )
  const groups = unique(
    'groups',
    file.groups.map(({ code }) => code),
  ).union(known.groups)
  const patterns = unique(
    'dutyPatterns',
    file.dutyPatterns.map(({ code }) => code),
  ).union(known.patterns)
  unique(
    'holdings',
    file.holdings.map(({ post, person }) => `${post} ${person}`),
  )
  unique(
    'memberships',
    file.memberships.map(({ group, agency }) => `${group} ${agency}`),
  )
  const must = (list: string, index: number, what: string, set: ReadonlySet<string>, code: string | undefined) => {
    if (code !== undefined && !set.has(code)) throw stray(list, index, `There is no ${what} ${code}.`)
  }
  file.posts.forEach((post, index) => must('posts', index, 'agency', agencies, post.agency))
  file.people.forEach((person, index) => must('people', index, 'agency', agencies, person.agency))
  file.holdings.forEach((holding, index) => {
    must('holdings', index, 'post', posts, holding.post)
    must('holdings', index, 'person', people, holding.person)
    if (holding.duty !== 'always') must('holdings', index, 'duty pattern', patterns, holding.duty.pattern)
  })
  file.groups.forEach((group, index) => {
    for (const post of [group.chair, group.deputyChair, group.secretariat]) must('groups', index, 'post', posts, post)
  })
  file.memberships.forEach((membership, index) => {
    must('memberships', index, 'group', groups, membership.group)
    must('memberships', index, 'agency', agencies, membership.agency)
    must('memberships', index, 'post', posts, membership.post)
  })
  file.leadArrangements.forEach((arrangement, index) => must('leadArrangements', index, 'agency', agencies, arrangement.agency))
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
