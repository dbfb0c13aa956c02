import type { FastifyReply, FastifyRequest } from 'fastify'
import { type Config, isSecure } from '#core/config.ts'
import type { Entering } from '#core/db/tx.ts'
import { invalid, notAllowed, signedOut } from '#core/errors.ts'

/** With TLS the name binds the cookie to this very host (`__Host-`): no sub-domain and no plain page can set it. */
export const cookieName = (config: Config) => (isSecure(config) ? '__Host-concord' : 'concord')

/** The session key that a request carries: the bearer token of a program, or the cookie of a browser. */
export function keyOf(request: FastifyRequest, config: Config): string | undefined {
  const bearer = /^Bearer (\S+)$/i.exec(request.headers.authorization ?? '')?.[1]
  return bearer ?? request.cookies[cookieName(config)]
}

// Lax, not Strict: whoever comes from a link in a message is signed in; every change is refused from other sites all the same.
const flags = (config: Config) => ({ path: '/', httpOnly: true, sameSite: 'lax' as const, secure: isSecure(config) })

/** The browser keeps it until it is closed or the session ends in the database, whichever is first. */
export const giveCookie = (reply: FastifyReply, config: Config, key: string): FastifyReply =>
  reply.setCookie(cookieName(config), key, flags(config))
export const takeCookie = (reply: FastifyReply, config: Config): FastifyReply => reply.clearCookie(cookieName(config), flags(config))

const text = (value: string | string[] | undefined) => (Array.isArray(value) ? value[0] : value)

/** How this request becomes a person. The reason and the person acted for travel as headers, percent-encoded. */
export function enteringOf(request: FastifyRequest, config: Config, operation: string): Entering {
  const key = keyOf(request, config)
  if (key === undefined) throw signedOut()
  const entering: Entering = { key, operation }
  const world = text(request.headers['concord-world'])
  const as = text(request.headers['concord-as'])
  const reason = text(request.headers['concord-reason'])
  if (world !== undefined) entering.world = uuid('concord-world', world)
  if (as !== undefined) entering.as = uuid('concord-as', as)
  if (reason !== undefined) entering.reason = decoded(reason).slice(0, 2000)
  return entering
}

function uuid(field: string, value: string): string {
  if (!/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(value)) throw invalid(field, 'This is not an id.')
  return value
}

function decoded(reason: string): string {
  try {
    return decodeURIComponent(reason)
  } catch {
    throw invalid('concord-reason', 'The reason is not percent-encoded. Nothing was changed.')
  }
}

const loopback = /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])(:\d+)?$/

/**
 * The address at which people know this city, for links and passkeys: --public-url, else what a browser on this machine asked for.
 * Never whatever else stands in a Host header, which anybody can write.
 */
export function ownAddress(request: FastifyRequest, config: Config): string {
  if (config.publicUrl !== undefined) return new URL(config.publicUrl).origin
  const scheme = isSecure(config) ? 'https' : 'http'
  return loopback.test(request.host) ? `${scheme}://${request.host}` : `${scheme}://${config.host}:${config.port}`
}

/**
 * A change is accepted from our own pages and from programs, never from another site's page. Browsers say where a request came from in
 * Sec-Fetch-Site; those that do not, in Origin. A program with a token says neither.
 */
export function refuseOtherSites(request: FastifyRequest, config: Config): void {
  const site = text(request.headers['sec-fetch-site'])
  const origin = text(request.headers.origin)
  const foreignSite = site !== undefined && site !== 'same-origin' && site !== 'none'
  const foreignOrigin = origin !== undefined && !isOurs(origin, request, config)
  if (foreignSite || foreignOrigin)
    throw notAllowed('This came from another site. Nothing was changed. Open Concord itself and do it there.')
}

function isOurs(origin: string, request: FastifyRequest, config: Config): boolean {
  return origin === ownAddress(request, config) || origin === `${request.protocol}://${request.host}`
}
