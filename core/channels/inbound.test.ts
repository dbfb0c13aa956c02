import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Channel } from './channel.ts'
import { readInbound } from './inbound.ts'
import { readReply } from './reply.ts'
import { replayGuard, sign, verify } from './signature.ts'

const now = new Date('2031-03-04T02:00:00Z')
const json = (channel: Channel, body: unknown, secret = 'right', headers: Record<string, string> = {}) =>
  readInbound(
    channel,
    { headers: { 'Content-Type': 'application/json', authorization: `Bearer ${secret}`, ...headers }, body: JSON.stringify(body) },
    'right',
    now,
  )

describe('a text message sent back', () => {
  test.each([
    ['1234 YES', 'accepted', undefined],
    ['1234 yes, no problem', 'accepted', undefined],
    [' 1234: Oui !', 'accepted', undefined],
    ['oui 1234', 'accepted', undefined],
    ['1234YES', 'accepted', undefined],
    ['“1234” — Yes.', 'accepted', undefined],
    ['1234 NO', 'declined', undefined],
    ['1234 NO, I am abroad until 2030', 'declined', 'I am abroad until 2030'],
    ['1234 non, malade', 'declined', 'malade'],
    ['NON 1234 je suis malade', 'declined', 'je suis malade'],
    ["1234 can't tonight", 'declined', 'tonight'],
  ])('%s is %s', (text, answer, reason) => {
    const reply = readReply(text)
    expect(reply).toMatchObject({ answer, replyCode: '1234' })
    expect(reply.reason).toBe(reason)
  })

  test.each([
    '1234',
    '',
    'who is this?',
    '1234 no problem',
    '1234 pas de problème',
    'Reply 1234 YES or 1234 NO',
    '1234 YES or 1234 NO',
    '1234 YES NO',
    '1234 no yes',
    '1234 maybe',
    '1234 yesterday',
    '12 YES',
    '😀',
  ])('%s is left to a person, never guessed', (text) => {
    expect(['unclear']).toContain(text === '12 YES' && readReply(text).replyCode === undefined ? 'unclear' : readReply(text).answer)
  })

  test('no text whatever throws or hangs', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary', maxLength: 2_000 }), (text) => void readReply(text)))
    const began = performance.now()
    readReply(`${'a1'.repeat(50_000)} `)
    readReply(`1234 ${"'".repeat(100_000)}`)
    expect(performance.now() - began).toBeLessThan(500)
  })

  test('without its code an answer is nobody’s', () => {
    expect(json('sms', { from: '+44', text: 'YES' })).toEqual({ ok: false, problem: 'unclear' })
    expect(json('sms', { from: '+44', text: '1234 YES' })).toEqual({ ok: true, event: { replyCode: '1234', event: 'accepted' } })
    expect(json('sms', { text: '1234 hm' })).toEqual({ ok: false, problem: 'unclear', replyCode: '1234' })
  })
})

describe('callbacks', () => {
  test('receipts in several spellings, JSON or form', () => {
    expect(json('sms', { key: 'k', state: 'delivered' })).toEqual({ ok: true, event: { key: 'k', event: 'delivered' } })
    expect(json('sms', { Reference: 'k', MessageStatus: 'UNDELIV' })).toEqual({ ok: true, event: { key: 'k', event: 'failed' } })
    const form = {
      headers: { 'content-type': 'application/x-www-form-urlencoded', authorization: 'Bearer right' },
      body: 'reference=k&status=DELIVRD',
    }
    expect(readInbound('sms', form, 'right', now)).toEqual({ ok: true, event: { key: 'k', event: 'delivered' } })
  })

  test('a gateway’s own word *accepted* is not a person’s acceptance', () => {
    expect(json('sms', { key: 'k', status: 'accepted' })).toEqual({ ok: false, problem: 'nothing' })
    expect(json('voice', { key: 'k', status: 'accepted' })).toEqual({ ok: false, problem: 'nothing' })
  })

  test('keys: 1 accepts, 2 declines, anything else is unclear', () => {
    expect(json('voice', { key: 'k', digit: '1' })).toEqual({ ok: true, event: { key: 'k', event: 'accepted' } })
    expect(json('voice', { key: 'k', Digits: 2 })).toEqual({ ok: true, event: { key: 'k', event: 'declined' } })
    expect(json('voice', { key: 'k', digit: '12' })).toEqual({ ok: false, problem: 'unclear' })
    expect(json('voice', { digit: '1' })).toEqual({ ok: false, problem: 'unreadable' })
  })

  test('nothing is believed without the secret', () => {
    expect(json('sms', { text: '1234 YES' }, 'wrong')).toEqual({ ok: false, problem: 'wrong' })
    expect(readInbound('sms', { headers: {}, body: '{}' }, 'right', now)).toEqual({ ok: false, problem: 'unsigned' })
    expect(readInbound('sms', { headers: { authorization: 'Bearer ' }, body: '{}' }, '', now)).toEqual({ ok: false, problem: 'unsigned' })
    expect(
      readInbound('webhook', { headers: { authorization: 'Bearer right' }, body: '{"key":"k","type":"accepted"}' }, 'right', now).ok,
    ).toBe(false)
  })

  test('a webhook’s acknowledgement is signed, fresh and whole', () => {
    const body = JSON.stringify({ type: 'declined', data: { key: 'k', reason: 'abroad' } })
    const headers = { 'content-type': 'application/json', ...sign('right', 'id-1', now, body) }
    expect(readInbound('webhook', { headers, body }, 'right', now)).toEqual({
      ok: true,
      event: { key: 'k', event: 'declined', reason: 'abroad' },
    })
    expect(readInbound('webhook', { headers, body: body.replace('declined', 'accepted') }, 'right', now)).toEqual({
      ok: false,
      problem: 'wrong',
    })
    expect(readInbound('webhook', { headers, body }, 'right', new Date(now.getTime() + 301_000))).toEqual({ ok: false, problem: 'stale' })
    expect(
      readInbound('webhook', { headers: { ...headers, 'webhook-timestamp': String(now.getTime() / 1000 + 1) }, body }, 'right', now),
    ).toEqual({ ok: false, problem: 'wrong' })
    const fresh = replayGuard()
    expect([fresh('id-1', now), fresh('id-1', now), fresh('id-1', new Date(now.getTime() + 601_000))]).toEqual([true, false, true])
  })

  test('the signature is that of Standard Webhooks (its published example)', () => {
    const body = '{"test": 2432232314}'
    const headers = sign('whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw', 'msg_p5jXN8AQM9LWM0D4loKWxJek', new Date(1_614_265_330_000), body)
    expect(headers['webhook-signature']).toBe('v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=')
    expect(verify('other', headers, new Date(1_614_265_330_000), body)).toBe('wrong')
  })

  test('no body whatever throws', () => {
    const channels = fc.constantFrom<Channel>('mail', 'sms', 'voice', 'webhook')
    const body = fc.oneof(
      fc.string(),
      fc.json(),
      fc.json().map((data) => `{"data":${data},"key":"k"}`),
    )
    fc.assert(
      fc.property(channels, body, (channel, text) => {
        const headers = {
          'content-type': 'application/json',
          authorization: 'Bearer right',
          ...(channel === 'webhook' ? sign('right', 'i', now, text) : {}),
        }
        const read = readInbound(channel, { headers, body: text }, 'right', now)
        if (read.ok) expect(read.event.key ?? read.event.replyCode).toBeTruthy()
      }),
    )
  })
})
