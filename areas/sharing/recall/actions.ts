import { agencies, agency } from '#areas/structure/facade.ts'
import { conflict, notAllowed, notFound } from '#core/errors.ts'
import { type Implementation, implement, type Tx } from '#core/operation/implement.ts'
import { audienceOf, canonical, ownAgency } from '../items/actions.ts'
import { byId, byIds, mayAnswer } from '../items/store.ts'
import { putNotices } from '../notices/store.ts'
import * as words from './contract.ts'
import * as store from './store.ts'

const namesOf = async (tx: Tx) => {
  const names = new Map((await agencies(tx)).map(({ id, name }) => [id, name]))
  return (some: readonly string[]) => some.map((id) => names.get(id) ?? id).sort()
}

/** What was taken back, or may be read by fewer, cannot wait until somebody looks: whoever is on duty is told that something waits. */
const tellOnDuty = (tx: Tx, told: Awaited<ReturnType<typeof store.toldAt>>, due: Date) =>
  putNotices(
    tx,
    told
      .filter(({ deed }) => deed !== 'shared')
      .map(({ id, agencyId, deed }) => ({
        key: `${deed}/${id}`,
        about: { table: 'sharing.disclosures', id },
        to: { agencyId, kinds: ['duty', 'watch-officer', 'data-protection'] },
        due,
      })),
  )

/** Posts of the originator's agency that answer a challenge; the same stand in SQL (sharing.answers_for). */
const answering = ['data-protection', 'executive'] as const

export const actions: readonly Implementation[] = [
  implement(words.recallItem, async ({ input: { itemId, ...input }, tx, clock, emit }) => {
    await byId(tx, itemId)
    const recalled = await store.recall(tx, itemId, { ...input, at: clock.now() })
    if (recalled === null) throw conflict('This was recalled already. Nothing was changed.')
    const names = await namesOf(tx)
    for (const { told, title: _, ...one } of recalled)
      emit('sharing.itemRecalled', { ...one, agencyIds: told.map(({ agencyId }) => agencyId) })
    const [own, ...derived] = recalled.map((one) => ({
      id: one.itemId,
      title: one.title,
      told: names(one.told.map(({ agencyId }) => agencyId)),
    }))
    return { told: own?.told ?? [], derived }
  }),
  implement(words.derivedVersions, async ({ input: { itemId }, tx }) => {
    await byId(tx, itemId)
    const ways = new Map((await store.derivedOf(tx, itemId)).map(({ id, way }) => [id, way]))
    const names = await namesOf(tx)
    const derived = []
    for (const one of await byIds(tx, [...ways.keys()]))
      derived.push({
        id: one.id,
        title: one.title,
        way: ways.get(one.id) ?? ('made' as const),
        originator: one.originator,
        audience: names([...new Set((await audienceOf(tx, one)).map(({ agencyId }) => agencyId))]),
        label: one.label,
        marking: one.marking,
      })
    return { derived }
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
    const at = clock.now()
    const { shared, kept, lost } = await store.remark(tx, itemId, {
      ...input,
      at,
      untilReal: input.until === undefined ? undefined : clock.real(new Date(input.until)),
      restrictedUntilReal: input.restrictedUntil === undefined ? undefined : clock.real(new Date(input.restrictedUntil)),
    })
    await tellOnDuty(tx, await store.toldAt(tx, itemId, at), at)
    emit('sharing.itemRemarked', { itemId, originatorAgencyId: row.originatorAgencyId, incidentId: row.incidentId, shared, kept, lost })
    const names = await namesOf(tx)
    const made = (await store.derivedOf(tx, itemId)).filter(({ way }) => way === 'made').map(({ id }) => id)
    const derived = (await byIds(tx, made)).filter(({ changedAt }) => changedAt !== null && Date.parse(changedAt) === at.getTime())
    return {
      shared: names(shared),
      kept: names(kept),
      lost: names(lost),
      derived: derived.map(({ id, title, marking }) => ({ id, title, marking })),
    }
  }),
  implement(words.gradeItem, async ({ input: { itemId, grading, because }, tx, clock, emit }) => {
    const row = await byId(tx, itemId)
    if (!(await mayAnswer(tx, itemId)))
      throw notAllowed('Only its originator grades it. Nothing was changed. Tell them what you know, or challenge the marking.')
    if (row.state === 'recalled') throw conflict('This was recalled. Nothing was changed. Share it anew if it is to be read again.')
    const at = clock.now()
    if (!(await store.grade(tx, itemId, grading, because, at))) throw conflict('It is graded so already. Nothing was changed.')
    const told = (await store.toldAt(tx, itemId, at)).filter(({ deed }) => deed === 'regraded')
    await tellOnDuty(tx, told, at)
    emit('sharing.itemGraded', { itemId, originatorAgencyId: row.originatorAgencyId, incidentId: row.incidentId })
    return { told: (await namesOf(tx))(told.map(({ agencyId }) => agencyId)) }
  }),
  implement(words.challengeMarking, async ({ input: { itemId, wished, because }, tx, actor, clock, id }) => {
    const { originatorAgencyId } = await byId(tx, itemId)
    const challengeId = id()
    const at = clock.now()
    await store.challenge(tx, {
      id: challengeId,
      itemId,
      agencyId: ownAgency(actor),
      wished: (await canonical(tx, wished)).marking,
      because,
      at,
    })
    await putNotices(tx, [
      {
        key: `challenge/${challengeId}`,
        about: { table: 'sharing.items', id: itemId },
        to: { agencyId: originatorAgencyId, kinds: answering },
        due: at,
      },
    ])
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
