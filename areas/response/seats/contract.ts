import { z } from 'zod'
import { Id, When } from '#areas/structure/contract.ts'
import { command, query } from '#core/operation/operation.ts'

export const seatStates = ['expected', 'en-route', 'present', 'virtual', 'absent'] as const
export const SeatState = z.enum(seatStates)
export type SeatState = z.infer<typeof SeatState>

export const Seat = z.object({
  id: Id,
  agencyId: Id,
  agencyName: z.string(),
  shortName: z.string(),
  /** Core member of a group that is convened. */
  core: z.boolean(),
  state: SeatState,
  /** False: present, without authority to decide or commit. */
  withAuthority: z.boolean(),
  since: When,
  postTitle: z.string().nullable(),
  personId: Id.nullable(),
  person: z.string().nullable(),
  /** Why absent, or what else should be known. */
  reason: z.string(),
  callBack: z.string().nullable(),
})
export type Seat = z.infer<typeof Seat>

/** Core members who are there, of all; quorum informs and never blocks. */
export const Quorum = z.object({
  groupId: Id,
  code: z.string(),
  name: z.string(),
  present: z.number().int(),
  core: z.number().int(),
  quorum: z.number().int().nullable(),
  reached: z.boolean(),
})
export type Quorum = z.infer<typeof Quorum>

/** An agency that is expected and silent, or a core member that is not there: for those who can end it. */
export const Missing = z.object({
  agencyId: Id,
  agencyName: z.string(),
  shortName: z.string(),
  kind: z.enum(['silent', 'core-absent']),
  since: When,
})
export type Missing = z.infer<typeof Missing>

export const takeSeat = command('response.takeSeat', {
  who: 'person',
  summary: "Say where an agency stands in an incident: your own, or any agency's for the secretariat, the loggist, the desk and the chair.",
  input: z
    .object({
      incidentId: Id,
      agencyId: Id,
      state: SeatState,
      withAuthority: z.boolean().default(true),
      /** In which post, and who; absent: you and yours when it is your own agency. */
      postId: Id.optional(),
      personId: Id.optional(),
      reason: z.string().trim().max(1000).default(''),
      occurredAt: When.optional(),
      lateReason: z.string().trim().min(1).max(500).optional(),
    })
    .refine(({ state, reason }) => state !== 'absent' || reason !== '', { path: ['reason'], error: 'Say why they are absent.' }),
  output: Seat,
})

export const expectAgencies = command('response.expectAgencies', {
  who: ['watch-officer', 'secretariat', 'chair'],
  summary: 'Convene groups and expect agencies: a seat for each core member, and for each agency named.',
  input: z.object({ incidentId: Id, groups: z.array(Id).max(50).default([]), agencies: z.array(Id).max(200).default([]) }),
  output: z.array(Seat),
})

export const seats = query('response.seats', {
  who: 'person',
  summary: 'Who is in the co-ordination centre, who is expected, and who is silent.',
  input: z.object({ incidentId: Id }),
  output: z.object({ seats: z.array(Seat), quorum: z.array(Quorum), missing: z.array(Missing) }),
})
