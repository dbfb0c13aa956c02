import { holdsAny } from '#core/access/reach.ts'
import { conflict, notAllowed } from '#core/errors.ts'
import type { z } from 'zod'
import { type Doing, type Implementation, implement } from '#core/operation/implement.ts'
import { incident, labelledIncident } from '../incidents/store.ts'
import { putEntry } from '../timeline/store.ts'
import { admitPeople, admitPerson, endPart, members, type Past } from './contract.ts'
import * as store from './store.ts'

/** Lets these people in, all of them or none: whoever is in already stops the deed, and is named. */
async function admit(
  doing: Doing<unknown>,
  { incidentId, past, reason }: { incidentId: string; past: z.infer<typeof Past>; reason: string },
  personIds: readonly string[],
): Promise<void> {
  const { tx, actor, clock, id } = doing
  const { closedAt } = await incident(tx, incidentId)
  if (closedAt !== null) throw conflict('This incident is closed. Nobody was let in.')
  if (past === 'all' && !actor.reach.includes(`incident:${incidentId}`))
    throw notAllowed('You see this incident from joining on, so you can let others in from joining on. Nobody was let in.')
  const inIt = (await store.membersOf(tx, incidentId)).filter(({ personId }) => personIds.includes(personId))
  if (inIt.length > 0) {
    throw conflict(
      personIds.length === 1
        ? 'This person takes part already. Nothing was changed. To show them less, end their part first.'
        : `${inIt.map(({ name }) => name).join(', ')} ${inIt.length === 1 ? 'takes' : 'take'} part already. Nobody was let in. Choose the others alone.`,
    )
  }
  for (const personId of personIds) {
    await store.letIn(tx, { incidentId, personId, past, reason, id: id(), at: clock.now() })
    // Under the label of after: who was let in reads that they were.
    const { label } = await labelledIncident(tx, incidentId)
    await putEntry(doing, { incidentId, label, kind: 'status', code: 'incident.admitted', text: reason })
  }
}

export const actions: readonly Implementation[] = [
  implement(admitPerson, async (doing) => {
    const { personId, ...how } = doing.input
    await admit(doing, how, [personId])
    return { personId, incidentId: how.incidentId, past: how.past }
  }),
  implement(admitPeople, async (doing) => {
    const { personIds, ...how } = doing.input
    const wanted = [...new Set(personIds)]
    await admit(doing, how, wanted)
    return { personIds: wanted, incidentId: how.incidentId, past: how.past }
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
