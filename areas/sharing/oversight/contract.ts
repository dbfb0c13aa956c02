import { z } from 'zod'
import { query } from '#core/operation/operation.ts'
import { Id, When } from '../contract.ts'

export const oversightKinds = [
  'emergency-disclosure',
  'reporting-upward',
  'restriction-past-end',
  'structure-review',
  'group-review',
  'known-weakness',
] as const

/** One line: that it was done, by whom, when, between which agencies, and whether another person has reviewed it. Never what it said. */
export const OversightLine = z.object({
  id: Id,
  kind: z.enum(oversightKinds),
  /** Where the record has it: for a question to whom it was available. */
  about: z.object({ table: z.string(), id: Id }),
  by: z.string(),
  byAgency: z.string(),
  agencies: z.array(z.string()),
  at: When,
  /** open: a weakness that is still there; done: what was left undone is no longer so. */
  state: z.enum(['reviewed', 'to-review', 'overdue', 'open', 'noted', 'done']),
  /** How often it came about: what was mended and came back weighs more. */
  times: z.number().int(),
  reviewDueAt: When.nullable(),
  reviewed: z.object({ by: z.string(), at: When }).nullable(),
})
export type OversightLine = z.infer<typeof OversightLine>

export const oversight = query('sharing.oversight', {
  who: ['data-protection', 'chair', 'inquiry'],
  summary:
    'What was shared out of the ordinary, and what structure left undone: who, when, which agencies, reviewed or not. Overdue first; never the content.',
  input: z.object({}),
  output: z.object({ lines: z.array(OversightLine), basis: z.string() }),
})
