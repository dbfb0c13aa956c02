import { z } from 'zod'
import { command, query } from '#core/operation/operation.ts'

const Id = z.uuid()
const When = z.iso.datetime({ offset: true })
const Table = z.string().regex(/^[a-z_]+\.[a-z_]+$/, 'Name a table as schema.name.')
const Words = z.string().trim().min(10, 'Say why, in at least ten letters.').max(2000)
const holders = ['legal-adviser', 'data-protection', 'inquiry'] as const
const answerable = ['data-protection', 'executive', 'legal-adviser', 'inquiry'] as const

export const Hold = z.object({
  id: Id,
  thread: Id.nullable(),
  table: Table.nullable(),
  row: Id.nullable(),
  reason: z.string(),
  authority: z.string(),
  placedAt: When,
  releasedAt: When.nullable(),
  releaseReason: z.string().nullable(),
})
export type Hold = z.infer<typeof Hold>

export const hold = command('record.hold', {
  who: holders,
  summary: 'Place a legal hold on an incident and all that belongs to it, or on one row: retention deletes nothing of it.',
  input: z
    .object({
      thread: Id.optional(),
      table: Table.optional(),
      row: Id.optional(),
      reason: Words,
      authority: z.string().trim().min(3, 'Say on whose authority.').max(500),
    })
    .refine(
      (input) => (input.thread === undefined) !== (input.row === undefined) && (input.row === undefined) === (input.table === undefined),
      {
        message: 'Give an incident, or a table with the id of a row.',
        path: ['thread'],
      },
    ),
  output: z.object({ id: Id, placedAt: When }),
})

export const releaseHold = command('record.releaseHold', {
  who: holders,
  summary: 'Release a legal hold, with the reason. From then on retention runs again.',
  input: z.object({ id: Id, reason: Words }),
  output: z.object({ id: Id, releasedAt: When }),
})

export const holds = query('record.holds', {
  who: answerable,
  summary: 'Legal holds, those in force first.',
  input: z.object({ thread: Id.optional() }),
  output: z.object({ holds: z.array(Hold), can: z.object({ hold: z.boolean() }) }),
})

export const heldSince = query('record.heldSince', {
  who: 'person',
  summary: 'Whether an incident you take part in is held, and since when.',
  input: z.object({ thread: Id }),
  output: z.object({ since: When.nullable() }),
})

export const Policy = z.object({
  table: Table,
  keepDays: z.number().int(),
  defaultDays: z.number().int(),
  /** What the period runs from: a column of the row, or of the row that `of` names. */
  since: z.string(),
  of: z.string().nullable(),
  basis: z.string(),
  confirmedAt: When.nullable(),
  lastRun: z.object({ at: When, rows: z.number().int() }).nullable(),
})
export type Policy = z.infer<typeof Policy>

export const retention = query('record.retention', {
  who: answerable,
  summary: 'How long each kind of row is kept, on what basis, whether its deletion was confirmed; and what has no period, and why.',
  input: z.object({}),
  output: z.object({
    policies: z.array(Policy),
    /** Tables without a period, each with its reason. */
    kept: z.array(z.object({ table: Table, because: z.string() })),
    can: z.object({ set: z.boolean() }),
    strong: z.boolean(),
  }),
})

const KeepDays = z.number().int().min(1).max(36_525)

export const setRetention = command('record.setRetention', {
  who: ['data-protection', 'executive'],
  summary: 'Set how long a kind of row is kept, and on what basis. Its first run must then be confirmed.',
  input: z.object({ table: Table, keepDays: KeepDays, basis: z.string().trim().min(3, 'Say on what basis.').max(500) }),
  output: z.object({ table: Table, keepDays: KeepDays }),
})

export const tryRetention = command('record.tryRetention', {
  who: answerable,
  summary: 'What would be deleted of a kind of row today: how many, and none of their words. Nothing is changed; the question is recorded.',
  input: z.object({ table: Table }),
  output: z.object({ table: Table, keepDays: KeepDays, rows: z.number().int(), upto: When }),
})

export const confirmRetention = command('record.confirmRetention', {
  who: ['data-protection', 'executive'],
  summary: 'Confirm that a kind of row is deleted when its period is over, from now on. What is deleted cannot be brought back.',
  input: z.object({ table: Table }),
  output: z.object({ table: Table, confirmedAt: When }),
})
