import { invalid } from '#core/errors.ts'

/** How sure an item is, apart from the confidence of any figure in it: one word on each axis of a scale (requirements A.11). */
export interface GradingScale {
  readonly code: string
  readonly name: string
  /** In the order in which they are written. */
  readonly axes: ReadonlyArray<{
    readonly code: string
    readonly name: string
    readonly grades: ReadonlyArray<{ word: string; name: string }>
  }>
}

/** The plain scale of requirements A.11: what a city uses until it chooses another. */
export const plainScale: GradingScale = {
  code: 'plain',
  name: 'Plain words',
  axes: [
    {
      code: 'standing',
      name: 'How it is known',
      grades: [
        { word: 'confirmed-by-owner', name: 'Confirmed by its owner' },
        { word: 'reported-by-responder', name: 'Reported by a responder' },
        { word: 'reported-by-other', name: 'Reported by somebody else' },
        { word: 'unverified', name: 'Unverified' },
        { word: 'contradicted', name: 'Contradicted' },
      ],
    },
  ],
}

/** Admiralty grading: reliability of the source A to F, credibility of the information 1 to 6, written together: B2. F and 6 mean *cannot be judged*: no middle. */
export const admiraltyScale: GradingScale = {
  code: 'admiralty-scale',
  name: 'Admiralty grading',
  axes: [
    {
      code: 'source-reliability',
      name: 'Reliability of the source',
      grades: [
        { word: 'A', name: 'Completely reliable' },
        { word: 'B', name: 'Usually reliable' },
        { word: 'C', name: 'Fairly reliable' },
        { word: 'D', name: 'Not usually reliable' },
        { word: 'E', name: 'Unreliable' },
        { word: 'F', name: 'Reliability cannot be judged' },
      ],
    },
    {
      code: 'information-credibility',
      name: 'Credibility of the information',
      grades: [
        { word: '1', name: 'Confirmed by other sources' },
        { word: '2', name: 'Probably true' },
        { word: '3', name: 'Possibly true' },
        { word: '4', name: 'Doubtful' },
        { word: '5', name: 'Improbable' },
        { word: '6', name: 'Truth cannot be judged' },
      ],
    },
  ],
}

/**
 * The words on each axis, in order: `admiralty-scale:B2` is ['B', '2']. A grade says its scale, so that one given under another scale is still
 * read as what it was. Throws invalid `grading` when the scale is another or a word is not of it.
 */
export function parseGrading(text: string, scale: GradingScale): string[] {
  const words = text.startsWith(`${scale.code}:`) ? text.slice(scale.code.length + 1) : ''
  let rest = words
  const found = scale.axes.map(({ grades }) => {
    // The longest first, so that no word hides behind its own beginning.
    const grade = [...grades].sort((a, b) => b.word.length - a.word.length).find(({ word }) => rest.startsWith(word))
    if (grade) rest = rest.slice(grade.word.length)
    return grade?.word
  })
  if (rest !== '' || found.some((word) => word === undefined))
    throw invalid(
      'grading',
      `Grade by the scale of this city (${scale.name}), for example ${composeGrading(
        scale.axes.map(({ grades }) => grades[0]?.word ?? ''),
        scale,
      )}. Nothing was kept.`,
    )
  return found as string[]
}

/** A grade as people read it: in short (`B2`, or the words where there is one axis), each word in full, and the scale's name; one of a scale that is not known stays as it is. */
export function gradingWords(text: string, scales: readonly GradingScale[]): { short: string; words: string[]; scale: string } {
  const scale = scales.find(({ code }) => text.startsWith(`${code}:`))
  try {
    if (!scale) throw invalid('grading', 'A scale that is not known here.')
    const found = parseGrading(text, scale)
    const words = found.map((word, place) => scale.axes[place]?.grades.find((grade) => grade.word === word)?.name ?? word)
    return { short: words.length === 1 ? (words[0] ?? '') : found.join(''), words, scale: scale.name }
  } catch {
    return { short: text.slice(text.indexOf(':') + 1), words: [], scale: '' }
  }
}

export const composeGrading = (words: readonly string[], scale: GradingScale): string => `${scale.code}:${words.join('')}`
