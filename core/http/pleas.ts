import { randomBytes } from 'node:crypto'
import type { FastifyInstance } from 'fastify'
import { z } from 'zod'
import { codeHash } from '#core/access/sign-in/actions.ts'
import { Plead } from '#core/access/sign-in/contract.ts'
import { plead, pleaReady } from '#core/access/sign-in/desk.ts'
import { codeOf } from '#core/access/sign-in/rules.ts'
import { hashOf, newKey } from '#core/access/key.ts'
import { type Door, evenly, given } from './door.ts'

const State = z.object({ key: z.string().min(20).max(100) })

/**
 * A passkey lost at 03:00: the asker gets a code to read out to two colleagues, and a link that works once both have vouched.
 * Everybody who asks gets a code, whether or not there is such an account.
 */
export function pleaRoutes(scope: FastifyInstance, { database, limits }: Door): void {
  scope.post('/api/sign-in/plea', async (request) => {
    const { mail } = given(Plead, request.body)
    await limits.count('plea by address', request.ip)
    await limits.count('plea by account', mail)
    const code = codeOf(randomBytes(8))
    const key = newKey()
    const expiresAt = await evenly(database.desk('access.plead', (tx) => plead(tx, mail, hashOf(key), codeHash(code.replace('-', '')))))
    return { code, key, path: `/sign-in/link/${key}`, expiresAt }
  })

  scope.post('/api/sign-in/plea/state', async (request) => {
    const { key } = given(State, request.body)
    await limits.count('poll by address', request.ip)
    return { ready: await database.desk('access.pleaReady', (tx) => pleaReady(tx, hashOf(key))) }
  })
}
