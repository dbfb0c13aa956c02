import fastifyFormbody from '@fastify/formbody'
import type { FastifyInstance } from 'fastify'
import { AskLink, EnrolDevice, MakeToken } from '#core/access/sign-in/contract.ts'
import { askLink, noteDelivery, useLink } from '#core/access/sign-in/desk.ts'
import { safeThen, windowName } from '#core/access/sign-in/rules.ts'
import * as store from '#core/access/sign-in/store.ts'
import { hashOf, newKey } from '#core/access/key.ts'
import { grantReach } from '#core/access/reach.ts'
import { ConcordError, notAllowed } from '#core/errors.ts'
import { id } from '#core/id.ts'
import { type Door, evenly, given, signedIn, words } from './door.ts'
import { passkeyRoutes } from './passkeys.ts'
import { languageOf, plainStyle, plainStylePath, sendPlain } from './plain-page.ts'
import { pleaRoutes } from './pleas.ts'
import { providerRoutes } from './provider.ts'
import { enteringOf, keyOf, ownAddress, refuseOtherSites, takeCookie } from './session.ts'

/** Everything at the door that sets a cookie or shows a key: no operations, because their answers must not be kept. */
export async function signInRoutes(server: FastifyInstance, door: Door): Promise<void> {
  await server.register(async (scope) => {
    if (!scope.hasContentTypeParser('application/x-www-form-urlencoded')) await scope.register(fastifyFormbody)
    scope.addHook('preHandler', async (request) => {
      if (request.method !== 'GET' && request.method !== 'HEAD') refuseOtherSites(request, door.config)
    })
    scope.get(plainStylePath, async (_request, reply) =>
      reply.header('cache-control', 'public, max-age=3600').type('text/css').send(plainStyle),
    )
    scope.get('/api/sign-in/ways', async () => ({ provider: door.options.provider?.name ?? null }))
    linkRoutes(scope, door)
    ownRoutes(scope, door)
    passkeyRoutes(scope, door)
    pleaRoutes(scope, door)
    providerRoutes(scope, door)
  })
}

function linkRoutes(scope: FastifyInstance, door: Door): void {
  const { database, config, limits, options } = door

  async function send(mail: string, address: string): Promise<void> {
    const key = newKey()
    const to = await database.desk('access.askLink', (tx) => askLink(tx, mail, hashOf(key)))
    if (!to) return
    const link = `${address}/sign-in/link/${key}`
    // Not waited for: a slow mail server would say that the account exists.
    void (async () => {
      const state =
        (await options.sendLink?.({ ...to, key: hashOf(key).toString('hex').slice(0, 32) }, link).catch(() => 'failed' as const)) ??
        'simulated'
      if (state === 'simulated') options.showLink?.(`SIMULATED, nothing was sent. The sign-in link for ${to.mail}: ${link}`)
      await database.desk('access.noteDelivery', (tx) => noteDelivery(tx, hashOf(key), state))
    })().catch(() => undefined)
  }

  scope.post('/api/sign-in/link', async (request) => {
    const { mail } = given(AskLink, request.body)
    await limits.count('sign-in by address', request.ip)
    await evenly(limits.count('link by account', mail).then(() => send(mail, ownAddress(request, config))))
    return { asked: true }
  })

  // Programs that scan mail open links: showing the page uses nothing up and asks the database nothing.
  scope.get('/sign-in/link/:key', async (request, reply) => {
    const language = languageOf(request)
    const { link } = words[language]
    return sendPlain(reply, {
      language,
      title: link.title,
      lines: [link.lead],
      button: { words: link.button },
      link: { words: link.other, to: '/sign-in' },
    })
  })

  scope.post('/sign-in/link/:key', async (request, reply) => {
    const language = languageOf(request)
    const key = newKey()
    const { key: link } = request.params as { key: string }
    try {
      await limits.count('sign-in by address', request.ip)
      const opened = await database.desk('access.useLink', (tx) =>
        useLink(tx, hashOf(link), hashOf(key), windowName(request.headers['user-agent'] ?? '')),
      )
      if (!opened) throw notAllowed(words[language].link.gone)
      await signedIn(door, request, reply, key)
      // Whoever came in because others vouched has no passkey left, and is asked to make one first.
      return reply.redirect(
        opened.how === 'vouched'
          ? '/access/ways'
          : opened.how === 'device'
            ? '/?view=wall'
            : safeThen((request.body as { after?: string } | undefined)?.after),
        303,
      )
    } catch (error) {
      if (!(error instanceof ConcordError)) throw error
      if (error.retryAfter !== undefined) reply.header('retry-after', String(error.retryAfter))
      const told = {
        language,
        title: words[language].link.refused,
        lines: [error.message],
        link: { words: words[language].link.other, to: '/sign-in' },
      }
      return sendPlain(reply, told, error.kind === 'limit' ? 429 : 403)
    }
  })
}

function ownRoutes(scope: FastifyInstance, door: Door): void {
  const { database, config, limits } = door

  scope.post('/api/sign-in/out', async (request, reply) => {
    const key = keyOf(request, config)
    if (key !== undefined) {
      await database
        .change({ entering: { key, operation: 'access.signOut' }, run: async ({ tx }) => ({ value: await store.signOut(tx) }) })
        .catch((error: unknown) => {
          if (!(error instanceof ConcordError && error.signedOut)) throw error
        })
    }
    takeCookie(reply, config)
    return { signedOut: true }
  })

  scope.post('/api/sign-in/token', async (request) => {
    const { name, expiresAt } = given(MakeToken, request.body)
    const entering = enteringOf(request, config, 'access.makeToken')
    await limits.count('code by session', entering.key)
    const key = newKey()
    const made = await database.change({
      entering,
      run: async ({ tx }) => ({ value: await store.makeToken(tx, hashOf(key), name, expiresAt) }),
    })
    return { id: made, token: key }
  })

  scope.post('/api/sign-in/device', async (request) => {
    const { name, tokens } = given(EnrolDevice, request.body)
    const entering = enteringOf(request, config, 'access.enrolDevice')
    const link = newKey()
    const personId = id()
    const until = await database.change({
      entering,
      run: async ({ tx }) => {
        const expires = await store.enrolDevice(tx, personId, name, hashOf(link))
        for (const token of new Set([...tokens, 'kind:device', `device:${personId}`])) {
          await grantReach(tx, { personId, token, from: null, until: null, source: `access.device:${personId}` })
        }
        return { value: expires }
      },
    })
    return { id: personId, link: `${ownAddress(request, config)}/sign-in/link/${link}`, expiresAt: until }
  })
}
