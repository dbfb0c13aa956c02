import { realClock } from '#core/clock.ts'
import { holdsAny } from '#core/access/reach.ts'
import { conflict, invalid } from '#core/errors.ts'
import { type Implementation, implement, type Tx } from '#core/operation/implement.ts'
import { incident, labelledIncident } from '../incidents/store.ts'
import { seated } from '../seats/store.ts'
import { putEntry } from '../timeline/store.ts'
import { appointNeutralCommander, type Candidate, neutralCommander, relieveNeutralCommander } from './contract.ts'
import { mayBeNeutral } from './rules.ts'
import * as store from './store.ts'

export async function candidates(tx: Tx, incidentId: string, at: Date): Promise<Candidate[]> {
  const standing = { leads: await store.leads(tx, incidentId), seated: await seated(tx, incidentId) }
  return (await store.pool(tx, at)).map((candidate) => ({ ...candidate, refusal: mayBeNeutral(candidate, standing) }))
}

export const actions: readonly Implementation[] = [
  implement(appointNeutralCommander, async (doing) => {
    const { input, tx, actor, clock, emit, id } = doing
    const { label } = await labelledIncident(tx, input.incidentId)
    const candidate = (await candidates(tx, input.incidentId, clock.now())).find(({ postId }) => postId === input.postId)
    if (!candidate) throw invalid('postId', 'Nobody on duty in the pool of neutral commanders holds this post. Choose one of the pool.')
    if (candidate.refusal) throw invalid('postId', candidate.refusal)
    if (await store.now(tx, input.incidentId))
      throw conflict('There is a neutral commander already. Nothing was changed. Relieve them first.')
    const appointment = {
      ...input,
      id: id(),
      personId: candidate.personId,
      agencyId: candidate.agencyId,
      appointedBy: actor.personId,
      fromAt: clock.now(),
    }
    await store.appoint(tx, { ...appointment, label })
    await store.admit(tx, appointment.id)
    const params = { person: candidate.name, agency: candidate.agencyName }
    await putEntry(doing, {
      incidentId: input.incidentId,
      label,
      kind: 'neutral',
      code: 'neutral.appointed',
      params,
      named: [candidate.agencyId],
    })
    const appointed = await store.byId(tx, appointment.id)
    emit('response.neutralCommanderAppointed', appointed)
    return appointed
  }),
  implement(relieveNeutralCommander, async (doing) => {
    const { input, tx, clock, emit } = doing
    const { id, label } = await store.relieve(tx, input.incidentId, clock.now(), input.reason)
    const { name } = await store.byId(tx, id)
    await putEntry(doing, {
      incidentId: input.incidentId,
      label,
      kind: 'neutral',
      code: 'neutral.relieved',
      params: { person: name },
      text: input.reason,
    })
    await store.dismiss(tx, id, realClock.now())
    const relieved = await store.byId(tx, id)
    emit('response.neutralCommanderRelieved', relieved)
    return relieved
  }),
  implement(neutralCommander, async ({ input, tx, clock }) => {
    await incident(tx, input.incidentId)
    const now = (await store.now(tx, input.incidentId)) ?? null
    return {
      now,
      before: await store.before(tx, input.incidentId),
      pool: await candidates(tx, input.incidentId, clock.now()),
      can: { appoint: now === null && (await holdsAny(tx, ['kind:secretariat', 'kind:chair'])) },
    }
  }),
]
