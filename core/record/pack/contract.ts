import { z } from 'zod'
import { command, query } from '#core/operation/operation.ts'

const Id = z.uuid()
const When = z.iso.datetime({ offset: true })

/** `all`: everything. `members`: what members who see the whole incident may read. `agency`: that, and what one agency may read besides. */
export const packReach = ['all', 'members', 'agency'] as const
/** `absent`: what is not for the receiver is not there at all. `stubs`: it shows as a stub, to a receiver entitled to know that it exists. */
export const packWithheld = ['absent', 'stubs'] as const
export const packStates = ['asked', 'ready', 'failed', 'expired'] as const
const makers = ['inquiry', 'legal-adviser', 'data-protection'] as const

export const pack = command('record.pack', {
  who: makers,
  summary:
    'Make a disclosure pack of an incident for a named receiver: redacted by label for them, sealed to them, and deleted here when its days are over.',
  input: z
    .object({
      thread: Id,
      receiver: z.string().trim().min(2, 'Say for whom it is.').max(200),
      purpose: z.string().trim().min(10, 'Say what it is for, in at least ten letters.').max(2000),
      authority: z.string().trim().min(3, 'Say on whose authority.').max(500),
      reach: z.enum(packReach),
      agencyId: Id.optional(),
      withheld: z.enum(packWithheld).default('absent'),
      /** Whose picture at which moment (an inquiry post only): what was available to them, what they opened, what they acknowledged. */
      pictures: z
        .array(z.object({ personId: Id, at: When }))
        .max(50)
        .default([]),
      /** One of the two: the words that open it, or the receiver's public key as a JWK. */
      passphrase: z.string().trim().min(20, 'At least 20 letters: a file that was stolen can be tried for ever.').max(500).optional(),
      publicKey: z.string().trim().max(4000).optional(),
      days: z.number().int().min(1).max(31).default(7),
      language: z.enum(['en', 'fr']).default('en'),
    })
    .refine((input) => (input.passphrase === undefined) !== (input.publicKey === undefined), {
      message: 'Give either a passphrase or the receiver’s public key.',
      path: ['passphrase'],
    })
    .refine((input) => (input.reach === 'agency') === (input.agencyId !== undefined), {
      message: 'Say for which agency.',
      path: ['agencyId'],
    }),
  output: z.object({ id: Id, expiresAt: When }),
})

export const Pack = z.object({
  id: Id,
  thread: Id,
  receiver: z.string(),
  purpose: z.string(),
  authority: z.string(),
  reach: z.enum(packReach),
  withheld: z.enum(packWithheld),
  askedAt: When,
  expiresAt: When,
  state: z.enum(packStates),
  finishedAt: When.nullable(),
  /** While it is made: how many entries of how many; null before and after. */
  progress: z.object({ done: z.number().int(), whole: z.number().int() }).nullable(),
  /** Bytes, and the SHA-256 of the sealed file and of the manifest in it, in hex: what to tell the receiver by another way. */
  size: z.number().int().nullable(),
  fileHash: z.string().nullable(),
  manifestHash: z.string().nullable(),
  downloads: z.array(z.object({ name: z.string(), at: When })),
})
export type Pack = z.infer<typeof Pack>

export const packs = query('record.packs', {
  who: makers,
  summary:
    'Disclosure packs that you made, or, for an inquiry post, that anybody made: how far they are, who took them, and when they end.',
  input: z.object({ thread: Id.optional() }),
  output: z.object({ packs: z.array(Pack), can: z.object({ all: z.boolean() }), strong: z.boolean() }),
})

export const takePack = command('record.takePack', {
  who: makers,
  summary: 'Take the sealed file of a pack: notes that you did, and answers an address that works for ten minutes, for you.',
  kept: false,
  input: z.object({ packId: Id }),
  output: z.object({ path: z.string(), size: z.number().int(), sha256: z.string() }),
})
