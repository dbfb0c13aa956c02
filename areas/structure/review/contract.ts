import { z } from 'zod'
import { command, query } from '#core/operation/operation.ts'
import { Id, When } from '../contract.ts'
import { Network } from '../network/contract.ts'

export const triggers = ['scheduled', 'incident', 'exercise', 'role-change', 'finding'] as const
export const reviewStates = ['draft', 'offered', 'adopted', 'withdrawn'] as const

const Reason = z.string().trim().min(3, 'Say why, in a few words.').max(2000)
const Hash = z.string().regex(/^[0-9a-f]{64}$/, 'This is not the hash of a proposal.')

export const ReviewLine = z.object({
  id: Id,
  title: z.string(),
  state: z.enum(reviewStates),
  trigger: z.enum(triggers),
  proposedBy: z.string(),
  agencyName: z.string(),
  draftedAt: When,
  signBy: When.nullable(),
  effectiveAt: When.nullable(),
  nextDueAt: When.nullable(),
  adoptedAt: When.nullable(),
  /** The day to sign by has passed, and somebody has not: it stands on the oversight list. */
  overdue: z.boolean(),
  /** A party for which the viewer may sign, and has not in this round. */
  toSign: z.boolean(),
  label: z.number().int(),
  marking: z.string(),
})
export type ReviewLine = z.infer<typeof ReviewLine>

export const Verdict = z.object({
  agencyId: Id,
  agencyName: z.string(),
  round: z.number().int(),
  verdict: z.enum(['signed', 'objected']),
  reason: z.string().nullable(),
  by: z.string(),
  post: z.string().nullable(),
  at: When,
})
export type Verdict = z.infer<typeof Verdict>

export const Comment = z.object({ id: Id, about: z.string(), words: z.string(), by: z.string(), agencyName: z.string(), at: When })

export const ReviewDetail = z.object({
  ...ReviewLine.shape,
  reason: z.string(),
  round: z.number().int(),
  base: Network,
  proposed: Network,
  /** SHA-256 of the proposal, in hexadecimal: what is signed. */
  hash: z.string(),
  /** The structure says something else by now about what this changes: it must be drafted again. */
  stale: z.boolean(),
  parties: z.array(z.object({ agencyId: Id, agencyName: z.string(), signed: Verdict.nullable() })),
  /** All of all rounds, newest first. */
  verdicts: z.array(Verdict),
  comments: z.array(Comment),
  versionNumber: z.number().int().nullable(),
  endReason: z.string().nullable(),
  can: z.object({ write: z.boolean(), signFor: z.array(Id), comment: z.boolean() }),
})
export type ReviewDetail = z.infer<typeof ReviewDetail>

const writers = ['executive', 'secretariat', 'chair', 'administrator'] as const

export const proposeReview = command('structure.proposeReview', {
  who: writers,
  summary: 'Begin a review of the network: a draft of what should change, or a scheduled look at what should stay. It changes nothing yet.',
  input: z.object({
    title: z.string().trim().min(3, 'Give it a title of at least three letters.').max(200),
    reason: Reason,
    trigger: z.enum(triggers),
    /** The proposed network; left out, the draft begins as the network stands. */
    network: Network.optional(),
  }),
  output: z.object({ reviewId: Id }),
})

export const reviseReview = command('structure.reviseReview', {
  who: writers,
  summary: 'Change a proposal. One that was offered goes back to a draft, and what was signed counts no more.',
  input: z.object({
    reviewId: Id,
    network: Network,
    /** Draft it anew on the network as it stands now. */
    rebase: z.boolean().default(false),
    /** The hash of the proposal that was changed: somebody else's change in between is not overwritten. */
    seenHash: Hash,
  }),
  output: z.object({ round: z.number().int(), hash: z.string() }),
})

export const offerReview = command('structure.offerReview', {
  who: writers,
  summary: 'Offer a proposal to every agency that it touches, with the last day to sign, the day from which it holds, and the next review.',
  input: z.object({ reviewId: Id, signBy: When, effectiveAt: When, nextDueAt: When }),
  output: z.object({ parties: z.number().int() }),
})

export const giveVerdict = command('structure.giveVerdict', {
  who: ['executive'],
  summary: 'Sign a proposal for your agency, or object to it with the reason. With the last signature it is adopted on its day.',
  input: z
    .object({
      reviewId: Id,
      agencyId: Id,
      verdict: z.enum(['signed', 'objected']),
      reason: z.string().trim().max(2000).optional(),
      hash: Hash,
    })
    .refine(({ verdict, reason }) => verdict === 'signed' || (reason ?? '').length >= 3, {
      path: ['reason'],
      message: 'Say why your agency objects.',
    }),
  output: z.object({ adopted: z.boolean() }),
})

export const commentOnReview = command('structure.commentOnReview', {
  who: 'person',
  summary: 'Say something about a proposal, for your agency, before it is signed.',
  input: z.object({
    reviewId: Id,
    about: z.string().trim().max(200).default(''),
    words: z.string().trim().min(1, 'Write something.').max(4000),
  }),
  output: z.object({ commentId: Id }),
})

export const withdrawReview = command('structure.withdrawReview', {
  who: writers,
  summary: 'Withdraw a proposal with the reason. It stays to be read.',
  input: z.object({ reviewId: Id, reason: Reason }),
  output: z.object({ withdrawn: z.literal(true) }),
})

export const reviews = query('structure.reviews', {
  who: 'person',
  summary: 'Reviews of the network: to sign, running, adopted; and which groups are due for one.',
  input: z.object({}),
  output: z.object({
    reviews: z.array(ReviewLine),
    /** Groups whose review is due or was never agreed. */
    due: z.array(z.object({ groupId: Id, code: z.string(), name: z.string(), reviewAt: When.nullable() })),
    can: z.object({ propose: z.boolean() }),
  }),
})

export const review = query('structure.review', {
  who: 'person',
  summary: 'One review: proposed against current, who must sign, who did, what was said.',
  input: z.object({ reviewId: Id }),
  output: ReviewDetail,
})

/** What a review is made of: its page is read again when one of these has news. */
export const reviewTables = [
  'structure.reviews',
  'structure.review_parties',
  'structure.review_verdicts',
  'structure.review_comments',
  'structure.versions',
]
