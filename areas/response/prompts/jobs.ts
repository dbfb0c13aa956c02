import type { Job } from '#core/operation/implement.ts'
import { forSecretariat, isLeftLying, mayPass, settlesItself } from './rules.ts'
import * as store from './store.ts'

const hour = 3_600_000

/** Raises what has run out, settles what has been seen to, and passes on what the secretariat left lying, within what a leader may get. */
export const jobs: readonly Job[] = [
  {
    name: 'response.prompts',
    everySeconds: 10,
    async run({ tx, clock, id }) {
      const now = clock.now()
      const due = await store.runOut(tx, now)
      const keys = new Set(due.map(({ key }) => key))
      for (const { incidentId, key } of await store.openKeys(tx, settlesItself))
        if (!keys.has(key)) await store.settlePrompt(tx, incidentId, key, now)
      for (const raised of due) await store.raisePrompt(tx, { ...raised, id: id(), at: now })
      for (const incidentId of await store.incidentsWithOpen(tx)) {
        const lying = forSecretariat(await store.open(tx, incidentId), now).filter((prompt) => isLeftLying(prompt, now))
        const [leader] = lying.length > 0 ? await store.leaders(tx, incidentId, now) : []
        if (!leader) continue
        for (const prompt of lying) {
          const load = await store.loadOf(tx, leader.postId, new Date(now.getTime() - hour))
          if (mayPass(load, now) === null) await store.pass(tx, { id: id(), prompt, postId: leader.postId, by: null, at: now })
        }
      }
    },
  },
]
