import type { Channel, Message, MessageWorld } from './channel.ts'
import { foldToGsm, smsParts } from './sms-text.ts'
import en from './words/en.json' with { type: 'json' }
import fr from './words/fr.json' with { type: 'json' }

/**
 * `waits`: something waits in Concord, and nothing more. Its wording has no link: nobody learns to follow one from such a message.
 * `address-changed`: to the address that was somebody's until then; it names neither them nor the new one.
 */
export type Occasion = 'call-out' | 'remind' | 'cancelled' | 'sign-in' | 'waits' | 'address-changed'
export type Language = 'en' | 'fr'

/**
 * All that a message may say. There is no field for a reason, a place or an incident: what cannot be passed cannot leak
 * (*a sensitive word in a notification* must never be). `link` and `replyCode` are unguessable and of no use to a reader of the record.
 */
export type Words = {
  kind: Occasion
  language: Language
  post?: string
  agency?: string
  city: string
  link?: string
  callBack: string
  replyCode?: string
  /** When it happened, and the city's time zone, in which it is told. */
  at?: string
  zone?: string
  world: MessageWorld
}

export const exerciseMark = 'EXERCISE EXERCISE EXERCISE'

const catalogues = { en, fr }

/** A name on one line, without characters that could end a mail header or a sentence read out; at most 60 characters. */
const plain = (name: string) =>
  Array.from(name.replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\s]+/gu, ' ').trim())
    .slice(0, 60)
    .join('')
    .trim()

const momentOf = ({ at, zone, language }: Words) =>
  at === undefined
    ? ''
    : new Intl.DateTimeFormat(language === 'fr' ? 'fr-FR' : 'en-GB', {
        day: 'numeric',
        month: 'long',
        year: 'numeric',
        hour: '2-digit',
        minute: '2-digit',
        timeZone: zone ?? 'UTC',
        timeZoneName: 'short',
      }).format(new Date(at))

function fill(template: string, words: Words): string {
  const values: Record<string, string> = {
    post: plain(words.post ?? ''),
    agency: plain(words.agency ?? ''),
    city: plain(words.city),
    link: words.link ?? '',
    callBack: plain(words.callBack),
    code: words.replyCode ?? '',
    moment: momentOf(words),
  }
  return template.replaceAll(/\{\{(\w+)\}\}/g, (_, name: string) => values[name] ?? '')
}

/** Puts the exercise mark first, once. */
export const marked = (text: string, world: MessageWorld, own = ''): string =>
  world.kind === 'live' || text.startsWith(exerciseMark) ? text : `${exerciseMark}. ${own}${text}`

/** Of the wordings from full to short, the one with the fewest SMS parts; of equals the fullest. */
function shortestSms(templates: readonly string[], words: Words): string {
  const texts = templates.map((template) => foldToGsm(marked(fill(template, words).trim(), words.world)))
  const fewest = Math.min(...texts.map((text) => smsParts(text).parts))
  return texts.find((text) => smsParts(text).parts === fewest) ?? ''
}

/** The words of one message for one channel: mail has a subject, SMS fits one part where it can, voice says which key to press. */
export function compose(channel: Channel, words: Words): { subject: string; text: string } {
  const catalogue = catalogues[words.language]
  const subject = marked(fill(catalogue.subject[words.kind], words), words.world)
  if (channel === 'sms') return { subject, text: shortestSms(catalogue.sms[words.kind], words) }
  const template = channel === 'voice' ? catalogue.voice[words.kind] : catalogue.mail[words.kind]
  return { subject, text: marked(fill(template, words), words.world, catalogue.exercise) }
}

/** A whole message, ready for `send`. */
export function composeMessage(to: { key: string; channel: Channel; to: string }, words: Words): Message {
  const message: Message = { ...to, ...compose(to.channel, words), world: words.world }
  if (words.link !== undefined) message.link = words.link
  if (words.replyCode !== undefined) message.replyCode = words.replyCode
  return message
}
