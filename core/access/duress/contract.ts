import { z } from 'zod'
import { command, query } from '#core/operation/operation.ts'

const Id = z.uuid()
const When = z.iso.datetime({ offset: true })

export const DuressPasskey = z.object({ id: Id, name: z.string(), addedAt: When })
export type DuressPasskey = z.infer<typeof DuressPasskey>

export const duressPasskeys = query('access.duressPasskeys', {
  who: 'person',
  summary: 'Your passkeys of duress: each opens an empty Concord and tells the watch.',
  input: z.object({}),
  output: z.object({ passkeys: z.array(DuressPasskey) }),
})

export const removeDuressPasskey = command('access.removeDuressPasskey', {
  who: 'person',
  summary: 'Remove one of your passkeys of duress. Asks for a passkey first.',
  input: z.object({ id: Id }),
  output: z.object({ removed: z.literal(1) }),
})

export const Alarm = z.object({
  id: Id,
  person: z.object({ id: Id, name: z.string() }),
  at: When,
  answered: z.object({ by: z.string(), at: When, words: z.string() }).nullable(),
})
export type Alarm = z.infer<typeof Alarm>

export const alarms = query('access.alarms', {
  who: ['watch-officer', 'administrator'],
  summary: 'Who signed in under duress, newest first, and what was done.',
  input: z.object({}),
  output: z.object({ alarms: z.array(Alarm) }),
})

export const answerAlarm = command('access.answerAlarm', {
  who: ['watch-officer', 'administrator'],
  summary: 'Say what was done about somebody who signed in under duress.',
  input: z.object({ id: Id, words: z.string().trim().min(1, 'Say what was done.').max(1000) }),
  output: z.object({ answered: z.literal(1) }),
})

export const signOutPerson = command('access.signOutPerson', {
  who: ['watch-officer', 'administrator', 'executive'],
  summary: 'End every window, token and unused link of somebody whose telephone is gone; an executive for people of the same agency.',
  input: z.object({
    person: z.string().trim().min(1, 'Write the name or the mail address.').max(254),
    reason: z.string().trim().min(3, 'Say why, in a few words.').max(300),
  }),
  output: z.object({ person: z.string(), ended: z.number().int() }),
})
