import type { z } from 'zod'
import { canSee } from '#core/access/label.ts'
import { internLabel } from '#core/access/reach.ts'
import { conflict, invalid } from '#core/errors.ts'
import { type Doing, type Implementation, implement } from '#core/operation/implement.ts'
import { incident, membersClause } from '../../incidents/store.ts'
import { putEntry } from '../../timeline/store.ts'
import { correctDecision, recordDecision, reverseDecision, type Substance } from '../contract.ts'
import { flagOf, rationaleDue, sameHand, whatIsMissing } from '../rules.ts'
import * as confirmations from '../../loggist/store.ts'
import * as store from '../store/decisions.ts'
import { decisionOf } from './show.ts'

type Here = Omit<Doing<unknown>, 'input' | 'emit'>

/** The label of a row of an incident: its members, and of these only who also meets each further clause. The writer must be one of them. */
export async function labelFor(
  { tx, actor }: Here,
  incidentId: string,
  restrictTo: readonly (readonly string[])[],
  marking: string,
): Promise<number> {
  const clauses = [await membersClause(tx, incidentId), ...restrictTo]
  if (!canSee(clauses, new Set(actor.reach))) {
    throw invalid(
      'restrictTo',
      'You could not read this yourself, so it cannot be written like this. Nothing was recorded. Choose an audience that you belong to.',
    )
  }
  return internLabel(tx, { clauses, marking })
}

interface Written extends Omit<store.NewVersion, 'chosenOptionId' | 'question' | 'reviewAt' | 'rationale' | 'rationaleDueAt'> {
  made: Substance
  rationale: string | null
  rationaleDueAt: Date | string | null
}

/** Options first, then the version that chooses one, then what it rests on. */
async function write({ tx, id }: Here, { made, ...version }: Written): Promise<void> {
  const optionIds = made.options.map(() => id())
  const beside = { decisionId: version.id, incidentId: version.incidentId, label: version.label }
  for (const [place, option] of made.options.entries()) await store.putOption(tx, { ...option, ...beside, id: optionIds[place]!, place })
  await store.putVersion(tx, { ...version, question: made.question, chosenOptionId: optionIds[made.choice]!, reviewAt: made.reviewAt })
  const plain = { source: '', asOf: null, flag: 'none' as const }
  const grounds = [
    ...made.sources,
    ...made.assumptions.map((words) => ({ ...plain, kind: 'assumption' as const, words })),
    ...made.uncertainties.map((words) => ({ ...plain, kind: 'uncertainty' as const, words })),
  ]
  const decidedAt = new Date(version.decidedAt)
  for (const [place, ground] of grounds.entries()) {
    await store.putGround(tx, { ...ground, ...beside, id: id(), place, flag: flagOf(ground, decidedAt) })
  }
}

type NewDecision = Omit<z.output<typeof recordDecision.input>, 'restrictTo' | 'marking'>

async function record(here: Here, input: NewDecision, label: number, reversesId: string | null) {
  const { tx, actor, clock, id } = here
  const now = clock.now()
  const decidedAt = input.decidedAt ? new Date(input.decidedAt) : now
  const wrong = whatIsMissing({ ...input, decidedAt, reviewAt: new Date(input.reviewAt) }, now)
  if (wrong) throw invalid(wrong.field, wrong.words)
  const post = await store.postOnDuty(tx, input.decidedByPostId, decidedAt)
  const decider = input.decidedByPersonId ?? post.personId
  if (decider === null)
    throw invalid('decidedByPersonId', `Nobody is on duty as ${post.title}. Nothing was recorded. Say which person decided.`)
  const refusal = sameHand(decider, actor.personId)
  if (refusal) throw invalid('decidedByPostId', refusal)
  const decisionId = id()
  await write(here, {
    made: input,
    id: decisionId,
    rootId: decisionId,
    incidentId: input.incidentId,
    groupId: input.groupId,
    rationale: input.rationale || null,
    rationaleDueAt: input.rationale ? null : rationaleDue(decidedAt),
    decidedAt,
    enteredAt: now,
    lateReason: input.lateReason ?? null,
    decidedByPostId: post.id,
    decidedByPersonId: decider,
    loggistPersonId: actor.personId,
    correctsId: null,
    correctedBy: null,
    correctionReason: null,
    reversesId,
    label,
  })
  for (const [place, { postId, words }] of input.dissent.entries()) {
    const { agencyId } = await store.postOnDuty(tx, postId, decidedAt)
    await store.putDissent(tx, {
      id: id(),
      decisionId,
      incidentId: input.incidentId,
      place,
      agencyId,
      postId,
      words,
      saidAt: decidedAt,
      by: actor.personId,
      label,
    })
  }
  await putEntry(here, {
    ...entryOf({ incidentId: input.incidentId, decidedByPostId: post.id, label }),
    occurredAt: decidedAt,
    lateReason: input.lateReason,
    code: reversesId === null ? 'decision.made' : 'decision.reversed',
    params: { question: input.question, chosen: input.options[input.choice]!.text, decisionId },
  })
  return decisionId
}

/** The line of the timeline under which a deed about a decision stands: under the decision's own label. */
export const entryOf = (about: { incidentId: string; decidedByPostId: string; label: number }) => ({
  incidentId: about.incidentId,
  kind: 'decision' as const,
  postId: about.decidedByPostId,
  label: about.label,
})

export const actions: readonly Implementation[] = [
  implement(recordDecision, async (doing) => {
    const { input, tx, emit, actor } = doing
    await incident(tx, input.incidentId)
    const group =
      input.groupId !== null && input.restrictTo.length === 0
        ? [[`group:${input.groupId}`, ...(actor.postId ? [`post:${actor.postId}`] : [])]]
        : []
    const label = await labelFor(doing, input.incidentId, [...input.restrictTo, ...group], input.marking)
    const decision = await decisionOf(doing, await record(doing, input, label, null))
    emit('response.decisionRecorded', { id: decision.line.id, incidentId: input.incidentId })
    return decision
  }),
  implement(reverseDecision, async (doing) => {
    const { input, tx, emit } = doing
    const old = await store.head(tx, input.decisionId)
    if (old.reversedById !== null)
      throw conflict('This decision was reversed already. Nothing was changed. Look at the one that reversed it.')
    const made = { ...input, incidentId: old.incidentId, groupId: old.groupId }
    const decision = await decisionOf(doing, await record(doing, made, old.label, old.id))
    emit('response.decisionReversed', { id: old.id, by: decision.line.id, incidentId: old.incidentId })
    return decision
  }),
  implement(correctDecision, async (doing) => {
    const { input, tx, actor, clock, id } = doing
    const old = await store.head(tx, input.decisionId)
    const now = clock.now()
    const rationale = input.rationale || old.rationale
    const wrong = whatIsMissing(
      {
        ...input,
        rationale: rationale ?? undefined,
        rationaleOwed: true,
        decidedAt: new Date(old.decidedAt),
        reviewAt: new Date(input.reviewAt),
        lateReason: input.reason,
      },
      now,
    )
    if (wrong) throw invalid(wrong.field, wrong.words)
    const versionId = id()
    await write(doing, {
      made: input,
      id: versionId,
      rootId: old.id,
      incidentId: old.incidentId,
      groupId: old.groupId,
      rationale,
      rationaleDueAt: rationale === null ? (old.rationaleDueAt ?? rationaleDue(new Date(old.decidedAt))) : null,
      decidedAt: old.decidedAt,
      enteredAt: now,
      lateReason: input.reason,
      decidedByPostId: old.decidedByPostId,
      decidedByPersonId: old.decidedByPersonId,
      loggistPersonId: old.loggistPersonId,
      correctsId: old.versionId,
      correctedBy: actor.personId,
      correctionReason: input.reason,
      reversesId: old.reversesId,
      label: old.label,
    })
    // Corrected by the post itself, it is that post's word; corrected by the loggist, the post has yet to confirm it.
    if (actor.reach.includes(`post:${old.decidedByPostId}`)) {
      await confirmations.put(tx, {
        id: id(),
        incidentId: old.incidentId,
        subject: 'decision',
        subjectId: versionId,
        postId: old.decidedByPostId,
        by: actor.personId,
        at: now,
        label: old.label,
      })
    }
    await putEntry(doing, {
      ...entryOf(old),
      code: 'decision.corrected',
      params: { question: input.question, decisionId: old.id, reason: input.reason },
    })
    return decisionOf(doing, old.id)
  }),
]
