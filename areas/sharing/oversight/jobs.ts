import type { Job } from '#core/operation/implement.ts'
import { putNotices } from '../notices/store.ts'
import { weaknessDays } from './rules.ts'
import * as store from './store.ts'

const atOnce = 20

export const jobs: readonly Job[] = [
  {
    name: 'sharing.reviewsOverdue',
    everySeconds: 15,
    async run({ tx, clock, emit }) {
      const now = clock.now()
      await store.overseeRestrictions(tx, now)
      const overdue = await store.claimOverdue(tx, now, atOnce)
      for (const { id, aboutTable: table, aboutRow, agencyIds } of overdue) {
        await store.markOverdue(tx, id, now)
        await putNotices(
          tx,
          agencyIds.map((agencyId) => ({
            key: `oversight/${id}/overdue/${agencyId}`,
            about: { table, id: aboutRow },
            to: { agencyId, kinds: ['executive', 'data-protection'] as const },
            due: now,
          })),
        )
        emit('sharing.reviewOverdue', { id: aboutRow, agencyIds })
      }
      return overdue.length === atOnce ? 'more' : undefined
    },
  },
  {
    name: 'sharing.structureOverseen',
    everySeconds: 600,
    async run({ tx, clock, world }) {
      if (world.kind === 'live') await store.overseeStructure(tx, clock.now(), weaknessDays)
    },
  },
  {
    // What is agreed holds in live, in real time: an exercise reminds nobody of it.
    name: 'sharing.protocolReviews',
    everySeconds: 600,
    async run({ tx, clock, world }) {
      if (world.kind !== 'live') return
      const now = clock.now()
      await putNotices(
        tx,
        (await store.protocolsToReview(tx, now)).map(({ id, version, agencyId }) => ({
          key: `protocol/${id}/review-${version}/${agencyId}`,
          about: { table: 'sharing.protocols', id },
          to: { agencyId, kinds: ['data-protection', 'executive'] as const },
          due: now,
        })),
      )
    },
  },
]
