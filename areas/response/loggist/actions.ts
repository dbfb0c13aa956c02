import { conflict, invalid, notAllowed, notFound } from '#core/errors.ts'
import { type Implementation, implement } from '#core/operation/implement.ts'
import { incident } from '../incidents/store.ts'
import { confirmEntry, type Line, loggistDesk } from './contract.ts'
import { confirmationOf } from './rules.ts'
import * as store from './store.ts'

const postsHeld = (reach: readonly string[]) =>
  reach.filter((token) => token.startsWith('post:')).map((token) => token.slice('post:'.length))

const lineOf = ({ onBehalf, ...line }: store.LineRow, held: readonly string[]): Line => ({
  ...line,
  confirmation: confirmationOf({ onBehalf, confirmed: line.confirmedAt !== null, corrected: line.correctedById !== null }),
  mine: line.postId !== null && held.includes(line.postId),
})

export const actions: readonly Implementation[] = [
  implement(confirmEntry, async ({ input, tx, actor, clock, id, emit }) => {
    const subject = input.entryId === undefined ? ('decision' as const) : ('entry' as const)
    const named = input.entryId ?? input.decisionId
    if (named === undefined || (input.entryId !== undefined && input.decisionId !== undefined)) {
      throw invalid('entryId', 'Name one line of the log, or one decision. Nothing was changed.')
    }
    const said = await (subject === 'entry' ? store.entryToConfirm(tx, named) : store.decisionToConfirm(tx, named))
    if (!said) throw notFound()
    if (said.postId === null || !actor.reach.includes(`post:${said.postId}`)) {
      throw notAllowed(
        'Only the post on whose behalf this was entered can confirm it. Nothing was changed. If it is wrong, tell the loggist.',
      )
    }
    if ((await store.confirmedAt(tx, said.id)) !== null) throw conflict('This was confirmed already. Nothing was changed.')
    const at = clock.now()
    await store.put(tx, {
      id: id(),
      incidentId: said.incidentId,
      subject,
      subjectId: said.id,
      postId: said.postId,
      by: actor.personId,
      at,
      label: said.label,
    })
    emit('response.entryConfirmed', { subject, id: said.id, incidentId: said.incidentId })
    return { subject, id: said.id, confirmedAt: at.toISOString() }
  }),
  implement(loggistDesk, async ({ input, tx, actor }) => {
    const { id, name, phase } = await incident(tx, input.incidentId)
    const held = postsHeld(actor.reach)
    const waiting = await store.waitingFor(tx, input.incidentId, held)
    return {
      incident: { id, name, phase },
      lines: (await store.newest(tx, input.incidentId, input.atMost)).map((line) => lineOf(line, held)),
      posts: await store.posts(tx, input.incidentId),
      waiting: { lines: waiting.map((line) => lineOf(line, held)), decisions: await store.decisionsWaitingFor(tx, input.incidentId, held) },
      can: { enter: ['kind:loggist', 'kind:secretariat', 'kind:watch-officer'].some((token) => actor.reach.includes(token)) },
    }
  }),
]
