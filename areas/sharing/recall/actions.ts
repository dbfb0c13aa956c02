import { agencies, agency } from '#areas/structure/facade.ts'
import { conflict, notAllowed, notFound } from '#core/errors.ts'
import { type Implementation, implement, type Tx } from '#core/operation/implement.ts'
import { ownAgency } from '../items/actions.ts'
import { markingOf } from '../items/rules.ts'
import { byId, mayAnswer } from '../items/store.ts'
import * as words from './contract.ts'
import * as store from './store.ts'

const namesOf = async (tx: Tx) => {
  const names = new Map((await agencies(tx)).map(({ id, name }) => [id, name]))
  return (some: readonly string[]) => some.map((id) => names.get(id) ?? id).sort()
}

export const actions: readonly Implementation[] = [
  implement(words.recallItem, async ({ input: { itemId, because }, tx, clock, emit }) => {
    const row = await byId(tx, itemId)
    const at = clock.now()
    if (!(await store.recall(tx, itemId, because, at))) throw conflict('This was recalled already. Nothing was changed.')
    const agencyIds = await store.toldAt(tx, itemId, at)
    emit('sharing.itemRecalled', { itemId, originatorAgencyId: row.originatorAgencyId, incidentId: row.incidentId, agencyIds })
    return { told: (await namesOf(tx))(agencyIds) }
  }),
  implement(words.remarkItem, async ({ input: { itemId, ...input }, tx, clock, emit }) => {
    const row = await byId(tx, itemId)
    if (!(await mayAnswer(tx, itemId)))
      throw notAllowed('Only its originator marks it otherwise. Nothing was changed. Challenge the marking, and say why.')
    if (row.state === 'recalled') throw conflict('This was recalled. Nothing was changed. Share it anew if it is to be read again.')
    for (const one of input.agencyIds ?? []) await agency(tx, one)
    if (
      input.challengeId !== undefined &&
      !(await store.ofItem(tx, itemId)).some(({ id, answer }) => id === input.challengeId && answer === null)
    )
      throw notFound()
    const { shared, kept, lost } = await store.remark(tx, itemId, {
      ...input,
      marking: markingOf(input.marking, []),
      at: clock.now(),
      untilReal: input.until === undefined ? undefined : clock.real(new Date(input.until)),
      restrictedUntilReal: input.restrictedUntil === undefined ? undefined : clock.real(new Date(input.restrictedUntil)),
    })
    emit('sharing.itemRemarked', { itemId, originatorAgencyId: row.originatorAgencyId, incidentId: row.incidentId, shared, kept, lost })
    const names = await namesOf(tx)
    return { shared: names(shared), kept: names(kept), lost: names(lost) }
  }),
  implement(words.challengeMarking, async ({ input: { itemId, wished, because }, tx, actor, clock, id }) => {
    await byId(tx, itemId)
    const challengeId = id()
    await store.challenge(tx, {
      id: challengeId,
      itemId,
      agencyId: ownAgency(actor),
      wished: markingOf(wished, []),
      because,
      at: clock.now(),
    })
    return { challengeId }
  }),
  implement(words.keepMarking, async ({ input: { itemId, challengeId, words: said }, tx, actor, clock }) => {
    const found = (await store.ofItem(tx, itemId)).find(({ id }) => id === challengeId)
    if (!found) throw notFound()
    if (found.challengedBy === actor.personId) throw notAllowed('Nobody answers their own challenge. Nothing was changed.')
    if (!(await store.keep(tx, challengeId, said, clock.now()))) throw conflict('This was answered already. Nothing was changed.')
    return { kept: true as const }
  }),
  implement(words.challenges, async ({ input: { itemId }, tx, actor }) => {
    const row = await byId(tx, itemId)
    const answers = row.state === 'shared' && (await mayAnswer(tx, itemId))
    return {
      challenges: (await store.ofItem(tx, itemId)).map((one) => ({
        id: one.id,
        agency: one.agency,
        by: one.by,
        at: one.at,
        marking: one.marking,
        wished: one.wished,
        because: one.because,
        answer:
          one.answer === null || one.answeredAt === null
            ? null
            : { kind: one.answer, by: one.answerer, at: one.answeredAt, words: one.answerWords ?? '' },
        can: { answer: answers && one.answer === null && one.challengedBy !== actor.personId },
      })),
    }
  }),
]
