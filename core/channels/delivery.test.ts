import { afterEach, describe, expect, test } from 'vitest'
import { startPhoneGateway } from '../../tests/gateways/phone-gateway.ts'
import { startSmtpSink } from '../../tests/gateways/smtp-sink.ts'
import { startServer } from '../../tests/gateways/loopback-server.ts'
import { startWebhookReceiver } from '../../tests/gateways/webhook-receiver.ts'
import type { Channel, Message } from './channel.ts'
import { composeMessage } from './compose.ts'
import type { ChannelsConfig, Gateways } from './configuration.ts'
import { openChannels } from './delivery.ts'
import { readInbound } from './inbound.ts'

const open: (() => unknown)[] = []
afterEach(async () => {
  for (const close of open.splice(0).reverse()) await close()
})

async function city(limits: { concurrency?: number; timeoutMs?: number } = {}, world: 'live' | 'exercise' = 'live') {
  const smtp = await startSmtpSink()
  const phone = await startPhoneGateway({ secret: 'token', inboundSecret: 'inbound', receipts: 'twice' })
  const hook = await startWebhookReceiver({ secret: 'whsec_c2VjcmV0' })
  const inbound: ReturnType<typeof readInbound>[] = []
  const callbacks = await startServer(undefined, async ({ path, headers, body }) => {
    const channel = path.slice(1) as Channel
    inbound.push(readInbound(channel, { headers, body }, channel === 'webhook' ? 'whsec_c2VjcmV0' : 'inbound', new Date()))
    return { status: inbound.at(-1)?.ok ? 200 : 401 }
  })
  const gateways: Gateways = {
    mail: { url: smtp.url, from: 'concord@port-marlow.example', ...limits },
    sms: { url: phone.smsUrl, secret: 'token', callback: `${callbacks.url}/sms`, ...limits },
    voice: { url: phone.voiceUrl, secret: 'token', callback: `${callbacks.url}/voice`, ...limits },
    webhook: { url: hook.url, secret: 'whsec_c2VjcmV0', callback: `${callbacks.url}/webhook`, ...limits },
  }
  const config: ChannelsConfig = { live: {}, exercise: {}, inbound: {}, [world]: gateways }
  const channels = openChannels(config)
  open.push(smtp.close, phone.close, hook.close, callbacks.close, channels.close)
  return { smtp, phone, hook, channels, inbound, gateways }
}

const to: Record<Channel, string> = { mail: 'duty@agency.example', sms: '+44 20 7946 0123', voice: '+442079460124', webhook: 'person-1' }
const message = (channel: Channel, key = 'key-1', kind: 'live' | 'exercise' = 'live'): Message =>
  composeMessage(
    { key, channel, to: to[channel] },
    {
      kind: 'call-out',
      language: 'fr',
      post: 'Directrice de garde',
      agency: 'Préfecture de Port-Marlow',
      city: 'Port-Marlow',
      link: 'https://concord.example/a/8JfK2mQx7RzT',
      callBack: '+33 1 99 00 12 34',
      replyCode: '4711',
      world: { kind, name: 'w' },
    },
  )

describe('each channel against a real gateway', () => {
  test('mail arrives, with a Message-ID that the same key repeats', async () => {
    const { smtp, channels } = await city()
    const first = await channels.send(message('mail'))
    const again = await channels.send(message('mail'))
    expect(first).toMatchObject({ state: 'attempted', gatewayId: '<key-1@port-marlow.example>' })
    expect(again.gatewayId).toBe(first.gatewayId)
    expect(smtp.received[0]).toMatchObject({ to: ['duty@agency.example'], from: 'concord@port-marlow.example' })
    expect(smtp.received[0]?.header('X-Concord-Key')).toBe('key-1')
    expect(smtp.received[0]?.text).toContain('Préfecture de Port-Marlow')
    expect(smtp.received[1]?.connection).toBe(smtp.received[0]?.connection)
  })

  test('SMS: sent, receipt (twice) and reply come back', async () => {
    const { phone, channels, inbound } = await city()
    expect(await channels.send(message('sms'))).toMatchObject({ state: 'attempted', gatewayId: 'gw-1' })
    const taken = phone.received[0]
    expect(taken).toMatchObject({ kind: 'sms', to: '+442079460123', key: 'key-1', headers: { 'idempotency-key': 'key-1' } })
    await phone.settled()
    expect(await phone.reply(taken!, '4711 oui')).toBe(200)
    const receipt = { ok: true, event: { key: 'key-1', event: 'delivered' } }
    expect(inbound).toEqual([receipt, receipt, { ok: true, event: { replyCode: '4711', event: 'accepted' } }])
  })

  test('voice: read out, key pressed', async () => {
    const { phone, channels, inbound } = await city()
    await channels.send(message('voice'))
    expect(phone.received[0]?.text).toContain('Pour accepter, tapez 1')
    await phone.settled()
    await phone.press(phone.received[0]!, '2')
    expect(inbound.at(-1)).toEqual({ ok: true, event: { key: 'key-1', event: 'declined' } })
  })

  test('webhook: signed, verified by other code, a repeat is seen as one, acknowledged', async () => {
    const { hook, channels, inbound } = await city()
    expect(await channels.send(message('webhook'))).toMatchObject({ state: 'delivered' })
    await channels.send(message('webhook'))
    expect([hook.received.length, hook.repeats(), hook.refused.length]).toEqual([1, 1, 0])
    expect(await hook.acknowledge(hook.received[0]!, 'accepted')).toBe(200)
    expect(inbound).toEqual([{ ok: true, event: { key: 'key-1', event: 'accepted' } }])
  })

  test('a body of one’s own cannot be broken out of by a text', async () => {
    const { phone, gateways } = await city()
    const channels = openChannels({
      live: { sms: { ...gateways.sms!, body: { to: '{{to}}', key: '{{key}}', text: 'x {{text}}' } } },
      exercise: {},
      inbound: {},
    })
    open.push(channels.close)
    await channels.send({ ...message('sms'), text: '","to":"+1 {{key}}' })
    expect(phone.received[0]).toMatchObject({ to: '+442079460123', text: 'x ","to":"+1 {{key}}' })
  })
})

describe('when a gateway fails', () => {
  test('it is a state with a neutral detail, never an exception', async () => {
    const { smtp, phone, hook, channels } = await city({ timeoutMs: 500 })
    const details: string[] = []
    const fails = async (asked: Message) => {
      const delivery = await channels.send(asked)
      expect(delivery.state).toBe('failed')
      details.push(delivery.detail)
    }
    for (const fault of ['error', 'drop', 'hang'] as const) {
      phone.setFault(fault)
      hook.setFault(fault)
      await Promise.all([fails(message('sms', fault)), fails(message('voice', fault)), fails(message('webhook', fault))])
    }
    for (const fault of ['refuse', 'drop', 'hang'] as const) {
      smtp.setFault(fault)
      await fails(message('mail', fault))
    }
    await fails({ ...message('mail'), to: 'a@b.example, c@d.example' })
    await fails({ ...message('mail'), to: 'a@b.example\r\nBcc: c@d.example' })
    await fails({ ...message('sms'), to: 'not a number' })
    for (const detail of details) expect(detail).not.toMatch(/7946|example|4711|key-1|127\.0/)
    smtp.setFault(undefined)
    expect((await channels.send(message('mail', 'after'))).state).toBe('attempted')
  })

  test('a gateway that hangs holds up no other channel, and its own lane fails soon', async () => {
    const { phone, smtp, hook, channels } = await city({ concurrency: 4, timeoutMs: 3_000 })
    phone.setFault('hang', 'sms')
    const began = performance.now()
    const stuck = Promise.all(Array.from({ length: 200 }, (_, n) => channels.send(message('sms', `s${n}`))))
    await Promise.all(
      (['mail', 'voice', 'webhook'] as const).flatMap((channel) =>
        Array.from({ length: 20 }, (_, n) => channels.send(message(channel, `${channel}${n}`))),
      ),
    )
    expect(performance.now() - began).toBeLessThan(2_900)
    expect([smtp.received.length, hook.received.length, phone.received.length]).toEqual([20, 20, 20])
    expect(channels.depth().find(({ channel }) => channel === 'sms')).toMatchObject({ waiting: 196, running: 4 })
    expect((await stuck).every(({ state }) => state === 'failed')).toBe(true)
    // 50 time limits one after another would be 150 s: after four failures in a row the lane rests and says so.
    expect(performance.now() - began).toBeLessThan(9_000)
  })

  test('the same key asked for twice at once goes out once', async () => {
    const { phone, channels } = await city()
    const answers = await Promise.all([channels.send(message('sms')), channels.send(message('sms'))])
    expect(phone.received).toHaveLength(1)
    expect(answers[0]).toEqual(answers[1])
  })

  test('redirects are not followed: the secret stays where it was sent', async () => {
    const elsewhere = await startPhoneGateway()
    const { createServer } = await import('node:http')
    const redirecting = createServer((_, response) => response.writeHead(307, { location: elsewhere.smsUrl }).end())
    await new Promise<void>((resolve) => redirecting.listen(0, '127.0.0.1', resolve))
    const { port } = redirecting.address() as { port: number }
    const channels = openChannels({ live: { sms: { url: `http://127.0.0.1:${port}/`, secret: 'token' } }, exercise: {}, inbound: {} })
    open.push(elsewhere.close, () => redirecting.close(), channels.close)
    expect(await channels.send(message('sms'))).toMatchObject({ state: 'failed' })
    expect(elsewhere.received).toEqual([])
  })
})

describe('two worlds', () => {
  test('an exercise reaches no live gateway, whatever the channel; it is simulated', async () => {
    const { smtp, phone, hook, channels } = await city()
    for (const channel of ['mail', 'sms', 'voice', 'webhook'] as const) {
      expect(await channels.send(message(channel, 'x', 'exercise'))).toMatchObject({
        state: 'simulated',
        detail: expect.stringContaining('SIMULATED'),
      })
      const unknown = { ...message(channel), world: { kind: 'Live' as 'live', name: '' } }
      expect((await channels.send(unknown)).state).toBe('simulated')
    }
    expect([smtp.received, phone.received, hook.received]).toEqual([[], [], []])
  })

  test('a sink of exercises gets the exercise, marked whoever wrote it, and never a live message', async () => {
    const { phone, smtp, channels } = await city({}, 'exercise')
    await channels.send({ ...message('sms', 'x', 'exercise'), text: 'come at once' })
    await channels.send({ ...message('mail', 'x', 'exercise'), subject: 'come', text: 'come at once' })
    expect(phone.received[0]?.text).toMatch(/^EXERCISE EXERCISE EXERCISE/)
    expect(smtp.received[0]?.header('Subject')).toMatch(/^EXERCISE EXERCISE EXERCISE/)
    expect((await channels.send(message('sms'))).state).toBe('simulated')
    expect(phone.received).toHaveLength(1)
  })

  test('a sink that is a live gateway is refused', async () => {
    const { gateways } = await city()
    expect(() => openChannels({ live: gateways, exercise: { sms: gateways.sms! }, inbound: {} })).toThrowError(
      expect.objectContaining({ kind: 'invalid' }),
    )
    expect(() => openChannels({ live: gateways, exercise: { mail: gateways.mail! }, inbound: {} })).toThrowError(
      expect.objectContaining({ kind: 'invalid' }),
    )
  })
})
