import { z } from 'zod'
import { command, query } from '#core/operation/operation.ts'
import { Id, When } from '../contract.ts'
import { Caveat, Grading, Marked, Reason } from '../items/contract.ts'

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
    'Recall what your agency shared, and what was made of it. Whoever had one is told why, and it is gone from their screens; its originator and an inquiry keep it.',
  input: z.object({
    itemId: Id,
    because: Reason,
    /** Of what was made of it (`derivedVersions`), those to recall with it; left out: all of them. */
    derived: z.array(Id).max(200).optional(),
    /** The reason that their holders read. It may say nothing of the item itself: they may not know that there is one. */
    derivedBecause: Reason.default('Do not rely on this any more.'),
  }),
  output: z.object({ told: z.array(z.string()), derived: z.array(z.object({ id: Id, title: z.string(), told: z.array(z.string()) })) }),
})

export const Derived = z.object({
  id: Id,
  title: z.string(),
  /** A releasable version, or made of it. */
  way: z.enum(['released', 'made']),
  originator: z.string(),
  /** Whom it was put before. */
  audience: z.array(z.string()),
  label: z.number().int(),
  marking: z.string(),
})
export type Derived = z.infer<typeof Derived>

export const derivedVersions = query('sharing.derivedVersions', {
  who: 'person',
  summary:
    'What was made of an item of your agency and still stands: releasable versions, items made from it, and what was made from those.',
  input: z.object({ itemId: Id }),
  output: z.object({ derived: z.array(Derived) }),
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
  output: z.object({
    shared: z.array(z.string()),
    kept: z.array(z.string()),
    lost: z.array(z.string()),
    /** What was made of it and is marked otherwise with it, as far as you can read it. */
    derived: z.array(z.object({ id: Id, title: z.string(), marking: z.string() })),
  }),
})

export const gradeItem = command('sharing.gradeItem', {
  who: 'person',
  summary: 'Say how sure what your agency shared is, by the scale of the city, or grade it anew with the reason. Whoever has it is told.',
  input: z.object({ itemId: Id, grading: Grading, because: Reason }),
  output: z.object({ told: z.array(z.string()) }),
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
