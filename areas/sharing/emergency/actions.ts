import { agencies, agency } from '#areas/structure/facade.ts'
import { holdsAny, internLabel } from '#core/access/reach.ts'
import { notAllowed, notFound } from '#core/errors.ts'
import { type Implementation, implement } from '#core/operation/implement.ts'
import type { PostKind } from '#core/operation/operation.ts'
import { noteSending } from '#core/record/sending/store.ts'
import { putNotices } from '../notices/store.ts'
import * as words from './contract.ts'
import { byUrgency, reviewDue } from './rules.ts'
import * as store from './store.ts'

const disclosing = words.discloseInEmergency.who as readonly string[]

export const actions: readonly Implementation[] = [
  implement(words.discloseInEmergency, async ({ input, tx, actor, clock, emit, id }) => {
    if (actor.agencyId === null)
      throw notAllowed('You act for no agency here. Nothing was shared. Sign in with your post, or tell them by telephone.')
    const originatorAgencyId = input.originatorAgencyId ?? actor.agencyId
    const { incidentId } = input
    if (
      incidentId !== undefined &&
      !actor.reach.some((one) => one === `incident:${incidentId}` || one.startsWith(`incident:${incidentId}.`))
    )
      throw notFound()
    const to = [...new Set(input.toAgencyIds)]
    for (const one of [...to, originatorAgencyId]) await agency(tx, one)
    // Who must know, whose it is and who passed it on: the posts that review are among them.
    const clauses = [[...new Set([...to, originatorAgencyId, actor.agencyId])].map((one) => `agency:${one}`)]
    const label = await internLabel(tx, { clauses, marking: 'TLP:AMBER' })
    const at = clock.now()
    const disclosure = {
      ...input,
      id: id(),
      incidentId: input.incidentId ?? null,
      to,
      originatorAgencyId,
      at,
      reviewDueAt: reviewDue(at),
      label,
    }
    await store.put(tx, { ...disclosure, agencyId: actor.agencyId, personId: actor.personId, postId: actor.postId })
    const about = { table: 'sharing.emergency_disclosures', id: disclosure.id }
    for (const one of to) await noteSending(tx, { ...about, to: `agency:${one}`, way: 'shared', at })
    // Told at once: those who protect the originator's and the discloser's data, the originator's executive, and whoever must know.
    const told = (agencyId: string, kinds: readonly PostKind[]) => ({
      key: `emergency/${disclosure.id}/${agencyId}/${kinds.join('+')}`,
      about,
      to: { agencyId, kinds },
      due: at,
    })
    await putNotices(tx, [
      told(originatorAgencyId, ['data-protection', 'executive']),
      ...(actor.agencyId === originatorAgencyId ? [] : [told(actor.agencyId, ['data-protection'])]),
      ...to.map((one) => told(one, ['duty', 'watch-officer'])),
    ])
    emit('sharing.emergencyDisclosed', { id: disclosure.id, originatorAgencyId, discloserAgencyId: actor.agencyId, toAgencyIds: to })
    return { id: disclosure.id, reviewDueAt: disclosure.reviewDueAt.toISOString() }
  }),
  implement(words.reviewDisclosure, async ({ input, tx, actor, clock, emit }) => {
    const disclosure = await store.byId(tx, input.id)
    if (disclosure.disclosedBy === actor.personId)
      throw notAllowed('Nobody reviews their own disclosure. Nothing was changed. The data-protection post or another executive does.')
    if (!(await store.review(tx, input.id, actor.personId, clock.now(), input.outcome, input.words))) throw notAllowed()
    emit('sharing.disclosureReviewed', { id: input.id, outcome: input.outcome })
    return { reviewed: true as const }
  }),
  implement(words.emergencyDisclosures, async ({ tx, actor, clock }) => {
    const listed = await agencies(tx)
    const names = new Map(listed.map(({ id, name }) => [id, name]))
    const name = (agencyId: string) => names.get(agencyId) ?? agencyId
    const reviews = await holdsAny(tx, ['kind:data-protection', 'kind:executive'])
    const now = clock.now()
    return {
      disclosures: byUrgency(
        (await store.all(tx)).map((row) => ({
          id: row.id,
          title: row.title,
          text: row.text,
          reason: row.reason,
          to: row.toAgencies.map(name),
          originator: name(row.originatorAgencyId),
          by: row.by,
          byAgency: name(row.discloserAgencyId),
          at: row.at,
          reviewDueAt: row.reviewDueAt,
          review:
            row.reviewedAt === null || row.outcome === null
              ? null
              : { by: row.reviewer, at: row.reviewedAt, outcome: row.outcome, words: row.reviewWords ?? '' },
          overdue: row.reviewedAt === null && new Date(row.reviewDueAt) <= now,
          label: row.label,
          marking: row.marking,
          can: {
            review:
              row.reviewedAt === null &&
              reviews &&
              row.disclosedBy !== actor.personId &&
              [row.discloserAgencyId, row.originatorAgencyId].some((one) => actor.reach.includes(`agency:${one}`)),
          },
        })),
      ),
      agencies: listed.filter(({ id }) => id !== actor.agencyId).map((one) => ({ id: one.id, name: one.name })),
      can: {
        disclose:
          actor.agencyId !== null &&
          (await holdsAny(
            tx,
            disclosing.map((kind) => `kind:${kind}`),
          )),
      },
    }
  }),
]
