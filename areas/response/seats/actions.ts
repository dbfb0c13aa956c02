import { holdsAny } from '#core/access/reach.ts'
import { invalid, notAllowed } from '#core/errors.ts'
import { type Doing, type Implementation, implement, type Tx } from '#core/operation/implement.ts'
import type { Incident } from '../contract.ts'
import { convene, incident, labelledIncident } from '../incidents/store.ts'
import { now as neutralNow } from '../neutral-commander/store.ts'
import { putEntry } from '../timeline/store.ts'
import { expectAgencies, seats, takeSeat } from './contract.ts'
import { quorumOf } from './rules.ts'
import * as store from './store.ts'

type Expecting = Pick<Doing<unknown>, 'tx' | 'actor' | 'clock' | 'id'>

/** Who may set the seat of any agency; everybody else sets their own. */
export const setsAnySeat = ['kind:secretariat', 'kind:loggist', 'kind:watch-officer', 'kind:chair'] as const

/** Convenes groups and expects agencies; a seat that stands is left as it stands. One line of the timeline says who was newly expected. */
export async function expectSeats(
  doing: Expecting,
  of: Incident & { label: number },
  groups: readonly string[],
  agencies: readonly string[],
): Promise<void> {
  const { tx, clock, id } = doing
  const at = clock.now()
  for (const groupId of groups) await convene(tx, { id: id(), incidentId: of.id, groupId, at, label: of.label })
  const core = new Set(await store.coreAgencies(tx, groups))
  const fresh: string[] = []
  for (const agencyId of new Set([...core, ...agencies])) {
    const made = await store.expect(tx, { id: id(), incidentId: of.id, agencyId, core: core.has(agencyId), at, label: of.label })
    if (made) fresh.push(await store.shortName(tx, agencyId))
  }
  if (fresh.length > 0) {
    const params = { agencies: fresh.sort((a, b) => a.localeCompare(b)).join(', '), count: String(fresh.length) }
    await putEntry(doing, { incidentId: of.id, label: of.label, kind: 'seat', code: 'seat.expected', params })
  }
}

export async function seatsOf(tx: Tx, incidentId: string) {
  const all = await store.seats(tx, incidentId)
  const quorum = (await store.convened(tx, incidentId)).map((group) => quorumOf(group, all))
  return { seats: all, quorum, missing: await store.missing(tx, incidentId) }
}

export const actions: readonly Implementation[] = [
  implement(takeSeat, async (doing) => {
    const { input, tx, actor, clock, emit, id } = doing
    const of = await labelledIncident(tx, input.incidentId)
    const own = await holdsAny(tx, [`agency:${input.agencyId}`])
    if (!own && !(await holdsAny(tx, setsAnySeat))) {
      throw notAllowed("You set your own agency's seat; the secretariat or the loggist sets others. Nothing was changed. Ask them.")
    }
    const here = input.state !== 'expected' && input.state !== 'absent'
    const personId = here ? (input.personId ?? (own ? actor.personId : null)) : null
    if (personId !== null && (await neutralNow(tx, input.incidentId))?.personId === personId) {
      throw invalid('personId', 'The neutral commander sits for no agency. Nothing was changed. Somebody else takes this seat.')
    }
    const agency = await store.shortName(tx, input.agencyId)
    await store.put(tx, {
      id: id(),
      incidentId: input.incidentId,
      agencyId: input.agencyId,
      state: input.state,
      withAuthority: input.withAuthority,
      since: input.occurredAt === undefined ? clock.now() : new Date(input.occurredAt),
      postId: here ? (input.postId ?? (own ? actor.postId : null)) : null,
      personId,
      reason: input.reason,
      label: of.label,
    })
    const without = (input.state === 'present' || input.state === 'virtual') && !input.withAuthority
    await putEntry(doing, {
      incidentId: input.incidentId,
      label: of.label,
      kind: 'seat',
      code: without ? `seat.${input.state}-without-authority` : `seat.${input.state}`,
      params: { agency },
      text: input.reason,
      occurredAt: input.occurredAt,
      lateReason: input.lateReason,
      postId: own ? actor.postId : null,
      named: [input.agencyId],
    })
    emit('response.seatTaken', { incidentId: input.incidentId, agencyId: input.agencyId, state: input.state })
    return (await store.seatOf(tx, input.incidentId, input.agencyId))!
  }),
  implement(expectAgencies, async (doing) => {
    const { input, tx } = doing
    await expectSeats(doing, await labelledIncident(tx, input.incidentId), input.groups, input.agencies)
    return store.seats(tx, input.incidentId)
  }),
  implement(seats, async ({ input, tx }) => {
    await incident(tx, input.incidentId)
    return seatsOf(tx, input.incidentId)
  }),
]
