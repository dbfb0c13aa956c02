import { z } from 'zod'
import { Id, When } from '#areas/structure/contract.ts'
import { command, query } from '#core/operation/operation.ts'

/** A line of the log as the loggist's desk shows it. Confirmed: the post on whose behalf it stands has said that it is right. */
export const Line = z.object({
  id: Id,
  occurredAt: When,
  enteredAt: When,
  text: z.string(),
  code: z.string().nullable(),
  params: z.record(z.string(), z.string()),
  postId: Id.nullable(),
  postTitle: z.string().nullable(),
  agencyName: z.string().nullable(),
  enteredBy: z.string(),
  lateReason: z.string().nullable(),
  correctsId: Id.nullable(),
  correctedById: Id.nullable(),
  confirmation: z.enum(['not-needed', 'waiting', 'confirmed', 'corrected']),
  confirmedAt: When.nullable(),
  mine: z.boolean(),
  label: z.number().int(),
  marking: z.string(),
})
export type Line = z.infer<typeof Line>

/** Exactly one of the two. */
export const confirmEntry = command('response.confirmEntry', {
  who: 'person',
  summary: 'Confirm, as the post on whose behalf it was entered, that a line of the log or a decision is right.',
  input: z.object({ entryId: Id.optional(), decisionId: Id.optional() }),
  output: z.object({ subject: z.enum(['entry', 'decision']), id: Id, confirmedAt: When }),
})

export const loggistDesk = query('response.loggistDesk', {
  who: 'person',
  summary: 'The newest lines of the log, the posts that can be written for, and what waits for your own confirmation.',
  input: z.object({ incidentId: Id, atMost: z.number().int().min(1).max(200).default(50) }),
  output: z.object({
    incident: z.object({ id: Id, name: z.string(), phase: z.string() }),
    lines: z.array(Line),
    posts: z.array(z.object({ id: Id, code: z.string(), title: z.string(), agencyName: z.string() })),
    waiting: z.object({
      lines: z.array(Line),
      decisions: z.array(z.object({ id: Id, question: z.string(), chosen: z.string(), decidedAt: When })),
    }),
    can: z.object({ enter: z.boolean() }),
  }),
})
