import { z } from 'zod'
import { LabelInput } from '#core/access/contract.ts'
import { Id, When } from '#areas/structure/contract.ts'
import { command, query } from '#core/operation/operation.ts'

export const entryKinds = ['note', 'status', 'activation', 'seat', 'missing', 'lead', 'neutral', 'decision', 'task', 'correction'] as const
export const EntryKind = z.enum(entryKinds)
export type EntryKind = z.infer<typeof EntryKind>

export const LogEntry = z.object({
  id: Id,
  incidentId: Id,
  /** When it happened, in the world's time. */
  occurredAt: When,
  /** When it was entered, in the world's time; the ledger keeps the real time. */
  recordedAt: When,
  kind: EntryKind,
  /** A word of the catalogue, `log.<code>`, with its parameters; null where only a person's own words stand. */
  code: z.string().nullable(),
  params: z.record(z.string(), z.string()),
  text: z.string(),
  /** Who entered it; null: Concord did, when a time had run out. */
  by: z.string().nullable(),
  byPost: z.string().nullable(),
  /** On behalf of which post it was entered, when that is another's. */
  onBehalfOf: z.string().nullable(),
  lateReason: z.string().nullable(),
  corrects: Id.nullable(),
  /** A later entry corrects this one; both are shown. */
  corrected: z.boolean(),
  label: z.number().int(),
  marking: z.string(),
})
export type LogEntry = z.infer<typeof LogEntry>

/** A page of the timeline. `next` is where the following page begins: opaque, and null at the end of what you can see. */
export const TimelinePage = z.object({ entries: z.array(LogEntry), next: z.string().nullable() })
export type TimelinePage = z.infer<typeof TimelinePage>

const When5 = {
  /** When it happened; absent: now. */
  occurredAt: When.optional(),
  /** Why it is entered over five minutes later. */
  lateReason: z.string().trim().min(1).max(500).optional(),
}

export const writeEntry = command('response.writeEntry', {
  who: 'person',
  summary: 'Write a line in the timeline of an incident.',
  input: z.object({
    incidentId: Id,
    text: z.string().trim().min(1, 'Write what happened.').max(8000),
    ...When5,
    /** On behalf of which post: your own, or any when you are a loggist or the secretariat. */
    postId: Id.optional(),
    /** Agencies that it speaks of, besides those whose names stand in the text. */
    named: z.array(Id).max(100).default([]),
    /** Who may read; absent: everybody in the incident. A clause for the incident is always added. */
    label: LabelInput.optional(),
  }),
  output: LogEntry,
})

export const correctEntry = command('response.correctEntry', {
  who: 'person',
  summary: 'Correct an entry with a new one that points at it. The old one stays, and both are shown.',
  input: z.object({ entryId: Id, text: z.string().trim().min(1, 'Write how it should read.').max(8000) }),
  output: LogEntry,
})

export const timeline = query('response.timeline', {
  who: 'person',
  summary: 'The timeline of an incident as you may read it, newest first.',
  input: z.object({ incidentId: Id, before: z.uuid().optional(), limit: z.number().int().min(1).max(200).default(50) }),
  output: TimelinePage,
})

export const sharedForIncident = query('response.sharedForIncident', {
  who: 'person',
  summary:
    'What agencies shared for an incident and still stands, newest first, with how sure its originator holds it to be: as far as you may read it.',
  input: z.object({ incidentId: Id }),
  output: z.object({
    items: z.array(
      z.object({
        id: Id,
        title: z.string(),
        originator: z.string(),
        sharedAt: When,
        /** The grade: in short, in words, and whose judgement it is. */
        graded: z.object({ short: z.string(), words: z.array(z.string()), by: z.string() }).nullable(),
        label: z.number().int(),
        marking: z.string(),
      }),
    ),
  }),
})
