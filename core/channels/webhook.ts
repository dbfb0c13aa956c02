import type { Carrier, Message } from './channel.ts'
import { post } from './http-gateway.ts'
import { sign } from './signature.ts'

/** One receiver per city, for instance its paging system. The address is configured, never taken from a message: no request goes where data points. */
export type WebhookConfig = {
  url: string
  secret: string
  callback?: string
  success?: 'attempted' | 'delivered'
  concurrency?: number
  timeoutMs?: number
}

/** Signed by Standard Webhooks (signature.ts), signed with the real clock: the receiver's clock is real in an exercise too. */
export const openWebhook = (config: WebhookConfig, now: () => Date): Carrier => ({
  send: async (message: Message, signal) => {
    const at = now()
    const { key, to, subject, text, link, replyCode, world } = message
    const data = { key, to, subject, text, link, replyCode, world: world.kind, callback: config.callback }
    const body = JSON.stringify({ type: 'message', timestamp: at.toISOString(), data })
    const headers = { 'content-type': 'application/json', 'idempotency-key': key, ...sign(config.secret, key, at, body) }
    return post(config.url, { method: 'POST', headers, body, signal }, config.success ?? 'delivered')
  },
  close: () => undefined,
})
