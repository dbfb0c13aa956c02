import { contactsOf, executivePostOf, onDuty, postsOf } from '#areas/structure/facade.ts'
import { type QueuedMessage, queueMessages, usableChannels } from '#core/channels/outbox/store.ts'
import type { Job, Tx } from '#core/operation/implement.ts'
import { noteSending } from '#core/record/sending/store.ts'
import { addressOf, nextTry, toldOf } from './rules.ts'
import * as store from './store.ts'

/** One run leaves the rest to the next: no transaction stays open long. */
const atOnce = 20

const onDutyIn = async (tx: Tx, postIds: readonly string[], now: Date) => {
  const people: string[] = []
  for (const postId of postIds) people.push(...toldOf(await onDuty(tx, postId, now)))
  return people
}

/** The one post that was named, else the posts of the kinds; where nobody is on duty in them, the agency's executive. */
async function peopleOf(tx: Tx, notice: store.DueNotice, now: Date): Promise<string[]> {
  if (notice.part !== null) return store.inPart(tx, notice.part, notice.kinds)
  if (notice.agencyId === null) return []
  const named = notice.postId === null ? [] : await onDutyIn(tx, [notice.postId], now)
  if (named.length > 0) return named
  const ids = (await postsOf(tx, notice.agencyId, notice.kinds)).map(({ id }) => id)
  const people = await onDutyIn(tx, ids, now)
  if (people.length > 0) return people
  const executive = await executivePostOf(tx, notice.agencyId)
  return executive === undefined ? [] : onDutyIn(tx, [executive.id], now)
}

/** Tells whoever is on duty that something waits: the occasion alone, on their first way that works in this kind of world. */
export const jobs: readonly Job[] = [
  {
    name: 'sharing.notices',
    everySeconds: 1,
    async run({ tx, clock, world }) {
      const now = clock.now()
      const due = await store.claim(tx, now, atOnce)
      if (due.length === 0) return
      const usable = await usableChannels(tx, world.kind)
      for (const notice of due) {
        const people = [...new Set(await peopleOf(tx, notice, now))]
        const languages = await store.languages(tx, people)
        const messages: QueuedMessage[] = []
        for (const personId of people) {
          const address = addressOf(await contactsOf(tx, personId), usable)
          if (address === undefined) continue
          const words = { language: languages.get(personId) ?? ('en' as const), callBack: '' }
          messages.push({ key: `${notice.key}/${personId}`, kind: 'waits', channel: address.channel, to: address.address, words })
          await noteSending(tx, { table: notice.aboutTable, id: notice.aboutRow, to: `person:${personId}`, way: 'notice', at: now })
        }
        await queueMessages(tx, messages)
        const again = messages.length === 0 ? nextTry(notice.tries, now) : null
        if (again === null) await store.settle(tx, notice.id, messages.length, now)
        else await store.postpone(tx, notice.id, again)
      }
      return due.length === atOnce ? 'more' : undefined
    },
  },
]
