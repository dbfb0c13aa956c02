/** The shapes every channel shares. Pure: a rule or a page may import its types. */

export const channelNames = ['mail', 'sms', 'voice', 'webhook'] as const
export type Channel = (typeof channelNames)[number]

export type MessageWorld = { kind: 'live' | 'exercise'; name: string }

/**
 * One message to one address.
 * `key` is the idempotency key: a message that is sent again after a crash carries the same key, and every gateway is given it.
 * `to` is a mail address, a telephone number in E.164, or the receiver's own name for a person (webhook).
 */
export type Message = {
  key: string
  channel: Channel
  to: string
  subject?: string
  text: string
  link?: string
  replyCode?: string
  world: MessageWorld
}

/**
 * What is known after handing a message over. `attempted`: the gateway took it, nothing more is known. `simulated`: nothing was sent.
 * `detail` is neutral: no address, no text, no secret; it may be shown and logged.
 */
export type DeliveryState = 'attempted' | 'delivered' | 'failed' | 'simulated'
export type Delivery = { state: DeliveryState; gatewayId?: string; detail: string }

/** How one channel does its work; `signal` ends at the channel's time limit. `gatewayDown` marks a fault of the gateway, not of the message. */
export type Attempt = Delivery & { gatewayDown?: boolean }
export type Carrier = { send: (message: Message, signal: AbortSignal) => Promise<Attempt>; close: () => void }

export const failed = (detail: string, gatewayDown = false): Attempt => ({ state: 'failed', detail, gatewayDown })
