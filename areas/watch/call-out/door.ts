import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { RateLimiterMemory } from 'rate-limiter-flexible'
import { channelNames } from '#core/channels/channel.ts'
import { callbackPath, type ChannelsConfig } from '#core/channels/configuration.ts'
import { readInbound } from '#core/channels/inbound.ts'
import { realClock } from '#core/clock.ts'
import type { Tx } from '#core/operation/implement.ts'
import { acceptPage, acceptStyle, plainPage } from './accept-page.ts'
import { answerAsk, lookAtAsk, noteUnclear, takeInbound } from './actions/answer.ts'

/** The desk at the door: what may be done before anybody has signed in. */
export interface Desk {
  desk<T>(operation: string, run: (tx: Tx) => Promise<T>): Promise<T>
}

const policy = "default-src 'none'; style-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
const answers = new Set(['accepted', 'declined', 'call-me'] as const)
type Answer = 'accepted' | 'declined' | 'call-me'
const isAnswer = (text: string | null): text is Answer => answers.has(text as Answer)
const languageOf = (request: FastifyRequest) => (/^fr\b/i.test(request.headers['accept-language'] ?? '') ? 'fr' : 'en')

/** Everything here is read as text: forms, JSON, and bodies whose signature covers their bytes. */
function readText(scope: FastifyInstance): void {
  scope.removeAllContentTypeParsers()
  scope.addContentTypeParser('*', { parseAs: 'string', bodyLimit: 64 * 1024 }, (_request, body, done) => done(null, body))
}
const textOf = (request: FastifyRequest) => (typeof request.body === 'string' ? request.body : '')

/**
 * Mounts the page behind a call-out's link. GET only looks, whoever opens it; POST answers. No sign-in, no script, no cookie; tries are counted
 * by address, unknown links much more strictly.
 */
export function mountAcceptPage(
  server: FastifyInstance,
  database: Desk,
  options: { perMinute?: number; unknownPerMinute?: number } = {},
): void {
  const tries = new RateLimiterMemory({ points: options.perMinute ?? 120, duration: 60 })
  const unknown = new RateLimiterMemory({ points: options.unknownPerMinute ?? 20, duration: 60 })
  const page = (reply: FastifyReply, status: number, html: string) =>
    reply
      .code(status)
      .header('content-security-policy', policy)
      .header('cache-control', 'no-store')
      .type('text/html; charset=utf-8')
      .send(html)
  const spent = async (limiter: RateLimiterMemory, request: FastifyRequest) =>
    limiter.consume(request.ip).then(
      () => false,
      () => true,
    )

  void server.register(async (scope) => {
    readText(scope)
    scope.get('/a/style.css', async (_request, reply) =>
      reply.header('cache-control', 'public, max-age=86400').type('text/css; charset=utf-8').send(acceptStyle),
    )

    const seen = async (request: FastifyRequest, reply: FastifyReply, token: string) => {
      const blocked = await unknown.get(request.ip)
      if ((blocked !== null && blocked.remainingPoints <= 0) || (await spent(tries, request))) {
        await page(reply, 429, plainPage(languageOf(request), 'tooMany'))
        return undefined
      }
      const found = await database.desk('watch.lookAtAsk', (tx) => lookAtAsk(tx, token, realClock.now()))
      if (found !== undefined) return found
      await spent(unknown, request)
      await page(reply, 404, plainPage(languageOf(request), 'unknown'))
      return undefined
    }

    scope.get<{ Params: { token: string } }>('/a/:token', async (request, reply) => {
      const { token } = request.params
      const found = await seen(request, reply, token)
      return found === undefined ? reply : page(reply, 200, acceptPage(found, `/a/${token}`))
    })

    scope.post<{ Params: { token: string } }>('/a/:token', async (request, reply) => {
      const { token } = request.params
      const found = await seen(request, reply, token)
      if (found === undefined) return reply
      const form = new URLSearchParams(textOf(request))
      const answer = form.get('answer')
      const reason = (form.get('reason') ?? '').trim()
      if (!isAnswer(answer)) return page(reply, 400, acceptPage(found, `/a/${token}`))
      await database.desk('watch.answerAsk', (tx) =>
        answerAsk(tx, token, answer, answer === 'declined' && reason !== '' ? reason : null, realClock.now()),
      )
      return reply.redirect(`/a/${token}`, 303)
    })
  })
}

/**
 * Mounts the addresses at which gateways report and hand on what people answered. Only what proves where it comes from is believed.
 * The same callback again changes nothing (the database knows each answer and how far each message got), so a replay is harmless.
 */
export function mountCallbacks(server: FastifyInstance, database: Desk, inbound: ChannelsConfig['inbound']): void {
  void server.register(async (scope) => {
    readText(scope)
    for (const channel of channelNames) {
      scope.post(callbackPath(channel), async (request, reply) => {
        const now = realClock.now()
        const read = readInbound(channel, { headers: request.headers, body: textOf(request) }, inbound[channel], now)
        if (read.ok) {
          await database.desk('watch.channelCallback', (tx) => takeInbound(tx, channel, read.event, now))
          return reply.code(200).send({ taken: true })
        }
        if (read.problem === 'unclear' && read.replyCode !== undefined) {
          const { replyCode } = read
          await database.desk('watch.channelCallback', (tx) => noteUnclear(tx, channel, replyCode, now))
        }
        const refused = read.problem === 'unreadable' ? 400 : read.problem === 'unclear' || read.problem === 'nothing' ? 200 : 401
        return reply.code(refused).send({ taken: false })
      })
    }
  })
}
