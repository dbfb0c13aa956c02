import { z } from 'zod'
import { command, query } from '#core/operation/operation.ts'
import { Id, Phase, When } from '../contract.ts'
import { End, LinkKind, Part } from '../network/contract.ts'

const text = (most: number) =>
  z
    .string()
    .trim()
    .min(1, 'This must not be empty.')
    .max(most)
    .refine((words) => !/[\p{Cc}\uFFFD]/u.test(words), 'This holds characters that cannot be read.')
const Name = text(300)
/** Why: it is kept with the row and in the record. */
const Reason = text(1000)
const Code = z
  .string()
  .trim()
  .regex(/^[^\s\p{Cc}\uFFFD]{1,120}$/u, 'A code is one word, without spaces.')

export const editing = query('structure.editing', {
  who: 'person',
  summary: 'What you may change by hand in the network, and which links you may note a test of.',
  input: z.object({}),
  output: z.object({ edit: z.boolean(), testable: z.array(Id) }),
})

export const putLink = command('structure.putLink', {
  who: ['administrator'],
  summary:
    'Add a link, or change the media and the words of one that stands: by its two ends and its kind. By other media it is untested again.',
  input: z.object({
    from: End,
    to: End,
    kind: LinkKind,
    primaryMediumId: Id.nullable().default(null),
    backupMediumId: Id.nullable().default(null),
    carries: z.array(Name).max(50).default([]),
    reason: Reason,
  }),
  output: z.object({ linkId: Id }),
})

export const endLink = command('structure.endLink', {
  who: ['administrator'],
  summary: 'End a link, with the reason. It stays in the record and in the versions that had it.',
  input: z.object({ linkId: Id, reason: Reason }),
  output: z.object({}),
})

export const noteLinkTest = command('structure.noteLinkTest', {
  who: ['administrator', 'secretariat', 'watch-officer', 'duty', 'executive'],
  summary:
    'Note when a link was last tried: the keepers of the structure and the watch, or a duty or executive post of either end. An older test never takes the place of a newer one.',
  input: z.object({ linkId: Id, at: When.optional() }),
  output: z.object({ testedAt: When }),
})

export const putResponsibility = command('structure.putResponsibility', {
  who: ['administrator'],
  summary: 'Say what part an agency has in an activity, in a phase; or the law that makes two agencies accountable together.',
  input: z.object({ activity: Name, phase: Phase, agencyId: Id, part: Part, jointBasis: Name.nullable().default(null), reason: Reason }),
  output: z.object({ responsibilityId: Id }),
})

export const endResponsibility = command('structure.endResponsibility', {
  who: ['administrator'],
  summary: 'End the part of an agency in an activity, with the reason.',
  input: z.object({ responsibilityId: Id, reason: Reason }),
  output: z.object({}),
})

export const putProduct = command('structure.putProduct', {
  who: ['administrator'],
  summary:
    'Add an information product, or change the one with this code: who makes it, by which channel, under which protocol, who receives it.',
  input: z.object({
    code: Code,
    name: Name,
    producerAgencyId: Id.nullable().default(null),
    mediumId: Id.nullable().default(null),
    protocol: Name.nullable().default(null),
    receiverAgencyIds: z.array(Id).max(400).default([]),
    reason: Reason,
  }),
  output: z.object({ productId: Id }),
})

export const endProduct = command('structure.endProduct', {
  who: ['administrator'],
  summary: 'End an information product, with the reason.',
  input: z.object({ productId: Id, reason: Reason }),
  output: z.object({}),
})
