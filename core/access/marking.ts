import { invalid } from '#core/errors.ts'
import { bare, capitals, type Ceiling, defaultCeiling, levelOf, rankOf, type Scheme } from './scheme.ts'

/** TLP 2.0, loosest first. Upper case, no spaces, never translated. */
export const tlpWords = ['TLP:CLEAR', 'TLP:GREEN', 'TLP:AMBER', 'TLP:AMBER+STRICT', 'TLP:RED'] as const
export type Tlp = (typeof tlpWords)[number]

/**
 * The words of a label, by axis (requirements A.9). Who may read is in the clauses, never here: these words say it to people.
 * Written in one order: `OFFICIAL-SENSITIVE [PERSONAL DATA] // TLP:AMBER // REL TO fire, port // ORIGINATOR fire // UNTIL 2026-12-31 // Recovery group only`.
 */
export interface Marking {
  classification?: string
  tlp?: Tlp
  /** Capitals, shown in square brackets, such as `PERSONAL DATA`. */
  descriptors: string[]
  /** Handling instructions in plain words. */
  handling: string[]
  /** Codes of the agencies to which it may go; empty is nobody; absent: this axis limits nothing. */
  releasableTo?: string[]
  /** Codes of the agencies whose information it is. */
  originators: string[]
  /** The last day (city's time) of the restriction, for review: it opens nothing by itself. Absent: no end was said. */
  until?: string
}

/** Characters that may not stand in a marking: controls, and what is unseen or turns the way of writing, so that words cannot be dressed as others. */
// oxlint-disable-next-line no-control-regex -- these are what is refused
const unseen = /[\u0000-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]/
const edge = /^[\s]|[\s]$/
const separator = ' // '
const descriptorPattern = /^[A-Z0-9][A-Z0-9 &'-]{0,59}$/
const codePattern = '[A-Za-z0-9][A-Za-z0-9._-]{0,59}'
const codes = new RegExp(`^${codePattern}(?:, ${codePattern})*$`)
const withBrackets = /^([^[\]]+?)((?: \[[^[\]]*\])*)$/
/** SECRET and above, in whatever scheme it is written: never kept here. */
const never = /^(?:(?:UK|NATO|EU|COSMIC|TOP|TRES|TR[ÈèE]S) )*SECRET(?![A-Z]|[^\u0000-\u007f])/
/** A marking as it is sent has 500 characters at most (core/access/contract.ts); one that was combined from many may have more. */
const mostCharacters = 2000

const kept = 'Nothing was kept. Correct the marking and send it again.'
const refused = (why: string) => invalid('marking', `${why} ${kept}`)
const neverHeld = (word: string) =>
  invalid(
    'marking',
    `What is ${word} is never held here. Nothing was kept. Write a pointer record instead: held elsewhere, whom to ask, how to be briefed.`,
  )

const isTlp = (text: string): text is Tlp => (tlpWords as readonly string[]).includes(text)
const points = (text: string): number[] => Array.from(text, (one) => one.codePointAt(0) ?? 0)
/** By code point, which is the order of UTF-8 bytes: PostgreSQL's collate "C". */
export function byPoint(a: string, b: string): number {
  const [left, right] = [points(a), points(b)]
  for (let at = 0; at < Math.min(left.length, right.length); at += 1) if (left[at] !== right[at]) return left[at]! - right[at]!
  return left.length - right.length
}
const unique = (words: readonly string[]): string[] => [...new Set(words)].sort(byPoint)

const isDay = (text: string): boolean => {
  const day = /^\d{4}-\d{2}-\d{2}$/.test(text) && !text.startsWith('0000') ? new Date(`${text}T00:00:00Z`) : undefined
  return day !== undefined && !Number.isNaN(day.getTime()) && day.toISOString().startsWith(text)
}

/** The parts of a marking that mean the same in every scheme. Answers false when the part is of none of these axes. */
function common(marking: Marking, part: string): boolean {
  if (/^tlp(?![a-z])/i.test(part)) {
    if (!isTlp(part)) throw refused(`Write TLP exactly as one of ${tlpWords.join(', ')}.`)
    if (marking.tlp !== undefined) throw refused('A marking has one TLP word.')
    marking.tlp = part
  } else if (/^REL TO(?![A-Za-z])/.test(part)) {
    const words = part.slice(7)
    if (part !== `REL TO ${words}` || !codes.test(words)) throw refused('Write REL TO, then codes of agencies, or NOBODY.')
    if (marking.releasableTo !== undefined) throw refused('A marking says once to whom it may go.')
    marking.releasableTo = words === 'NOBODY' ? [] : unique(words.split(', '))
  } else if (/^ORIGINATOR(?![A-Za-z])/.test(part)) {
    const words = part.slice(11)
    if (part !== `ORIGINATOR ${words}` || !codes.test(words)) throw refused('Write ORIGINATOR, then codes of agencies.')
    if (marking.originators.length > 0) throw refused('A marking names its originators once.')
    marking.originators = unique(words.split(', '))
  } else if (/^UNTIL(?![A-Za-z])/.test(part)) {
    const day = part.slice(6)
    if (part !== `UNTIL ${day}` || !isDay(day)) throw refused('Write UNTIL, then a day such as 2026-12-31.')
    if (marking.until !== undefined) throw refused('A marking has one end.')
    marking.until = day
  } else return false
  return true
}

function partsOf(text: string): string[] {
  if (text === '') return []
  if (points(text).length > mostCharacters) throw refused('This marking is too long.')
  if (unseen.test(text)) throw refused('A marking holds no unseen characters, line breaks or marks that turn the direction of writing.')
  const parts = text.split(separator)
  if (parts.some((part) => part === '' || edge.test(part))) throw refused('A part of the marking is empty or has spaces around it.')
  return parts
}

/** What is wrong with the form of a marking whatever the city's scheme is; undefined when nothing is. Contracts ask this. */
export function wrongForm(text: string): string | undefined {
  try {
    const marking: Marking = { descriptors: [], handling: [], originators: [] }
    for (const part of partsOf(text)) {
      if (common(marking, part)) continue
      if (never.test(capitals(part))) throw neverHeld('SECRET or above')
      if (part.includes('//')) throw refused('A part of a marking cannot contain //.')
    }
    return undefined
  } catch (error) {
    return error instanceof Error ? error.message : 'This marking cannot be read.'
  }
}

/** A level that this part was meant to be, though it is not written so. */
const meant = (scheme: Scheme, words: string) =>
  scheme.levels.find(({ word, aliases }) => {
    const said = bare(words)
    return said === bare(word) || said.startsWith(`${bare(word)} `) || aliases.some((alias) => bare(alias) === said)
  })

/**
 * Reads the words of a marking under a scheme; parts stand between ` // `. An alias of a level is read as the level.
 * Throws invalid `marking` for a TLP word or a level that is not written exactly, for two of one axis, for unseen characters, and for a level
 * that may never be held here. The database says the same (access.read_marking); a differential test holds the two together.
 */
export function parseMarking(text: string, scheme: Scheme): Marking {
  const marking: Marking = { descriptors: [], handling: [], originators: [] }
  for (const part of partsOf(text)) {
    if (common(marking, part)) continue
    const [, words = part, brackets = ''] = withBrackets.exec(part) ?? []
    const level = levelOf(scheme, words)
    const near = level ?? meant(scheme, words)
    if (never.test(capitals(part)) || near?.held === false) throw neverHeld(near?.word ?? 'SECRET or above')
    if (level) {
      if (marking.classification !== undefined) throw refused('A marking has one classification.')
      marking.classification = level.word
      marking.descriptors = unique([...brackets.matchAll(/\[([^[\]]*)\]/g)].map(([, word = '']) => word))
      if (marking.descriptors.some((word) => !descriptorPattern.test(word)))
        throw refused('A descriptor is in capitals, at most 60 letters.')
    } else if (near) {
      const held = scheme.levels.filter((one) => one.held).map(({ word }) => word)
      throw refused(`Write the classification exactly as one of ${held.join(', ')}, then descriptors in square brackets.`)
    } else {
      if (part.includes('//')) throw refused('A handling instruction cannot contain //.')
      marking.handling.push(part)
    }
  }
  marking.handling = unique(marking.handling)
  return marking
}

/** The words, always in one order. Descriptors without a classification stand with the level that the scheme names for them. */
export function composeMarking(marking: Marking, scheme: Scheme): string {
  const classification = marking.classification ?? (marking.descriptors.length > 0 ? scheme.descriptorsAt : undefined)
  const { tlp, releasableTo, originators, until } = marking
  return [
    ...(classification === undefined ? [] : [[classification, ...unique(marking.descriptors).map((word) => `[${word}]`)].join(' ')]),
    ...(tlp === undefined ? [] : [tlp]),
    ...(releasableTo === undefined ? [] : [`REL TO ${releasableTo.length === 0 ? 'NOBODY' : unique(releasableTo).join(', ')}`]),
    ...(originators.length === 0 ? [] : [`ORIGINATOR ${unique(originators).join(', ')}`]),
    ...(until === undefined ? [] : [`UNTIL ${until}`]),
    ...unique(marking.handling),
  ].join(separator)
}

const stricter = <T extends string>(rank: (word: T | undefined) => number, a: T | undefined, b: T | undefined): T | undefined =>
  rank(a) >= rank(b) ? a : b
const tlpRank = (word: Tlp | undefined): number => (word === undefined ? -1 : tlpWords.indexOf(word))

/**
 * The marking of a thing made of both: the stricter word on each axis, every descriptor, instruction and originator of both, the
 * agencies to which both may go, the later end (none, when either has none). A classification or TLP that one leaves open takes the other's.
 */
export function strictest(a: Marking, b: Marking, scheme: Scheme): Marking {
  const classification = stricter((word) => rankOf(scheme, word), a.classification, b.classification)
  const tlp = stricter(tlpRank, a.tlp, b.tlp)
  const both = a.releasableTo === undefined ? b.releasableTo : a.releasableTo.filter((code) => b.releasableTo?.includes(code) ?? true)
  const until = a.until === undefined || b.until === undefined ? undefined : a.until > b.until ? a.until : b.until
  return {
    ...(classification === undefined ? {} : { classification }),
    ...(tlp === undefined ? {} : { tlp }),
    descriptors: unique([...a.descriptors, ...b.descriptors]),
    handling: unique([...a.handling, ...b.handling]),
    ...(both === undefined ? {} : { releasableTo: unique(both) }),
    originators: unique([...a.originators, ...b.originators]),
    ...(until === undefined ? {} : { until }),
  }
}

/** Would `next` be looser than `before` on some axis? An import never does this; an originator may, with a reason. */
export const lowers = (before: Marking, next: Marking, scheme: Scheme): boolean =>
  composeMarking(strictest(before, next, scheme), scheme) !== composeMarking(next, scheme)

/** Is it above the ceiling on any axis? Then only a pointer record may be kept. */
export const aboveCeiling = (marking: Marking, scheme: Scheme, ceiling: Ceiling = defaultCeiling): boolean =>
  (ceiling.classification !== undefined && rankOf(scheme, marking.classification) > rankOf(scheme, ceiling.classification)) ||
  (ceiling.tlp !== undefined && tlpRank(marking.tlp) > (tlpWords as readonly string[]).indexOf(ceiling.tlp))
