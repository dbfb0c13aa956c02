import { describe, expect, test } from 'vitest'
import { channelsFromEnvironment, configuredChannels, wakesPeople } from './configuration.ts'

const whole = {
  CONCORD_PUBLIC_URL: 'https://concord.example/',
  CONCORD_MAIL_URL: 'smtps://user:pass@mail.example',
  CONCORD_MAIL_FROM: 'concord@port-marlow.example',
  CONCORD_SMS_URL: 'https://sms.example/send',
  CONCORD_SMS_SECRET: 'token',
  CONCORD_SMS_BODY: '{"messages":[{"to":"{{to}}","body":"{{text}}"}]}',
  CONCORD_SMS_TIMEOUT_MS: '2500',
  CONCORD_EXERCISE_SMS_URL: 'https://sms.example/exercise-sink',
  CONCORD_WEBHOOK_URL: 'https://pager.example/hook',
  CONCORD_WEBHOOK_SECRET: 'whsec_c2VjcmV0',
}

describe('channels from the environment', () => {
  test('nothing set: everything is simulated and nobody is woken', () => {
    const config = channelsFromEnvironment({})
    expect(config).toEqual({ live: {}, exercise: {}, inbound: {} })
    expect(wakesPeople(config)).toBe(false)
  })

  test('what is set is read, with the callback under the public address', () => {
    const config = channelsFromEnvironment(whole)
    expect(config.live.sms).toMatchObject({
      url: 'https://sms.example/send',
      secret: 'token',
      timeoutMs: 2500,
      callback: 'https://concord.example/channels/sms/callback',
    })
    expect(configuredChannels(config, 'live')).toEqual(['mail', 'sms', 'webhook'])
    expect(configuredChannels(config, 'exercise')).toEqual(['sms'])
    expect(config.inbound.webhook).toBe('whsec_c2VjcmV0')
  })

  test('mail alone wakes nobody, nor does a sink of exercises', () => {
    expect(
      wakesPeople(
        channelsFromEnvironment({
          CONCORD_MAIL_URL: 'smtp://mail.example',
          CONCORD_MAIL_FROM: 'a@b.example',
          CONCORD_EXERCISE_SMS_URL: 'https://x.example',
        }),
      ),
    ).toBe(false)
    expect(wakesPeople(channelsFromEnvironment({ CONCORD_VOICE_URL: 'https://voice.example' }))).toBe(true)
  })

  test.each([
    ['CONCORD_SMS_URL', { CONCORD_SMS_URL: 'http://sms.example/' }],
    ['CONCORD_SMS_URL', { CONCORD_SMS_URL: 'file:///etc/passwd' }],
    ['CONCORD_SMS_BODY', { CONCORD_SMS_URL: 'https://sms.example', CONCORD_SMS_BODY: '{' }],
    ['CONCORD_SMS_HEADERS', { CONCORD_SMS_URL: 'https://sms.example', CONCORD_SMS_HEADERS: '{"a":1}' }],
    ['CONCORD_SMS_SUCCESS', { CONCORD_SMS_URL: 'https://sms.example', CONCORD_SMS_SUCCESS: 'read' }],
    ['CONCORD_VOICE_CONCURRENCY', { CONCORD_VOICE_URL: 'https://v.example', CONCORD_VOICE_CONCURRENCY: '0' }],
    ['CONCORD_MAIL_FROM', { CONCORD_MAIL_URL: 'smtp://mail.example' }],
    ['CONCORD_WEBHOOK_SECRET', { CONCORD_WEBHOOK_URL: 'https://pager.example' }],
    ['exercise.sms', { CONCORD_SMS_URL: 'https://sms.example/send', CONCORD_EXERCISE_SMS_URL: 'https://SMS.example/send?sandbox=1' }],
    ['exercise.voice', { CONCORD_SMS_URL: 'https://sms.example/send', CONCORD_EXERCISE_VOICE_URL: 'https://sms.example/send' }],
  ])('a mistake in %s is found at the start and named', (field, env) => {
    expect(() => channelsFromEnvironment(env)).toThrowError(expect.objectContaining({ kind: 'invalid', field }))
  })
})
