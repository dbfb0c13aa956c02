import { setTimeout as wait } from 'node:timers/promises'
import { startServer } from './loopback-server.ts'

/** One text message or call that the gateway was asked for. `repeat`: a key it has seen before. */
export type Taken = {
  id: string
  kind: 'sms' | 'voice'
  to: string
  text: string
  key: string
  callback: string
  authorization: string
  repeat: boolean
  at: Date
  headers: Record<string, string>
}
export type PhoneFault = 'hang' | 'error' | 'drop' | undefined

/**
 * A telephone gateway on loopback: POST /sms and POST /voice take messages; `reply`, `press` and `receipt` call back as a real one does.
 * `secret`: what it wants as bearer; `inboundSecret`: what it presents when it calls back. `receipts`: sends a delivery receipt by itself
 * (`twice` for a gateway that repeats itself).
 */
export async function startPhoneGateway(
  options: { port?: number; secret?: string; inboundSecret?: string; receipts?: boolean | 'twice' } = {},
) {
  const received: Taken[] = []
  const seen = new Set<string>()
  const callbacks: Promise<unknown>[] = []
  const faults: { sms: PhoneFault; voice: PhoneFault } = { sms: undefined, voice: undefined }

  async function callBack(taken: Pick<Taken, 'callback'>, body: Record<string, unknown>): Promise<number> {
    const headers: Record<string, string> = { 'content-type': 'application/json' }
    if (options.inboundSecret !== undefined) headers.authorization = `Bearer ${options.inboundSecret}`
    const response = await fetch(taken.callback, {
      method: 'POST',
      headers,
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(5_000),
    })
    await response.text()
    return response.status
  }
  const receipt = (taken: Taken, state: 'delivered' | 'failed' = 'delivered') => callBack(taken, { id: taken.id, key: taken.key, state })

  const server = await startServer(options.port, async ({ path, headers, body, hang, drop }) => {
    const kind = path === '/sms' ? 'sms' : path === '/voice' ? 'voice' : undefined
    if (kind === undefined) return { status: 404 }
    const fault = faults[kind]
    if (fault === 'hang') return hang()
    if (fault === 'drop') return drop()
    if (fault === 'error') return { status: 500 }
    const authorization = headers.authorization ?? ''
    if (options.secret !== undefined && authorization !== `Bearer ${options.secret}`) return { status: 401 }
    const asked = JSON.parse(body) as { to: string; text?: string; say?: string; key: string; callback?: string }
    const taken: Taken = {
      id: `gw-${received.length + 1}`,
      kind,
      to: asked.to,
      text: asked.text ?? asked.say ?? '',
      key: asked.key,
      callback: asked.callback ?? '',
      authorization,
      repeat: seen.has(asked.key),
      at: new Date(),
      headers,
    }
    seen.add(asked.key)
    received.push(taken)
    if (options.receipts !== undefined && options.receipts !== false && taken.callback !== '' && !taken.repeat) {
      const times = options.receipts === 'twice' ? 2 : 1
      for (let n = 0; n < times; n += 1)
        callbacks.push(
          wait(5)
            .then(() => receipt(taken))
            .catch(() => undefined),
        )
    }
    return { status: 202, body: { id: taken.id } }
  })

  return {
    url: server.url,
    smsUrl: `${server.url}/sms`,
    voiceUrl: `${server.url}/voice`,
    port: server.port,
    received,
    /** Makes one kind (or both) hang, answer 500 or drop the connection. */
    setFault: (fault: PhoneFault, kind?: 'sms' | 'voice') => {
      if (kind !== 'voice') faults.sms = fault
      if (kind !== 'sms') faults.voice = fault
    },
    /** A person texts back; answers with the callback's HTTP status. */
    reply: (taken: Pick<Taken, 'callback' | 'to'>, text: string) => callBack(taken, { type: 'reply', from: taken.to, text }),
    /** A person presses a key during the call. */
    press: (taken: Taken, digit: string) => callBack(taken, { type: 'key-press', key: taken.key, digit }),
    receipt,
    /** Waits until every receipt sent by itself is through. */
    settled: () => Promise.all(callbacks),
    close: server.close,
  }
}
