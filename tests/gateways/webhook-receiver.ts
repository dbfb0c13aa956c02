import { createHmac, randomUUID } from 'node:crypto'
import { startServer } from './loopback-server.ts'

export type ReceivedHook = {
  key: string
  to: string
  subject?: string
  text: string
  link?: string
  replyCode?: string
  world: string
  callback?: string
}

/**
 * A webhook receiver on loopback that checks Standard Webhooks signatures with its own few lines (not the product's), refuses stale and
 * wrongly signed requests with 401, and counts repeats. `acknowledge` answers to the callback, signed the same way.
 */
export async function startWebhookReceiver(options: { port?: number; secret: string; toleranceSeconds?: number }) {
  const received: ReceivedHook[] = []
  const refused: string[] = []
  const seen = new Set<string>()
  let repeats = 0
  let fault: 'hang' | 'error' | 'drop' | undefined
  const signature = (id: string, timestamp: string, body: string) => {
    const bytes = options.secret.startsWith('whsec_') ? Buffer.from(options.secret.slice(6), 'base64') : Buffer.from(options.secret)
    return `v1,${createHmac('sha256', bytes).update(`${id}.${timestamp}.${body}`).digest('base64')}`
  }
  const server = await startServer(options.port, async ({ headers, body, hang, drop }) => {
    if (fault === 'hang') return hang()
    if (fault === 'drop') return drop()
    if (fault === 'error') return { status: 500 }
    const id = headers['webhook-id'] ?? ''
    const timestamp = headers['webhook-timestamp'] ?? ''
    const age = Math.abs(Date.now() / 1000 - Number(timestamp))
    if (headers['webhook-signature'] !== signature(id, timestamp, body) || age > (options.toleranceSeconds ?? 300)) {
      refused.push(id)
      return { status: 401 }
    }
    if (seen.has(id)) repeats += 1
    else received.push((JSON.parse(body) as { data: ReceivedHook }).data)
    seen.add(id)
    return { status: 200, body: { id: `hook-${received.length}` } }
  })

  /** Posts an acknowledgement to the callback given with the message; answers with its HTTP status. */
  async function acknowledge(
    hook: ReceivedHook,
    event: 'delivered' | 'read' | 'accepted' | 'declined',
    reason?: string,
    callback = hook.callback ?? '',
  ): Promise<number> {
    const body = JSON.stringify({ type: event, data: { key: hook.key, reason } })
    const id = randomUUID()
    const timestamp = String(Math.floor(Date.now() / 1000))
    const headers = {
      'content-type': 'application/json',
      'webhook-id': id,
      'webhook-timestamp': timestamp,
      'webhook-signature': signature(id, timestamp, body),
    }
    const response = await fetch(callback, { method: 'POST', headers, body })
    await response.text()
    return response.status
  }
  return {
    url: server.url,
    port: server.port,
    received,
    refused,
    repeats: () => repeats,
    setFault: (next: typeof fault) => (fault = next),
    acknowledge,
    reply: acknowledge,
    close: server.close,
  }
}
