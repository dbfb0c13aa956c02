import { conflict, notAllowed, notFound } from '#core/errors.ts'
import { type Implementation, implement } from '#core/operation/implement.ts'
import { requireSure } from '../sign-in/actions.ts'
import * as words from './contract.ts'
import * as store from './store.ts'

export const actions: readonly Implementation[] = [
  implement(words.duressPasskeys, async ({ tx }) => ({ passkeys: await store.duressPasskeys(tx) })),
  implement(words.removeDuressPasskey, async ({ input, tx }) => {
    await requireSure(tx)
    if ((await store.removeDuressPasskey(tx, input.id)) === 0) throw notFound()
    return { removed: 1 as const }
  }),
  implement(words.alarms, async ({ tx }) => ({
    alarms: (await store.alarms(tx)).map(({ id, person, name, at, answeredBy, answeredAt, words: said }) => ({
      id,
      person: { id: person, name },
      at,
      answered: answeredAt === null ? null : { by: answeredBy ?? '', at: answeredAt, words: said ?? '' },
    })),
  })),
  implement(words.answerAlarm, async ({ input, tx }) => {
    if ((await store.answerAlarm(tx, input.id, input.words)) === 0)
      throw conflict('This alarm was answered already, or is not here. Nothing was changed. Look at the list again.')
    return { answered: 1 as const }
  }),
  implement(words.signOutPerson, async ({ input, tx }) => {
    const out = await store.signOutPerson(tx, input.person, input.reason)
    if (!out)
      throw notAllowed(
        'Nobody, or more than one person, for whom you answer is called so. Nothing was changed. Write the mail address, or ask the watch officer.',
      )
    return { person: out.name, ended: out.ended }
  }),
]
