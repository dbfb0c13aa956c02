import { z } from 'zod'
import { Id, When } from '#areas/structure/contract.ts'
import { command, query } from '#core/operation/operation.ts'
import { SignalLine, Way } from '../signals/contract.ts'
import { SourceLine } from '../sources/contract.ts'

/** A file that was refused whole or in part: nothing is lost silently. */
export const RefusedDelivery = z.object({
  id: Id,
  name: z.string(),
  way: Way,
  source: z.string().nullable(),
  receivedAt: When,
  size: z.int(),
  sha256: z.string(),
  reasons: z.array(z.string()),
  /** Alerts of the same file that stand all the same. */
  stored: z.int(),
  /** Its raw form was kept. */
  kept: z.boolean(),
})
export type RefusedDelivery = z.infer<typeof RefusedDelivery>

export const SourceEvent = z.object({
  id: Id,
  sourceId: Id,
  source: z.string(),
  kind: z.enum(['lost', 'back']),
  at: When,
  failures: z.int(),
  detail: z.string(),
})
export type SourceEvent = z.infer<typeof SourceEvent>

export const Exercise = z.object({ id: Id, name: z.string(), now: When, rate: z.number() })
export type Exercise = z.infer<typeof Exercise>

export const desk = query('watch.desk', {
  who: 'person',
  summary: 'The watch desk: what came, where it stands, what was refused, and how old each source is.',
  input: z.object({}),
  output: z.object({
    live: z.array(SignalLine),
    notActual: z.array(SignalLine),
    quarantine: z.array(SignalLine),
    refused: z.array(RefusedDelivery),
    sources: z.array(SourceLine),
    sourceEvents: z.array(SourceEvent),
    exercises: z.array(Exercise),
    /** World time of this answer. */
    at: When,
    /** More stands in a tray than is shown. */
    more: z.object({ live: z.boolean(), notActual: z.boolean(), quarantine: z.boolean() }),
    can: z.object({ handle: z.boolean(), openExercise: z.boolean(), keepSources: z.boolean() }),
  }),
})

export const openExercise = command('watch.openExercise', {
  who: ['watch-officer', 'secretariat', 'administrator'],
  summary: 'Open an exercise: a world of its own, with its own clock, from which nobody can be called in earnest.',
  input: z.object({
    name: z.string().trim().min(1).max(120),
    /** What its clock shows when it opens; now when left out. */
    startsAt: When.optional(),
    /** How fast its clock runs; 1 is as fast as ours. */
    rate: z.number().positive().max(3600).default(1),
  }),
  output: z.object({ id: Id, name: z.string(), startsAt: When, rate: z.number() }),
})

export const endExercise = command('watch.endExercise', {
  who: ['watch-officer', 'secretariat', 'administrator'],
  summary: 'End an exercise. What happened in it stays in the record.',
  input: z.object({ worldId: Id }),
  output: z.object({ id: Id, endedAt: When }),
})
