import { agreedLead } from '#areas/structure/facade.ts'
import { grantReach, internLabel } from '#core/access/reach.ts'
import { conflict } from '#core/errors.ts'
import { type Doing, type Implementation, implement } from '#core/operation/implement.ts'
import type { Incident, IncidentStatus } from '../contract.ts'
import { putClaim } from '../lead-agency/actions.ts'
import { expectSeats } from '../seats/actions.ts'
import { agenciesOfPosts } from '../seats/store.ts'
import { putEntry } from '../timeline/store.ts'
import { closeIncident, groupsToConvene, incident, incidents, openIncident, setCentreTimes, setIncidentStatus } from './contract.ts'
import * as store from './store.ts'

export interface Opening {
  name: string
  incidentType: string
  jurisdiction: string
  activationId: string | null
  groups: readonly string[]
  posts: readonly string[]
  status?: IncidentStatus
}

/** Opens an incident: its first member, its expected seats, and the lead that was agreed beforehand as a proposal. */
export async function startIncident(
  doing: Pick<Doing<unknown>, 'tx' | 'actor' | 'clock' | 'id' | 'emit'>,
  opening: Opening,
): Promise<Incident> {
  const { tx, actor, clock, emit, id } = doing
  const incidentId = id()
  // Whoever opens an incident is its first member; everything in the room is labelled for its members.
  await grantReach(tx, {
    personId: actor.personId,
    token: `incident:${incidentId}`,
    from: null,
    until: null,
    source: `response.incident:${incidentId}`,
  })
  const label = await internLabel(tx, { clauses: [[`incident:${incidentId}`]], marking: 'TLP:AMBER' })
  const { name, incidentType, jurisdiction, activationId, groups, posts, status = 'potential' } = opening
  const opened = await store.open(tx, {
    id: incidentId,
    name,
    incidentType,
    jurisdiction,
    activationId,
    status,
    openedAt: clock.now(),
    openedBy: actor.personId,
    label,
  })
  await putEntry(doing, { incidentId, label, kind: 'status', code: 'incident.opened', params: { name, status } })
  await expectSeats(doing, { ...opened, label }, groups, await agenciesOfPosts(tx, posts))
  const agreed = await agreedLead(tx, incidentType, jurisdiction, 'response')
  if (agreed)
    await putClaim(doing, { ...opened, label }, { incidentId, agencyId: agreed.agencyId, phase: 'response', basis: agreed.basis }, null)
  emit('response.incidentOpened', opened)
  return opened
}

export const actions: readonly Implementation[] = [
  implement(openIncident, (doing) => startIncident(doing, doing.input)),
  implement(setIncidentStatus, async (doing) => {
    const { input, tx, emit } = doing
    const { label } = await store.labelledIncident(tx, input.incidentId)
    const changed = await store.setStatus(tx, input.incidentId, input.status, input.reason)
    await putEntry(doing, { incidentId: input.incidentId, label, kind: 'status', code: `incident.${input.status}`, text: input.reason })
    emit('response.incidentStatusChanged', { incidentId: input.incidentId, status: input.status })
    return changed
  }),
  implement(setCentreTimes, async ({ input, tx }) => {
    await store.incident(tx, input.incidentId)
    return store.setTimes(tx, input.incidentId, input)
  }),
  implement(closeIncident, async (doing) => {
    const { input, tx, clock, emit } = doing
    const before = await store.labelledIncident(tx, input.incidentId)
    if (before.closedAt) throw conflict('This incident is closed already. Nothing was changed.')
    if (before.status !== 'stood-down')
      throw conflict('An incident is stood down before it is closed. Nothing was changed. Stand it down first.')
    const closed = await store.close(tx, input.incidentId, clock.now(), input.reason)
    await putEntry(doing, {
      incidentId: input.incidentId,
      label: before.label,
      kind: 'status',
      code: 'incident.closed',
      text: input.reason,
    })
    emit('response.incidentClosed', { incidentId: input.incidentId })
    return closed
  }),
  implement(incident, ({ input, tx }) => store.incident(tx, input.incidentId)),
  implement(groupsToConvene, ({ tx }) => store.groupsToConvene(tx)),
  implement(incidents, ({ tx }) => store.incidents(tx)),
]
