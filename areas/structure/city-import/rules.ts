import { type CityFile, type CityList, cityLists } from './contract.ts'
import { type AgencyCode, agencyNames, codesIn, type EndKind, keysOfRows, type Named, readEnd, references } from './rules/references.ts'

export interface KnownAgency extends AgencyCode {
  /** type:code of the agency of which it is a branch. */
  parent?: string | null
}

export interface KnownCodes {
  agencies: readonly KnownAgency[]
  posts: ReadonlySet<string>
  people: ReadonlySet<string>
  /** Of these, who has left. */
  left: ReadonlySet<string>
  groups: ReadonlySet<string>
  patterns: ReadonlySet<string>
  media: ReadonlySet<string>
  places: ReadonlySet<string>
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

type Tell = (list: CityList, index: number, field: string, words: string) => void

/** Two rows for one thing: the first stands. */
function* doubles(file: CityFile, tell: Tell): Generator<void, void> {
  for (const list of cityLists) {
    const { field, key } = keysOfRows[list] as { field: string; key: (row: unknown) => string }
    const seen = new Set<string>()
    yield* inSteps<unknown>(file[list], (row, index) => {
      const name = key(row)
      const words =
        list === 'holdings'
          ? `${name.replace(' ', ' and ')} are together on an earlier line: nobody deputises for themselves.`
          : `${name} is there twice.`
      if (seen.has(name)) tell(list, index, field, words)
      seen.add(name)
    })
  }
  const mails = new Set<string>()
  yield* inSteps(file.people, ({ mail }, index) => {
    const address = mail?.toLowerCase()
    if (address === undefined) return
    if (mails.has(address)) tell('people', index, 'mail', `${address} is there twice.`)
    mails.add(address)
  })
}

/** What every code may mean, in the file and in the city. */
function meanings(file: CityFile, known: KnownCodes) {
  const agencies = agencyNames<AgencyCode>([...file.agencies, ...known.agencies])
  const codes = (rows: ReadonlyArray<{ code: string }>, there: ReadonlySet<string>) => new Set(rows.map(({ code }) => code)).union(there)
  const sets = {
    post: codes(file.posts, known.posts),
    person: codes(file.people, known.people),
    group: codes(file.groups, known.groups),
    pattern: codes(file.dutyPatterns, known.patterns),
    medium: codes(file.media, known.media),
    place: codes(file.places, known.places),
  }
  const endsOf = (text: string): EndKind[] => {
    const { kinds, code } = readEnd(text)
    return kinds.flatMap((kind) => (kind === 'agency' ? agencies.meant(code).map(() => kind) : sets[kind].has(code) ? [kind] : []))
  }
  /** Why this code cannot stand here; undefined when it means one thing. */
  return (named: Named, code: string): string | undefined => {
    if (named === 'agency') {
      const meant = agencies.meant(code)
      if (meant.length > 1)
        return `${code} is the code of several agencies. Write ${meant.map(({ orgType, orgCode }) => `${orgType}:${orgCode}`).join(' or ')}.`
      return meant.length === 1 ? undefined : `There is no agency ${code}.`
    }
    if (named === 'end') {
      const kinds = endsOf(code)
      if (kinds.length > 1) return `${code} is a ${kinds.join(' and a ')}. Write ${kinds.map((kind) => `${kind}:${code}`).join(' or ')}.`
      return kinds.length === 1 ? undefined : `There is no group, post or agency ${code}.`
    }
    return sets[named].has(code) ? undefined : `There is no ${named} ${code}.`
  }
}

/** A branch whose parents lead back to itself. */
function circles(file: CityFile, known: KnownCodes, tell: Tell): void {
  const names = agencyNames<AgencyCode>([...file.agencies, ...known.agencies])
  const keyOf = ({ orgType, orgCode }: AgencyCode) => `${orgType}:${orgCode}`
  const parents = new Map(known.agencies.map((agency) => [keyOf(agency), agency.parent ?? null]))
  for (const agency of file.agencies) {
    if (agency.parent === undefined) continue
    const [parent] = agency.parent === null ? [] : names.meant(agency.parent)
    parents.set(keyOf(agency), parent ? keyOf(parent) : null)
  }
  file.agencies.forEach((agency, index) => {
    if (!agency.parent) return
    const [start, passed] = [keyOf(agency), new Set<string>()]
    for (let at = parents.get(start); at && !passed.has(at); at = parents.get(at)) {
      passed.add(at)
      if (at === start) return tell('agencies', index, 'parent', `${agency.orgCode} would be a branch of itself.`)
    }
  })
}

const rowsInAStep = 10_000

/** Looks at long lists in steps, so that whoever asks may do something else between them. */
function* inSteps<T>(rows: readonly T[], look: (row: T, index: number) => void): Generator<void, void> {
  for (let at = 0; at < rows.length; at += 1) {
    if (at % rowsInAStep === 0 && at > 0) yield
    look(rows[at]!, at)
  }
}

/** Codes used twice, codes that neither the file nor the city has, and rows that say what cannot be; in steps, for long lists. */
export function* strays(file: CityFile, known: KnownCodes): Generator<void, Stray[]> {
  const found: Stray[] = []
  const tell: Tell = (list, index, field, words) => found.push({ list, index, field, words })
  yield* doubles(file, tell)
  const wrong = meanings(file, known)
  for (const list of cityLists) {
    for (const [field, named] of Object.entries(references[list])) {
      yield* inSteps<unknown>(file[list], (row, index) => {
        for (const code of codesIn((row as Record<string, unknown>)[field])) {
          const words = wrong(named, code)
          if (words !== undefined) tell(list, index, field, words)
        }
      })
      yield
    }
  }
  circles(file, known, tell)
  const goneWords = (code: string) => `${code} has left. Open their account again first, under People, or take this line out.`
  yield* inSteps(file.people, ({ code }, index) => {
    if (known.left.has(code)) tell('people', index, 'code', goneWords(code))
  })
  yield* inSteps(file.holdings, ({ person }, index) => {
    if (known.left.has(person)) tell('holdings', index, 'person', goneWords(person))
  })
  yield* inSteps(file.people, (person, index) => {
    const owner = known.mails.get(person.mail?.toLowerCase() ?? '')
    if (owner !== undefined && owner !== person.code) tell('people', index, 'mail', `This address belongs to ${owner} already.`)
  })
  yield* inSteps(file.links, (link, index) => {
    const [from, to] = [readEnd(link.from), readEnd(link.to)]
    if (from.code === to.code && from.kinds.some((kind) => to.kinds.includes(kind)))
      tell('links', index, 'to', `${link.to} cannot be joined to itself.`)
    if (link.primary && link.primary === link.backup)
      tell('links', index, 'backup', `${link.backup} cannot be its own backup: name another medium, or none.`)
  })
  yield* inSteps(file.variants, (variant, index) => {
    const seat = variant.effect === 'joins' || variant.effect === 'leaves' ? 'agency' : 'post'
    if (!variant[seat])
      tell('variants', index, seat, `Name the ${seat} that ${variant.effect === 'deputy-chairs' ? 'is deputy chair' : variant.effect}.`)
    if (variant.incidentType === 'any' && variant.band === 'any')
      tell('variants', index, 'band', 'A variant is for one kind of incident or one band of time; for all of both it is the group itself.')
  })
  return found
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
