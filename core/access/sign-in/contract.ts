import { z } from 'zod'
import { command, query } from '#core/operation/operation.ts'

const Id = z.uuid()
const When = z.iso.datetime({ offset: true })
const Name = z.string().trim().min(1, 'Give it a name.').max(80)
export const Mail = z.string().trim().toLowerCase().pipe(z.email('This is not a mail address.')).pipe(z.string().max(254))

/** What is sent to the routes of core/http/sign-in.ts; they are no operations, because they set the cookie of a browser. */
export const AskLink = z.object({ mail: Mail })
export const Plead = z.object({ mail: Mail })
/** A code that is read out on the telephone: eight letters and figures without look-alikes, in any writing. */
export const Code = z
  .string()
  .transform((text) => text.toUpperCase().replace(/[^A-Z0-9]/g, ''))
  .pipe(z.string().regex(/^[A-HJ-NP-Z2-9]{8}$/, 'A code has eight letters and figures.'))
export const MakeToken = z.object({ name: Name, expiresAt: When })
/** A device sees what is meant for a room: the city, an agency, a group. Other tokens reach it only from whoever holds them. */
export const DeviceToken = z.string().regex(/^(city|agency|group):[A-Za-z0-9._-]+$/, 'A device holds city, agency or group tokens only.')
export const EnrolDevice = z.object({ name: Name, tokens: z.array(DeviceToken).max(10) })

export const Post = z.object({ id: Id, name: z.string(), agency: z.string().nullable() })
export type Post = z.infer<typeof Post>

export const How = z.enum(['key', 'link', 'vouched', 'passkey', 'provider', 'device', 'token'])

/** Who is at this window: what the shell draws its band from. */
export const self = query('access.self', {
  who: 'person',
  summary: 'Who you are, in which post and world, and what you hold now.',
  input: z.object({}),
  output: z.object({
    person: z.object({ id: Id, name: z.string() }),
    language: z.string(),
    post: Post.nullable(),
    /** Every post held now; one of them is chosen with access.choosePost. */
    posts: z.array(Post),
    kinds: z.array(z.string()),
    world: z.object({ id: Id, kind: z.enum(['live', 'exercise']), name: z.string() }),
    city: z.object({ code: z.string(), name: z.string() }),
    zone: z.string(),
    notForLiveCallOut: z.boolean(),
    /** World time against real time, and how fast it runs. */
    time: z.object({ worldAt: When, realAt: When, rate: z.number() }),
    session: z.object({
      id: Id,
      kind: z.enum(['browser', 'token', 'device']),
      how: How,
      expiresAt: When,
      /** Until when a step-up counts; null: grave acts will ask for the passkey. */
      strongUntil: When.nullable(),
      /** May this window change passkeys and make tokens without asking again? */
      sure: z.boolean(),
      hasPasskey: z.boolean(),
    }),
  }),
})

export const choosePost = command('access.choosePost', {
  who: 'person',
  summary: 'Choose the post that this window acts in; null for none. Only a post that you hold now.',
  input: z.object({ postId: Id.nullable() }),
  output: z.object({ post: Post.nullable() }),
})

export const chooseLanguage = command('access.chooseLanguage', {
  who: 'person',
  summary: 'Choose the language of messages to you.',
  input: z.object({ language: z.enum(['en', 'fr']) }),
  output: z.object({ language: z.string() }),
})

export const Session = z.object({
  id: Id,
  kind: z.enum(['browser', 'token', 'device']),
  how: How,
  name: z.string(),
  openedAt: When,
  seenAt: When,
  expiresAt: When,
  this: z.boolean(),
})
export type Session = z.infer<typeof Session>

export const Passkey = z.object({ id: Id, name: z.string(), addedAt: When, usedAt: When.nullable(), synced: z.boolean() })
export type Passkey = z.infer<typeof Passkey>

export const Note = z.object({ id: Id, kind: z.string(), words: z.string(), byYou: z.boolean(), at: When })
export type Note = z.infer<typeof Note>

export const ways = query('access.ways', {
  who: 'person',
  summary: 'Your sessions, tokens and passkeys, and what happened to them lately.',
  input: z.object({}),
  output: z.object({ sessions: z.array(Session), passkeys: z.array(Passkey), notes: z.array(Note) }),
})

export const endSession = command('access.endSession', {
  who: 'person',
  summary: 'End one of your sessions or tokens, wherever it is.',
  input: z.object({ id: Id }),
  output: z.object({ ended: z.literal(1) }),
})

export const endSessions = command('access.endSessions', {
  who: 'person',
  summary: 'End all your sessions, tokens and unused links; this window stays unless you say otherwise.',
  input: z.object({ hereToo: z.boolean().default(false) }),
  output: z.object({ ended: z.number().int() }),
})

export const namePasskey = command('access.namePasskey', {
  who: 'person',
  summary: 'Name one of your passkeys.',
  input: z.object({ id: Id, name: Name }),
  output: z.object({ named: z.literal(1) }),
})

export const removePasskey = command('access.removePasskey', {
  who: 'person',
  summary: 'Remove one of your passkeys. Asks for a passkey first.',
  input: z.object({ id: Id }),
  output: z.object({ removed: z.literal(1) }),
})

export const plea = query('access.plea', {
  who: 'person',
  summary: 'Who asks to be vouched for, by the code they read out. For people with an agency or post, after a step-up.',
  input: z.object({ code: Code }),
  output: z.object({ personId: Id, name: z.string(), expiresAt: When }),
})

export const vouch = command('access.vouch', {
  who: 'person',
  summary: 'Vouch for a colleague who has lost their passkey and whose voice you know. Recorded under your name.',
  input: z.object({ code: Code, personId: Id }),
  output: z.object({ ready: z.boolean(), stillNeeded: z.enum(['nothing', 'somebody', 'somebody-related']) }),
})

export const Group = z.object({ id: Id, name: z.string(), tokens: z.array(z.string()) })
export type Group = z.infer<typeof Group>
export const GroupToken = z
  .string()
  .regex(/^(agency|post|kind|group):[A-Za-z0-9._-]+$/, 'A group stands for agency, post, kind or group tokens.')
  .refine((token) => token !== 'kind:operator', 'The operator is of this machine, and no group of a provider.')

export const groups = query('access.groups', {
  who: ['administrator'],
  summary: 'What the groups of the outside sign-in provider mean here.',
  input: z.object({}),
  output: z.object({ groups: z.array(Group) }),
})

export const mapGroup = command('access.mapGroup', {
  who: ['administrator'],
  summary: "Say which tokens the members of a provider's group hold while they are in it. Takes effect at their next sign-in.",
  input: z.object({ group: z.string().trim().min(1).max(300), tokens: z.array(GroupToken).min(1).max(20) }),
  output: Group,
})

export const unmapGroup = command('access.unmapGroup', {
  who: ['administrator'],
  summary: 'A group of the provider means nothing here any more.',
  input: z.object({ id: Id }),
  output: z.object({ ended: z.literal(true) }),
})

const minutes = (least: number, most: number) => z.number().int().min(least).max(most)
/** In minutes; the database holds the same bounds. */
export const Rule = z.object({
  session: minutes(10, 10_080),
  idle: minutes(5, 10_080),
  strong: minutes(1, 720),
  link: minutes(2, 120),
  plea: minutes(5, 120),
})
export type Rule = z.infer<typeof Rule>

export const rule = query('access.rule', {
  who: ['administrator'],
  summary: 'How long sessions, step-ups, links and pleas last, in minutes.',
  input: z.object({}),
  output: Rule,
})

export const setRule = command('access.setRule', {
  who: ['administrator'],
  summary: 'Set how long sessions, step-ups, links and pleas last, in minutes.',
  input: Rule,
  output: Rule,
})

export const Device = z.object({ id: Id, name: z.string(), seenAt: When.nullable(), expiresAt: When.nullable(), open: z.boolean() })
export type Device = z.infer<typeof Device>

export const devices = query('access.devices', {
  who: ['administrator'],
  summary: 'Wall screens and other devices that are signed in.',
  input: z.object({}),
  output: z.object({ devices: z.array(Device) }),
})

export const endDevice = command('access.endDevice', {
  who: ['administrator'],
  summary: 'End a device: its sessions and all it could see.',
  input: z.object({ id: Id }),
  output: z.object({ ended: z.literal(1) }),
})

export const audience = query('access.audience', {
  who: 'person',
  summary: 'Who can see what carries a label, and why you can.',
  input: z.object({ label: z.number().int().positive() }),
  output: z.object({
    who: z.array(z.string()),
    why: z.array(z.string()),
    /** What the marking itself says of whom it may go to, whose it is and until when it is restricted, in words. */
    says: z.array(z.string()),
  }),
})
