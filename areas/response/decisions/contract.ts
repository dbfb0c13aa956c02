import { z } from 'zod'
import { Id, When } from '#areas/structure/contract.ts'
import { command, query } from '#core/operation/operation.ts'

/** Does an option pass: is it suitable, can it be done, will it be borne? `not-known` is an answer. */
export const Verdict = z.enum(['yes', 'in-part', 'no', 'not-known'])
export type Verdict = z.infer<typeof Verdict>
export const GroundKind = z.enum(['fact', 'inference', 'assumption', 'uncertainty'])
export type GroundKind = z.infer<typeof GroundKind>
/** D-4: what a decision rests on may be old, or two owners may say different things. */
export const GroundFlag = z.enum(['none', 'stale', 'contested'])

const Words = (most: number) => z.string().trim().max(most)
const Verdicts = z.object({ suitable: Verdict, feasible: Verdict, acceptable: Verdict })
/** Clauses beside the incident's own: only who also meets each of these reads it. The writer must meet them too. */
const RestrictTo = z
  .array(z.array(z.string().max(220)).min(1).max(100))
  .max(8)
  .default([])

export const OptionInput = z.object({
  text: Words(1000).min(1, 'Say what could be done. Doing nothing is an option too.'),
  suitability: Words(2000).default(''),
  feasibility: Words(2000).default(''),
  acceptability: Words(2000).default(''),
  verdicts: Verdicts.default({ suitable: 'not-known', feasible: 'not-known', acceptable: 'not-known' }),
})
export type OptionInput = z.infer<typeof OptionInput>

export const GroundInput = z.object({
  kind: GroundKind.default('fact'),
  words: Words(2000).min(1),
  /** Who said it, or where it stands: 'Trams and Buses, 15:02'. */
  source: Words(500).default(''),
  asOf: When.nullable().default(null),
  flag: GroundFlag.default('none'),
})
export type GroundInput = z.infer<typeof GroundInput>

/** Word for word: not even the spaces at its ends are touched (D-7). */
export const DissentInput = z.object({
  postId: Id,
  words: z
    .string()
    .max(8000)
    .refine((words) => words.trim() !== '', 'Write what was said, word for word.'),
})

const Substance = z.object({
  question: Words(1000).min(1, 'Write the question that was decided.'),
  options: z.array(OptionInput).min(1, 'A decision needs at least one option. Doing nothing is one.').max(20),
  /** Place of the chosen option, from 0. */
  choice: z.number().int().min(0),
  rationale: Words(8000).optional(),
  /** Fast path: the reasons follow within 30 minutes, and until then show as owed (D-2). */
  rationaleOwed: z.boolean().default(false),
  sources: z.array(GroundInput).max(50).default([]),
  assumptions: z.array(Words(2000).min(1)).max(50).default([]),
  uncertainties: z.array(Words(2000).min(1)).max(50).default([]),
  reviewAt: When,
})
export type Substance = z.infer<typeof Substance>

const Option = OptionInput.extend({ id: Id, chosen: z.boolean() })
const Ground = z.object({ kind: GroundKind, words: z.string(), source: z.string(), asOf: When.nullable(), flag: GroundFlag })
const Dissent = z.object({
  id: Id,
  agencyId: Id,
  agencyName: z.string(),
  postTitle: z.string().nullable(),
  words: z.string(),
  saidAt: When,
})
export type Dissent = z.infer<typeof Dissent>

/** One version. `corrected`: a newer version stands; `reversed`: a later decision took it back. Both stay readable (X-1, D-6). */
export const Version = z.object({
  id: Id,
  question: z.string(),
  options: z.array(Option),
  grounds: z.array(Ground),
  rationale: z.string().nullable(),
  rationaleDueAt: When.nullable(),
  decidedAt: When,
  enteredAt: When,
  lateReason: z.string().nullable(),
  correctionReason: z.string().nullable(),
  correctedByName: z.string().nullable(),
  confirmedAt: When.nullable(),
})
export type Version = z.infer<typeof Version>

/** A decision as it stands, in a list. `number` is the viewer's own: it counts what this viewer can see. */
export const DecisionLine = z.object({
  id: Id,
  number: z.number().int(),
  incidentId: Id,
  question: z.string(),
  chosen: z.string(),
  decidedAt: When,
  decidedByPostId: Id,
  decidedByPost: z.string(),
  decidedByAgency: z.string(),
  loggistName: z.string(),
  confirmedAt: When.nullable(),
  rationale: z.enum(['given', 'owed', 'overdue']),
  rationaleDueAt: When.nullable(),
  reviewAt: When,
  review: z.enum(['ahead', 'due']),
  dissents: z.number().int(),
  flagged: z.number().int(),
  versions: z.number().int(),
  state: z.enum(['made', 'reversed']),
  reversesId: Id.nullable(),
  reversedById: Id.nullable(),
  label: z.number().int(),
  marking: z.string(),
})
export type DecisionLine = z.infer<typeof DecisionLine>

const Outcome = z.object({
  id: Id,
  decisionId: Id.nullable(),
  words: z.string(),
  toldAt: When,
  acknowledgeBy: When,
  acknowledgements: z.array(z.object({ postTitle: z.string(), agencyName: z.string(), at: When })),
  mine: z.boolean(),
  label: z.number().int(),
  marking: z.string(),
})
export type Outcome = z.infer<typeof Outcome>

export const Decision = z.object({
  line: DecisionLine,
  versions: z.array(Version),
  dissents: z.array(Dissent),
  rationaleGivenAt: When.nullable(),
  reviews: z.array(z.object({ words: z.string(), reviewedAt: When, nextReviewAt: When })),
  outcomes: z.array(Outcome),
  can: z.object({
    giveRationale: z.boolean(),
    addDissent: z.boolean(),
    confirm: z.boolean(),
    correct: z.boolean(),
    reverse: z.boolean(),
    tell: z.boolean(),
  }),
})
export type Decision = z.infer<typeof Decision>

const logKeepers = ['loggist', 'secretariat', 'watch-officer'] as const

export const recordDecision = command('response.recordDecision', {
  who: logKeepers,
  summary: 'Record a decision that a post has made: the question, the options, the choice, the reasons.',
  input: Substance.extend({
    incidentId: Id,
    groupId: Id.nullable().default(null),
    /** The post that decided; whoever is on duty in it now decided, unless a person is named. Never the one who writes (D-3). */
    decidedByPostId: Id,
    decidedByPersonId: Id.nullable().default(null),
    decidedAt: When.optional(),
    lateReason: Words(1000).optional(),
    dissent: z.array(DissentInput).max(50).default([]),
    restrictTo: RestrictTo,
    marking: z.string().max(500).default('TLP:AMBER'),
  }),
  output: Decision,
})

export const giveRationale = command('response.giveRationale', {
  who: 'person',
  summary: 'Give the reasons of a decision that were owed.',
  input: z.object({ decisionId: Id, rationale: Words(8000).min(1, 'Write the reasons.') }),
  output: Decision,
})

export const addDissent = command('response.addDissent', {
  who: 'person',
  summary: 'Put a position that was not adopted into the record, word for word.',
  input: DissentInput.extend({ decisionId: Id, saidAt: When.optional() }),
  output: Decision,
})

export const correctDecision = command('response.correctDecision', {
  who: 'person',
  summary: 'Correct a decision as it was written down: a new version that points at the old one. Both are shown.',
  input: Substance.extend({ decisionId: Id, reason: Words(1000).min(1, 'Say what was wrong.') }),
  output: Decision,
})

export const reverseDecision = command('response.reverseDecision', {
  who: logKeepers,
  summary: 'Record that a decision was taken back by a new one; each shows the other.',
  input: recordDecision.input.omit({ incidentId: true, groupId: true, restrictTo: true, marking: true }).extend({ decisionId: Id }),
  output: Decision,
})

export const reviewDecision = command('response.reviewDecision', {
  who: 'person',
  summary: 'Record that a decision was looked at again and stands, and when it is looked at next.',
  input: z.object({ decisionId: Id, words: Words(2000).min(1), nextReviewAt: When }),
  output: Decision,
})

export const tellOutcome = command('response.tellOutcome', {
  who: ['loggist', 'secretariat', 'chair'],
  summary: 'Tell those who carry a decision out what is to be done, without its reasons or dissent.',
  input: z.object({
    decisionId: Id,
    words: Words(1000).min(1),
    acknowledgeWithinMinutes: z.number().int().min(1).max(1440).default(15),
    restrictTo: RestrictTo,
    marking: z.string().max(500).default('TLP:GREEN'),
  }),
  output: Outcome,
})

export const acknowledgeOutcome = command('response.acknowledgeOutcome', {
  who: 'person',
  summary: 'Say, for your post, that you have what a decision asks of you.',
  input: z.object({ outcomeId: Id }),
  output: Outcome,
})

export const decisions = query('response.decisions', {
  who: 'person',
  summary: 'The decisions of an incident that you may read, newest first, and what follows from them.',
  input: z.object({ incidentId: Id }),
  output: z.object({
    decisions: z.array(DecisionLine),
    outcomes: z.array(Outcome),
    can: z.object({ record: z.boolean() }),
  }),
})

export const decision = query('response.decision', {
  who: 'person',
  summary: 'One decision with its options, reasons, dissent, versions and reviews.',
  input: z.object({ decisionId: Id }),
  output: Decision,
})
