import { z } from 'zod'
import { Id, When } from '#areas/structure/contract.ts'
import { command, query } from '#core/operation/operation.ts'

const Reason = z.string().trim().min(3, 'Say why, in a few words.').max(2000)

/** What of an incident's past somebody sees: all of it, or what was written since they joined. */
export const pasts = ['all', 'from-joining'] as const
export const Past = z.enum(pasts)

export const admitPerson = command('response.admitPerson', {
  who: ['watch-officer', 'secretariat', 'chair'],
  summary:
    'Let a person into an incident, without a call-out: with all of its past, or from joining on. From then on they read what its members read.',
  input: z.object({ incidentId: Id, personId: Id, past: Past.default('all'), reason: Reason }),
  output: z.object({ personId: Id, incidentId: Id, past: Past }),
})

export const admitPeople = command('response.admitPeople', {
  who: ['watch-officer', 'secretariat', 'chair'],
  summary: 'Let several people into an incident at once, as one deed: all of them, each with an entry of their own, or none.',
  input: z.object({
    incidentId: Id,
    personIds: z.array(Id).min(1, 'Choose somebody.').max(200),
    past: Past.default('all'),
    reason: Reason,
  }),
  output: z.object({ personIds: z.array(Id), incidentId: Id, past: Past }),
})

export const endPart = command('response.endPart', {
  who: ['secretariat', 'chair'],
  summary:
    'End a person’s part in an incident, with the reason: from that moment they read nothing of it. What they read before they have read.',
  input: z.object({ incidentId: Id, personId: Id, reason: Reason }),
  output: z.object({ ended: z.literal(true) }),
})

export const members = query('response.members', {
  who: ['watch-officer', 'secretariat', 'chair'],
  summary: 'Who takes part in an incident, since when, and what of its past each sees; who was let in or let go, and why.',
  input: z.object({ incidentId: Id }),
  output: z.object({
    members: z.array(
      z.object({ personId: Id, name: z.string(), agency: z.string(), sees: Past, since: When, can: z.object({ end: z.boolean() }) }),
    ),
    changes: z.array(
      z.object({
        id: Id,
        name: z.string(),
        change: z.enum(['let-in', 'ended']),
        sees: Past.nullable(),
        reason: z.string(),
        by: z.string(),
        at: When,
      }),
    ),
    /** Who could be let in. */
    people: z.array(z.object({ id: Id, name: z.string(), agency: z.string() })),
    can: z.object({ letIn: z.boolean(), all: z.boolean() }),
  }),
})
