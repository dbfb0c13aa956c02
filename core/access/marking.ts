import { invalid } from '#core/errors.ts'

/** TLP 2.0, loosest first. Upper case, no spaces, never translated. */
export const tlpWords = ['TLP:CLEAR', 'TLP:GREEN', 'TLP:AMBER', 'TLP:AMBER+STRICT', 'TLP:RED'] as const
export type Tlp = (typeof tlpWords)[number]

/** UK Government Security Classifications, loosest first. OFFICIAL-SENSITIVE is a handling marking within OFFICIAL; higher tiers are never held here. */
export const classificationWords = ['OFFICIAL', 'OFFICIAL-SENSITIVE'] as const
export type Classification = (typeof classificationWords)[number]

/** The words of a label, by axis (requirements A.9). Who may read is in the clauses, never here. */
export interface Marking {
  classification?: Classification
  tlp?: Tlp
  /** Capitals, shown in square brackets, such as `PERSONAL DATA`. */
  descriptors: string[]
  /** Handling instructions in plain words. */
  handling: string[]
}

/** above this, content is refused and a pointer record is offered. A city may set another. */
export const defaultCeiling = { classification: 'OFFICIAL-SENSITIVE', tlp: 'TLP:AMBER+STRICT' } as const satisfies Pick<
  Marking,
  'classification' | 'tlp'
>

const separator = ' // '
const descriptorPattern = /^[A-Z0-9][A-Z0-9 &'-]{0,59}$/
const classificationPattern = /^([^[\]]+?)((?: \[[^[\]]*\])*)$/
const refused = (why: string) => invalid('marking', `${why} Nothing was kept. Correct the marking and send it again.`)

const isTlp = (text: string): text is Tlp => (tlpWords as readonly string[]).includes(text)
const isClassification = (text: string): text is Classification => (classificationWords as readonly string[]).includes(text)
const unique = (words: readonly string[]): string[] => [...new Set(words)].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0))

/**
 * Reads the words of a marking: parts between ` // `, for example `OFFICIAL-SENSITIVE [PERSONAL DATA] // TLP:AMBER+STRICT // Recovery group only`.
 * Throws invalid `marking` for a TLP word or a classification that is not written exactly, for two of one axis, and for a tier that may never be held here.
 */
export function parseMarking(text: string): Marking {
  const marking: Marking = { descriptors: [], handling: [] }
  if (text === '') return marking
  for (const part of text.split(separator)) {
    if (part === '' || part !== part.trim()) throw refused('A part of the marking is empty or has spaces around it.')
    const [, words = part, brackets = ''] = classificationPattern.exec(part) ?? []
    if (/^tlp(?![a-z])/i.test(part)) {
      if (!isTlp(part)) throw refused(`Write TLP exactly as one of ${tlpWords.join(', ')}.`)
      if (marking.tlp !== undefined) throw refused('A marking has one TLP word.')
      marking.tlp = part
    } else if (/^(?:uk )?(?:top )?secret\b/i.test(part)) {
      throw invalid(
        'marking',
        'SECRET and TOP SECRET are never held here. Nothing was kept. Make a pointer record instead: held elsewhere, ask whom.',
      )
    } else if (isClassification(words)) {
      if (marking.classification !== undefined) throw refused('A marking has one classification.')
      marking.classification = words
      marking.descriptors = unique([...brackets.matchAll(/\[([^[\]]*)\]/g)].map(([, word = '']) => word))
      if (marking.descriptors.some((word) => !descriptorPattern.test(word)))
        throw refused('A descriptor is in capitals, at most 60 letters.')
    } else if (/^official(?![a-z])/i.test(part)) {
      throw refused(`Write the classification exactly as one of ${classificationWords.join(', ')}, then descriptors in square brackets.`)
    } else {
      if (part.includes('//')) throw refused('A handling instruction cannot contain //.')
      marking.handling.push(part)
    }
  }
  marking.handling = unique(marking.handling)
  return marking
}

/** The words, always in one order: classification with descriptors, TLP, handling. Descriptors without a classification stand with OFFICIAL-SENSITIVE. */
export function composeMarking(marking: Marking): string {
  const classification = marking.classification ?? (marking.descriptors.length > 0 ? 'OFFICIAL-SENSITIVE' : undefined)
  const parts: string[] = []
  if (classification !== undefined) parts.push([classification, ...unique(marking.descriptors).map((word) => `[${word}]`)].join(' '))
  if (marking.tlp !== undefined) parts.push(marking.tlp)
  return [...parts, ...unique(marking.handling)].join(separator)
}

const rank = (words: readonly string[], word: string | undefined): number => (word === undefined ? -1 : words.indexOf(word))

/** The stricter word on each axis, and every descriptor and instruction of both. An axis that one leaves open takes the other's word. */
export function strictest(a: Marking, b: Marking): Marking {
  const classification =
    rank(classificationWords, a.classification) >= rank(classificationWords, b.classification) ? a.classification : b.classification
  const tlp = rank(tlpWords, a.tlp) >= rank(tlpWords, b.tlp) ? a.tlp : b.tlp
  return {
    ...(classification === undefined ? {} : { classification }),
    ...(tlp === undefined ? {} : { tlp }),
    descriptors: unique([...a.descriptors, ...b.descriptors]),
    handling: unique([...a.handling, ...b.handling]),
  }
}

/** Is it above the ceiling on any axis? Then only a pointer record may be kept. */
export const aboveCeiling = (marking: Marking, ceiling: Pick<Marking, 'classification' | 'tlp'> = defaultCeiling): boolean =>
  (ceiling.classification !== undefined &&
    rank(classificationWords, marking.classification) > rank(classificationWords, ceiling.classification)) ||
  (ceiling.tlp !== undefined && rank(tlpWords, marking.tlp) > rank(tlpWords, ceiling.tlp))
