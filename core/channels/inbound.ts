import { z } from 'zod'
import type { Channel } from './channel.ts'
import { readReply } from './reply.ts'
import { sameSecret, verify } from './signature.ts'

/** What a gateway tells about one message, found again by its key or, for a text message sent back, by the reply code. */
export type InboundEvent = {
  key?: string
  replyCode?: string
  event: 'delivered' | 'read' | 'accepted' | 'declined' | 'failed'
  reason?: string
}

/** `unsigned`, `wrong`, `stale`: refuse (401). `unreadable`: refuse (400). `unclear`: taken, but a person must look (200). `nothing`: taken, of no interest. */
export type Inbound =
  | { ok: true; event: InboundEvent }
  | { ok: false; problem: 'unsigned' | 'wrong' | 'stale' | 'unreadable' | 'unclear' | 'nothing'; replyCode?: string }

export type InboundRequest = { headers: Record<string, string | string[] | undefined>; body: string }

const names: Record<string, string[]> = {
  key: ['key', 'reference', 'clientref', 'client_ref', 'custom_id', 'idempotency_key'],
  state: ['state', 'status', 'event', 'type', 'deliverystatus', 'messagestatus'],
  text: ['text', 'body', 'message', 'content'],
  digit: ['digit', 'digits', 'key_pressed', 'dtmf'],
  reason: ['reason'],
}

const states: Record<string, InboundEvent['event']> = {
  delivered: 'delivered',
  delivrd: 'delivered',
  success: 'delivered',
  completed: 'delivered',
  answered: 'delivered',
  read: 'read',
  seen: 'read',
  opened: 'read',
  accepted: 'accepted',
  declined: 'declined',
  failed: 'failed',
  undelivered: 'failed',
  undeliv: 'failed',
  undeliverable: 'failed',
  rejected: 'failed',
  expired: 'failed',
  busy: 'failed',
  'no-answer': 'failed',
  no_answer: 'failed',
}

const flat = z.record(z.string(), z.unknown())

/** A callback's fields by our names, whatever the gateway's spelling; JSON or a form; anything nested under `data` counts as on top. */
function fields(request: InboundRequest): Record<string, string> | undefined {
  let raw: Record<string, unknown>
  try {
    const type = String(request.headers['content-type'] ?? '')
    raw = type.includes('x-www-form-urlencoded')
      ? Object.fromEntries(new URLSearchParams(request.body))
      : flat.parse(JSON.parse(request.body))
  } catch {
    return undefined
  }
  const nested = flat.safeParse(raw.data)
  const lower = new Map(
    Object.entries({ ...raw, ...(nested.success ? nested.data : {}) }).map(([name, value]) => [name.toLowerCase(), value]),
  )
  const found: Record<string, string> = {}
  for (const [ours, theirs] of Object.entries(names)) {
    for (const name of theirs) {
      const value = lower.get(name)
      if (found[ours] === undefined && (typeof value === 'string' || typeof value === 'number') && value !== '') found[ours] = String(value)
    }
  }
  return found
}

function proven(
  channel: Channel,
  request: InboundRequest,
  secret: string | undefined,
  now: Date,
): 'sound' | 'unsigned' | 'wrong' | 'stale' {
  // Without a secret nobody can be believed: an acceptance that anyone can forge would stop an escalation.
  if (!secret) return 'unsigned'
  const headers = Object.fromEntries(
    Object.entries(request.headers).map(([name, value]) => [name.toLowerCase(), Array.isArray(value) ? value[0] : value]),
  )
  if (channel === 'webhook' || headers['webhook-signature'] !== undefined) return verify(secret, headers, now, request.body)
  const bearer = /^Bearer (.+)$/i.exec(headers.authorization ?? '')?.[1]
  if (bearer === undefined) return 'unsigned'
  return sameSecret(bearer, secret) ? 'sound' : 'wrong'
}

/**
 * Verifies and reads one callback: a delivery receipt, a text message sent back, a key pressed, a webhook's acknowledgement. Pure.
 * `secret`: what this channel's gateway must present, as a bearer token or by a signature (webhooks: always a signature).
 * `now` is the real clock, for the age of a signature.
 */
export function readInbound(channel: Channel, request: InboundRequest, secret: string | undefined, now: Date): Inbound {
  const proof = proven(channel, request, secret, now)
  if (proof !== 'sound') return { ok: false, problem: proof }
  const found = request.body.length > 64 * 1024 ? undefined : fields(request)
  if (found === undefined) return { ok: false, problem: 'unreadable' }
  const { key, state, text, digit, reason } = found
  const keyed = key === undefined ? {} : { key: key.slice(0, 200) }

  if (channel === 'voice' && digit !== undefined) {
    if (key === undefined) return { ok: false, problem: 'unreadable' }
    // A caller who presses 1 by mistake and then 2 is not guessed at.
    const pressed = new Set(digit)
    if (pressed.size === 1 && pressed.has('1')) return { ok: true, event: { ...keyed, event: 'accepted' } }
    if (pressed.size === 1 && pressed.has('2')) return { ok: true, event: { ...keyed, event: 'declined' } }
    return { ok: false, problem: 'unclear' }
  }
  if (channel === 'sms' && text !== undefined) {
    const reply = readReply(text)
    const coded = reply.replyCode === undefined ? {} : { replyCode: reply.replyCode }
    // A number can be forged and a telephone lent: without the code (or the gateway's own thread key) an answer is nobody's.
    if (reply.answer === 'unclear' || (reply.replyCode === undefined && key === undefined))
      return { ok: false, problem: 'unclear', ...coded }
    const why = reply.reason === undefined ? {} : { reason: reply.reason }
    return { ok: true, event: { ...(reply.replyCode === undefined ? keyed : coded), event: reply.answer, ...why } }
  }
  const event = states[(state ?? '').toLowerCase()]
  if (key === undefined) return { ok: false, problem: 'unreadable' }
  // A receipt of an SMS or call tells of the message only; *accepted* there is the gateway's word for *taken*, not a person's.
  const answers = event === 'accepted' || event === 'declined'
  if (event === undefined || (answers && channel !== 'webhook')) return { ok: false, problem: 'nothing' }
  return { ok: true, event: { ...keyed, event, ...(event === 'declined' && reason !== undefined ? { reason: reason.slice(0, 300) } : {}) } }
}
