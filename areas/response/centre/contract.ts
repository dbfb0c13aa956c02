import { z } from 'zod'
import { Id, When } from '#areas/structure/contract.ts'
import { query } from '#core/operation/operation.ts'
import { Incident } from '../contract.ts'
import { LeadClaim, LeadState } from '../lead-agency/contract.ts'
import { Candidate, NeutralCommander } from '../neutral-commander/contract.ts'
import { Missing, Quorum, Seat } from '../seats/contract.ts'
import { LogEntry } from '../timeline/contract.ts'

export const Centre = z.object({
  /** World time at which this was read. */
  asOf: When,
  incident: Incident,
  label: z.number().int(),
  marking: z.string(),
  lead: z.object({
    state: LeadState,
    agencyId: Id.nullable(),
    agencyName: z.string().nullable(),
    since: When.nullable(),
    claims: z.array(LeadClaim),
  }),
  seats: z.array(Seat),
  quorum: z.array(Quorum),
  /** Silent agencies and absent core members, for those who may read them. */
  missing: z.array(Missing),
  neutral: z.object({ now: NeutralCommander.nullable(), pool: z.array(Candidate) }),
  timeline: z.object({ entries: z.array(LogEntry), next: z.string().nullable() }),
  own: z.object({ agencyId: Id.nullable(), postId: Id.nullable() }),
  can: z.object({
    setAnySeat: z.boolean(),
    setOwnSeat: z.boolean(),
    claimLead: z.boolean(),
    confirmLead: z.boolean(),
    appointNeutral: z.boolean(),
    setStatus: z.boolean(),
    setTimes: z.boolean(),
    close: z.boolean(),
    writeEntry: z.boolean(),
    seeMembers: z.boolean(),
    /** Who told whom in it, beside what was declared: structure shows it, to named hands. */
    observe: z.boolean(),
  }),
})
export type Centre = z.infer<typeof Centre>

export const centre = query('response.centre', {
  who: 'person',
  summary:
    'The co-ordination centre of an incident on one screen: lead, seats, neutral commander, who is missing, the newest of the timeline.',
  input: z.object({ incidentId: Id }),
  output: Centre,
})
