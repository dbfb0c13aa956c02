import { z } from 'zod'
import { command, query } from '#core/operation/operation.ts'
import { cityRows } from '../city-import/contract.ts'
import { Agency, Group, Id, Membership, Phase, Post, When } from '../contract.ts'

/** Words of the raised label of a list that shows where the city is thin (house: aggregation). */
export const raisedMarking = 'TLP:AMBER+STRICT'

export const agencies = query('structure.agencies', {
  who: 'person',
  summary: 'The agencies of the city, and the groups in which each sits.',
  input: z.object({}),
  output: z.object({
    agencies: z.array(Agency.extend({ groups: z.array(z.object({ code: z.string(), name: z.string() })), derived: z.boolean() })),
  }),
})

export const setSector = command('structure.setSector', {
  who: ['administrator'],
  summary: 'Say in which sector agencies stand: several at once, all of them or none. The picture gathers agencies by it.',
  input: z.object({
    agencyIds: z.array(Id).min(1, 'Choose an agency.').max(2000),
    sector: cityRows.agencies.shape.sector.unwrap().unwrap().min(1),
  }),
  output: z.object({ set: z.number().int() }),
})

export const Holding = z.object({
  id: Id,
  postId: Id,
  personId: Id,
  name: z.string(),
  capacity: z.enum(['holder', 'deputy']),
  rank: z.number().int(),
  /** Duty hours in words; null is always. */
  hours: z.string().nullable(),
  fromAt: When,
  untilAt: When.nullable(),
})
export type Holding = z.infer<typeof Holding>

export const posts = query('structure.posts', {
  who: ['administrator', 'secretariat', 'watch-officer'],
  summary: 'Every post with its agency and who holds it now and later. Together they show where the city is thin: for named hands only.',
  input: z.object({ agencyId: Id.optional() }),
  output: z.object({ posts: z.array(Post.extend({ agencyName: z.string(), holdings: z.array(Holding) })), marking: z.string() }),
})

/** Core members present, of how many; it informs and never blocks. */
export const Quorum = z.object({
  present: z.number().int(),
  core: z.number().int(),
  quorum: z.number().int().nullable(),
  reached: z.boolean().nullable(),
  words: z.string(),
})
export type Quorum = z.infer<typeof Quorum>

export const groups = query('structure.groups', {
  who: 'person',
  summary: 'Groups with their chair, secretariat and members; with agencies present, how many of the core members that is.',
  input: z.object({ presentAgencyIds: z.array(Id).max(500).optional() }),
  output: z.object({
    groups: z.array(
      Group.extend({
        chairTitle: z.string().nullable(),
        deputyChairTitle: z.string().nullable(),
        secretariatTitle: z.string().nullable(),
        members: z.array(Membership),
        presence: Quorum.nullable(),
      }),
    ),
  }),
})

export const DutyLine = z.object({
  postId: Id,
  postCode: z.string(),
  postTitle: z.string(),
  agencyName: z.string(),
  /** What the post does in the group: chairs, serves, or sits for its agency. */
  part: z.enum(['chair', 'deputy-chair', 'secretariat', 'core', 'standing', 'invitee', 'post']),
  onDuty: z.array(z.object({ personId: Id, name: z.string(), capacity: z.enum(['holder', 'deputy']), rank: z.number().int() })),
})
export type DutyLine = z.infer<typeof DutyLine>

export const dutyBoard = query('structure.onDuty', {
  who: ['administrator', 'secretariat', 'watch-officer'],
  summary: 'Who is on duty for a post, or for every post of a group, now or at a moment. Members without a named post are listed too.',
  input: z
    .object({ postId: Id.optional(), groupId: Id.optional(), at: When.optional() })
    .refine(({ postId, groupId }) => (postId === undefined) !== (groupId === undefined), 'Name a post or a group.'),
  output: z.object({ at: When, lines: z.array(DutyLine), withoutPost: z.array(z.string()), marking: z.string() }),
})

export const agreedLead = query('structure.agreedLead', {
  who: 'person',
  summary: 'Which agency leads, as agreed beforehand for a type of incident, a jurisdiction and a phase; nothing when nothing was agreed.',
  input: z.object({ incidentType: z.string().min(1).max(120), jurisdiction: z.string().min(1).max(120), phase: Phase }),
  output: z.object({ lead: z.object({ agencyId: Id, agencyName: z.string(), basis: z.string() }).nullable() }),
})

export const setHolding = command('structure.setHolding', {
  who: ['administrator', 'executive'],
  summary: 'Say who holds a post, or deputises, from when to when. An executive: for the posts and people of their own agency.',
  input: z
    .object({
      postId: Id,
      personId: Id,
      capacity: z.enum(['holder', 'deputy']),
      rank: z.number().int().min(1).max(20).default(1),
      /** The code of the duty hours; always, when left out. */
      hours: z.string().min(1).max(120).optional(),
      fromAt: When,
      untilAt: When.optional(),
    })
    .refine(({ fromAt, untilAt }) => untilAt === undefined || Date.parse(untilAt) > Date.parse(fromAt), {
      path: ['untilAt'],
      message: 'The end is later than the beginning.',
    }),
  output: Holding,
})

export const endHolding = command('structure.endHolding', {
  who: ['administrator', 'executive'],
  summary: 'End a holding, now or at a later moment; its tokens end with it.',
  input: z.object({ holdingId: Id, untilAt: When.optional() }),
  output: Holding,
})
