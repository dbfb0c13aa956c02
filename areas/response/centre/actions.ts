import { observedHands } from '#areas/structure/contract.ts'
import { type Implementation, implement } from '#core/operation/implement.ts'
import { labelledIncident } from '../incidents/store.ts'
import { leadState } from '../lead-agency/rules.ts'
import { claims } from '../lead-agency/store.ts'
import { candidates } from '../neutral-commander/actions.ts'
import { now as neutralNow } from '../neutral-commander/store.ts'
import { seatsOf, setsAnySeat } from '../seats/actions.ts'
import { page } from '../timeline/store.ts'
import { centre } from './contract.ts'
import * as store from './store.ts'

const newest = 12

export const actions: readonly Implementation[] = [
  implement(centre, async ({ input, tx, actor, clock }) => {
    const { label, ...of } = await labelledIncident(tx, input.incidentId)
    const { seats, quorum, missing } = await seatsOf(tx, of.id)
    const all = await claims(tx, of.id)
    const state = leadState(all, of.phase === 'closed' ? 'response' : of.phase, of.leadUnresolvedAt !== null)
    const leading =
      all.find((claim) => claim.state === 'confirmed') ??
      (state === 'proposed' ? all.find((claim) => claim.state === 'proposed') : undefined)
    const holds = (...kinds: string[]) => kinds.some((kind) => actor.reach.includes(`kind:${kind}`))
    const open = of.closedAt === null
    const confirmed = state === 'confirmed'
    const present = (await neutralNow(tx, of.id)) ?? null
    return {
      asOf: clock.now().toISOString(),
      incident: of,
      label,
      marking: await store.markingOf(tx, label),
      lead: {
        state,
        agencyId: leading?.agencyId ?? null,
        agencyName: leading?.agencyName ?? null,
        since: leading ? (leading.decidedAt ?? leading.proposedAt) : null,
        claims: all,
      },
      seats,
      quorum,
      missing,
      neutral: { now: present, pool: holds('secretariat', 'chair') && open ? await candidates(tx, of.id, clock.now()) : [] },
      timeline: await page(tx, of.id, undefined, newest),
      own: { agencyId: actor.agencyId, postId: actor.postId },
      can: {
        setAnySeat: open && setsAnySeat.some((token) => actor.reach.includes(token)),
        setOwnSeat: open && actor.agencyId !== null,
        claimLead: open && holds('duty', 'executive', 'watch-officer', 'secretariat', 'loggist', 'chair'),
        confirmLead: open && !confirmed && holds('chair', 'executive'),
        appointNeutral: open && present === null && holds('secretariat', 'chair'),
        setStatus: open && holds('watch-officer', 'secretariat', 'chair', 'executive'),
        setTimes: open && holds('secretariat', 'chair'),
        close: open && of.status === 'stood-down' && holds('secretariat', 'chair'),
        seeMembers: holds('watch-officer', 'secretariat', 'chair'),
        observe: observedHands.some((kind) => holds(kind)),
        writeEntry: open && !actor.reach.includes('kind:device'),
      },
    }
  }),
]
