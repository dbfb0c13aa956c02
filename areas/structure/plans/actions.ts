import { realClock } from '#core/clock.ts'
import { invalid, notAllowed } from '#core/errors.ts'
import { holdsAny } from '#core/access/reach.ts'
import { type Implementation, implement } from '#core/operation/implement.ts'
import * as words from './contract.ts'
import * as store from './store.ts'

const keeping = (words.putPlan.who as readonly string[]).map((kind) => `kind:${kind}`)

export const actions: readonly Implementation[] = [
  implement(words.putPlan, async ({ input, tx, actor, id }) => {
    if (actor.agencyId === null) throw notAllowed('You act for no agency here. Nothing was kept. Sign in with your post.')
    if (input.planId !== undefined && input.refersTo.includes(input.planId))
      throw invalid('refersTo', 'A plan does not lean on itself. Nothing was kept.')
    const at = realClock.now()
    const label = await store.networkLabel(tx)
    const planId = input.planId ?? id()
    if (input.planId === undefined) await store.insert(tx, { ...input, id: planId, agencyId: actor.agencyId, at, label })
    else await store.change(tx, { ...input, id: planId, at })
    await store.leansOn(tx, planId, input.refersTo, at, label)
    return { planId }
  }),
  implement(words.answerReconciliation, async ({ input, tx, actor }) => {
    await store.answer(tx, {
      id: input.reconciliationId,
      outcome: input.outcome,
      words: input.words,
      personId: actor.personId,
      at: realClock.now(),
    })
    return { answered: true as const }
  }),
  implement(words.plans, async ({ tx, actor }) => {
    const now = realClock.now()
    const keeps = actor.agencyId !== null && actor.world.kind === 'live' && (await holdsAny(tx, keeping))
    const own = (agencyId: string) => keeps && actor.reach.includes(`agency:${agencyId}`)
    const half = await store.halfYearly(tx)
    return {
      plans: (await store.plans(tx)).map((plan) => ({ ...plan, can: { change: own(plan.agencyId) } })),
      reconciliations: (await store.reconciliations(tx)).map((one) => ({
        ...one,
        overdue: one.readAt === null && new Date(one.dueAt) <= now,
        can: { answer: one.readAt === null && own(one.agencyId) },
      })),
      halfYearly: half ? { ...half, overdue: half.closedAt === null && new Date(half.dueAt) <= now } : null,
      can: { put: keeps },
    }
  }),
]
