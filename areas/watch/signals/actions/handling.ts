import { holdsAny, internLabel } from '#core/access/reach.ts'
import { realClock } from '#core/clock.ts'
import { conflict, invalid, notFound } from '#core/errors.ts'
import { type Doing, type Implementation, implement } from '#core/operation/implement.ts'
import { assignToExercise, claimSignal, judgeSignal, original, releaseSignal, signal } from '../contract.ts'
import { canActivate, labelFor } from '../rules.ts'
import * as store from '../store/handling.ts'
import * as reading from '../store/reading.ts'

type Here = Pick<Doing<unknown>, 'tx' | 'actor' | 'clock'>

async function claimIt({ tx, actor, clock }: Here, held: store.Handled, takeOver: boolean): Promise<void> {
  if (held.claimedBy === actor.personId) return
  if (held.claimedBy !== null && !takeOver) {
    throw conflict(`${held.claimerName ?? 'Somebody else'} has claimed this. Nothing was changed. Speak to them, or take it over.`)
  }
  await store.claim(tx, held.id, actor.personId, clock.now(), await internLabel(tx, labelFor(held.triage, held.wide)))
}

export const actions: readonly Implementation[] = [
  implement(signal, async ({ input, tx }) => {
    const found = await reading.detail(tx, input.signalId)
    const officer = await holdsAny(tx, ['kind:watch-officer'])
    const held = found.standing === 'quarantined'
    return {
      ...found,
      actsOn: await reading.actsOn(tx, input.signalId),
      actedOnBy: await reading.actedOnBy(tx, input.signalId),
      judgements: await reading.judgements(tx, input.signalId),
      can: {
        claim: officer,
        judge: officer,
        activate: officer && canActivate(found),
        release: officer && held,
        assign: officer && found.route === 'not-actual',
      },
    }
  }),
  implement(original, ({ input, tx }) =>
    input.signalId === undefined
      ? reading.originalOfDelivery(tx, input.deliveryId as string)
      : reading.originalOfSignal(tx, input.signalId),
  ),
  implement(claimSignal, async (doing) => {
    await claimIt(doing, await store.lockSignal(doing.tx, doing.input.signalId), doing.input.takeOver)
    doing.emit('watch.signalClaimed', { signalId: doing.input.signalId, by: doing.actor.personId })
    return reading.lineOf(doing.tx, doing.input.signalId)
  }),
  implement(judgeSignal, async (doing) => {
    const { input, tx, actor, clock, id, emit } = doing
    const { signalId, triage, reliability, reason, reviewAt } = input
    const held = await store.lockSignal(tx, signalId)
    if (triage === 'activate' && !canActivate(held)) {
      throw invalid(
        'triage',
        held.standing === 'quarantined'
          ? 'This signal is in quarantine and raises no activation. Release it first, in your name and with a reason, or judge it otherwise.'
          : 'This message is not actual and raises no activation. Assign it to an exercise, or judge it otherwise.',
      )
    }
    if (reviewAt !== null && new Date(reviewAt) <= clock.now())
      throw invalid('reviewAt', 'It is looked at again later than now. Give a time to come.')
    await claimIt(doing, held, false)
    const wide = held.wide || triage === 'assess' || triage === 'activate'
    const label = await internLabel(tx, labelFor(triage, held.wide))
    const judgement = {
      id: id(),
      signalId,
      triage,
      reliability,
      reason,
      reviewAt: triage === 'activate' ? null : reviewAt,
      byPerson: actor.personId,
      byPost: actor.postId,
      at: clock.now(),
      label,
    }
    await store.judge(tx, judgement)
    if (wide) await store.relabel(tx, signalId, label)
    emit('watch.signalJudged', { signalId, triage, judgementId: judgement.id })
    return reading.lineOf(tx, signalId)
  }),
  implement(releaseSignal, async ({ input, tx, actor, clock, emit }) => {
    const held = await store.lockSignal(tx, input.signalId)
    if (held.standing !== 'quarantined') throw conflict('This signal is not in quarantine. Nothing was changed. Look again.')
    await store.release(tx, input.signalId, actor.personId, clock.now(), input.reason)
    emit('watch.signalReleased', { signalId: input.signalId, by: actor.personId })
    return reading.lineOf(tx, input.signalId)
  }),
  implement(assignToExercise, async ({ input, tx, actor, id, emit }) => {
    const worldId = input.worldId ?? (actor.world.kind === 'exercise' ? actor.world.id : undefined)
    if (worldId === undefined || (await reading.exerciseNamed(tx, worldId)) === undefined) {
      throw invalid('worldId', 'There is no such open exercise. Nothing was changed. Open one first.')
    }
    if (actor.world.kind === 'live' && (await store.routeOf(tx, input.signalId)) === 'live') {
      throw invalid('signalId', 'This message is actual: it stays in live. Only what is not actual goes to an exercise.')
    }
    const copy = await store.copyToExercise(tx, {
      signalId: input.signalId,
      worldId,
      delivery: id(),
      original: id(),
      copy: id(),
      realAt: realClock.now(),
    })
    if (copy === undefined) throw notFound()
    emit('watch.signalAssigned', { signalId: copy, from: input.signalId, worldId })
    return { signalId: copy, worldId }
  }),
]
