import type { Carrier, Channel, Delivery, Message } from './channel.ts'
import { channelNames } from './channel.ts'
import { marked } from './compose.ts'
import type { ChannelsConfig, Gateways } from './configuration.ts'
import { refuseSharedSinks } from './configuration.ts'
import { defaultLimits, openLane } from './lane.ts'
import { openMail } from './mail.ts'
import { openSms } from './sms.ts'
import { openVoice } from './voice.ts'
import { openWebhook } from './webhook.ts'

type Lane = ReturnType<typeof openLane>
type Lanes = { [channel in Channel]?: Lane }

/** What the outbox hands messages to. `send` never throws and never waits for another channel. */
export type Channels = {
  send: (message: Message) => Promise<Delivery>
  /** Per world and channel, counts only. */
  depth: () => { world: 'live' | 'exercise'; channel: Channel; waiting: number; running: number; resting: boolean }[]
  close: () => void
}

function openLanes(gateways: Gateways, now: () => Date): Lanes {
  const lanes: Lanes = {}
  const lane = (config: { concurrency?: number; timeoutMs?: number }, open: (limits: typeof defaultLimits) => Carrier) => {
    const limits = {
      ...defaultLimits,
      ...(config.concurrency && { concurrency: config.concurrency }),
      ...(config.timeoutMs && { timeoutMs: config.timeoutMs }),
    }
    return openLane(open(limits), limits)
  }
  const { mail, sms, voice, webhook } = gateways
  if (mail) lanes.mail = lane(mail, (limits) => openMail(mail, limits))
  if (sms) lanes.sms = lane(sms, () => openSms(sms))
  if (voice) lanes.voice = lane(voice, () => openVoice(voice))
  if (webhook) lanes.webhook = lane(webhook, () => openWebhook(webhook, now))
  return lanes
}

/**
 * Opens one lane per channel and world. A message of an exercise sees the lanes of exercises only and always begins with the exercise mark, whoever
 * wrote its text. The same key asked for again while the first is on its way shares the first's answer.
 * Throws `invalid` when an exercise sink is a live gateway.
 */
export function openChannels(config: ChannelsConfig, now: () => Date = () => new Date()): Channels {
  refuseSharedSinks(config)
  const lanes = { live: openLanes(config.live, now), exercise: openLanes(config.exercise, now) }
  const underWay = new Map<string, Promise<Delivery>>()

  function send(message: Message): Promise<Delivery> {
    // Whatever is not plainly live is an exercise.
    const world = message.world.kind === 'live' ? 'live' : 'exercise'
    const lane = lanes[world][message.channel]
    if (lane === undefined) {
      const why = world === 'live' ? `this city has no ${message.channel} channel` : `exercises have no ${message.channel} sink`
      return Promise.resolve({ state: 'simulated', detail: `SIMULATED: ${why}; nothing was sent.` })
    }
    const name = `${world} ${message.channel} ${message.key}`
    const already = underWay.get(name)
    if (already !== undefined) return already
    const subject = message.subject === undefined ? {} : { subject: marked(message.subject, message.world) }
    const sent = lane.send({ ...message, ...subject, text: marked(message.text, message.world) }).finally(() => underWay.delete(name))
    underWay.set(name, sent)
    return sent
  }

  const all = (['live', 'exercise'] as const).flatMap((world) =>
    channelNames.flatMap((channel) => {
      const lane = lanes[world][channel]
      return lane === undefined ? [] : [{ world, channel, lane }]
    }),
  )
  return {
    send,
    depth: () => all.map(({ world, channel, lane }) => ({ world, channel, ...lane.depth() })),
    close: () => all.forEach(({ lane }) => lane.close()),
  }
}
