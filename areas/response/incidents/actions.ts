import { grantReach, internLabel } from '#core/access/reach.ts'
import { type Implementation, implement } from '#core/operation/implement.ts'
import { incidents, openIncident } from './contract.ts'
import * as store from './store.ts'

export const actions: readonly Implementation[] = [
  implement(openIncident, async ({ input, tx, actor, clock, emit, id }) => {
    const incidentId = id()
    // Whoever opens an incident is its first member; everything in the room is labelled for its members.
    await grantReach(tx, { personId: actor.personId, token: `incident:${incidentId}`, from: null, until: null, source: `response.incident:${incidentId}` })
    const label = await internLabel(tx, { clauses: [[`incident:${incidentId}`]], marking: 'TLP:AMBER' })
    const opened = await store.open(tx, { ...input, id: incidentId, openedAt: clock.now(), openedBy: actor.personId, label })
    emit('response.incidentOpened', opened)
    return opened
  }),
  implement(incidents, ({ tx }) => store.incidents(tx)),
]
