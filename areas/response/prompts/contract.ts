import { z } from 'zod'
import { Id, When } from '#areas/structure/contract.ts'
import { command, query } from '#core/operation/operation.ts'

/** Most pressing first: this is the ranking. */
export const causes = [
  'life-safety',
  'lead-unresolved',
  'call-out-unanswered',
  'agency-silent',
  'core-absent',
  'task-not-accepted',
  'outcome-not-acknowledged',
  'rationale-owed',
  'task-overdue',
  'review-due',
  'entry-not-confirmed',
] as const
export const Cause = z.enum(causes)
export type Cause = z.infer<typeof Cause>

export const Prompt = z.object({
  id: Id,
  incidentId: Id,
  cause: Cause,
  /** What it is about: a decision, a task, an agency. */
  subjectId: Id.nullable(),
  /** For the words of the catalogue, `prompt.<cause>`. */
  parameters: z.record(z.string(), z.string()),
  raisedAt: When,
  passedTo: Id.nullable(),
  passedToTitle: z.string().nullable(),
  passedAt: When.nullable(),
  snoozedUntil: When.nullable(),
  snoozeReason: z.string().nullable(),
  asleep: z.boolean(),
})
export type Prompt = z.infer<typeof Prompt>

export const passPrompt = command('response.passPrompt', {
  who: ['secretariat'],
  summary: 'Pass a prompt to a leader of the incident. A leader has at most three at once and twelve in an hour.',
  input: z.object({ promptId: Id, postId: Id }),
  output: Prompt,
})

export const snoozePrompt = command('response.snoozePrompt', {
  who: 'person',
  summary: 'Put a prompt off, with the reason. It can be put off again.',
  input: z.object({
    promptId: Id,
    minutes: z.number().int().min(1).max(720),
    reason: z.string().trim().min(1, 'Say why it can wait.').max(500),
  }),
  output: Prompt,
})

export const closePrompt = command('response.closePrompt', {
  who: 'person',
  summary: 'Close a prompt with what was done about it.',
  input: z.object({ promptId: Id, done: z.string().trim().min(1, 'Say what was done.').max(1000) }),
  output: z.object({ id: Id, closedAt: When }),
})

export const prompts = query('response.prompts', {
  who: 'person',
  summary: 'What you should look at now: all of it for the secretariat, at most three for a leader.',
  input: z.object({ incidentId: Id }),
  output: z.object({
    prompts: z.array(Prompt),
    /** Put off: when each comes back. */
    asleep: z.array(Prompt),
    leaders: z.array(z.object({ postId: Id, title: z.string(), agency: z.string(), refusal: z.string().nullable() })),
    can: z.object({ pass: z.boolean() }),
  }),
})
