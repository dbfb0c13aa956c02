import { z } from 'zod'
import { command, query } from '#core/operation/operation.ts'
import { acting, Id, RefusalCode, When } from '../contract.ts'

export const answerOutcomes = ['share', 'part', 'sanitised', 'pointer', 'refuse'] as const
export const AnswerOutcome = z.enum(answerOutcomes)
export type AnswerOutcome = z.infer<typeof AnswerOutcome>

/** Who may ask for an agency, and appeal for it: whoever acts for one, but no neutral commander. The same list stands in SQL (sharing.may_appeal). */
export const asking = acting.filter((kind) => kind !== 'neutral-commander')
const Words = z.string().trim().min(3, 'Write at least a few words.').max(8000)

export const RequestAnswer = z.object({
  round: z.number().int(),
  outcome: AnswerOutcome,
  words: z.string(),
  /** What was shared for it, or who holds it: its title, where the viewer can read that. */
  item: z.object({ id: Id, title: z.string() }).nullable(),
  pointer: z.object({ id: Id, title: z.string() }).nullable(),
  reasonCode: RefusalCode.nullable(),
  risk: z.string().nullable(),
  by: z.string(),
  at: When,
})
export type RequestAnswer = z.infer<typeof RequestAnswer>

/** What happened to a request, oldest first: who is a person's name, or empty where the clock did it. */
export const RequestEvent = z.object({
  what: z.enum(['asked', 'asked-executive', 'requester-and-incident', 'answered', 'appealed']),
  at: When,
  by: z.string(),
})

export const SharingRequest = z.object({
  id: Id,
  incidentId: Id.nullable(),
  from: z.string(),
  to: z.string(),
  toPost: z.string().nullable(),
  askedBy: z.string(),
  what: z.string(),
  why: z.string(),
  duty: z.string(),
  askedAt: When,
  neededBy: When,
  /** Waits for an answer. */
  waiting: z.boolean(),
  overdue: z.boolean(),
  /** 0: nowhere yet; 1: to the asked agency's executive; 2: also to the requester's, and to who runs the incident. */
  climbed: z.number().int(),
  outcome: AnswerOutcome.nullable(),
  appeal: z.object({ words: z.string(), by: z.string(), at: When }).nullable(),
  answers: z.array(RequestAnswer),
  history: z.array(RequestEvent),
  /** Whose it is to do something: the viewer's to answer, the viewer's agency's question, or neither. */
  side: z.enum(['answer', 'asked', 'other']),
  label: z.number().int(),
  marking: z.string(),
  can: z.object({ answer: z.boolean(), appeal: z.boolean() }),
})
export type SharingRequest = z.infer<typeof SharingRequest>

export const askForInformation = command('sharing.askForInformation', {
  who: asking,
  summary: 'Ask another agency, or one post of it, for information: what, why, by which duty, needed by when.',
  input: z.object({
    toAgencyId: Id,
    toPostId: Id.optional(),
    what: Words,
    why: Words,
    /** The duty or power relied on, as the asked agency would have to check it; empty: none is named. */
    duty: z.string().trim().max(500).default(''),
    neededBy: When,
    incidentId: Id.optional(),
  }),
  output: z.object({ requestId: Id }),
})

export const answerRequest = command('sharing.answerRequest', {
  who: 'person',
  summary:
    'Answer a request: share, part, sanitised, pointer, or refuse with its reason. What is kept back says the risk of not sharing it.',
  input: z
    .object({
      requestId: Id,
      outcome: AnswerOutcome,
      /** What is shared, or who holds it, or why it is refused, in words. */
      words: Words,
      /** An item that was shared with them: the answer carries it, and who can read it is the item's own affair. */
      itemId: Id.optional(),
      /** With a pointer: what is held elsewhere. */
      pointerId: Id.optional(),
      reasonCode: RefusalCode.optional(),
      risk: z.string().trim().max(4000).optional(),
    })
    .superRefine(({ outcome, reasonCode, risk, itemId, pointerId }, context) => {
      const wrong = (path: string, message: string) => context.addIssue({ code: 'custom', path: [path], message })
      const keepsBack = outcome === 'refuse' || outcome === 'part'
      if (outcome === 'refuse' && reasonCode === undefined) wrong('reasonCode', 'A refusal names its reason. Choose one.')
      if (!keepsBack && reasonCode !== undefined) wrong('reasonCode', 'Only what is kept back has a reason.')
      if (itemId !== undefined && (outcome === 'refuse' || outcome === 'pointer')) wrong('itemId', 'An item is for what is shared.')
      if (pointerId !== undefined && outcome !== 'pointer') wrong('pointerId', 'A pointer is for what is held elsewhere.')
      if (keepsBack && (risk ?? '').length < 3) wrong('risk', 'Write down what may happen because it is not shared.')
    }),
  output: z.object({ answered: z.literal(true) }),
})

export const appealRefusal = command('sharing.appealRefusal', {
  who: asking,
  summary: 'Appeal, once, against a refusal or an answer in part: another person decides, in an executive post of the asked agency.',
  input: z.object({ requestId: Id, words: Words, neededBy: When }),
  output: z.object({ appealed: z.literal(true) }),
})

export const requests = query('sharing.requests', {
  who: 'person',
  summary: 'Sharing requests of your agency: those that wait for your answer first, then yours, then what was answered.',
  input: z.object({}),
  output: z.object({
    requests: z.array(SharingRequest),
    agencies: z.array(z.object({ id: Id, name: z.string() })),
    can: z.object({ ask: z.boolean(), figures: z.boolean() }),
  }),
})

export const postsToAsk = query('sharing.postsToAsk', {
  who: 'person',
  summary: 'The posts of an agency, to ask one of them by name instead of whoever is on duty.',
  input: z.object({ agencyId: Id }),
  output: z.object({ posts: z.array(z.object({ id: Id, title: z.string() })) }),
})

/** Something that could answer a request. `before`: they can read it already; else it answers once it was shared with them. */
export const AnswerChoice = z.object({ id: Id, title: z.string(), at: When, marking: z.string(), before: z.boolean() })
export type AnswerChoice = z.infer<typeof AnswerChoice>

export const answerChoices = query('sharing.answerChoices', {
  who: 'person',
  summary: 'What may answer a request that is yours to answer: items of your agency, items that both of you have, and pointers.',
  input: z.object({ requestId: Id }),
  output: z.object({ items: z.array(AnswerChoice), pointers: z.array(AnswerChoice) }),
})

export const refusalFigures = query('sharing.refusalFigures', {
  who: ['executive', 'data-protection', 'chair'],
  summary: 'How often an agency was asked and refused, by reason: for that agency itself, and for the chair.',
  input: z.object({}),
  output: z.object({
    agencies: z.array(
      z.object({
        agency: z.string(),
        asked: z.number().int(),
        late: z.number().int(),
        unanswered: z.number().int(),
        refused: z.array(z.object({ reasonCode: RefusalCode, times: z.number().int() })),
      }),
    ),
    /** On what day, and from what, the figures were counted. */
    basis: z.string(),
  }),
})
