import { internLabel } from '#core/access/reach.ts'
import type { Job } from '#core/operation/implement.ts'
import type { Incident } from './contract.ts'
import { markLeadUnresolved, membersClause, openIncidents, strategicGroups } from './incidents/store.ts'
import { isOverdue, leadState } from './lead-agency/rules.ts'
import { chairsOf, executivesOf, positions } from './lead-agency/store.ts'
import { absentSince, silentSince } from './seats/rules.ts'
import { endMissing, noteMissing, watched } from './seats/store.ts'
import { putEntry } from './timeline/store.ts'

type On = Parameters<Job['run']>[0]
type Labelled = Incident & { label: number }

/** once, when the time to settle the lead has run out: a line for everybody in the incident, and news for chair and executives. */
async function watchLead(doing: On, of: Labelled): Promise<void> {
  const { tx, clock, emit } = doing
  if (of.leadUnresolvedAt !== null || of.phase === 'closed' || !isOverdue(of.openedAt, of.leadMinutes, clock.now())) return
  const all = await positions(tx, of.id)
  if (leadState(all, of.phase, false) === 'confirmed') return
  await markLeadUnresolved(tx, of.id, clock.now())
  await putEntry(doing, {
    incidentId: of.id,
    label: of.label,
    kind: 'lead',
    code: 'lead.unresolved',
    params: { minutes: String(of.leadMinutes) },
  })
  const agencies = [...new Set(all.flatMap(({ agencyId, claimedBy }) => (claimedBy ? [agencyId, claimedBy] : [agencyId])))]
  const posts = [...new Set([...(await chairsOf(tx, of.id)), ...(await executivesOf(tx, agencies))])]
  emit('response.leadUnresolved', { incidentId: of.id, since: of.openedAt, posts })
}

/** each silence and each absence is noted once, under a label of its own, and ends by itself. */
async function watchSeats(doing: On, of: Labelled): Promise<void> {
  const { tx, clock, emit, id } = doing
  const now = clock.now()
  const groups = (await strategicGroups(tx, of.id)).map((group) => `group:${group}`)
  const label = await internLabel(tx, {
    clauses: [await membersClause(tx, of.id), [...(groups.length > 0 ? groups : ['kind:chair']), 'kind:watch-officer', 'kind:secretariat']],
    marking: 'OFFICIAL-SENSITIVE // TLP:AMBER',
  })
  for (const seat of await watched(tx, of.id)) {
    const kinds = [
      { kind: 'silent', noted: seat.silentId, since: silentSince(seat, of.silentMinutes, now), event: 'response.agencySilent' },
      { kind: 'core-absent', noted: seat.absentId, since: absentSince(seat, of.absentMinutes, now), event: 'response.coreMemberAbsent' },
    ] as const
    for (const { kind, noted, since, event } of kinds) {
      if (since === null && noted !== null) await endMissing(tx, noted, now)
      if (since === null || noted !== null) continue
      await noteMissing(tx, { id: id(), incidentId: of.id, agencyId: seat.agencyId, kind, since, at: now, label })
      const minutes = String(Math.floor((now.getTime() - since.getTime()) / 60_000))
      await putEntry(doing, {
        incidentId: of.id,
        label,
        kind: 'missing',
        code: `missing.${kind}`,
        params: { agency: seat.shortName, minutes },
      })
      emit(event, {
        incidentId: of.id,
        agencyId: seat.agencyId,
        agency: seat.shortName,
        since: since.toISOString(),
        posts: seat.executivePosts,
      })
    }
  }
}

export const jobs: readonly Job[] = [
  {
    name: 'response.watchCentre',
    everySeconds: 15,
    async run(doing) {
      for (const of of await openIncidents(doing.tx)) {
        await watchLead(doing, of)
        await watchSeats(doing, of)
      }
    },
  },
]
