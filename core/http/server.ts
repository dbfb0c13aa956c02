import { readFileSync } from 'node:fs'
import { randomBytes } from 'node:crypto'
import fastifyCookie from '@fastify/cookie'
import fastifyHelmet from '@fastify/helmet'
import Fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest, LogController } from 'fastify'
import { type Config, isSecure } from '#core/config.ts'
import type { Database } from '#core/db/tx.ts'
import { ConcordError, invalid, notFound, problemOf, unavailable } from '#core/errors.ts'
import { faultOf } from '#core/log.ts'
import { pathOf, wordsOf } from '#core/operation/operation.ts'
import { perform, type Registry } from '#core/operation/perform.ts'
import type { SignInOptions } from './door.ts'
import { type Counted, type Limit, openLimits } from './limits.ts'
import { enteringOf, keyOf, refuseOtherSites } from './session.ts'
import { scimRoutes } from './scim/routes.ts'
import { signInRoutes } from './sign-in.ts'

export interface Served {
  database: Database
  registry: Registry
  config: Config
  log: { level: string } | false
  signIn?: SignInOptions
  limits?: Partial<Record<Counted, Partial<Limit>>>
  /** Count every call of an operation, and refuse a session that floods the city. Left out where the whole point is to flood it (bench). */
  limitCalls?: boolean
}

/** A code that is read out on the telephone is short, so guesses are counted. */
const readsOutCodes = new Set(['access.plea', 'access.vouch'])

const text = (value: string | string[] | undefined) => (Array.isArray(value) ? value[0] : value)

/** Sends any error as problem details. Nothing of an unexpected error leaves the server; its trace goes to the log. */
export function sendProblem(error: unknown, request: FastifyRequest, reply: FastifyReply): void {
  let known = error
  if (!(known instanceof ConcordError)) {
    const status = typeof error === 'object' && error !== null && 'statusCode' in error ? Number(error.statusCode) : 500
    if (status === 413) known = invalid('input', 'This is too large. Nothing was changed. Send a smaller file.')
    else if (status === 404) known = notFound()
    else if (status >= 400 && status < 500) known = invalid('input', 'This request could not be read. Nothing was changed.')
    else {
      request.log.error({ fault: faultOf(error) }, 'unexpected')
      known = unavailable(
        'Something unexpected went wrong in Concord. Nothing was changed that you were not told of. Send it again; if it stays, tell the administrator.',
      )
    }
  }
  const problem = problemOf(known as ConcordError)
  if (problem.status === 401) reply.header('www-authenticate', 'Bearer')
  if ((known as ConcordError).retryAfter !== undefined) reply.header('retry-after', String((known as ConcordError).retryAfter))
  void reply.code(problem.status).type('application/problem+json').send(problem)
}

export const contentSecurityPolicy = {
  useDefaults: false,
  directives: {
    defaultSrc: ["'none'"],
    scriptSrc: ["'self'"],
    styleSrc: ["'self'"],
    imgSrc: ["'self'", 'data:'],
    fontSrc: ["'self'"],
    connectSrc: ["'self'"],
    manifestSrc: ["'self'"],
    workerSrc: ["'self'"],
    baseUri: ["'none'"],
    formAction: ["'self'"],
    frameAncestors: ["'none'"],
    requireTrustedTypesFor: ["'script'"],
    // core/web keeps one policy, which lets nothing but an empty text through (apps/web/strict.ts)
    trustedTypes: ['default'],
  },
}

export async function buildServer({
  database,
  registry,
  config,
  log,
  signIn = {},
  limits: changed,
  limitCalls = false,
}: Served): Promise<FastifyInstance> {
  const server = Fastify({
    // An address can hold a key or what somebody asked, so no line holds one: only the pattern of its route.
    logger: log && {
      ...log,
      redact: ['req.headers.authorization', 'req.headers.cookie'],
      serializers: { req: (request: FastifyRequest) => ({ method: request.method, route: request.routeOptions?.url }) },
    },
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit: 8 * 1024 * 1024,
    trustProxy: config.trustedProxy ?? false,
    genReqId: () => randomBytes(6).toString('hex'),
    ...(config.tlsCert && config.tlsKey
      ? { https: { cert: readFileSync(config.tlsCert), key: readFileSync(config.tlsKey), minVersion: 'TLSv1.2' } }
      : {}),
  } as object) as FastifyInstance
  await server.register(fastifyCookie)
  await server.register(fastifyHelmet, {
    contentSecurityPolicy,
    strictTransportSecurity: isSecure(config) ? { maxAge: 31_536_000 } : false,
    crossOriginEmbedderPolicy: false,
    referrerPolicy: { policy: 'no-referrer' },
  })
  server.setErrorHandler(sendProblem)
  server.addHook('onRequest', async (_request, reply) => {
    reply.header('cache-control', 'no-store')
  })
  server.get('/healthz', async () => {
    await database.verifier(async () => undefined)
    return { ok: true }
  })

  const limits = openLimits(database, changed)
  await signInRoutes(server, { database, registry, config, limits, options: signIn })
  await scimRoutes(server, { database, registry, config, limits, options: signIn })

  for (const implementation of registry.operations) {
    const { operation } = implementation
    const [area, verb] = wordsOf(operation)
    const run = async (request: FastifyRequest, input: unknown) => {
      const key = keyOf(request, config)
      if (limitCalls) await (key ? limits.count('call by session', key) : limits.count('call by address', request.ip))
      if (readsOutCodes.has(operation.name)) await limits.count('code by session', key ?? request.ip)
      const entering = operation.who === 'anyone' ? { key: '', operation: operation.name } : enteringOf(request, config, operation.name)
      return perform(database, registry, registry.named(area, verb), input, entering, text(request.headers['idempotency-key']))
    }
    if (operation.kind === 'query') {
      server.get(pathOf(operation), async (request, reply) => {
        const { input } = request.query as { input?: string }
        return reply.type('application/json').send(JSON.stringify((await run(request, parsedInput(input))) ?? null))
      })
    } else {
      server.post(pathOf(operation), async (request, reply) => {
        refuseOtherSites(request, config)
        return reply.type('application/json').send(JSON.stringify((await run(request, request.body ?? {})) ?? null))
      })
    }
  }
  return server
}

function parsedInput(input: string | undefined): unknown {
  if (input === undefined) return {}
  try {
    return JSON.parse(input)
  } catch {
    throw invalid('input', 'The input is not JSON.')
  }
}
