import { z } from 'zod'
import { MarkingText } from '#core/access/contract.ts'
import { command, postKinds, query } from '#core/operation/operation.ts'
import { Id, InformationKind, When } from '../contract.ts'

const Line = z.string().trim().min(1).max(500)
const Text = z.string().trim().max(4000)
const Kinds = z.array(z.enum(postKinds)).max(postKinds.length)

/** A party as the words of a version name it. */
export const Party = z.strictObject({
  agencyId: Id,
  /** Kinds of post through which it uses what is shared; none: everybody of the agency. */
  use: Kinds,
  /** Kinds of post that may sign, withdraw and end for it. */
  sign: Kinds.min(1, 'Say which kinds of post sign for this party.'),
  /** What it sees of what was shared before it joined. */
  past: z.enum(['from-joining', 'all']),
})
export type Party = z.infer<typeof Party>

/** The words that are signed. */
export const Terms = z
  .strictObject({
    title: z.string().trim().min(3, 'Give it a title of at least three letters.').max(200),
    parties: z.array(Party).min(2, 'An agreement has at least two parties.').max(60),
    purposes: z.array(Line).min(1, 'Say what it is for.').max(20),
    kinds: z.array(InformationKind).min(1, 'Say which kinds of information are shared.'),
    personal: z.strictObject({ is: z.boolean(), basis: Text, assessment: Text }),
    triggers: z.array(z.enum(['routine', 'emergency'])).min(1, 'Say when it is used.'),
    method: Text,
    handling: Text,
    marking: MarkingText,
    retention: Text.min(1, 'Say how long each party keeps what it gets.'),
    /** Who may go beyond it to save life, and who is told; empty: the city's own rule. */
    emergency: Text,
    /** May somebody report under it what they cannot read themselves? They get a receipt. */
    upward: z.boolean().optional(),
    onLeaving: z.enum(['keeps', 'loses']),
    expiresAt: When,
    reviewAt: When,
    testedOn: When.nullable(),
  })
  .superRefine(({ parties, personal, expiresAt, reviewAt }, context) => {
    const wrong = (path: string, message: string) => context.addIssue({ code: 'custom', path: [path], message })
    if (new Set(parties.map(({ agencyId }) => agencyId)).size < parties.length) wrong('parties', 'An agency is a party once.')
    if (personal.is && (personal.basis === '' || personal.assessment === ''))
      wrong('personal', 'With personal data, name the lawful basis and the reference of the assessment.')
    if (new Date(reviewAt) > new Date(expiresAt)) wrong('reviewAt', 'The review comes before the end.')
  })
export type Terms = z.infer<typeof Terms>

export const protocolStates = ['draft', 'offered', 'in-force', 'expired', 'ended'] as const
export const ProtocolState = z.enum(protocolStates)

export const ProtocolLine = z.object({
  id: Id,
  title: z.string(),
  state: ProtocolState,
  parties: z.array(z.string()),
  expiresAt: When.nullable(),
  reviewDue: z.boolean(),
  /** A version waits for a signature that the viewer may give. */
  toSign: z.boolean(),
  label: z.number().int(),
  marking: z.string(),
})
export type ProtocolLine = z.infer<typeof ProtocolLine>

export const Signature = z.object({ agencyId: Id, agencyName: z.string(), by: z.string(), post: z.string().nullable(), at: When })
export const Version = z.object({
  id: Id,
  number: z.number().int(),
  state: z.enum(['draft', 'offered', 'in-force', 'past']),
  terms: Terms,
  /** SHA-256 of the terms, in hexadecimal: what is signed. */
  hash: z.string(),
  writtenBy: z.string(),
  writtenAt: When,
  offeredAt: When.nullable(),
  signatures: z.array(Signature),
  /** Against the version before: which heading says something else now. */
  changed: z.array(z.string()),
})
export type Version = z.infer<typeof Version>

export const Standing = z.object({
  agencyId: Id,
  agencyName: z.string(),
  kinds: z.array(z.string()),
  joinedAt: When,
  seesPast: z.boolean(),
  leftAt: When.nullable(),
  leftReason: z.string().nullable(),
  keeps: z.boolean(),
})

export const ProtocolDetail = z.object({
  id: Id,
  title: z.string(),
  state: ProtocolState,
  inForceFrom: When.nullable(),
  expiresAt: When.nullable(),
  reviewDue: z.boolean(),
  ended: z.object({ at: When, reason: z.string() }).nullable(),
  versions: z.array(Version),
  standing: z.array(Standing),
  agencies: z.record(z.string(), z.string()),
  label: z.number().int(),
  marking: z.string(),
  can: z.object({ write: z.boolean(), signFor: z.array(Id), leaveFor: z.array(Id) }),
})
export type ProtocolDetail = z.infer<typeof ProtocolDetail>

const writers = ['executive', 'data-protection', 'legal-adviser', 'secretariat'] as const
const Reason = z.string().trim().min(3, 'Say why, in a few words.').max(2000)

export const draftProtocol = command('sharing.draftProtocol', {
  who: writers,
  summary: 'Draw up a sharing protocol for your agency and others. It opens nothing until all have signed.',
  input: z.object({ terms: Terms }),
  output: z.object({ protocolId: Id }),
})

export const reviseProtocol = command('sharing.reviseProtocol', {
  who: writers,
  summary:
    'Change the words of a draft, or write the next version of a protocol; what is in force stays until all have signed the new one.',
  input: z.object({ protocolId: Id, terms: Terms }),
  output: z.object({ number: z.number().int() }),
})

export const offerProtocol = command('sharing.offerProtocol', {
  who: writers,
  summary: 'Offer the drafted version to its parties for signing.',
  input: z.object({ protocolId: Id }),
  output: z.object({ offered: z.literal(true) }),
})

export const signProtocol = command('sharing.signProtocol', {
  who: 'person',
  summary: 'Sign an offered version for a party, in a post that it named. With the last signature it is in force.',
  input: z.object({
    protocolId: Id,
    versionId: Id,
    agencyId: Id,
    hash: z.string().regex(/^[0-9a-f]{64}$/, 'This is not the hash of a text.'),
  }),
  output: z.object({ inForce: z.boolean() }),
})

export const withdrawFromProtocol = command('sharing.withdrawFromProtocol', {
  who: 'person',
  summary: 'Leave a protocol for a party, at once, with the reason. It gets nothing new from then on.',
  input: z.object({ protocolId: Id, agencyId: Id, reason: Reason }),
  output: z.object({ withdrawn: z.literal(true) }),
})

export const endProtocol = command('sharing.endProtocol', {
  who: 'person',
  summary: 'End a protocol with the reason: what it alone had opened closes at once.',
  input: z.object({ protocolId: Id, reason: Reason }),
  output: z.object({ ended: z.literal(true) }),
})

export const protocols = query('sharing.protocols', {
  who: 'person',
  summary: 'The protocols of your agency: in force, to be signed, drafted, ended.',
  input: z.object({}),
  output: z.object({ protocols: z.array(ProtocolLine), can: z.object({ draft: z.boolean(), oversee: z.boolean() }) }),
})

export const protocol = query('sharing.protocol', {
  who: 'person',
  summary: 'One protocol: its words, version by version, who signed, who is in and since when.',
  input: z.object({ protocolId: Id }),
  output: ProtocolDetail,
})

export const protocolChoices = query('sharing.protocolChoices', {
  who: 'person',
  summary: 'Agencies that could be parties, and your own.',
  input: z.object({}),
  output: z.object({ agencies: z.array(z.object({ id: Id, name: z.string(), own: z.boolean() })) }),
})

export const gaps = query('sharing.gaps', {
  who: 'person',
  summary: 'Which of these agencies share without a protocol in force that you can see: a gap to be mended (R-3.3.9).',
  input: z.object({ agencyIds: z.array(Id).min(2).max(60) }),
  output: z.object({ gaps: z.array(z.object({ between: z.tuple([z.string(), z.string()]) })), basis: z.string() }),
})
