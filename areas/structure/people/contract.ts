import { z } from 'zod'
import { command, query } from '#core/operation/operation.ts'
import { cityRows } from '../city-import/contract.ts'
import { Contact, Id, When } from '../contract.ts'

const { code, name, mail, mobile, language, needs } = cityRows.people.shape

/** One person as a line of the list of people would name them, by the same rules. */
export const addPerson = command('structure.addPerson', {
  who: ['administrator'],
  summary: 'Add one person by hand: their agency, how they are reached, and the posts that they hold. What a list refuses is refused here.',
  input: z.object({
    /** As lists name them; made from the name when it is left out. */
    code: code.optional(),
    name,
    agencyId: Id,
    mail,
    mobile,
    language,
    needs,
    holds: z.array(Id).max(50).default([]),
    /** Since when they hold these posts; now, when it does not say. */
    since: When.optional(),
  }),
  output: z.object({ personId: Id, code: z.string() }),
})

/** Why somebody's way in was changed, closed or opened: they and the administrators read it, with the name of who did it. */
const Reason = z
  .string()
  .trim()
  .min(3, 'Say why, in a few words.')
  .max(1000)
  .refine((words) => !/[\uFFFD]|(?!\n)\p{Cc}/u.test(words), 'This holds characters that cannot be read.')

export const changePerson = command('structure.changePerson', {
  who: ['administrator'],
  summary:
    'Change one person whom no directory provides: name, sign-in mail, mobile, language, needs. Another mail needs a reason, and the old address is told. Not the agency: close them here and add them there.',
  input: z.object({
    personId: Id,
    /** What is left out stays; null takes it away. */
    name: name.optional(),
    mail: mail.unwrap().nullish(),
    mobile: mobile.unwrap().nullish(),
    language: language.unwrap().optional(),
    needs: needs.unwrap().nullish(),
    /** Needed when the mail is another. */
    reason: Reason.optional(),
  }),
  output: z.object({
    personId: Id,
    /** The address that was theirs until now is written to. */
    told: z.boolean(),
  }),
})

export const closePerson = command('structure.closePerson', {
  who: ['administrator'],
  summary:
    'Somebody has left: close their account, end their sessions, links and reach, and every post that they hold or deputise for. Their name and their past stay.',
  input: z.object({ personId: Id, reason: Reason }),
  output: z.object({ personId: Id, ended: z.number().int() }),
})

export const reopenPerson = command('structure.reopenPerson', {
  who: ['administrator'],
  summary:
    'Open the account of somebody who had left, with a mail that nobody else has. They belong to their agency again and hold no post.',
  input: z.object({ personId: Id, mail: mail.unwrap(), reason: Reason }),
  output: z.object({ personId: Id }),
})

export const KeptPerson = z.object({
  id: Id,
  code: z.string(),
  name: z.string(),
  agencyName: z.string(),
  mail: z.string().nullable(),
  mobile: z.string().nullable(),
  language: z.string(),
  needs: z.string().nullable(),
  leftAt: When.nullable(),
  /** Nobody moves the address with which they administer the city. */
  own: z.boolean(),
})
export type KeptPerson = z.infer<typeof KeptPerson>

export const person = query('structure.person', {
  who: ['administrator'],
  summary: 'One person as they are kept: the address with which they sign in, mobile, language, needs.',
  input: z.object({ personId: Id }),
  output: KeptPerson,
})

/** What may be done with a line, as far as can be said before it is tried. */
const deeds = ['change', 'close', 'reopen'] as const

export const PersonLine = z.object({
  id: Id,
  code: z.string(),
  name: z.string(),
  agencyId: Id,
  agencyName: z.string(),
  /** Posts held or deputised for, now or later. */
  holds: z.array(z.string()),
  /** By which ways a call-out reaches them, in the order in which they are tried; never the numbers. */
  ways: z.array(Contact.shape.channel),
  /** Since when their account is closed. */
  leftAt: When.nullable(),
  /** A directory keeps them; told to administrators. */
  provided: z.boolean(),
  deeds: z.array(z.enum(deeds)),
})
export type PersonLine = z.infer<typeof PersonLine>

export const people = query('structure.people', {
  who: ['administrator', 'secretariat', 'watch-officer'],
  summary: 'The people of the city with their agency, the posts that they hold and by which ways they are reached. For named hands only.',
  input: z.object({}),
  output: z.object({
    people: z.array(PersonLine),
    /** Duty hours that a holding may have. */
    hours: z.array(z.object({ code: z.string(), words: z.string() })),
    can: z.object({ add: z.boolean() }),
    /** Sign-in addresses that administrators have moved in the last thirty days: for administrators and the watch. */
    moved: z.array(z.object({ id: Id, personId: Id, name: z.string(), byName: z.string(), reason: z.string(), at: When })),
    marking: z.string(),
  }),
})
export type People = z.infer<typeof people.output>
