import { z } from 'zod'
import { Id, When } from '#areas/structure/contract.ts'
import { command, query } from '#core/operation/operation.ts'

const Words = z.string().trim().min(1).max(2000)

/** A level at which the city can be activated: when to take it, whom it calls out, which groups it convenes. */
export const Level = z.object({
  code: z.string(),
  rank: z.number().int(),
  name: z.string(),
  nameFr: z.string().nullable(),
  criteria: z.string(),
  criteriaFr: z.string().nullable(),
  callsOut: z.array(Id),
  convenes: z.array(Id),
})
export type Level = z.infer<typeof Level>

export const setLevel = command('watch.setLevel', {
  who: ['administrator'],
  summary: 'Set an activation level: its criteria, the posts that it calls out, the groups that it convenes.',
  input: z.object({
    code: z
      .string()
      .regex(/^[a-z][a-z0-9-]*$/, 'A code is in small letters, digits and hyphens.')
      .max(40),
    rank: z.number().int().min(1).max(20),
    name: Words,
    nameFr: Words.nullable().default(null),
    criteria: Words,
    criteriaFr: Words.nullable().default(null),
    callsOut: z.array(Id).max(500),
    convenes: z.array(Id).max(100),
    retired: z.boolean().default(false),
    /** Refused when a level has this code already, in force or retired: who adds one changes no other by a slip. */
    asNew: z.boolean().default(false),
  }),
  output: z.object({ code: z.string() }),
})

export const levels = query('watch.levels', {
  who: 'person',
  summary: 'The activation levels of the city and their criteria, lowest first.',
  input: z.object({}),
  output: z.array(Level),
})

const Called = z.object({ id: Id, title: z.string(), agency: z.string() })
const Convened = z.object({ id: Id, name: z.string(), nameFr: z.string().nullable() })
export const LevelInFull = Level.extend({ retired: z.boolean(), posts: z.array(Called), groups: z.array(Convened) })
export type LevelInFull = z.infer<typeof LevelInFull>

export const levelsInFull = query('watch.levelsInFull', {
  who: 'person',
  summary: 'The activation levels, lowest first, with the names of whom each calls out and which groups it convenes; who keeps them.',
  input: z.object({}),
  output: z.object({
    levels: z.array(LevelInFull),
    /** Who holds an administrator's post now, as far as you may read that: whom to ask for a level. */
    keepers: z.array(z.string()),
    can: z.object({ set: z.boolean() }),
    /** What a level can call and convene; for who sets them. */
    posts: z.array(Called),
    groups: z.array(Convened),
  }),
})
export type LevelsInFull = z.infer<typeof levelsInFull.output>

export const Activation = z.object({
  id: Id,
  purpose: z.enum(['activation', 'test']),
  level: z.string(),
  levelName: z.string(),
  incidentType: z.string(),
  jurisdiction: z.string(),
  criteriaMatched: z.string(),
  reason: z.string(),
  signalId: Id.nullable(),
  convened: z.array(Id),
  callBack: z.string(),
  activatedBy: z.string(),
  at: When,
  stoodDownAt: When.nullable(),
  standDownReason: z.string().nullable(),
  label: z.number().int(),
  marking: z.string(),
})
export type Activation = z.infer<typeof Activation>

export const activate = command('watch.activate', {
  who: ['watch-officer'],
  summary: 'Activate the duty structure at a level: its posts are called out, its groups convened.',
  input: z.object({
    level: z.string().min(1),
    criteriaMatched: Words,
    reason: Words,
    incidentType: z.string().trim().min(1).max(80),
    jurisdiction: z.string().trim().min(1).max(80).default('city'),
    signalId: Id.nullable().default(null),
    /** What the incident is to be called; never in a message that goes out. */
    incidentName: z.string().trim().min(1).max(120).optional(),
    /** Posts besides those of the level. */
    alsoCall: z.array(Id).max(500).default([]),
  }),
  output: Activation,
})

export const decideNotToActivate = command('watch.decideNotToActivate', {
  who: ['watch-officer'],
  summary: 'Record a decision not to activate, with its reason and when it is looked at again.',
  input: z.object({ about: Words, reason: Words, reviewAt: When, signalId: Id.nullable().default(null) }),
  output: z.object({ id: Id, decidedAt: When, reviewAt: When }),
})

export const standDown = command('watch.standDown', {
  who: ['watch-officer', 'secretariat', 'chair'],
  summary: 'Stand an activation down: nobody else is called, who was called is told, who stood in stands in no longer.',
  input: z.object({ activationId: Id, reason: Words }),
  output: Activation,
})

export const callOutTest = command('watch.callOutTest', {
  who: ['watch-officer'],
  summary: 'Try the call-out of some posts, in an exercise only: real steps, exercise channels, no activation.',
  input: z.object({ postIds: z.array(Id).min(1).max(500) }),
  output: Activation,
})

export const activations = query('watch.activations', {
  who: 'person',
  summary: 'The activations that you can see, newest first.',
  input: z.object({}),
  output: z.array(Activation),
})

const AskState = z.enum(['queued', 'simulated', 'attempted', 'delivered', 'read', 'accepted', 'declined', 'failed', 'expired'])
const Capacity = z.enum(['holder', 'deputy', 'executive'])

/** One message to one person, as the board shows it. */
export const BoardAsk = z.object({
  id: Id,
  callOutId: Id,
  personId: Id,
  person: z.string(),
  capacity: Capacity,
  kind: z.enum(['call-out', 'remind']),
  channel: z.enum(['mail', 'sms', 'voice', 'webhook']),
  state: AskState,
  reason: z.string().nullable(),
  detail: z.string().nullable(),
  dueAt: When,
  /** When each state was first reached. */
  reached: z.array(z.object({ state: AskState, at: When })),
})
export type BoardAsk = z.infer<typeof BoardAsk>

export const BoardCallOut = z.object({
  id: Id,
  postId: Id,
  post: z.string(),
  agencyId: Id,
  agency: z.string(),
  state: z.enum(['planned', 'asking', 'accepted', 'unanswered', 'stood-down']),
  startedAt: When,
  acceptedBy: z.string().nullable(),
  acceptedAt: When.nullable(),
  unansweredSince: When.nullable(),
  flags: z.array(z.enum(['nobody-on-duty', 'no-deputy', 'no-executive', 'somebody-unreachable', 'one-way-only'])),
  next: z.object({ action: z.enum(['ask', 'remind', 'unanswered', 'expire']), capacity: Capacity.nullable(), at: When }).nullable(),
})
export type BoardCallOut = z.infer<typeof BoardCallOut>

export const BoardAnswer = z.object({
  id: Id,
  callOutId: Id,
  person: z.string(),
  answer: z.enum(['accepted', 'declined', 'call-me', 'unclear']),
  reason: z.string().nullable(),
  way: z.enum(['page', 'sms', 'voice', 'webhook', 'signed-in', 'telephone']),
  at: When,
})

export const Board = z.object({
  activation: Activation,
  callOuts: z.array(BoardCallOut),
  asks: z.array(BoardAsk),
  answers: z.array(BoardAnswer),
  /** Channels that really send in this world; what goes by another is simulated. */
  usable: z.array(z.enum(['mail', 'sms', 'voice', 'webhook'])),
  can: z.object({ standDown: z.boolean(), noteAnswers: z.boolean() }),
})
export type Board = z.infer<typeof Board>

export const activation = query('watch.activation', {
  who: 'person',
  summary:
    'One activation: who was called, by which channel, and where each stands. Rotas are for the desk, the secretariat and each person asked.',
  input: z.object({ activationId: Id }),
  output: Board,
})
