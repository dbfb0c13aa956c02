import { z } from 'zod'
import { command, query } from '#core/operation/operation.ts'
import { Id, When } from '../contract.ts'

export const outcomes = ['fits', 'ours-changes', 'conflict'] as const
const keeping = ['executive', 'secretariat', 'duty'] as const

export const Plan = z.object({
  id: Id,
  code: z.string(),
  title: z.string(),
  agencyId: Id,
  agencyName: z.string(),
  version: z.string(),
  changedAt: When,
  whatChanged: z.string(),
  /** Plans on which it leans. */
  refersTo: z.array(z.object({ id: Id, title: z.string(), agencyName: z.string() })),
  can: z.object({ change: z.boolean() }),
})
export type Plan = z.infer<typeof Plan>

export const Reconciliation = z.object({
  id: Id,
  agencyName: z.string(),
  planTitle: z.string(),
  planAgencyName: z.string(),
  version: z.string(),
  whatChanged: z.string(),
  /** Asked for by the half-yearly reading of the three blue-light services, not by a change. */
  halfYearly: z.boolean(),
  raisedAt: When,
  dueAt: When,
  overdue: z.boolean(),
  outcome: z.enum(outcomes).nullable(),
  words: z.string().nullable(),
  readAt: When.nullable(),
  can: z.object({ answer: z.boolean() }),
})
export type Reconciliation = z.infer<typeof Reconciliation>

export const putPlan = command('structure.putPlan', {
  who: keeping,
  summary: 'Put a plan of your agency on the list, or say that it has a new version: everybody whose plan leans on it is asked to read it.',
  input: z.object({
    planId: Id.optional(),
    code: z.string().trim().min(1, 'Give it a code.').max(80),
    title: z.string().trim().min(3, 'Give it a title.').max(200),
    version: z.string().trim().min(1, 'Say which version this is.').max(80),
    whatChanged: z.string().trim().max(2000).default(''),
    /** Plans of others on which it leans. */
    refersTo: z.array(Id).max(50).default([]),
  }),
  output: z.object({ planId: Id }),
})

export const answerReconciliation = command('structure.answerReconciliation', {
  who: keeping,
  summary: 'Say that your agency has read a partner’s plan, and whether yours still fits. A conflict says what it is.',
  input: z
    .object({ reconciliationId: Id, outcome: z.enum(outcomes), words: z.string().trim().max(2000).default('') })
    .refine(({ outcome, words }) => outcome !== 'conflict' || words.length >= 3, { path: ['words'], message: 'Say what does not fit.' }),
  output: z.object({ answered: z.literal(true) }),
})

export const plans = query('structure.plans', {
  who: 'person',
  summary: 'Plans that agencies lean on, what your agency is asked to read, and the half-yearly reading of the blue-light services.',
  input: z.object({}),
  output: z.object({
    plans: z.array(Plan),
    reconciliations: z.array(Reconciliation),
    halfYearly: z.object({ openedAt: When, dueAt: When, closedAt: When.nullable(), overdue: z.boolean() }).nullable(),
    can: z.object({ put: z.boolean() }),
  }),
})
