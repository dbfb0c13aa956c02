import { agencies, agency, post, postsOf } from '#areas/structure/facade.ts'
import { holdsAny, internLabel } from '#core/access/reach.ts'
import { conflict, invalid, notAllowed, notFound } from '#core/errors.ts'
import { type Actor, type Implementation, implement, type Tx } from '#core/operation/implement.ts'
import { noteSending } from '#core/record/sending/store.ts'
import { byId as itemById } from '../items/store.ts'
import { putNotices } from '../notices/store.ts'
import { byId as pointerById } from '../pointers/store.ts'
import { acting } from '../contract.ts'
import * as words from './contract.ts'
import { byNeed, leastMinutes } from './rules.ts'
import * as store from './store.ts'

const table = 'sharing.requests'
const tooSoon = (neededBy: string, now: Date) => new Date(neededBy).getTime() < now.getTime() + leastMinutes * 60_000
const soon = () =>
  invalid('neededBy', `Nobody can answer within ${leastMinutes} minutes. Nothing was sent. Give a later time, and ring them if it is now.`)

/** A part in an incident, or in one of its epochs (incident:<id>.<n>). */
const takesPart = (actor: Actor, incidentId: string) =>
  actor.reach.some((token) => token === `incident:${incidentId}` || token.startsWith(`incident:${incidentId}.`))

const deeds: Implementation[] = [
  implement(words.askForInformation, async ({ input, tx, actor, clock, emit, id }) => {
    if (actor.agencyId === null) throw notAllowed('You act for no agency here. Nothing was sent. Sign in with your post, or ring them.')
    if (input.toAgencyId === actor.agencyId) throw invalid('toAgencyId', 'This is your own agency. Nothing was sent. Choose another.')
    await agency(tx, input.toAgencyId)
    if (input.toPostId !== undefined && (await post(tx, input.toPostId)).agencyId !== input.toAgencyId) throw notFound()
    if (input.incidentId !== undefined && !takesPart(actor, input.incidentId)) throw notFound()
    const at = clock.now()
    if (tooSoon(input.neededBy, at)) throw soon()
    const requestId = id()
    const toPostId = input.toPostId ?? null
    // The database writes this label whatever comes; here it is made, so that the writer's own reach is held against it.
    await internLabel(tx, { clauses: [[`agency:${actor.agencyId}`, `agency:${input.toAgencyId}`, 'kind:inquiry']], marking: 'TLP:AMBER' })
    await store.put(tx, {
      ...input,
      id: requestId,
      incidentId: input.incidentId ?? null,
      toPostId,
      fromAgencyId: actor.agencyId,
      personId: actor.personId,
      postId: actor.postId,
      at,
    })
    await noteSending(tx, { table, id: requestId, to: `agency:${input.toAgencyId}`, way: 'shared', at })
    await putNotices(tx, [
      {
        key: `request/${requestId}/asked`,
        about: { table, id: requestId },
        to: { agencyId: input.toAgencyId, postId: toPostId, kinds: ['duty', 'watch-officer'] },
        due: at,
      },
    ])
    emit('sharing.informationAskedFor', { requestId, toAgencyId: input.toAgencyId })
    return { requestId }
  }),
  implement(words.answerRequest, async ({ input, tx, actor, clock, emit, id }) => {
    const request = await store.byId(tx, input.requestId)
    if (!request.waiting) throw conflict('This request has been answered already. Nothing was changed. Read the answer on its page.')
    if (!request.mayAnswer)
      throw notAllowed(
        request.round === 1
          ? 'An appeal is decided by another person, in an executive post of the asked agency. Nothing was changed.'
          : 'This is not yours to answer. Nothing was changed. The agency that was asked answers.',
      )
    // What the answer carries is first read by the answerer: not there, or withheld, is the same.
    if (input.itemId !== undefined) await itemById(tx, input.itemId)
    if (input.pointerId !== undefined) await pointerById(tx, input.pointerId)
    const at = clock.now()
    const answerId = id()
    await store.answer(tx, {
      ...input,
      id: answerId,
      itemId: input.itemId ?? null,
      pointerId: input.pointerId ?? null,
      reasonCode: input.reasonCode ?? null,
      risk: input.risk ?? null,
      personId: actor.personId,
      postId: actor.postId,
      at,
    })
    const about = { table: 'sharing.request_answers', id: answerId }
    await noteSending(tx, { ...about, to: `agency:${request.fromAgencyId}`, way: 'shared', at })
    await putNotices(tx, [
      {
        key: `request/${request.id}/answered-${request.round}`,
        about,
        to: { agencyId: request.fromAgencyId, kinds: ['duty', 'watch-officer'] },
        due: at,
      },
    ])
    emit('sharing.requestAnswered', { requestId: request.id, outcome: input.outcome })
    return { answered: true as const }
  }),
  implement(words.appealRefusal, async ({ input, tx, actor, clock, emit, id }) => {
    const request = await store.byId(tx, input.requestId)
    const at = clock.now()
    if (tooSoon(input.neededBy, at)) throw soon()
    if (!request.mayAppeal)
      throw request.waiting || request.round === 1 || (request.outcome !== 'refuse' && request.outcome !== 'part')
        ? conflict('There is nothing to appeal against: once, against a refusal or an answer in part. Nothing was changed.')
        : notAllowed('The agency that asked appeals. Nothing was changed.')
    await store.appeal(tx, { ...input, id: id(), personId: actor.personId, postId: actor.postId, at })
    await putNotices(tx, [
      {
        key: `request/${request.id}/appealed`,
        about: { table, id: request.id },
        to: { agencyId: request.toAgencyId, kinds: ['executive'] },
        due: at,
      },
    ])
    emit('sharing.refusalAppealed', { requestId: request.id })
    return { appealed: true as const }
  }),
]

async function listed(tx: Tx, actor: Actor, now: Date) {
  const all = await store.all(tx)
  const ids = all.map(({ id }) => id)
  const answers = Map.groupBy(await store.answers(tx, ids), ({ requestId }) => requestId)
  const appeals = new Map((await store.appeals(tx, ids)).map((appeal) => [appeal.requestId, appeal]))
  const steps = Map.groupBy(await store.steps(tx, ids), ({ requestId }) => requestId)
  const own = (agencyId: string) => actor.reach.includes(`agency:${agencyId}`)
  return all.map((row) => {
    const appeal = appeals.get(row.id)
    const given = answers.get(row.id) ?? []
    return {
      id: row.id,
      incidentId: row.incidentId,
      from: row.fromName,
      to: row.toName,
      toPost: row.toPost,
      askedBy: row.askedBy,
      what: row.what,
      why: row.why,
      duty: row.duty,
      askedAt: row.askedAt,
      neededBy: row.neededBy,
      waiting: row.waiting,
      overdue: row.waiting && new Date(row.neededBy) <= now,
      climbed: row.climbed,
      outcome: row.outcome,
      appeal: appeal ?? null,
      answers: given,
      history: [
        { what: 'asked' as const, at: row.askedAt, by: row.askedBy },
        ...(steps.get(row.id) ?? []).map(({ step, doneAt }) => ({ what: step, at: doneAt, by: '' })),
        ...given.map(({ at, by }) => ({ what: 'answered' as const, at, by })),
        ...(appeal ? [{ what: 'appealed' as const, at: appeal.at, by: appeal.by }] : []),
      ].sort((a, b) => a.at.localeCompare(b.at)),
      side: row.mayAnswer ? ('answer' as const) : own(row.fromAgencyId) ? ('asked' as const) : ('other' as const),
      label: row.label,
      marking: row.marking,
      can: { answer: row.mayAnswer, appeal: row.mayAppeal },
    }
  })
}

const reading: Implementation[] = [
  implement(words.requests, async ({ tx, actor, clock }) => ({
    requests: byNeed(await listed(tx, actor, clock.now())),
    agencies: (await agencies(tx)).filter(({ id }) => id !== actor.agencyId).map(({ id, name }) => ({ id, name })),
    can: {
      ask:
        actor.agencyId !== null &&
        (await holdsAny(
          tx,
          words.asking.map((kind) => `kind:${kind}`),
        )),
      figures: await holdsAny(tx, ['kind:executive', 'kind:data-protection', 'kind:chair']),
    },
  })),
  implement(words.postsToAsk, async ({ input: { agencyId }, tx }) => {
    await agency(tx, agencyId)
    return { posts: (await postsOf(tx, agencyId, acting)).map(({ id, title }) => ({ id, title })) }
  }),
  implement(words.answerChoices, async ({ input: { requestId }, tx }) => {
    const request = await store.byId(tx, requestId)
    // Only what is theirs to answer tells what both have: nobody finds out by asking something of themselves.
    if (!request.mayAnswer) return { items: [], pointers: [] }
    const both = { ownAgencyId: request.toAgencyId, askingAgencyId: request.fromAgencyId }
    return { items: await store.itemsToAnswer(tx, both), pointers: await store.pointersToAnswer(tx, both) }
  }),
  implement(words.refusalFigures, async ({ tx, clock }) => {
    const names = new Map((await agencies(tx)).map(({ id, name }) => [id, name]))
    const of = Map.groupBy(await store.figures(tx), ({ agencyId }) => agencyId)
    return {
      agencies: [...of].map(([agencyId, lines]) => ({
        agency: names.get(agencyId) ?? agencyId,
        asked: lines[0]?.asked ?? 0,
        late: lines[0]?.answeredLate ?? 0,
        unanswered: lines[0]?.unanswered ?? 0,
        refused: lines.flatMap(({ reasonCode, refused }) => (reasonCode === null ? [] : [{ reasonCode, times: refused }])),
      })),
      basis: `Every request of this world up to ${clock.now().toISOString().slice(0, 16)}Z, answered and not. A refusal is not a fault by itself.`,
    }
  }),
]

export const actions: readonly Implementation[] = [...deeds, ...reading]
