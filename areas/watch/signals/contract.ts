import { z } from 'zod'
import { Id, When } from '#areas/structure/contract.ts'
import { command, query } from '#core/operation/operation.ts'
import { AlertVerdict, CapContent, CapOutcome, CapRoute, CapSignature } from '../cap/contract.ts'

/** What the machine let through, what it holds back, and what a named person released. */
export const standings = ['accepted', 'quarantined', 'released'] as const
export const Standing = z.enum(standings)
export type Standing = z.infer<typeof Standing>

export const SignalState = z.enum(['new', 'claimed', 'judged'])
export type SignalState = z.infer<typeof SignalState>

/** What the desk makes of a signal (A.3.4). Only `activate` calls anybody. */
export const triages = ['noise', 'watch', 'assess', 'activate'] as const
export const Triage = z.enum(triages)
export type Triage = z.infer<typeof Triage>

/** How a delivery came. */
export const ways = ['http', 'folder', 'feed', 'person', 'demo', 'exercise'] as const
export const Way = z.enum(ways)
export type Way = z.infer<typeof Way>

/** The first words of one info, for a line on the desk. */
export const InfoLine = z.object({
  language: z.string(),
  event: z.string().nullable(),
  headline: z.string().nullable(),
  urgency: z.string().nullable(),
  severity: z.string().nullable(),
  certainty: z.string().nullable(),
  onset: z.string().nullable(),
  expires: z.string().nullable(),
  area: z.string().nullable(),
})
export type InfoLine = z.infer<typeof InfoLine>

const text = z.string().nullable()
const Named = z.object({ personId: Id, name: z.string() })

/** One signal as it stands in a tray. */
export const SignalLine = z.object({
  id: Id,
  identifier: text,
  sender: text,
  sent: text,
  status: text,
  msgType: text,
  scope: text,
  route: CapRoute,
  outcome: CapOutcome.exclude(['refused']),
  standing: Standing,
  signature: CapSignature,
  errors: z.array(z.string()),
  flags: z.array(z.string()),
  infos: z.array(InfoLine),
  /** World time. */
  receivedAt: When,
  source: text,
  state: SignalState,
  claimedBy: Named.nullable(),
  triage: Triage.nullable(),
  reviewAt: When.nullable(),
  /** Handed in from the live world's not-actual tray. */
  assigned: z.boolean(),
  /** By messages that name it and are not in quarantine. */
  updated: z.boolean(),
  cancelled: z.boolean(),
  label: z.int(),
})
export type SignalLine = z.infer<typeof SignalLine>

export const SignalLink = z.object({
  signalId: Id,
  kind: z.enum(['update', 'cancel']),
  /** The other message's words, where it can be seen. */
  identifier: text,
  sent: text,
  otherSender: z.boolean(),
  /** False while the acting message is in quarantine: it then acts on nothing. */
  counts: z.boolean(),
})
export type SignalLink = z.infer<typeof SignalLink>

export const Judgement = z.object({
  id: Id,
  triage: Triage,
  reliability: z.string(),
  reason: z.string(),
  reviewAt: When.nullable(),
  byName: z.string(),
  at: When,
})
export type Judgement = z.infer<typeof Judgement>

export const SignalDetail = SignalLine.extend({
  content: CapContent,
  verdict: AlertVerdict,
  signer: text,
  bytesHash: z.string(),
  claimedAt: When.nullable(),
  releasedBy: Named.nullable(),
  releasedAt: When.nullable(),
  releaseReason: text,
  /** Messages that this one acts on, and messages that act on this one. */
  actsOn: z.array(SignalLink),
  actedOnBy: z.array(SignalLink),
  judgements: z.array(Judgement),
  /** Original bytes are kept, and this viewer may read them. */
  hasOriginal: z.boolean(),
  marking: z.string(),
  can: z.object({ claim: z.boolean(), judge: z.boolean(), activate: z.boolean(), release: z.boolean(), assign: z.boolean() }),
})
export type SignalDetail = z.infer<typeof SignalDetail>

/** What became of one alert of a delivery. */
export const ReceivedAlert = AlertVerdict.extend({
  /** duplicate: the same message was there already. refused: an embedded message that could not be opened. */
  result: z.enum(['stored', 'duplicate', 'refused']),
  signalId: Id.nullable(),
})
export type ReceivedAlert = z.infer<typeof ReceivedAlert>

/** What became of a file. `outcome` is the dry run's, but for a file of nothing but messages already there, and for one in conflict with them. */
export const Received = z.object({
  deliveryId: Id,
  file: z.string(),
  outcome: z.enum(['accepted', 'quarantined', 'refused', 'duplicate']),
  reasons: z.array(z.string()),
  alerts: z.array(ReceivedAlert),
})
export type Received = z.infer<typeof Received>

export const ingest = command('watch.ingest', {
  who: ['watch-officer', 'operator'],
  summary: 'Hand in CAP messages from files: each is judged, and what is accepted or quarantined stands on the desk.',
  input: z.object({
    files: z
      .array(z.object({ name: z.string().min(1).max(500), /** base64 */ content: z.base64() }))
      .min(1, 'Name at least one file.')
      .max(20, 'At most twenty files at once.'),
  }),
  output: z.object({ files: z.array(Received) }),
})

const of = { signalId: Id }

export const signal = query('watch.signal', {
  who: 'person',
  summary: 'One signal with everything that is known of it.',
  input: z.object(of),
  output: SignalDetail,
})

export const original = query('watch.original', {
  who: ['watch-officer'],
  summary: 'The original bytes of a signal or of a refused delivery, as text to read.',
  input: z
    .object({ signalId: Id.optional(), deliveryId: Id.optional() })
    .refine((input) => (input.signalId === undefined) !== (input.deliveryId === undefined), {
      path: ['signalId'],
      message: 'Name a signal or a delivery.',
    }),
  output: z.object({
    name: z.string(),
    sha256: z.string(),
    size: z.int(),
    /** base64 */ bytes: z.string(),
    /** The bytes carry none. */ marking: z.string(),
  }),
})

export const claimSignal = command('watch.claimSignal', {
  who: ['watch-officer'],
  summary: 'Claim a signal: one person owns it, and the desk sees who.',
  input: z.object({ ...of, /** Claim it although somebody else has. */ takeOver: z.boolean().default(false) }),
  output: SignalLine,
})

export const judgeSignal = command('watch.judgeSignal', {
  who: ['watch-officer'],
  summary: 'Say what a signal means: noise, watch, assess or activate, with the reason; not activating says when it is looked at again.',
  input: z
    .object({
      ...of,
      triage: Triage,
      /** Who says so and how far it is borne out, in the desk's words. */
      reliability: z.string().trim().max(200).default(''),
      reason: z.string().trim().min(1, 'Write the reason.').max(4000),
      reviewAt: When.nullable().default(null),
    })
    .refine((input) => input.triage === 'activate' || input.reviewAt !== null, {
      path: ['reviewAt'],
      message: 'Say when it is looked at again: a decision not to activate needs that (R-3.4.5).',
    }),
  output: SignalLine,
})

export const releaseSignal = command('watch.releaseSignal', {
  who: ['watch-officer'],
  summary: 'Release a signal from quarantine in your name, with the reason.',
  input: z.object({ ...of, reason: z.string().trim().min(1, 'Write why it may be believed.').max(4000) }),
  output: SignalLine,
})

export const assignToExercise = command('watch.assignToExercise', {
  who: ['watch-officer'],
  summary: 'Hand a message that is not actual to an exercise, where it counts as a signal.',
  input: z.object({ ...of, /** The exercise; the one you are in when left out. */ worldId: Id.optional() }),
  output: z.object({ signalId: Id, worldId: Id }),
})
