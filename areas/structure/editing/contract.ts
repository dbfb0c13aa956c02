import { z } from 'zod'
import { command, query } from '#core/operation/operation.ts'
import { Id, Phase, When } from '../contract.ts'
import { Band, effects, End, LinkKind, Part } from '../network/contract.ts'

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

export const putMedium = command('structure.putMedium', {
  who: ['administrator'],
  summary:
    'Add a medium, or change the one with this code: its name and what fails with it. Two that depend on the same are not independent.',
  input: z.object({ code: Code, name: Name, dependsOn: z.array(Code).max(50).default([]), reason: Reason }),
  output: z.object({ mediumId: Id }),
})

export const putPlace = command('structure.putPlace', {
  who: ['administrator'],
  summary: 'Add a place where groups meet and posts work, or rename the one with this code. Its name alone: no address, no plan.',
  input: z.object({ code: Code, name: Name, reason: Reason }),
  output: z.object({ placeId: Id }),
})

export const putVariant = command('structure.putVariant', {
  who: ['administrator'],
  summary:
    'Say who joins or leaves a group, or which post chairs it or deputises, in one type of incident or band of time; or change what stands for the same.',
  input: z.object({
    groupId: Id,
    incidentType: text(100).default('any'),
    band: Band.default('any'),
    effect: z.enum(effects),
    agencyId: Id.nullable().default(null),
    postId: Id.nullable().default(null),
    basis: Name,
    reason: Reason,
  }),
  output: z.object({ variantId: Id }),
})

export const endVariant = command('structure.endVariant', {
  who: ['administrator'],
  summary: 'End a variant, with the reason: from now on the group is the same there as at any time.',
  input: z.object({ variantId: Id, reason: Reason }),
  output: z.object({}),
})
