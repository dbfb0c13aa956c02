import { z } from 'zod'
import { command, query } from '#core/operation/operation.ts'

const Id = z.uuid()
const When = z.iso.datetime({ offset: true })
const Table = z.string().regex(/^[a-z_]+\.[a-z_]+$/)

/** One row of somebody's picture. `openedAt` and `acknowledgedAt` are theirs; null says that no such thing was recorded, not that they did not know. */
export const PictureRow = z.object({
  table: Table,
  id: Id,
  /** Recorded at: when the row came to stand as shown. */
  at: When,
  marking: z.string(),
  row: z.record(z.string(), z.unknown()),
  openedAt: When.nullable(),
  acknowledgedAt: When.nullable(),
})
export type PictureRow = z.infer<typeof PictureRow>

const Picture = z.object({ asOf: When, of: z.object({ id: Id, name: z.string() }), rows: z.array(PictureRow) })

export const asOf = query('record.asOf', {
  who: 'person',
  summary: 'What was available to you in an incident at a moment, what you opened, what you acknowledged.',
  input: z.object({ thread: Id, at: When }),
  output: Picture,
})

export const inspect = command('record.inspect', {
  who: ['inquiry'],
  summary: 'What was available to another person at a moment. Needs a purpose and an authority; the look is itself an entry.',
  input: z.object({
    personId: Id,
    thread: Id,
    at: When,
    purpose: z.string().trim().min(10).max(2000),
    authority: z.string().trim().min(3).max(500),
  }),
  output: Picture,
})

export const open = command('record.open', {
  who: 'person',
  summary: 'Note that you opened something.',
  input: z.object({ table: Table, id: Id }),
  output: z.object({ id: Id, openedAt: When }),
})

export const acknowledge = command('record.acknowledge', {
  who: 'person',
  summary: 'Acknowledge something you can see; sending is not knowing, this is.',
  input: z.object({ table: Table, id: Id }),
  output: z.object({ acknowledgedAt: When }),
})

/** A change or a loss of the signing key, as the record itself states it. */
export const KeyTurn = z.object({
  kind: z.enum(['changed', 'lost', 'lost-unproved']),
  size: z.number().int(),
  at: z.string(),
  from: z.string().nullable(),
  to: z.string(),
})

export const verify = query('record.verify', {
  who: ['administrator', 'inquiry', 'operator'],
  summary: 'Recompute the whole ledger from its rows and hold it against the signed heads.',
  input: z.object({}),
  output: z.object({
    ok: z.boolean(),
    entries: z.number().int(),
    sealed: z.number().int(),
    notYetSealed: z.number().int(),
    /** Recorded, and not yet given a position. */
    unplaced: z.number().int(),
    stubs: z.number().int(),
    treeSize: z.number().int(),
    root: z.string(),
    heads: z.number().int(),
    keyTurns: z.array(KeyTurn),
    problemCount: z.number().int(),
    problems: z.array(z.object({ position: z.number().int().nullable(), what: z.string() })),
  }),
})
