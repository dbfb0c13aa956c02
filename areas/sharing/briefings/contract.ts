import { z } from 'zod'
import { command, query } from '#core/operation/operation.ts'
import { Id, When } from '../contract.ts'

/** Kinds of post that give and end briefings for their agency; the same list stands in SQL (sharing.brief). */
export const briefers = ['legal-adviser', 'data-protection'] as const

export const Briefing = z.object({
  id: Id,
  token: z.string(),
  /** What the caveat is called in a marking; never translated. */
  descriptor: z.string(),
  person: z.string(),
  you: z.boolean(),
  agency: z.string(),
  by: z.string(),
  reason: z.string(),
  at: When,
  until: When,
  state: z.enum(['open', 'over', 'ended']),
  endReason: z.string().nullable(),
  label: z.number().int(),
  marking: z.string(),
  can: z.object({ end: z.boolean() }),
})
export type Briefing = z.infer<typeof Briefing>

export const briefings = query('sharing.briefings', {
  who: 'person',
  summary:
    'Who may read what carries a caveat (legal privilege, investigation), by whom, why and until when: your own, and your agency’s if you answer for it.',
  input: z.object({}),
  output: z.object({
    briefings: z.array(Briefing),
    caveats: z.array(z.object({ token: z.string(), descriptor: z.string(), held: z.boolean() })),
    /** Whom to ask to be briefed: posts of your own agency. */
    ask: z.array(z.string()),
    /** Whom you can brief: people of your agency. Empty where you brief nobody. */
    people: z.array(z.object({ id: Id, name: z.string() })),
    can: z.object({ brief: z.boolean() }),
  }),
})

export const brief = command('sharing.brief', {
  who: briefers,
  summary: 'Let a person of your agency read what carries a caveat, with a reason and an end. An entry that the person can read.',
  input: z.object({
    token: z.string().regex(/^briefed:[A-Za-z0-9._-]{1,200}$/, 'Choose a caveat.'),
    personId: Id,
    reason: z.string().trim().min(3, 'Say why they must read it.').max(2000),
    until: When,
  }),
  output: z.object({ id: Id }),
})

export const endBriefing = command('sharing.endBriefing', {
  who: briefers,
  summary: 'End a briefing of your agency, from now on. What was read stays read.',
  input: z.object({ id: Id, reason: z.string().trim().min(3, 'Say why it ends.').max(2000) }),
  output: z.object({ ended: z.literal(true) }),
})
