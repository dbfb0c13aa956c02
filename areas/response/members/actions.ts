import { holdsAny } from '#core/access/reach.ts'
import { conflict, notAllowed } from '#core/errors.ts'
import { type Implementation, implement } from '#core/operation/implement.ts'
import { incident, labelledIncident } from '../incidents/store.ts'
import { putEntry } from '../timeline/store.ts'
import { admitPerson, endPart, members } from './contract.ts'
import * as store from './store.ts'

export const actions: readonly Implementation[] = [
  implement(admitPerson, async (doing) => {
    const { input, tx, actor, clock, id } = doing
    const { closedAt } = await incident(tx, input.incidentId)
    if (closedAt !== null) throw conflict('This incident is closed. Nobody was let in.')
    if (input.past === 'all' && !actor.reach.includes(`incident:${input.incidentId}`))
      throw notAllowed('You see this incident from joining on, so you can let others in from joining on. Nobody was let in.')
    if ((await store.membersOf(tx, input.incidentId)).some(({ personId }) => personId === input.personId))
      throw conflict('This person takes part already. Nothing was changed. To show them less, end their part first.')
    await store.letIn(tx, { ...input, id: id(), at: clock.now() })
    // Under the label of after: who was let in reads that they were.
    const { label } = await labelledIncident(tx, input.incidentId)
    await putEntry(doing, { incidentId: input.incidentId, label, kind: 'status', code: 'incident.admitted', text: input.reason })
    return { personId: input.personId, incidentId: input.incidentId, past: input.past }
  }),
  implement(endPart, async (doing) => {
    const { input, tx, actor, clock, emit, id } = doing
    const { label } = await labelledIncident(tx, input.incidentId)
    if (input.personId === actor.personId)
      throw notAllowed('Nobody ends their own part. Nothing was changed. Ask the chair or another of the secretariat.')
    await store.endPart(tx, { ...input, id: id(), at: clock.now() })
    await putEntry(doing, { incidentId: input.incidentId, label, kind: 'status', code: 'incident.partEnded', text: input.reason })
    emit('response.partEnded', { incidentId: input.incidentId, personId: input.personId })
    return { ended: true as const }
  }),
  implement(members, async ({ input, tx, actor, clock }) => {
    const { closedAt } = await incident(tx, input.incidentId)
    const inIt = await store.membersOf(tx, input.incidentId)
    const ends = await holdsAny(tx, ['kind:secretariat', 'kind:chair'])
    const present = new Set(inIt.map(({ personId }) => personId))
    return {
      members: inIt.map((one) => ({
        ...one,
        since: clock.world(new Date(one.since)).toISOString(),
        can: { end: ends && one.personId !== actor.personId },
      })),
      changes: await store.changesOf(tx, input.incidentId),
      people: (await store.people(tx)).filter((one) => !present.has(one.id)),
      can: { letIn: closedAt === null, all: actor.reach.includes(`incident:${input.incidentId}`) },
    }
  }),
]
