import { createHmac, timingSafeEqual } from 'node:crypto'

/**
 * Standard Webhooks 1.0: `webhook-id`, `webhook-timestamp` (seconds), `webhook-signature: v1,<base64 HMAC-SHA256 of "id.timestamp.body">`.
 * Chosen over RFC 9421 because receivers have it ready-made in every language and it has no options to get wrong. The id is the message's key,
 * so the same message sent again is recognised; a timestamp more than five minutes off is refused.
 */
export type SignedHeaders = { 'webhook-id': string; 'webhook-timestamp': string; 'webhook-signature': string }

export const toleranceSeconds = 300

/** `whsec_<base64>` as the standard has it, or any other text taken as its bytes. */
const keyBytes = (secret: string) => (secret.startsWith('whsec_') ? Buffer.from(secret.slice(6), 'base64') : Buffer.from(secret))

const digest = (secret: string, id: string, timestamp: string, body: string) =>
  createHmac('sha256', keyBytes(secret)).update(`${id}.${timestamp}.${body}`).digest()

export function sign(secret: string, id: string, at: Date, body: string): SignedHeaders {
  const timestamp = String(Math.floor(at.getTime() / 1000))
  return {
    'webhook-id': id,
    'webhook-timestamp': timestamp,
    'webhook-signature': `v1,${digest(secret, id, timestamp, body).toString('base64')}`,
  }
}

export type Verdict = 'sound' | 'unsigned' | 'wrong' | 'stale'

/** Checks a signature; several may stand side by side (space between) while a secret is being changed. */
export function verify(secret: string, headers: Record<string, string | undefined>, now: Date, body: string): Verdict {
  const { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': signatures } = headers
  if (!id || !timestamp || !signatures) return 'unsigned'
  const expected = digest(secret, id, timestamp, body)
  const matches = signatures.split(' ').some((signature) => {
    const given = signature.startsWith('v1,') ? Buffer.from(signature.slice(3), 'base64') : Buffer.alloc(0)
    return given.length === expected.length && timingSafeEqual(given, expected)
  })
  if (!matches) return 'wrong'
  return Math.abs(now.getTime() / 1000 - Number(timestamp)) <= toleranceSeconds ? 'sound' : 'stale'
}

export function sameSecret(given: string, expected: string): boolean {
  const hash = (text: string) => createHmac('sha256', 'compare').update(text).digest()
  return timingSafeEqual(hash(given), hash(expected))
}

/** Remembers ids for as long as their timestamp would still be taken: the second arrival of one id is a replay. Per process; events are idempotent besides. */
export function replayGuard() {
  const seen = new Map<string, number>()
  return (id: string, now: Date): boolean => {
    const time = now.getTime()
    for (const [old, at] of seen) {
      if (time - at <= 2 * toleranceSeconds * 1000) break
      seen.delete(old)
    }
    if (seen.has(id)) return false
    seen.set(id, time)
    return true
  }
}
