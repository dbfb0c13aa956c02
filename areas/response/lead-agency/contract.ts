import { z } from 'zod'
import { Id, Phase, When } from '#areas/structure/contract.ts'
import { command, query } from '#core/operation/operation.ts'

/** One position on who leads. All are kept; the one adopted is confirmed, the others are superseded with the words they stood for. */
export const LeadClaim = z.object({
  id: Id,
  phase: Phase,
  agencyId: Id,
  agencyName: z.string(),
  shortName: z.string(),
  state: z.enum(['proposed', 'contested', 'confirmed', 'superseded']),
  basis: z.string(),
  /** Whose position it is; null: the arrangement made beforehand. */
  claimedBy: Id.nullable(),
  claimedByName: z.string().nullable(),
  proposedAt: When,
  agreedBy: z.array(z.string()),
  note: z.string(),
  decidedBy: z.string().nullable(),
  decidedAt: When.nullable(),
  positionNotAdopted: z.string().nullable(),
  label: z.number().int(),
  marking: z.string(),
})
export type LeadClaim = z.infer<typeof LeadClaim>

/** `none`: nothing that this viewer can read says who leads; unresolved: the time for settling it has run out. */
export const LeadState = z.enum(['confirmed', 'unresolved', 'contested', 'proposed', 'none'])
export type LeadState = z.infer<typeof LeadState>

const Basis = z.string().trim().min(1, 'Say on what basis: the plan, the law, or the place.').max(2000)

export const proposeLead = command('response.proposeLead', {
  who: 'person',
  summary: 'Propose which agency leads, with the basis. When another is proposed or confirmed already, this contests it.',
  input: z.object({ incidentId: Id, agencyId: Id, phase: Phase.default('response'), basis: Basis }),
  output: LeadClaim,
})

export const contestLead = command('response.contestLead', {
  who: 'person',
  summary: 'Contest who leads: say which agency should, and on what basis. Both positions are kept.',
  input: z.object({ incidentId: Id, agencyId: Id, phase: Phase.default('response'), basis: Basis }),
  output: LeadClaim,
})

export const confirmLead = command('response.confirmLead', {
  who: ['chair', 'executive'],
  summary: 'Confirm which agency leads. While it is contested, a chair from neither side does, or any chair when all sides agree.',
  input: z.object({
    incidentId: Id,
    agencyId: Id,
    phase: Phase.default('response'),
    /** Agencies that have said that they agree. */
    agreedBy: z.array(Id).max(50).default([]),
    note: z.string().trim().max(2000).default(''),
  }),
  output: LeadClaim,
})

export const leads = query('response.leads', {
  who: 'person',
  summary: 'Who leads, who says otherwise, and every position there was.',
  input: z.object({ incidentId: Id }),
  output: z.object({ state: LeadState, claims: z.array(LeadClaim) }),
})
