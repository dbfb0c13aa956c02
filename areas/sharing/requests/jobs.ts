import type { Job } from '#core/operation/implement.ts'
import { type Notice, putNotices } from '../notices/store.ts'
import * as store from './store.ts'

const atOnce = 20

/** Whom a step of an unanswered request goes to. */
const notices = (step: store.DueStep, due: Date): Notice[] => {
  const about = { table: 'sharing.requests', id: step.requestId }
  const key = `request/${step.requestId}/${step.step}-${step.round}`
  if (step.step === 'asked-executive') return [{ key, about, to: { agencyId: step.toAgencyId, kinds: ['executive'] }, due }]
  return [
    { key, about, to: { agencyId: step.fromAgencyId, kinds: ['executive'] }, due },
    ...(step.incidentId === null
      ? []
      : [{ key: `${key}/incident`, about, to: { part: `incident:${step.incidentId}`, kinds: ['chair', 'secretariat'] as const }, due }]),
  ]
}

export const jobs: readonly Job[] = [
  {
    name: 'sharing.requestsClimb',
    everySeconds: 5,
    async run({ tx, clock, emit }) {
      const now = clock.now()
      const due = await store.claimSteps(tx, now, atOnce)
      for (const step of due) {
        await store.climb(tx, step.id, now)
        await putNotices(tx, notices(step, now))
        emit('sharing.requestClimbed', { requestId: step.requestId, step: step.step, incidentId: step.incidentId })
      }
      return due.length === atOnce ? 'more' : undefined
    },
  },
]
