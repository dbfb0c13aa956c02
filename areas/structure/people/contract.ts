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
    marking: z.string(),
  }),
})
export type People = z.infer<typeof people.output>
