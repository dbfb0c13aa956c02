import { isLate, lateAfterMinutes } from '#core/record/late.ts'
import { GroundFlag, type GroundInput, Verdict } from './contract.ts'

const minute = 60_000
/** D-2: how long the reasons of a decision may be owed. */
export const rationaleMinutes = 30
/** A fact older than this when it was decided on is called stale (D-4, R-3.2.1). */
export const staleMinutes = 60

/** When the reasons are due, for a decision made at `decidedAt`. */
export const rationaleDue = (decidedAt: Date): Date => new Date(decidedAt.getTime() + rationaleMinutes * minute)

export interface Wrong {
  field: string
  words: string
}

export interface ToJudge {
  options: readonly unknown[]
  choice: number
  rationale?: string | undefined
  rationaleOwed: boolean
  decidedAt: Date
  reviewAt: Date
  lateReason?: string | undefined
}

/** What stands in the way of recording a decision (D-1, D-2, D-5, X-2); null when nothing does. */
export function whatIsMissing(made: ToJudge, now: Date): Wrong | null {
  if (made.options.length === 0) return { field: 'options', words: 'A decision needs at least one option. Doing nothing is one.' }
  if (made.choice >= made.options.length) return { field: 'choice', words: 'Say which of the options was chosen.' }
  if (!made.rationale && !made.rationaleOwed) {
    return {
      field: 'rationale',
      words: `Write the reasons, or say that they are owed: they may follow within ${rationaleMinutes} minutes.`,
    }
  }
  if (made.decidedAt.getTime() > now.getTime() + minute)
    return { field: 'decidedAt', words: 'This time has not come yet. Write when it was decided.' }
  if (made.reviewAt <= made.decidedAt)
    return { field: 'reviewAt', words: 'Say when the decision is looked at again: a time after it was made.' }
  if (isLate(made.decidedAt, now) && !made.lateReason) {
    return { field: 'lateReason', words: `This is entered more than ${lateAfterMinutes} minutes after it happened. Say why.` }
  }
  return null
}

/** D-3: one person decides, another writes it down. Words when they are the same; null when all is well. */
export const sameHand = (decider: string, loggist: string): string | null =>
  decider === loggist
    ? 'Whoever decides does not write the log alone: two people. Ask the loggist or the secretariat to enter it for you, then confirm it.'
    : null

/** D-4: as it was flagged by hand, else stale when the fact was older than an hour at the moment of deciding. */
export function flagOf(ground: Pick<GroundInput, 'flag' | 'asOf'>, decidedAt: Date): GroundInput['flag'] {
  if (ground.flag !== 'none' || ground.asOf === null) return ground.flag
  return decidedAt.getTime() - Date.parse(ground.asOf) > staleMinutes * minute ? 'stale' : 'none'
}

export function rationaleState(
  decision: { rationale: string | null; rationaleDueAt: string | null },
  now: Date,
): 'given' | 'owed' | 'overdue' {
  if (decision.rationale !== null) return 'given'
  return decision.rationaleDueAt !== null && Date.parse(decision.rationaleDueAt) <= now.getTime() ? 'overdue' : 'owed'
}

/** D-5. A decision that was reversed is not reviewed any more. */
export const reviewState = (reviewAt: string, reversed: boolean, now: Date): 'ahead' | 'due' =>
  !reversed && Date.parse(reviewAt) <= now.getTime() ? 'due' : 'ahead'

/** Numbers shown to people count what this viewer can see, oldest first, so that a gap tells nothing. */
export const numbered = <T extends { id: string }>(oldestFirst: readonly T[]): Map<string, number> =>
  new Map(oldestFirst.map(({ id }, place) => [id, place + 1]))

const lines = (text: string | undefined) =>
  (text ?? '')
    .split('\n')
    .map((line) => line.trim())
    .filter(Boolean)
const placesOf = (values: Readonly<Record<string, string>>, kind: string, part: string) =>
  Object.keys(values)
    .map((name) => new RegExp(`^${kind}\\.(\\d+)\\.${part}$`).exec(name)?.[1])
    .filter((place) => place !== undefined)
    .map(Number)
    .sort((a, b) => a - b)

/** A form's fields as the substance of a decision. Options and sources without words are left out; the choice follows its option. */
export function substanceOf(values: Readonly<Record<string, string>>) {
  const verdict = (name: string) => Verdict.catch('not-known').parse(values[name])
  const places = placesOf(values, 'option', 'text')
  return {
    question: values.question ?? '',
    options: places.map((place) => ({
      text: values[`option.${place}.text`] ?? '',
      suitability: values[`option.${place}.suitability`] ?? '',
      feasibility: values[`option.${place}.feasibility`] ?? '',
      acceptability: values[`option.${place}.acceptability`] ?? '',
      verdicts: {
        suitable: verdict(`option.${place}.suitable`),
        feasible: verdict(`option.${place}.feasible`),
        acceptable: verdict(`option.${place}.acceptable`),
      },
    })),
    // Chosen among the fields; an empty one cannot be chosen, and is then out of range.
    choice: places.includes(Number(values.choice)) ? places.indexOf(Number(values.choice)) : places.length,
    ...(values.rationale === undefined ? {} : { rationale: values.rationale }),
    rationaleOwed: values.rationaleOwed !== undefined,
    sources: placesOf(values, 'source', 'words').map((place) => ({
      words: values[`source.${place}.words`] ?? '',
      source: values[`source.${place}.source`] ?? '',
      flag: GroundFlag.catch('none').parse(values[`source.${place}.flag`]),
    })),
    assumptions: lines(values.assumptions),
    uncertainties: lines(values.uncertainties),
    reviewAt: values.reviewAt ?? '',
  }
}
