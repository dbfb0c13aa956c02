import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { RateLimiterMemory } from 'rate-limiter-flexible'
import { DEFAULT_MAX_XML_BYTES } from '#core/xml/gate.ts'
import { sha256Of } from '../signals/actions/receive.ts'
import type { Received } from '../signals/contract.ts'
import { type Duties, noteAnswer, receive, sourceByToken } from './actions/receive.ts'

export interface IngestLimits {
  maxBytes?: number
  /** Messages of one source, and refused tokens of one address, in a minute. */
  perMinute?: number
  unknownPerMinute?: number
}

interface Known {
  id: string
  code: string
}

const problem = (reply: FastifyReply, status: number, title: string, detail: string, more: object = {}) =>
  reply
    .code(status)
    .type('application/problem+json')
    .send({
      type: `urn:concord:error:${title.replaceAll(' ', '-')}`,
      title,
      status,
      kind: status === 401 ? 'not-allowed' : status === 429 ? 'limit' : 'invalid',
      detail,
      ...more,
    })

/**
 * `POST /ingest/<source>`: one CAP message, feed or envelope as the body, of any content type, with the source's bearer token. Who it is from is
 * settled before a byte of the body is read, and its size before it is opened. 202: something was stored. 200: it was all here before.
 * 422: refused, with the reasons. The same Idempotency-Key with the same bytes is answered as before.
 */
export function mountIngest(server: FastifyInstance, duties: Duties, limits: IngestLimits = {}): void {
  const maxBytes = limits.maxBytes ?? DEFAULT_MAX_XML_BYTES
  const messages = new RateLimiterMemory({ points: limits.perMinute ?? 600, duration: 60 })
  const unknown = new RateLimiterMemory({ points: limits.unknownPerMinute ?? 30, duration: 60 })
  const sources = new WeakMap<FastifyRequest, Known>()

  void server.register(async (scope) => {
    scope.removeAllContentTypeParsers()
    scope.addContentTypeParser('*', { parseAs: 'buffer', bodyLimit: maxBytes }, (_request, body, done) => done(null, body))

    scope.addHook('onRequest', async (request, reply) => {
      const { source: code } = request.params as { source: string }
      const blocked = await unknown.get(request.ip)
      if (blocked !== null && blocked.remainingPoints <= 0)
        return problem(reply.header('retry-after', '60'), 429, 'limit', 'Too many tokens that are not known. Wait a minute.')
      const token = /^Bearer (\S+)$/i.exec(request.headers.authorization ?? '')?.[1]
      const source = token === undefined ? undefined : await sourceByToken(duties, code, token)
      if (source === undefined) {
        await unknown.consume(request.ip).catch(() => undefined)
        return problem(
          reply.header('www-authenticate', 'Bearer'),
          401,
          'not allowed',
          'This token is not known for this source. Nothing was taken. Ask the city for a new one.',
        )
      }
      const allowed = await messages.consume(source.id).then(
        () => true,
        () => false,
      )
      if (!allowed)
        return problem(
          reply.header('retry-after', '60'),
          429,
          'limit',
          'Too many messages in a minute. Nothing was taken. Send it again in a minute.',
        )
      sources.set(request, source)
    })

    /** A body over the limit is never read to its end; that it came is noted all the same. */
    scope.setErrorHandler(async (error, request, reply) => {
      const source = sources.get(request)
      if ((error as { statusCode?: number }).statusCode !== 413 || source === undefined) throw error
      const size = Math.min(Number(request.headers['content-length'] ?? 0) || maxBytes + 1, 2_147_483_647)
      const refusal = `It is larger than the limit of ${maxBytes} bytes.`
      const received = await receive(duties, {
        name: nameOf(request),
        bytes: new Uint8Array(),
        way: 'http',
        sourceId: source.id,
        receipt: null,
        refusal,
        size,
      })
      return refused(reply, 413, received)
    })

    scope.post('/ingest/:source', async (request, reply) => {
      const source = sources.get(request)
      if (source === undefined) return reply.code(401).send()
      const bytes = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0)
      const key = request.headers['idempotency-key']
      const receipt = typeof key === 'string' && key !== '' ? `key ${key.slice(0, 200)} ${bytes.byteLength} ${sha256Of(bytes)}` : null
      const delivery = { name: nameOf(request), bytes, way: 'http' as const, sourceId: source.id, receipt }
      const received = await receive(duties, delivery, (tx, now) => noteAnswer(tx, source.id, now, { received: true }))
      if (received === undefined || (received.outcome === 'refused' && !received.alerts.some((alert) => alert.result === 'stored')))
        return refused(reply, 422, received)
      return reply
        .code(received.alerts.some((alert) => alert.result === 'stored') ? 202 : 200)
        .type('application/json')
        .send(JSON.stringify(received))
    })
  })
}

const nameOf = (request: FastifyRequest) => {
  const given = /filename="?([^";\r\n]{1,200})"?/i.exec(String(request.headers['content-disposition'] ?? ''))?.[1]
  return given?.trim() || 'posted'
}

const refused = (reply: FastifyReply, status: number, received: Received | undefined) =>
  problem(
    reply,
    status,
    'refused',
    'This was refused. Nothing of it stands as a warning; that it came, and why it was refused, is noted at the desk.',
    received && { deliveryId: received.deliveryId, outcome: received.outcome, reasons: received.reasons, alerts: received.alerts },
  )
