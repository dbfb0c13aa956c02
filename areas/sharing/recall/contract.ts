import { z } from 'zod'
import { command, query } from '#core/operation/operation.ts'
import { Id, When } from '../contract.ts'
import { Caveat, Marked, Reason } from '../items/contract.ts'

export const Challenge = z.object({
  id: Id,
  agency: z.string(),
  by: z.string(),
  at: When,
  /** As it was marked then, and as they hold that it should be. */
  marking: z.string(),
  wished: z.string(),
  because: z.string(),
  answer: z.object({ kind: z.enum(['kept', 'changed']), by: z.string(), at: When, words: z.string() }).nullable(),
  can: z.object({ answer: z.boolean() }),
})
export type Challenge = z.infer<typeof Challenge>

export const recallItem = command('sharing.recallItem', {
  who: 'person',
  summary:
    'Recall what your agency shared. Whoever had it is told why, and it is gone from their screens; your agency and an inquiry keep it.',
  input: z.object({ itemId: Id, because: Reason }),
  output: z.object({ told: z.array(z.string()) }),
})

export const remarkItem = command('sharing.remarkItem', {
  who: 'person',
  summary:
    'Mark what your agency shared otherwise: higher or lower, for more or fewer, until another moment. Whoever has it, or had it, is told why.',
  input: z.object({
    itemId: Id,
    marking: Marked,
    /** As when sharing: all that is left out here does not hold any more. */
    agencyIds: z.array(Id).max(60).optional(),
    until: When.optional(),
    restrictedBecause: z.string().trim().max(2000).optional(),
    restrictedUntil: When.optional(),
    caveats: z.array(Caveat).max(10).optional(),
    because: Reason,
    /** The challenge that this answers. */
    challengeId: Id.optional(),
  }),
  output: z.object({ shared: z.array(z.string()), kept: z.array(z.string()), lost: z.array(z.string()) }),
})

export const challengeMarking = command('sharing.challengeMarking', {
  who: 'person',
  summary: 'Say that you hold a marking to be wrong, how it should be, and why. Its originator answers.',
  input: z.object({ itemId: Id, wished: Marked, because: Reason }),
  output: z.object({ challengeId: Id }),
})

export const keepMarking = command('sharing.keepMarking', {
  who: 'person',
  summary: 'Answer a challenge: the marking stays as it is, and why. To change it, re-mark the item.',
  input: z.object({ itemId: Id, challengeId: Id, words: Reason }),
  output: z.object({ kept: z.literal(true) }),
})

export const challenges = query('sharing.challenges', {
  who: 'person',
  summary: 'Challenges to the marking of one item, with their answers.',
  input: z.object({ itemId: Id }),
  output: z.object({ challenges: z.array(Challenge) }),
})
