import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { channelNames } from './channel.ts'
import type { Words } from './compose.ts'
import { compose, composeMessage, exerciseMark } from './compose.ts'
import { smsParts } from './sms-text.ts'

const words: Words = {
  kind: 'call-out',
  language: 'en',
  post: 'Duty director of public health',
  agency: 'Health Service of Port Marlow',
  city: 'Port Marlow',
  link: 'https://concord.port-marlow.example/a/8JfK2mQx7RzT',
  callBack: '+44 20 7946 0123',
  replyCode: '4711',
  world: { kind: 'live', name: 'live' },
}
const exercise = { kind: 'exercise' as const, name: 'Secret anthrax drill' }
const kinds = ['call-out', 'remind', 'cancelled', 'sign-in', 'waits', 'address-changed'] as const

describe('the words of a message', () => {
  test('say post, agency, call-back number, link and code, in both languages', () => {
    for (const language of ['en', 'fr'] as const) {
      const { subject, text } = compose('mail', { ...words, language })
      for (const part of [words.post, words.agency, words.callBack, words.link, words.replyCode]) expect(text).toContain(part)
      expect(subject).toContain('Port Marlow')
    }
    expect(compose('voice', { ...words, language: 'fr' }).text).toContain('tapez 1')
    expect(compose('voice', words).text).toContain('press 2')
    expect(compose('voice', words).text).not.toContain('http')
  })

  test('no wording leaves a hole unfilled', () => {
    for (const kind of kinds)
      for (const language of ['en', 'fr'] as const)
        for (const channel of channelNames)
          expect(JSON.stringify(compose(channel, { ...words, kind, language }))).not.toMatch(/[{}]\w|undefined/)
  })

  test('an exercise message begins with the mark in text and subject and never names the exercise', () => {
    for (const kind of kinds)
      for (const language of ['en', 'fr'] as const)
        for (const channel of channelNames) {
          const { subject, text } = compose(channel, { ...words, kind, language, world: exercise })
          expect(text.startsWith(exerciseMark)).toBe(true)
          expect(subject.startsWith(exerciseMark)).toBe(true)
          expect(text + subject).not.toContain('anthrax')
        }
  })

  test('an SMS fits one part of GSM-7 with usual names, in both languages and in an exercise', () => {
    for (const language of ['en', 'fr'] as const)
      for (const world of [words.world, exercise]) {
        const { text } = compose('sms', { ...words, language, world })
        expect(smsParts(text), text).toMatchObject({ encoding: 'gsm7', parts: 1 })
        expect(text).toContain('4711')
        expect(text).toContain(words.link)
      }
  })

  test('that something waits says the city and nothing else, whatever it is given', () => {
    for (const language of ['en', 'fr'] as const)
      for (const channel of channelNames) {
        const said = JSON.stringify(compose(channel, { ...words, kind: 'waits', language }))
        expect(said).toContain('Port Marlow')
        for (const more of [words.post, words.agency, words.link, words.callBack, words.replyCode]) expect(said).not.toContain(more)
        expect(smsParts(compose('sms', { ...words, kind: 'waits', language }).text).parts).toBe(1)
      }
  })

  test('that an address was changed says when, by the clock of the city, and whom to ask; nobody’s name, no address, no link', () => {
    const changed = { ...words, kind: 'address-changed' as const, at: '2026-07-28T06:51:00Z', zone: 'Europe/Paris' }
    for (const [language, moment] of [
      ['en', '28 July 2026 at 08:51'],
      ['fr', '28 juillet 2026 à 08:51'],
    ] as const) {
      const { subject, text } = compose('mail', { ...changed, language })
      for (const part of [moment, words.callBack, 'Port Marlow']) expect(text).toContain(part)
      for (const part of [words.post, words.agency, words.link, words.replyCode, '@']) expect(subject + text).not.toContain(part)
    }
  })

  test('names cannot break a header, hide characters or fill the message', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (name) => {
        const { subject, text } = compose('sms', { ...words, post: name, agency: name, city: name })
        expect(subject).not.toMatch(/[\r\n\p{Cc}]/u)
        expect(text).toContain('4711')
        expect(smsParts(text).parts).toBeLessThanOrEqual(5)
      }),
    )
    expect(compose('mail', { ...words, post: 'A\r\nBcc: all@example.org' }).subject).not.toContain('\n')
    expect(compose('mail', { ...words, post: '{{link}}{{code}}' }).subject).toContain('{{link}}{{code}}')
  })

  test('parts are counted by the alphabet', () => {
    expect(smsParts('a'.repeat(160))).toEqual({ encoding: 'gsm7', length: 160, parts: 1 })
    expect(smsParts('a'.repeat(161)).parts).toBe(2)
    expect(smsParts('€'.repeat(81)).parts).toBe(2)
    expect(smsParts('ж'.repeat(71))).toEqual({ encoding: 'ucs2', length: 71, parts: 2 })
  })

  test('a whole message carries its key, link and code', () => {
    const message = composeMessage({ key: 'k', channel: 'sms', to: '+442079460123' }, words)
    expect(message).toMatchObject({ key: 'k', channel: 'sms', link: words.link, replyCode: '4711', world: words.world })
  })
})
