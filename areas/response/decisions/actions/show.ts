import { type Doing, type Implementation, implement } from '#core/operation/implement.ts'
import { incident } from '../../incidents/store.ts'
import { type Decision, decision, decisions } from '../contract.ts'
import { linesOf, mayOf } from '../reading.ts'
import * as store from '../store/decisions.ts'
import * as outcomes from '../store/outcomes.ts'

/** A decision as this viewer may see it now, by any of its versions. Errors: not found (also when withheld). */
export async function decisionOf({ tx, actor, clock }: Pick<Doing<unknown>, 'tx' | 'actor' | 'clock'>, id: string): Promise<Decision> {
  const head = await store.head(tx, id)
  const line = linesOf(await store.headsOf(tx, head.incidentId), clock.now()).find((one) => one.id === head.id)!
  return {
    line,
    versions: await store.versions(tx, head.id),
    dissents: await store.dissents(tx, head.id),
    rationaleGivenAt: head.rationaleGivenAt,
    reviews: await store.reviews(tx, head.id),
    outcomes: await outcomes.ofDecision(tx, head.id, actor.postId),
    can: mayOf(head, actor.reach),
  }
}

export const actions: readonly Implementation[] = [
  implement(decisions, async ({ input, tx, actor, clock }) => {
    await incident(tx, input.incidentId)
    return {
      decisions: linesOf(await store.headsOf(tx, input.incidentId), clock.now()),
      outcomes: await outcomes.ofIncident(tx, input.incidentId, actor.postId),
      can: { record: ['kind:loggist', 'kind:secretariat', 'kind:watch-officer'].some((token) => actor.reach.includes(token)) },
    }
  }),
  implement(decision, (doing) => decisionOf(doing, doing.input.decisionId)),
]
