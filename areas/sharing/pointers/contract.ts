import { z } from 'zod'
import { LabelInput } from '#core/access/contract.ts'
import { command, query } from '#core/operation/operation.ts'
import { acting, Id, When } from '../contract.ts'

/** Whom to ask about what one may know exists, in words. */
export const Ask = z.object({
  holder: z.string(),
  /** The post to ask; null: the agency's control room. */
  post: z.string().nullable(),
  /** The number on which the agency is called back. */
  callBack: z.string().nullable(),
  how: z.string(),
})

export const Pointer = z.object({
  id: Id,
  title: z.string(),
  holder: z.string(),
  ask: Ask,
  by: z.string(),
  byAgency: z.string(),
  at: When,
  restrictedBecause: z.string().nullable(),
  ended: z.object({ at: When, reason: z.string() }).nullable(),
  incidentId: Id.nullable(),
  label: z.number().int(),
  marking: z.string(),
  can: z.object({ end: z.boolean() }),
})
export type Pointer = z.infer<typeof Pointer>

export const pointers = query('sharing.pointers', {
  who: 'person',
  summary: 'What is held elsewhere, as far as you may know of it: by whom, whom to ask, how to be briefed.',
  /** With an agency: also its posts, to choose whom to ask. */
  input: z.object({ holderAgencyId: Id.optional() }),
  output: z.object({
    pointers: z.array(Pointer),
    /** `token`: what stands for the agency in an audience. */
    agencies: z.array(z.object({ id: Id, name: z.string(), own: z.boolean(), token: z.string() })),
    posts: z.array(z.object({ id: Id, title: z.string() })),
    /** The token of everybody in the city. */
    everybody: z.string(),
    can: z.object({ point: z.boolean() }),
  }),
})

export const makePointer = command('sharing.makePointer', {
  who: acting,
  summary:
    'Say that something is held elsewhere: a title without content, who holds it, whom to ask, how to be briefed. For what is above the ceiling.',
  input: z.object({
    title: z.string().trim().min(1, 'Say in a few words what it is about, without its content.').max(200),
    holderAgencyId: Id,
    /** A post of the holder. */
    askPostId: Id.optional(),
    how: z.string().trim().min(3, 'Say how somebody is briefed.').max(2000),
    label: LabelInput,
    /** Asked for when a caveat or TLP:AMBER+STRICT keeps people out; the end stands in the marking (UNTIL). */
    restrictedBecause: z.string().trim().max(2000).optional(),
    incidentId: Id.optional(),
  }),
  output: z.object({ id: Id }),
})

export const endPointer = command('sharing.endPointer', {
  who: acting,
  summary: 'Take a pointer of your agency back: it was wrong, or what it pointed to is held no more.',
  input: z.object({ id: Id, reason: z.string().trim().min(3, 'Say why.').max(2000) }),
  output: z.object({ ended: z.literal(true) }),
})

export const whomToAsk = query('sharing.whomToAsk', {
  who: 'person',
  summary: 'Why you cannot read something that you may know exists, and whom to ask. Anything else is not found.',
  input: z.object({ id: Id }),
  output: z.object({ title: z.string(), ask: Ask, lines: z.array(z.string()) }),
})

export const unread = query('sharing.readByNobody', {
  who: ['executive', 'data-protection', 'legal-adviser', 'secretariat'],
  summary: 'What your agency originated and nobody who is here can read: told to you alone.',
  input: z.object({}),
  output: z.object({ labels: z.array(z.object({ agency: z.string(), marking: z.string(), needs: z.array(z.string()) })) }),
})
