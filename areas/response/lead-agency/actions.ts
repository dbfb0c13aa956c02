import { holdsAny, internLabel } from '#core/access/reach.ts'
import { conflict, notAllowed } from '#core/errors.ts'
import { type Doing, type Implementation, implement, type Tx } from '#core/operation/implement.ts'
import type { Incident } from '../contract.ts'
import { incident, labelledIncident, membersClause, strategicGroups } from '../incidents/store.ts'
import { shortName } from '../seats/store.ts'
import { putEntry } from '../timeline/store.ts'
import { confirmLead, contestLead, type LeadClaim, leads, proposeLead } from './contract.ts'
import { leadState, mayConfirm } from './rules.ts'
import * as store from './store.ts'

type Claiming = Pick<Doing<unknown>, 'tx' | 'actor' | 'clock' | 'id'>
type Claim = { incidentId: string; agencyId: string; phase: LeadClaim['phase']; basis: string }

/** While two agencies differ, who differs is for the strategic groups, the chair, the secretariat and the sides themselves. */
async function narrowLabel(tx: Tx, incidentId: string, sides: readonly string[]): Promise<number> {
  const groups = (await strategicGroups(tx, incidentId)).map((group) => `group:${group}`)
  const settle = [...groups, 'kind:chair', 'kind:secretariat', ...sides.map((agency) => `agency:${agency}`)]
  return internLabel(tx, { clauses: [await membersClause(tx, incidentId), settle], marking: 'OFFICIAL-SENSITIVE // TLP:AMBER' })
}

/** Puts a position on who leads: the first is proposed; one for another agency makes both contested. Returns its id. */
export async function putClaim(doing: Claiming, of: Incident & { label: number }, claim: Claim, claimedBy: string | null): Promise<string> {
  const { tx, actor, clock, id } = doing
  const open = (await store.claims(tx, of.id)).filter(({ phase, state }) => phase === claim.phase && state !== 'superseded')
  const same = open.find(({ agencyId }) => agencyId === claim.agencyId)
  if (same?.state === 'confirmed') throw conflict('This agency is confirmed as lead already. Nothing was changed.')
  if (same && claimedBy !== null) {
    await store.support(tx, same.id, claimedBy)
    const params = { agency: same.shortName, by: await shortName(tx, claimedBy) }
    await putEntry(doing, {
      incidentId: of.id,
      label: same.label,
      kind: 'lead',
      code: 'lead.supported',
      params,
      text: claim.basis,
      named: [claim.agencyId, claimedBy],
    })
    return same.id
  }
  const contested = open.length > 0
  const sides = [...open.flatMap((other) => [other.agencyId, other.claimedBy]), claim.agencyId, claimedBy].filter(
    (agency) => agency !== null,
  )
  const label = contested ? await narrowLabel(tx, of.id, [...new Set(sides)]) : of.label
  if (contested) await store.contest(tx, of.id, claim.phase, label)
  const claimId = id()
  await store.put(tx, {
    ...claim,
    id: claimId,
    state: contested ? 'contested' : 'proposed',
    claimedBy,
    proposedBy: actor.personId,
    proposedAt: clock.now(),
    label,
  })
  await putEntry(doing, {
    incidentId: of.id,
    label,
    kind: 'lead',
    code: !contested ? 'lead.proposed' : claimedBy === claim.agencyId ? 'lead.contested-own' : 'lead.contested',
    params: { agency: await shortName(tx, claim.agencyId), by: claimedBy ? await shortName(tx, claimedBy) : '', basis: claim.basis },
    text: claim.basis,
    named: sides,
  })
  return claimId
}

async function claimAs({ input, ...doing }: Doing<Claim>) {
  const { tx, actor, emit } = doing
  const of = await labelledIncident(tx, input.incidentId)
  const forOthers = await holdsAny(tx, ['kind:secretariat', 'kind:loggist', 'kind:chair'])
  if (!forOthers && !(await holdsAny(tx, ['kind:duty', 'kind:executive', 'kind:watch-officer']))) {
    throw notAllowed('An agency speaks through its duty or executive post. Nothing was changed. Ask them, or the secretariat.')
  }
  const id = await putClaim(doing, of, input, actor.agencyId)
  const claim = await store.claim(tx, id)
  emit('response.leadClaimed', { incidentId: of.id, claimId: id, state: claim.state })
  return claim
}

const kinds = (reach: readonly string[]) => reach.filter((token) => token.startsWith('kind:')).map((token) => token.slice('kind:'.length))

export const actions: readonly Implementation[] = [
  implement(proposeLead, claimAs),
  implement(contestLead, claimAs),
  implement(confirmLead, async (doing) => {
    const { input, tx, actor, clock, emit } = doing
    const of = await labelledIncident(tx, input.incidentId)
    const claims = await store.claims(tx, of.id)
    if (claims.some(({ phase, state }) => phase === input.phase && state === 'confirmed')) {
      throw conflict('A lead is confirmed for this phase. Nothing was changed. A change of lead is signed by both agencies.')
    }
    const refusal = mayConfirm({ kinds: kinds(actor.reach), agencyId: actor.agencyId }, claims, input)
    if (refusal) throw notAllowed(refusal)
    const open = claims.find(({ phase, state, agencyId }) => phase === input.phase && state !== 'superseded' && agencyId === input.agencyId)
    const id = open?.id ?? (await putClaim(doing, of, { ...input, basis: input.note || 'Confirmed by the chair' }, actor.agencyId))
    await store.confirm(tx, { ...input, id, by: actor.personId, at: clock.now(), label: of.label })
    await putEntry(doing, {
      incidentId: of.id,
      label: of.label,
      kind: 'lead',
      code: 'lead.confirmed',
      params: { agency: await shortName(tx, input.agencyId) },
      text: input.note,
      named: [input.agencyId],
    })
    emit('response.leadConfirmed', { incidentId: of.id, agencyId: input.agencyId, phase: input.phase })
    return store.claim(tx, id)
  }),
  implement(leads, async ({ input, tx }) => {
    const { phase, leadUnresolvedAt } = await incident(tx, input.incidentId)
    const claims = await store.claims(tx, input.incidentId)
    return { state: leadState(claims, phase === 'closed' ? 'response' : phase, leadUnresolvedAt !== null), claims }
  }),
]
