import type { Decision, DecisionLine } from './contract.ts'
import { numbered, rationaleState, reviewState } from './rules.ts'

/** What a store's head has of a decision, before it is told as it stands at a moment. */
export interface Told extends Omit<DecisionLine, 'number' | 'rationale' | 'review' | 'state'> {
  rationale: string | null
}

/** The lines of one viewer, newest first. */
export function linesOf(oldestFirst: readonly Told[], now: Date): DecisionLine[] {
  const numbers = numbered(oldestFirst)
  return oldestFirst.map((head) => lineOf(head, numbers.get(head.id) ?? 0, now)).reverse()
}

const lineOf = (head: Told, number: number, now: Date): DecisionLine => ({
  ...head,
  number,
  rationale: rationaleState(head, now),
  review: reviewState(head.reviewAt, head.reversedById !== null, now),
  state: head.reversedById === null ? 'made' : 'reversed',
})

/** What the viewer may do with it, from the tokens they hold; the policies decide. */
export function mayOf(
  head: Pick<DecisionLine, 'decidedByPostId' | 'reversedById' | 'confirmedAt'> & { rationale: string | null },
  reach: readonly string[],
): Decision['can'] {
  const keepsLog = ['kind:loggist', 'kind:secretariat', 'kind:watch-officer'].some((token) => reach.includes(token))
  const decided = reach.includes(`post:${head.decidedByPostId}`)
  return {
    giveRationale: head.rationale === null && (keepsLog || decided),
    addDissent: keepsLog || reach.some((token) => token.startsWith('agency:')),
    confirm: decided && head.confirmedAt === null,
    correct: keepsLog || decided,
    reverse: keepsLog && head.reversedById === null,
    tell: reach.includes('kind:secretariat') || reach.includes('kind:loggist') || reach.includes('kind:chair'),
  }
}
