import { conflict, invalid, notAllowed } from '#core/errors.ts'
import { type Implementation, implement } from '#core/operation/implement.ts'
import { putEntry } from '../../timeline/store.ts'
import { acknowledgeOutcome, addDissent, giveRationale, reviewDecision, tellOutcome } from '../contract.ts'
import * as store from '../store/decisions.ts'
import * as outcomes from '../store/outcomes.ts'
import { entryOf, labelFor } from './record.ts'
import { decisionOf } from './show.ts'

/** What comes to a decision after it was made: reasons, dissent, reviews, and what it means for those who carry it out. */
export const actions: readonly Implementation[] = [
  implement(giveRationale, async (doing) => {
    const { input, tx, actor, clock, id, emit } = doing
    const head = await store.head(tx, input.decisionId)
    if (head.rationale !== null)
      throw conflict('The reasons were given already. Nothing was changed. If they are wrong, correct the decision.')
    await store.putRationale(tx, {
      id: id(),
      decisionId: head.id,
      incidentId: head.incidentId,
      words: input.rationale,
      givenAt: clock.now(),
      by: actor.personId,
      label: head.label,
    })
    await putEntry(doing, { ...entryOf(head), code: 'decision.rationaleGiven', params: { question: head.question, decisionId: head.id } })
    emit('response.rationaleGiven', { id: head.id, incidentId: head.incidentId })
    return decisionOf(doing, head.id)
  }),
  implement(addDissent, async (doing) => {
    const { input, tx, actor, clock, id } = doing
    const head = await store.head(tx, input.decisionId)
    const saidAt = input.saidAt ?? clock.now()
    const { agencyId } = await store.postOnDuty(tx, input.postId, new Date(saidAt))
    await store.putDissent(tx, {
      id: id(),
      decisionId: head.id,
      incidentId: head.incidentId,
      place: head.dissents,
      agencyId,
      postId: input.postId,
      words: input.words,
      saidAt,
      by: actor.personId,
      label: head.label,
    })
    // Who disagreed, and their words, stand with the decision; the timeline says only that a position was not adopted.
    await putEntry(doing, {
      ...entryOf(head),
      postId: null,
      code: 'decision.dissent',
      params: { question: head.question, decisionId: head.id },
    })
    return decisionOf(doing, head.id)
  }),
  implement(reviewDecision, async (doing) => {
    const { input, tx, actor, clock, id } = doing
    const head = await store.head(tx, input.decisionId)
    const now = clock.now()
    if (head.reversedById !== null) throw conflict('This decision was reversed. Nothing was changed. Review the one that reversed it.')
    if (new Date(input.nextReviewAt) <= now) throw invalid('nextReviewAt', 'Say when it is looked at next: a time to come.')
    await store.putReview(tx, {
      id: id(),
      decisionId: head.id,
      incidentId: head.incidentId,
      words: input.words,
      reviewedAt: now,
      nextReviewAt: input.nextReviewAt,
      by: actor.personId,
      label: head.label,
    })
    await putEntry(doing, { ...entryOf(head), code: 'decision.reviewed', params: { question: head.question, decisionId: head.id } })
    return decisionOf(doing, head.id)
  }),
  implement(tellOutcome, async (doing) => {
    const { input, tx, actor, clock, id, emit } = doing
    const head = await store.head(tx, input.decisionId)
    const now = clock.now()
    const label = await labelFor(doing, head.incidentId, input.restrictTo, input.marking)
    const outcome = {
      id: id(),
      decisionId: head.id,
      incidentId: head.incidentId,
      words: input.words,
      toldAt: now,
      acknowledgeBy: new Date(now.getTime() + input.acknowledgeWithinMinutes * 60_000),
      toldBy: actor.personId,
      label,
    }
    await outcomes.put(tx, outcome)
    await putEntry(doing, {
      ...entryOf({ ...head, label }),
      code: 'decision.outcome',
      params: { words: input.words, outcomeId: outcome.id },
    })
    emit('response.outcomeTold', { id: outcome.id, incidentId: head.incidentId })
    return outcomes.outcome(tx, outcome.id, actor.postId)
  }),
  implement(acknowledgeOutcome, async ({ input, tx, actor, clock, id }) => {
    const told = await outcomes.outcome(tx, input.outcomeId, actor.postId)
    if (actor.postId === null)
      throw notAllowed('You act in no post just now. Nothing was changed. Choose the post for which you have this.')
    if (told.mine) return told
    await outcomes.acknowledge(tx, { id: id(), outcomeId: told.id, postId: actor.postId, personId: actor.personId, at: clock.now() })
    return outcomes.outcome(tx, told.id, actor.postId)
  }),
]
