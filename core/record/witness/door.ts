import type { FastifyInstance } from 'fastify'
import { RateLimiterMemory } from 'rate-limiter-flexible'
import type { Database } from '#core/db/tx.ts'
import { invalid, limit, notFound } from '#core/errors.ts'
import { id } from '#core/id.ts'
import { isPublicKey, readPublicKey, signedBy } from '../tree/heads.ts'
import { statementsIn } from './statement.ts'
import * as store from './store.ts'

const mostBytes = 256 * 1024

/**
 * `POST /record/witnessed`: another city's statements, one JSON line each, to be kept for it. Who it is from is told by the signature alone, under a key
 * that an administrator of this city entered. An unknown city, an unknown key and a forged signature are answered alike. Nothing in a statement is
 * believed or acted on: it is stored under its label, for inquiry and administration. Sent again, it is there once.
 */
export function mountWitnessed(server: FastifyInstance, database: Database, perMinute = 60): void {
  const attempts = new RateLimiterMemory({ points: perMinute, duration: 60 })
  void server.register(async (scope) => {
    scope.removeAllContentTypeParsers()
    scope.addContentTypeParser('*', { parseAs: 'string', bodyLimit: mostBytes }, (_request, body, done) => done(null, body))
    scope.post('/record/witnessed', async (request, reply) => {
      await attempts.consume(request.ip).catch(() => {
        throw limit('Too many at once. Nothing was taken. Send it again in a minute.', 60)
      })
      const { statements, unread } = statementsIn(typeof request.body === 'string' ? request.body : '')
      if (statements.length === 0 || unread > 0 || statements.length > 200)
        throw invalid('statement', 'These are not lines with a statement each, at most 200. Nothing was taken.')
      const codes = [...new Set(statements.map(({ origin }) => origin))]
      const known = new Map(
        await Promise.all(
          codes.map(async (code) => [code, await database.desk('record.witnessed', (tx) => store.witnessedKeys(tx, code))] as const),
        ),
      )
      const held = statements.map((statement) => {
        const by = known
          .get(statement.origin)
          ?.find(({ publicKey }) => isPublicKey(publicKey) && signedBy(statement, readPublicKey(publicKey)) === 'signed')
        return by && { id: id(), cityId: by.cityId, at: statement.at, commitment: statement.commitment, text: statement.text }
      })
      // All or nothing: the sender goes on from the last that was taken.
      if (held.includes(undefined)) throw notFound('Nothing was taken: this city does not keep statements under that key.')
      await database.desk('record.witnessed', async (tx) => {
        for (const one of held) if (one) await store.putWitnessed(tx, one)
      })
      return reply.code(204).send()
    })
  })
}
