import { holdsAny, internLabel } from '#core/access/reach.ts'
import { realClock } from '#core/clock.ts'
import { conflict, notAllowed, stale } from '#core/errors.ts'
import { type Implementation, implement, type Tx } from '#core/operation/implement.ts'
import { networkNow } from '../network/store.ts'
import * as words from './contract.ts'
import { lineOf, newestOfRound } from './rules.ts'
import * as store from './store.ts'

const proposing = words.proposeReview.who as readonly string[]
const mayPropose = (tx: Tx) =>
  holdsAny(
    tx,
    proposing.map((kind) => `kind:${kind}`),
  )

const writing: Implementation[] = [
  implement(words.proposeReview, async ({ input, tx, actor, id }) => {
    if (actor.agencyId === null) throw notAllowed('You act for no agency here. Nothing was drafted. Sign in with your post.')
    const base = await networkNow(tx)
    // A draft shows what somebody thinks is weak: its agency's own until it is offered.
    const label = await internLabel(tx, { clauses: [[`agency:${actor.agencyId}`]], marking: 'TLP:AMBER+STRICT' })
    const reviewId = id()
    await store.draft(tx, {
      ...input,
      id: reviewId,
      base,
      proposed: input.network ?? base,
      personId: actor.personId,
      agencyId: actor.agencyId,
      at: realClock.now(),
      label,
    })
    return { reviewId }
  }),
  implement(words.reviseReview, async ({ input, tx }) => {
    const { hash } = await store.networks(tx, input.reviewId)
    if (hash !== input.seenHash)
      throw stale(
        'Somebody changed this proposal meanwhile. Nothing of yours was lost: it is still on your screen. Read theirs, then save again.',
      )
    const round = await store.revise(tx, input.reviewId, input.network, input.rebase ? await networkNow(tx) : null)
    return { round, hash: (await store.networks(tx, input.reviewId)).hash }
  }),
  implement(words.offerReview, async ({ input, tx, emit }) => {
    await store.byId(tx, input.reviewId)
    if ((await store.networks(tx, input.reviewId)).stale)
      throw conflict('The structure has changed since this was drafted. Nothing was offered. Draft it again on the structure as it stands.')
    const parties = await store.offer(tx, input)
    const offered = await store.byId(tx, input.reviewId)
    const agencyIds = (await store.parties(tx, input.reviewId))
      .filter(({ round }) => round === offered.round)
      .map(({ agencyId }) => agencyId)
    emit('structure.reviewOffered', { reviewId: input.reviewId, round: offered.round, agencyIds })
    return { parties }
  }),
  implement(words.withdrawReview, async ({ input, tx, emit }) => {
    await store.byId(tx, input.reviewId)
    if (!(await store.withdraw(tx, input.reviewId, input.reason))) throw conflict('This review has ended already. Nothing was changed.')
    emit('structure.reviewWithdrawn', { reviewId: input.reviewId })
    return { withdrawn: true as const }
  }),
]

const answering: Implementation[] = [
  implement(words.giveVerdict, async ({ input, tx, id, emit }) => {
    await store.byId(tx, input.reviewId)
    const adopted = await store.giveVerdict(tx, { ...input, reason: input.reason || null, id: id() })
    emit('structure.verdictGiven', { reviewId: input.reviewId, agencyId: input.agencyId, verdict: input.verdict, adopted })
    return { adopted }
  }),
  implement(words.commentOnReview, async ({ input, tx, actor, id }) => {
    if (actor.agencyId === null) throw notAllowed('You act for no agency here. Nothing was kept. Sign in with your post.')
    const { label, state } = await store.byId(tx, input.reviewId)
    if (state !== 'draft' && state !== 'offered')
      throw conflict('This review has ended. Nothing was kept. Begin another if it should change.')
    const commentId = id()
    await store.comment(tx, { ...input, id: commentId, personId: actor.personId, agencyId: actor.agencyId, at: realClock.now(), label })
    return { commentId }
  }),
]

const reading: Implementation[] = [
  implement(words.reviews, async ({ tx, actor }) => {
    const now = realClock.now()
    const [all, parties, verdicts] = [await store.all(tx), await store.parties(tx), await store.verdicts(tx)]
    const own = new Set((await store.actsForAny(tx, [...new Set(parties.map(({ agencyId }) => agencyId))])).map(({ id }) => id))
    return {
      reviews: all.map((row) => lineOf(row, parties, verdicts, own, now)),
      due: await store.due(tx, now),
      can: { propose: actor.agencyId !== null && actor.world.kind === 'live' && (await mayPropose(tx)) },
    }
  }),
  implement(words.review, async ({ input: { reviewId }, tx, actor }) => {
    const row = await store.byId(tx, reviewId)
    const [parties, verdicts] = [await store.parties(tx, reviewId), await store.verdicts(tx, reviewId)]
    const now = parties.filter(({ round }) => round === row.round)
    const own = new Set(
      (
        await store.actsForAny(
          tx,
          now.map(({ agencyId }) => agencyId),
        )
      ).map(({ id }) => id),
    )
    const live = actor.world.kind === 'live'
    const open = row.state === 'draft' || row.state === 'offered'
    return {
      ...lineOf(row, parties, verdicts, own, realClock.now()),
      ...(await store.networks(tx, reviewId)),
      reason: row.reason,
      round: row.round,
      endReason: row.endReason,
      versionNumber: row.versionNumber,
      parties: now.map(({ agencyId, agencyName }) => ({
        agencyId,
        agencyName,
        signed: newestOfRound(verdicts, row.round, agencyId) ?? null,
      })),
      verdicts,
      comments: await store.comments(tx, reviewId),
      can: {
        write: live && open && (await store.mayPropose(tx, reviewId)),
        signFor: live && row.state === 'offered' ? [...own] : [],
        comment: live && open && actor.agencyId !== null,
      },
    }
  }),
]

export const actions: readonly Implementation[] = [...writing, ...answering, ...reading]
