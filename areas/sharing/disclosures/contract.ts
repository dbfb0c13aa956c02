import { z } from 'zod'
import { query } from '#core/operation/operation.ts'
import { Id, InformationKind, When } from '../contract.ts'

export const deeds = ['shared', 'remarked', 'regraded', 'recalled'] as const
export const Deed = z.enum(deeds)

/** Put before an agency, re-marked there, or recalled from it. That it was sent never says that anybody knows. */
export const Sent = z.object({
  id: Id,
  deed: Deed,
  agency: z.string(),
  at: When,
  by: z.string(),
  marking: z.string(),
  protocol: z.string().nullable(),
  channel: z.literal('concord'),
  because: z.string().nullable(),
  /** Who of them acknowledged a recall or a new marking. */
  acknowledged: z.array(z.object({ by: z.string(), at: When })),
})
export type Sent = z.infer<typeof Sent>

/** One person opened, or acknowledged. */
export const Looked = z.object({ id: Id, by: z.string(), agency: z.string(), at: When })
export type Looked = z.infer<typeof Looked>

export const disclosureLog = query('sharing.disclosureLog', {
  who: 'person',
  summary:
    'Of one item: whom it was sent to, who opened it, who acknowledged it; three lists, never one. Whole for its originator, your own part for you.',
  input: z.object({ itemId: Id, at: When.optional() }),
  output: z.object({
    title: z.string(),
    marking: z.string(),
    label: z.number().int(),
    sent: z.array(Sent),
    opened: z.array(Looked),
    acknowledged: z.array(Looked),
  }),
})

export const Given = z.object({
  id: Id,
  itemId: Id,
  deed: Deed,
  from: z.string(),
  to: z.string(),
  given: z.boolean(),
  kind: InformationKind,
  at: When,
  marking: z.string(),
  label: z.number().int(),
  protocol: z.string().nullable(),
  /** There still, for you. */
  open: z.boolean(),
})
export type Given = z.infer<typeof Given>

export const disclosures = query('sharing.disclosures', {
  who: 'person',
  summary: 'Everything that your agency has given out and received, newest first.',
  input: z.object({ direction: z.enum(['given', 'received']).optional(), before: When.optional() }),
  output: z.object({ rows: z.array(Given), older: When.nullable() }),
})
