import { z } from 'zod'
import { Id, When } from '#areas/structure/contract.ts'
import { command, query } from '#core/operation/operation.ts'

/** Who challenges and guards the process beside the lead agency. Has no command over anybody's units. */
export const NeutralCommander = z.object({
  id: Id,
  incidentId: Id,
  postId: Id,
  postTitle: z.string(),
  personId: Id,
  name: z.string(),
  agencyId: Id,
  agencyName: z.string(),
  interests: z.string(),
  fromAt: When,
  untilAt: When.nullable(),
  endReason: z.string().nullable(),
})
export type NeutralCommander = z.infer<typeof NeutralCommander>

/** One of the pre-designated pool, with what stands in the way, if anything does. */
export const Candidate = z.object({
  postId: Id,
  postTitle: z.string(),
  personId: Id,
  name: z.string(),
  agencyId: Id,
  agencyName: z.string(),
  refusal: z.string().nullable(),
})
export type Candidate = z.infer<typeof Candidate>

export const appointNeutralCommander = command('response.appointNeutralCommander', {
  who: ['secretariat', 'chair'],
  summary: 'Appoint the neutral commander of an incident from the pre-designated pool.',
  input: z.object({
    incidentId: Id,
    postId: Id,
    /** Declared interests, in the candidate's words; "none declared" is an answer, silence is not (GAP-25). */
    interests: z.string().trim().min(1, 'Say which interests were declared, or "none declared".').max(2000),
  }),
  output: NeutralCommander,
})

export const relieveNeutralCommander = command('response.relieveNeutralCommander', {
  who: ['secretariat', 'chair'],
  summary: 'Relieve the neutral commander, with the reason.',
  input: z.object({ incidentId: Id, reason: z.string().trim().min(1).max(2000) }),
  output: NeutralCommander,
})

export const neutralCommander = query('response.neutralCommander', {
  who: 'person',
  summary: 'Who is neutral commander of an incident, who was, and who could be.',
  input: z.object({ incidentId: Id }),
  output: z.object({
    now: NeutralCommander.nullable(),
    before: z.array(NeutralCommander),
    pool: z.array(Candidate),
    can: z.object({ appoint: z.boolean() }),
  }),
})
