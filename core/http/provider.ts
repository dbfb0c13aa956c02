import type { FastifyInstance } from 'fastify'
import * as oidc from 'openid-client'
import { z } from 'zod'
import { openByProvider, putChallenge, takeChallenge } from '#core/access/sign-in/desk.ts'
import { safeThen, windowName } from '#core/access/sign-in/rules.ts'
import { hashOf, newKey } from '#core/access/key.ts'
import { isSecure } from '#core/config.ts'
import { ConcordError, notAllowed, unavailable } from '#core/errors.ts'
import { implement } from '#core/operation/implement.ts'
import { command } from '#core/operation/operation.ts'
import { perform } from '#core/operation/perform.ts'
import { isLoopback } from './provider-config.ts'
import { languageOf, sendPlain } from './plain-page.ts'
import { type Door, given, signedIn, words } from './door.ts'
import { ownAddress } from './session.ts'

const presentGroups = command('access.presentGroups', {
  who: 'person',
  summary: 'A sign-in provider named the groups of who has just signed in.',
  input: z.object({ groups: z.array(z.string()) }),
  output: z.object({}),
})
const presenting = implement(presentGroups, async ({ input, actor, emit }) => {
  emit('access.groupsPresented', { personId: actor.personId, groups: input.groups })
  return {}
})

interface Begun {
  state: string
  nonce: string
  verifier: string
  after: string
}

const Begin = z.object({ after: z.string().max(500).optional() })
export const providerPath = '/sign-in/provider'

const claimAt = (claims: unknown, path: string): unknown =>
  path
    .split('.')
    .reduce<unknown>(
      (value, name) => (typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[name] : undefined),
      claims,
    )

/** Groups of a claim, by name; a provider may say one as plain text. */
export function groupsOf(claims: unknown, path: string): string[] {
  const value = claimAt(claims, path)
  const all = Array.isArray(value) ? value : typeof value === 'string' ? [value] : []
  return [...new Set(all.filter((group): group is string => typeof group === 'string' && group !== ''))].slice(0, 500)
}

/** Signing in with an outside provider: code flow with PKCE, state and nonce, each used once and tied to the browser that began. */
export function providerRoutes(scope: FastifyInstance, door: Door): void {
  const { database, registry, config, limits, options } = door
  const { provider } = options
  if (!provider) return
  const cookie = isSecure(config) ? '__Host-concord-provider' : 'concord-provider'
  const flags = { path: '/', httpOnly: true, sameSite: 'lax' as const, secure: isSecure(config) }

  let discovered: Promise<oidc.Configuration> | undefined
  const discovery = () => {
    const plain = isLoopback(new URL(provider.issuer).hostname) ? { execute: [oidc.allowInsecureRequests] } : undefined
    discovered ??= oidc
      .discovery(new URL(provider.issuer), provider.clientId, provider.clientSecret, undefined, plain)
      .catch((error: unknown) => {
        discovered = undefined
        throw error
      })
    return discovered.catch(() => {
      throw unavailable(`${provider.name} does not answer. Nothing was changed. Sign in with your passkey or ask for a link.`)
    })
  }

  scope.post('/api/sign-in/provider', async (request, reply) => {
    await limits.count('sign-in by address', request.ip)
    const { after } = given(Begin, request.body)
    const server = await discovery()
    const key = newKey()
    const begun: Begun = {
      state: oidc.randomState(),
      nonce: oidc.randomNonce(),
      verifier: oidc.randomPKCECodeVerifier(),
      after: safeThen(after),
    }
    await database.desk('access.askProvider', (tx) => putChallenge(tx, hashOf(key), 'provider', begun))
    const url = oidc.buildAuthorizationUrl(server, {
      redirect_uri: `${ownAddress(request, config)}${providerPath}`,
      scope: provider.scope,
      state: begun.state,
      nonce: begun.nonce,
      code_challenge: await oidc.calculatePKCECodeChallenge(begun.verifier),
      code_challenge_method: 'S256',
    })
    reply.setCookie(cookie, key, { ...flags, maxAge: 600 })
    return { url: url.href }
  })

  // The one GET that signs in, as the protocol asks: it does nothing without the cookie of the browser that began, and that only once.
  scope.get(providerPath, async (request, reply) => {
    const language = languageOf(request)
    try {
      await limits.count('sign-in by address', request.ip)
      const begun = await begunWith(request.cookies[cookie])
      reply.clearCookie(cookie, flags)
      const said = await told(begun, new URL(`${ownAddress(request, config)}${request.url}`))
      const key = newKey()
      const person = await database.desk('access.signIn', (tx) =>
        openByProvider(tx, said, hashOf(key), windowName(request.headers['user-agent'] ?? '')),
      )
      if (person === undefined) throw notAllowed(words[language].provider.unknown)
      await signedIn(door, request, reply, key)
      await perform(database, registry, presenting, { groups: said.groups }, { key, operation: presentGroups.name })
      return reply.redirect(begun.after, 303)
    } catch (error) {
      if (!(error instanceof ConcordError)) throw error
      const page = {
        language,
        title: words[language].provider.refused,
        lines: [error.message],
        link: { words: words[language].link.other, to: '/sign-in' },
      }
      return sendPlain(reply, page, error.kind === 'limit' ? 429 : error.kind === 'unavailable' ? 503 : 403)
    }

    async function begunWith(key: string | undefined): Promise<Begun> {
      const state = key === undefined ? undefined : await database.desk('access.signIn', (tx) => takeChallenge(tx, hashOf(key), 'provider'))
      if (state === undefined) throw notAllowed(words[language].provider.late)
      return state as Begun
    }

    async function told(begun: Begun, url: URL) {
      const server = await discovery()
      try {
        const tokens = await oidc.authorizationCodeGrant(server, url, {
          pkceCodeVerifier: begun.verifier,
          expectedState: begun.state,
          expectedNonce: begun.nonce,
          idTokenExpected: true,
        })
        const claims = tokens.claims()!
        const more = server.serverMetadata().userinfo_endpoint ? await oidc.fetchUserInfo(server, tokens.access_token, claims.sub) : {}
        const all = { ...more, ...claims }
        const mail = claimAt(all, provider!.mailClaim)
        const verified = claimAt(all, provider!.mailVerifiedClaim) === true
        return {
          issuer: claims.iss,
          subject: claims.sub,
          mail: verified && typeof mail === 'string' ? mail : null,
          groups: groupsOf(all, provider!.groupsClaim),
        }
      } catch (error) {
        // The kind of failure only: what the provider said may hold a code or a name.
        request.log.warn(
          { provider: provider!.issuer, code: error instanceof Error && 'code' in error ? String(error.code) : 'unknown' },
          'sign-in provider refused',
        )
        throw notAllowed(words[language].provider.failed)
      }
    }
  })
}
