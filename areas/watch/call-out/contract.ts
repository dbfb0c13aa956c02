import { z } from 'zod'
import { Id, When } from '#areas/structure/contract.ts'
import { command, query } from '#core/operation/operation.ts'

/** What somebody sees who opens the link of a call-out, before signing in: post, agency, whom to ring; nothing of the incident. */
export interface AskSeen {
  worldKind: 'live' | 'exercise'
  post: string
  agency: string
  callBack: string
  city: string | null
  language: string
  state: 'planned' | 'asking' | 'accepted' | 'unanswered' | 'stood-down'
  answer: 'accepted' | 'declined' | 'call-me' | null
  /** Somebody else was first. You can still accept. */
  filled: boolean
  expired: boolean
}

export const Called = z.object({
  callOutId: Id,
  activationId: Id,
  postId: Id,
  post: z.string(),
  agency: z.string(),
  callBack: z.string(),
  purpose: z.enum(['activation', 'test']),
  askedAt: When,
  over: z.boolean(),
  answer: z.enum(['accepted', 'declined', 'call-me', 'unclear']).nullable(),
})
export type Called = z.infer<typeof Called>

const of = {
  activationId: Id,
  postId: Id,
  /** Said by telephone: whose answer the desk notes. Without it, your own. */
  personId: Id.optional(),
}
const Answered = z.object({ callOutId: Id, answer: z.enum(['accepted', 'declined']) })

export const acceptCallOut = command('watch.acceptCallOut', {
  who: 'person',
  summary: 'Accept a call-out: you take the duty of the post now. The desk may note what somebody said by telephone.',
  input: z.object(of),
  output: Answered,
})

export const declineCallOut = command('watch.declineCallOut', {
  who: 'person',
  summary: 'Decline a call-out, with the reason if you can; the deputy is asked at once.',
  input: z.object({ ...of, reason: z.string().trim().max(300).default('') }),
  output: Answered,
})

export const myCallOuts = query('watch.myCallOuts', {
  who: 'person',
  summary: 'The call-outs in which you are, or were, asked.',
  input: z.object({}),
  output: z.array(Called),
})
