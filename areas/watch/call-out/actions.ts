import { notAllowed, notFound } from '#core/errors.ts'
import { type Doing, type Implementation, implement } from '#core/operation/implement.ts'
import { acceptCallOut, declineCallOut, myCallOuts } from './contract.ts'
import * as store from './store/answers.ts'

type Said = { activationId: string; postId: string; personId?: string | undefined }

/** Notes an answer; the duty of call-outs takes it in within a moment, in the order in which answers came. */
async function note({ tx, actor, clock, id, input }: Doing<Said>, answer: 'accepted' | 'declined', reason: string | null) {
  const personId = input.personId ?? actor.personId
  const own = personId === actor.personId
  if (!own && !actor.reach.some((token) => token === 'kind:watch-officer' || token === 'kind:secretariat')) {
    throw notAllowed(
      'Only the desk notes what somebody else said. Nothing was changed. They can answer by their own link, or ring the desk.',
    )
  }
  const ask = await store.lastAsk(tx, input.activationId, input.postId, personId)
  if (ask === undefined)
    throw notFound(own ? 'You are not asked in this call-out, as far as you can see. Nothing was changed. Ring the desk.' : undefined)
  const way = own ? 'signed-in' : 'telephone'
  await store.note(tx, {
    id: id(),
    askId: ask.id,
    callOutId: ask.callOutId,
    personId,
    answer,
    reason,
    way,
    notedBy: actor.personId,
    at: clock.now(),
    label: ask.label,
  })
  return { callOutId: ask.callOutId, answer }
}

export const actions: readonly Implementation[] = [
  implement(acceptCallOut, (doing) => note(doing, 'accepted', null)),
  implement(declineCallOut, (doing) => note(doing, 'declined', doing.input.reason || null)),
  implement(myCallOuts, ({ tx, actor }) => store.mine(tx, actor.personId)),
]
