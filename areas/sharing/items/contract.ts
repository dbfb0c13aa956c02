import { z } from 'zod'
import { MarkingText } from '#core/access/contract.ts'
import { command, query } from '#core/operation/operation.ts'
import { acting, Id, InformationKind, When } from '../contract.ts'

/** How sure something is, by the scale of the city: its name and one word on each axis (`admiralty-scale:B2`). */
export const Grading = z
  .string()
  .regex(/^[a-z0-9-]+:\S+$/, 'A grade is the scale, a colon, and a word of each kind.')
  .max(120)
/** A grade in words, and who gave it. */
export const Graded = z.object({
  grading: z.string(),
  /** For a list: `B2`, or the words where there is one axis. */
  short: z.string(),
  words: z.array(z.string()),
  scale: z.string(),
  by: z.string(),
  post: z.string().nullable(),
  at: When,
  /** Why it was graded anew, or later; null: when it was shared. */
  because: z.string().nullable(),
})
export type Graded = z.infer<typeof Graded>

export const Title = z.string().trim().min(1, 'Say in a few words what it is about.').max(200)
export const Words = z.string().trim().min(1, 'Write what they are to know.').max(20_000)
export const Reason = z.string().trim().min(3, 'Say why, in a few words.').max(2000)
export const Marked = MarkingText.refine((text) => text !== '', 'Say how it is marked.')
/** A briefing, clearance or list of people that a reader must hold besides: one token. */
export const Caveat = z
  .string()
  .regex(/^(?:briefed|cleared|circle):[A-Za-z0-9._-]{1,200}$/, 'A caveat is a briefing, a clearance or a circle.')

/** Who may read it: a protocol's parties, or agencies by name on a basis of their own; for how long; and who must hold what besides. */
export const audienceFields = {
  protocolId: Id.optional(),
  /** Under a protocol: fewer than its parties, with a reason and an end. Without one: who may read it. */
  agencyIds: z.array(Id).max(60).optional(),
  /** Without a protocol: the duty or agreement that is relied on. */
  basis: z.string().trim().max(2000).optional(),
  /** From this moment nobody but the originator's agency and an inquiry reads it. */
  until: When.optional(),
  restrictedBecause: z.string().trim().max(2000).optional(),
  /** When the restriction ends, all whom the protocol opens to read it. */
  restrictedUntil: When.optional(),
  caveats: z.array(Caveat).max(10).optional(),
}

/** The releasable version, as its proposer writes it. */
export const Releasable = z.object({
  title: Title,
  text: Words,
  kind: InformationKind,
  marking: Marked,
  protocolId: Id.optional(),
  agencyIds: z.array(Id).min(1, 'An empty audience is nobody. Choose who may read it.').max(60).optional(),
  basis: z.string().trim().max(2000).optional(),
  until: When.optional(),
})
export type Releasable = z.infer<typeof Releasable>

const NewItem = z.object({
  kind: InformationKind,
  title: Title,
  text: Words,
  marking: Marked,
  ...audienceFields,
  incidentId: Id.optional(),
  /** How sure its source and what it says are. */
  grading: Grading.optional(),
  /** What it is made of: it is marked, and read, as strictly as each of these. */
  derivedFrom: z.array(Id).max(20).optional(),
})

export const ItemLine = z.object({
  id: Id,
  title: z.string(),
  kind: InformationKind,
  originator: z.string(),
  own: z.boolean(),
  sharedAt: When,
  protocol: z.string().nullable(),
  state: z.enum(['shared', 'recalled']),
  sensitive: z.boolean(),
  graded: Graded.nullable(),
  until: When.nullable(),
  label: z.number().int(),
  marking: z.string(),
})
export type ItemLine = z.infer<typeof ItemLine>

/** Something that happened to what your agency was given: it was re-marked, or recalled. */
export const Notice = z.object({
  id: Id,
  itemId: Id,
  deed: z.enum(['remarked', 'regraded', 'recalled']),
  title: z.string(),
  originator: z.string(),
  at: When,
  because: z.string(),
  /** It is your agency's: it was made of something of another's, who took it back with that. */
  own: z.boolean(),
  /** What your agency made of it, and still stands: yours to recall. */
  made: z.array(z.object({ id: Id, title: z.string() })),
  acknowledgedAt: When.nullable(),
  marking: z.string(),
  label: z.number().int(),
})
export type Notice = z.infer<typeof Notice>

export const Part = z.object({ id: Id, title: z.string() })

export const ItemDetail = ItemLine.extend({
  sharedBy: z.string(),
  post: z.string().nullable(),
  protocolId: Id.nullable(),
  basis: z.string().nullable(),
  /** Null: all whom the protocol opens to. */
  named: z.array(Id).nullable(),
  audience: z.array(z.string()),
  restricted: z.object({ because: z.string(), until: When }).nullable(),
  caveats: z.array(z.string()),
  /** Null when it is sensitive: then it is opened. */
  text: z.string().nullable(),
  madeOf: z.array(Part),
  changed: z.object({ at: When, because: z.string() }).nullable(),
  acknowledgedAt: When.nullable(),
  can: z.object({ answer: z.boolean(), challenge: z.boolean(), propose: z.boolean(), log: z.boolean() }),
})
export type ItemDetail = z.infer<typeof ItemDetail>

export const Preview = z.object({
  readers: z.array(z.object({ name: z.string(), posts: z.array(z.string()) })),
  /** Parties of the protocol that will not read it while the restriction lasts. */
  leftOut: z.array(z.string()),
  caveats: z.array(z.string()),
  until: When.nullable(),
  /** With the protocol's end it closes for all but the originator and an inquiry. */
  protocolEnds: When.nullable(),
  sensitive: z.boolean(),
  marking: z.string(),
})
export type Preview = z.infer<typeof Preview>

export const shareItem = command('sharing.shareItem', {
  who: acting,
  summary:
    'Share information under a protocol, or with agencies by name. Everybody whom the protocol opens to may read it, unless you say why not.',
  input: NewItem.extend({
    /** Sends the releasable version that the originator approved: these very words. */
    releaseId: Id.optional(),
    /** A releasable version beside it, to be approved. */
    releasable: Releasable.optional(),
  }),
  output: z.object({ id: Id, marking: z.string(), sensitive: z.boolean(), before: z.array(z.string()) }),
})

export const reportUpward = command('sharing.reportUpward', {
  who: acting,
  summary: 'Report what you will not be able to read yourself, where the protocol allows it. You get a receipt and nothing else.',
  input: NewItem.omit({ derivedFrom: true }),
  output: z.object({ receipt: Id }),
})

export const openItem = command('sharing.openItem', {
  who: 'person',
  summary: 'Open an item and read it. That you opened it is recorded first.',
  input: z.object({ itemId: Id }),
  output: z.object({ text: z.string(), openedAt: When, marking: z.string() }),
  kept: false,
})

export const items = query('sharing.items', {
  who: 'person',
  summary: 'What was shared with you and what your agency gave out, newest first; and what was recalled or re-marked.',
  input: z.object({ before: When.optional(), kind: InformationKind.optional() }),
  output: z.object({ items: z.array(ItemLine), older: When.nullable(), notices: z.array(Notice), can: z.object({ share: z.boolean() }) }),
})

export const item = query('sharing.item', {
  who: 'person',
  summary: 'One item: what it says (a sensitive one is opened), who may read it, under which protocol.',
  input: z.object({ itemId: Id }),
  output: ItemDetail,
})

export const itemChoices = query('sharing.itemChoices', {
  who: acting,
  summary: 'Under which protocols you may share what, and with which agencies.',
  input: z.object({}),
  output: z.object({
    protocols: z.array(
      z.object({
        id: Id,
        title: z.string(),
        kinds: z.array(InformationKind),
        marking: z.string(),
        handling: z.string(),
        parties: z.array(z.object({ id: Id, name: z.string() })),
        upward: z.boolean(),
      }),
    ),
    agencies: z.array(z.object({ id: Id, name: z.string() })),
  }),
})

export const previewItem = query('sharing.previewItem', {
  who: acting,
  summary: 'Who would be able to read it, in words, before it is shared.',
  input: z.object({ marking: Marked, ...audienceFields, derivedFrom: z.array(Id).max(20).optional() }),
  output: Preview,
})
