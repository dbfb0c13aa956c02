import type { FastifyRequest } from 'fastify'
import type { Config } from '#core/config.ts'

const here = /^(127\.|::1$|::ffff:127\.)/
const ownNames = /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])(:\d+)?$/
const passedOn = ['x-forwarded-for', 'x-forwarded-host', 'x-real-ip', 'forwarded', 'via']

/**
 * Does this come from a program on this machine, and not through a proxy on it? A proxy's requests come from loopback too, so where one may
 * stand before us (a public address or a trusted proxy is configured) nothing counts as from here.
 */
export function isFromHere(request: FastifyRequest, config: Pick<Config, 'publicUrl' | 'trustedProxy'>): boolean {
  if (config.publicUrl !== undefined || config.trustedProxy !== undefined) return false
  if (passedOn.some((name) => request.headers[name] !== undefined)) return false
  // A page of another site can reach loopback through a name of its own; it cannot change what the browser says it asked for.
  return here.test(request.socket.remoteAddress ?? '') && ownNames.test(request.headers.host ?? '')
}
