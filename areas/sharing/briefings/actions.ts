import { notAllowed, notFound } from '#core/errors.ts'
import { type Implementation, implement } from '#core/operation/implement.ts'
import * as words from './contract.ts'
import * as store from './store.ts'

export const actions: readonly Implementation[] = [
  implement(words.briefings, async ({ tx, actor }) => {
    const may = actor.agencyId !== null && (await store.mayBrief(tx, actor.agencyId, words.briefers))
    return {
      briefings: (await store.all(tx)).map((row) => ({
        id: row.id,
        token: row.token,
        descriptor: row.descriptor,
        person: row.person,
        you: row.personId === actor.personId,
        agency: row.agency,
        by: row.by,
        reason: row.reason,
        at: row.at,
        until: row.until,
        state: row.endedAt !== null ? ('ended' as const) : row.over ? ('over' as const) : ('open' as const),
        endReason: row.endReason,
        label: row.label,
        marking: row.marking,
        can: { end: may && row.endedAt === null && !row.over && row.agencyId === actor.agencyId },
      })),
      caveats: await store.caveats(tx),
      ask: actor.agencyId === null ? [] : (await store.briefersOf(tx, actor.agencyId, words.briefers)).map(({ title }) => title),
      people: may && actor.agencyId !== null ? await store.peopleOf(tx, actor.agencyId) : [],
      can: { brief: may },
    }
  }),
  implement(words.brief, async ({ input, tx, actor, id, emit }) => {
    if (actor.agencyId === null) throw notAllowed('You act for no agency here. Nothing was changed. Sign in with your post.')
    const briefing = { ...input, id: id(), agencyId: actor.agencyId }
    await store.brief(tx, briefing)
    emit('sharing.briefed', { id: briefing.id, personId: input.personId })
    return { id: briefing.id }
  }),
  implement(words.endBriefing, async ({ input, tx, emit }) => {
    if (!(await store.end(tx, input.id, input.reason))) throw notFound()
    emit('sharing.briefingEnded', { id: input.id })
    return { ended: true as const }
  }),
]
