import { z } from 'zod'
import { command, query } from '#core/operation/operation.ts'
import { KeyTurn } from '../reading/contract.ts'

const Id = z.uuid()
const When = z.iso.datetime({ offset: true })
/** Positions, sizes and heads show traffic: they are for these alone (decision 017). */
const keepers = ['administrator', 'inquiry', 'operator'] as const
const Reason = z.string().trim().min(10, 'Say why, in a sentence: it stands in the record.').max(2000)

/** What a whole verification found, without a word of any content. */
export const Verification = z.object({
  id: Id,
  askedAt: When,
  finishedAt: When.nullable(),
  ok: z.boolean().nullable(),
  entries: z.number().int(),
  sealed: z.number().int(),
  stubs: z.number().int(),
  heads: z.number().int(),
  problemCount: z.number().int(),
  problems: z.array(z.object({ position: z.number().int().nullable(), what: z.string() })),
  keyTurns: z.array(KeyTurn),
})
export type Verification = z.infer<typeof Verification>

const Key = z.object({
  id: z.string(),
  publicKey: z.string(),
  from: When,
  until: When.nullable(),
  ended: z.enum(['rotated', 'lost']).nullable(),
  signs: z.boolean(),
})
export type Key = z.infer<typeof Key>

export const keys = query('record.keys', {
  who: 'person',
  summary:
    'The public keys that sign the record, since when, and which were changed or lost. Compare them with what you hold from elsewhere.',
  input: z.object({}),
  output: z.object({
    origin: z.string(),
    keys: z.array(Key),
    /** Whether the asker may see how the record stands, and which other cities' statements are kept. */
    can: z.object({ see: z.boolean(), keep: z.boolean() }),
  }),
})

export const standing = query('record.standing', {
  who: keepers,
  summary: 'How the record stands: sealing, keys, witnesses, what the last verification found.',
  input: z.object({}),
  output: z.object({
    origin: z.string(),
    sealing: z.object({
      /** When the oldest entry was recorded that no signed head covers; null when all are covered. */
      oldestUnsealedAt: When.nullable(),
      lastHeadAt: When.nullable(),
      size: z.number().int(),
      unplaced: z.number().int(),
      /** True: something waits longer than it may (ten seconds). */
      standsStill: z.boolean(),
      trouble: z.object({ what: z.enum(['no-key', 'store']), since: When }).nullable(),
    }),
    keys: z.array(Key),
    changes: z.array(
      z.object({
        id: Id,
        kind: z.enum(['rotation', 'loss']),
        reason: z.string(),
        askedAt: When,
        doneAt: When.nullable(),
        atSize: z.number().int().nullable(),
        oldKey: z.string().nullable(),
        newKey: z.string().nullable(),
      }),
    ),
    witnesses: z.array(
      z.object({
        name: z.string(),
        kind: z.enum(['file', 'mail', 'city']),
        everyMinutes: z.number(),
        toldAt: When.nullable(),
        /** Not reached for two intervals. */
        late: z.boolean(),
        /** No process of this city says any longer that it tells this one. */
        dropped: z.boolean(),
        detail: z.string().nullable(),
      }),
    ),
    verifications: z.array(Verification),
    can: z.object({ changeKey: z.boolean(), verify: z.boolean() }),
  }),
})

export const rotateKey = command('record.rotateKey', {
  who: ['operator'],
  summary: 'A new key signs the record from the next head on; the old one vouches for it, and signs beside it for some hours.',
  input: z.object({ reason: Reason, overlapHours: z.number().int().min(0).max(2160).default(24) }),
  output: z.object({ id: Id }),
})

export const replaceLostKey = command('record.replaceLostKey', {
  who: ['operator'],
  summary: 'The key that signs the record is gone, or in wrong hands: state that, and sign with a new one. Every verification will say so.',
  input: z.object({ reason: Reason }),
  output: z.object({ id: Id }),
})

export const askVerification = command('record.askVerification', {
  who: keepers,
  summary: 'Have the whole record worked out again from its rows; the outcome stays on the page of the record.',
  input: z.object({}),
  output: z.object({ id: Id }),
})

export const witnessCity = command('record.witnessCity', {
  who: ['administrator'],
  summary: 'Keep what another city gives us to hold of its record, under the public key that it gave you by another way.',
  input: z.object({ name: z.string().trim().min(1, 'Say which city.').max(200), publicKey: z.string().trim().max(300) }),
  output: z.object({ id: Id }),
})

export const endWitnessing = command('record.endWitnessing', {
  who: ['administrator'],
  summary: 'Take no more statements of another city under this key. What is held stays.',
  input: z.object({ id: Id }),
  output: z.object({ ended: z.literal(true) }),
})

export const witnessed = query('record.witnessed', {
  who: ['administrator', 'inquiry'],
  summary: 'What this city holds of other cities’ records: signed commitments, newest first. Nothing in them is believed here.',
  input: z.object({ cityId: Id.optional() }),
  output: z.object({
    cities: z.array(
      z.object({
        id: Id,
        name: z.string(),
        code: z.string(),
        publicKey: z.string(),
        addedAt: When,
        endedAt: When.nullable(),
        newestAt: When.nullable(),
      }),
    ),
    statements: z.array(z.object({ cityId: Id, at: When, receivedAt: When, statement: z.string() })),
    can: z.object({ change: z.boolean() }),
  }),
})
