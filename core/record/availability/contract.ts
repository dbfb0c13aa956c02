import { z } from 'zod'
import { command } from '#core/operation/operation.ts'

const Id = z.uuid()
const When = z.iso.datetime({ offset: true })
const Table = z.string().regex(/^[a-z_]+\.[a-z_]+$/, 'This is not the name of a kind of row, such as sharing.requests.')

/** One person and one row at a moment. Each null says that no such thing was recorded, not that it did not happen. */
export const Availability = z.object({
  personId: Id,
  name: z.string(),
  /** They could read it then, and could since this moment without a break; null: not then. Available is never *knew*. */
  availableSince: When.nullable(),
  /** It was put before them by name, or before those whom they stood among. Sent is never *knows*. */
  sentAt: When.nullable(),
  /** A message told them that something waits, and nothing of what. */
  toldAt: When.nullable(),
  openedAt: When.nullable(),
  acknowledgedAt: When.nullable(),
})
export type Availability = z.infer<typeof Availability>

export const availability = command('record.availability', {
  who: ['data-protection', 'inquiry'],
  summary:
    'To whom something was available at a moment, who was sent it, who opened it, who acknowledged it. The question is itself an entry.',
  input: z.object({
    table: Table,
    id: Id,
    at: When,
    purpose: z.string().trim().min(10, 'Say what you need to know it for, in at least ten letters.').max(2000),
    /** An inquiry names on whose authority it asks; a data-protection post asks of what its own agency answers for. */
    authority: z.string().trim().min(3).max(500).optional(),
  }),
  output: z.object({
    asOf: When,
    people: z.array(Availability),
    /** There were more people than one answer holds. */
    cut: z.boolean(),
    basis: z.string(),
  }),
})
