import { z } from 'zod'
import { command, query } from '#core/operation/operation.ts'
import { Id, When } from '../contract.ts'

export const outcomes = ['right', 'right-otherwise', 'not-right'] as const

export const EmergencyDisclosure = z.object({
  id: Id,
  title: z.string(),
  text: z.string(),
  reason: z.string(),
  to: z.array(z.string()),
  originator: z.string(),
  by: z.string(),
  byAgency: z.string(),
  at: When,
  reviewDueAt: When,
  review: z.object({ by: z.string(), at: When, outcome: z.enum(outcomes), words: z.string() }).nullable(),
  overdue: z.boolean(),
  label: z.number().int(),
  marking: z.string(),
  can: z.object({ review: z.boolean() }),
})
export type EmergencyDisclosure = z.infer<typeof EmergencyDisclosure>

export const discloseInEmergency = command('sharing.discloseInEmergency', {
  who: ['duty', 'executive', 'watch-officer', 'secretariat', 'chair', 'loggist'],
  summary: 'Share life-saving information at once, outside any protocol, with the reason. Another person reviews it within a day.',
  input: z.object({
    title: z.string().trim().min(1, 'Say in a few words what it is about.').max(200),
    text: z.string().trim().min(1, 'Write what they must know.').max(8000),
    reason: z.string().trim().min(3, 'Say why it cannot wait.').max(2000),
    toAgencyIds: z.array(Id).min(1, 'Choose who must know.').max(60),
    /** Whose information it is, when it is not your agency's; they can read that you passed it on. */
    originatorAgencyId: Id.optional(),
    incidentId: Id.optional(),
  }),
  output: z.object({ id: Id, reviewDueAt: When }),
})

export const reviewDisclosure = command('sharing.reviewDisclosure', {
  who: ['data-protection', 'executive'],
  summary: 'Review an emergency disclosure of your agency, or of your agency’s information. Never one’s own.',
  input: z.object({ id: Id, outcome: z.enum(outcomes), words: z.string().trim().min(3, 'Say what was found.').max(4000) }),
  output: z.object({ reviewed: z.literal(true) }),
})

export const emergencyDisclosures = query('sharing.emergencyDisclosures', {
  who: 'person',
  summary: 'Emergency disclosures to, by or about your agency: those to be reviewed first.',
  input: z.object({}),
  output: z.object({
    disclosures: z.array(EmergencyDisclosure),
    agencies: z.array(z.object({ id: Id, name: z.string() })),
    can: z.object({ disclose: z.boolean() }),
  }),
})
