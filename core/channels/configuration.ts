import { invalid } from '#core/errors.ts'
import type { Channel } from './channel.ts'
import { channelNames } from './channel.ts'
import type { HttpGatewayConfig, Json } from './http-gateway.ts'
import type { MailConfig } from './mail.ts'
import { isLoopback } from './mail.ts'
import type { WebhookConfig } from './webhook.ts'

/** The gateways of one world. A channel that is absent is simulated. */
export type Gateways = { mail?: MailConfig; sms?: HttpGatewayConfig; voice?: HttpGatewayConfig; webhook?: WebhookConfig }

/**
 * `live` and `exercise` are separate sets: a message of an exercise is looked up in `exercise` alone, so there is no path from it to a live gateway.
 * `inbound`: what a gateway's callback must present (a bearer secret; for webhooks the signing secret).
 */
export type ChannelsConfig = { live: Gateways; exercise: Gateways; inbound: { [channel in Channel]?: string } }

/** Where gateways call back; the server mounts these beneath the public address. */
export const callbackPath = (channel: Channel): string => `/channels/${channel}/callback`

/** True when the city has a channel that wakes somebody who sleeps. Without one every screen says *not for live call-out*. */
export const wakesPeople = (config: ChannelsConfig): boolean =>
  config.live.sms !== undefined || config.live.voice !== undefined || config.live.webhook !== undefined

/** The channels that really send in a world; the others are simulated. */
export const configuredChannels = (config: ChannelsConfig, world: 'live' | 'exercise'): Channel[] =>
  channelNames.filter((channel) => config[world][channel] !== undefined)

type Environment = Record<string, string | undefined>

function address(name: string, text: string, schemes: string[]): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (url === undefined || !schemes.includes(url.protocol))
    throw invalid(
      name,
      `${name} is not an address of the kind ${schemes.join(' or ')}//… Nothing is sent by this channel until it is mended.`,
    )
  if (url.protocol === 'http:' && !isLoopback(url.hostname))
    throw invalid(name, `${name} must begin with https: beyond this machine. Nothing is sent by this channel until it is mended.`)
  return url
}

function json(name: string, text: string | undefined): Json | undefined {
  if (text === undefined || text === '') return undefined
  try {
    return JSON.parse(text) as Json
  } catch {
    throw invalid(name, `${name} is not JSON. Nothing is sent by this channel until it is mended.`)
  }
}

function whole(name: string, text: string | undefined): number | undefined {
  if (text === undefined || text === '') return undefined
  const value = Number(text)
  if (!Number.isInteger(value) || value < 1) throw invalid(name, `${name} must be a whole number above zero.`)
  return value
}

/** Leaves out what is undefined, so that a default is not overwritten by nothing. */
const given = <T extends object>(values: { [name in keyof T]: T[name] | undefined }): T =>
  Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as T

function headersOf(name: string, text: string | undefined): Record<string, string> | undefined {
  const value = json(name, text)
  if (value === undefined) return undefined
  if (
    value === null ||
    typeof value !== 'object' ||
    Array.isArray(value) ||
    !Object.values(value).every((each) => typeof each === 'string')
  ) {
    throw invalid(name, `${name} must be a JSON object of texts.`)
  }
  return value as Record<string, string>
}

function oneOf<T extends string>(name: string, text: string | undefined, allowed: readonly T[]): T | undefined {
  if (text === undefined || text === '') return undefined
  const found = allowed.find((each) => each === text)
  if (found === undefined) throw invalid(name, `${name} must be ${allowed.join(' or ')}.`)
  return found
}

function gatewaysFrom(env: Environment, prefix: string): Gateways {
  const callback = (channel: Channel) => (env.CONCORD_PUBLIC_URL ? new URL(callbackPath(channel), env.CONCORD_PUBLIC_URL).href : undefined)
  const limits = (name: string) => ({
    concurrency: whole(`${name}_CONCURRENCY`, env[`${name}_CONCURRENCY`]),
    timeoutMs: whole(`${name}_TIMEOUT_MS`, env[`${name}_TIMEOUT_MS`]),
  })
  const success = (name: string) => oneOf(`${name}_SUCCESS`, env[`${name}_SUCCESS`], ['attempted', 'delivered'] as const)
  const telephone = (channel: 'sms' | 'voice'): HttpGatewayConfig | undefined => {
    const name = `${prefix}_${channel.toUpperCase()}`
    const url = env[`${name}_URL`]
    if (!url) return undefined
    return given<HttpGatewayConfig>({
      url: address(`${name}_URL`, url, ['https:', 'http:']).href,
      method: oneOf(`${name}_METHOD`, env[`${name}_METHOD`], ['POST', 'PUT'] as const),
      headers: headersOf(`${name}_HEADERS`, env[`${name}_HEADERS`]),
      body: json(`${name}_BODY`, env[`${name}_BODY`]),
      secret: env[`${name}_SECRET`],
      idField: env[`${name}_ID_FIELD`],
      success: success(name),
      callback: env[`${name}_CALLBACK`] ?? callback(channel),
      ...limits(name),
    })
  }
  const mail = (): MailConfig | undefined => {
    const name = `${prefix}_MAIL`
    const url = env[`${name}_URL`]
    if (!url) return undefined
    const from = env[`${name}_FROM`]
    if (!from) throw invalid(`${name}_FROM`, `${name}_FROM must say which address the city's mail comes from.`)
    address(`${name}_URL`, url, ['smtp:', 'smtps:'])
    return given<MailConfig>({ url, from, allowPlain: env[`${name}_ALLOW_PLAIN`] === '1' ? true : undefined, ...limits(name) })
  }
  const webhook = (): WebhookConfig | undefined => {
    const name = `${prefix}_WEBHOOK`
    const url = env[`${name}_URL`]
    if (!url) return undefined
    const secret = env[`${name}_SECRET`]
    if (!secret) throw invalid(`${name}_SECRET`, `${name}_SECRET must be set: a webhook is always signed.`)
    return given<WebhookConfig>({
      url: address(`${name}_URL`, url, ['https:', 'http:']).href,
      secret,
      callback: callback('webhook'),
      success: success(name),
      ...limits(name),
    })
  }
  return given<Gateways>({ mail: mail(), sms: telephone('sms'), voice: telephone('voice'), webhook: webhook() })
}

/**
 * Reads CONCORD_MAIL_URL, CONCORD_SMS_URL and so on, and CONCORD_EXERCISE_MAIL_URL and so on for the sinks of exercises (docs: channels README).
 * Throws `invalid` with the variable's name; a mistake is found when the server starts, not at night.
 */
export function channelsFromEnvironment(env: Environment): ChannelsConfig {
  const config: ChannelsConfig = {
    live: gatewaysFrom(env, 'CONCORD'),
    exercise: gatewaysFrom(env, 'CONCORD_EXERCISE'),
    inbound: given<ChannelsConfig['inbound']>({
      mail: undefined,
      sms: env.CONCORD_SMS_INBOUND_SECRET,
      voice: env.CONCORD_VOICE_INBOUND_SECRET,
      webhook: env.CONCORD_WEBHOOK_INBOUND_SECRET ?? env.CONCORD_WEBHOOK_SECRET,
    }),
  }
  refuseSharedSinks(config)
  return config
}

/** Throws `invalid` when an exercise sink is at the same address as a live gateway: a copied line must not put an exercise on live telephones. */
export function refuseSharedSinks(config: ChannelsConfig): void {
  const bare = (url: string) => {
    const { protocol, host, pathname } = new URL(url)
    return protocol.startsWith('smtp') ? host.toLowerCase() : `${host}${pathname}`.toLowerCase()
  }
  const live = new Set(channelNames.flatMap((channel) => (config.live[channel] ? [bare(config.live[channel].url)] : [])))
  for (const channel of channelNames) {
    const sink = config.exercise[channel]
    if (sink !== undefined && live.has(bare(sink.url))) {
      throw invalid(
        `exercise.${channel}`,
        `The exercise sink for ${channel} is the address of a live gateway. Give exercises an address of their own, or none.`,
      )
    }
  }
}
