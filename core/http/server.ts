import { readFileSync } from 'node:fs'
import { randomBytes } from 'node:crypto'
import fastifyCookie from '@fastify/cookie'
import fastifyHelmet from '@fastify/helmet'
import Fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify'
import { type Config, isSecure } from '#core/config.ts'
import type { Database, Entering } from '#core/db/tx.ts'
import { ConcordError, invalid, notAllowed, notFound, problemOf, unavailable } from '#core/errors.ts'
import { pathOf, wordsOf } from '#core/operation/operation.ts'
import { perform, type Registry } from '#core/operation/perform.ts'

export interface Served {
  database: Database
  registry: Registry
  config: Config
  log: { level: string } | false
}

export const cookieName = (config: Config) => (isSecure(config) ? '__Host-concord' : 'concord')

/** The session key that a request carries: the cookie of a browser, or the bearer token of a program. */
export function keyOf(request: FastifyRequest, config: Config): string | undefined {
  const bearer = /^Bearer (\S+)$/.exec(request.headers.authorization ?? '')?.[1]
  return bearer ?? request.cookies[cookieName(config)]
}

const text = (value: string | string[] | undefined) => (Array.isArray(value) ? value[0] : value)

/** How this request becomes a person. The reason and the person acted for travel as headers, percent-encoded. */
export function enteringOf(request: FastifyRequest, config: Config, operation: string): Entering {
  const key = keyOf(request, config)
  if (key === undefined) throw notAllowed('You are not signed in. What you wrote is kept. Sign in and send it again.')
  const entering: Entering = { key, operation }
  const world = text(request.headers['concord-world'])
  const as = text(request.headers['concord-as'])
  const reason = text(request.headers['concord-reason'])
  if (world !== undefined) entering.world = uuid('concord-world', world)
  if (as !== undefined) entering.as = uuid('concord-as', as)
  if (reason !== undefined) entering.reason = decodeURIComponent(reason).slice(0, 2000)
  return entering
}

function uuid(field: string, value: string): string {
  if (!/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(value)) throw invalid(field, 'This is not an id.')
  return value
}

/** A change is accepted from our own pages and from programs with a token, never from another site's page. */
function refuseOtherSites(request: FastifyRequest): void {
  const site = text(request.headers['sec-fetch-site'])
  if (site !== undefined && site !== 'same-origin' && site !== 'none') throw notAllowed('This came from another site. Nothing was changed.')
}

/** Sends any error as problem details. Nothing of an unexpected error leaves the server; its trace goes to the log. */
export function sendProblem(error: unknown, request: FastifyRequest, reply: FastifyReply): void {
  let known = error
  if (!(known instanceof ConcordError)) {
    const status = typeof error === 'object' && error !== null && 'statusCode' in error ? Number(error.statusCode) : 500
    if (status === 413) known = invalid('input', 'This is too large. Nothing was changed. Send a smaller file.')
    else if (status === 404) known = notFound()
    else if (status >= 400 && status < 500) known = invalid('input', 'This request could not be read. Nothing was changed.')
    else {
      request.log.error({ error: error instanceof Error ? { name: error.name, message: error.message, stack: error.stack } : 'unknown' }, 'unexpected')
      known = unavailable('Something unexpected went wrong in Concord. Nothing was changed that you were not told of. Send it again; if it stays, tell the administrator.')
    }
  }
  const problem = problemOf(known as ConcordError)
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
    trustedTypes: ["'none'"],
  },
}

export async function buildServer({ database, registry, config, log }: Served): Promise<FastifyInstance> {
  const server = Fastify({
    logger: log && { ...log, redact: ['req.headers.authorization', 'req.headers.cookie'] },
    disableRequestLogging: true,
    bodyLimit: 8 * 1024 * 1024,
    trustProxy: config.trustedProxy ?? false,
    genReqId: () => randomBytes(6).toString('hex'),
    ...(config.tlsCert && config.tlsKey ? { https: { cert: readFileSync(config.tlsCert), key: readFileSync(config.tlsKey), minVersion: 'TLSv1.2' } } : {}),
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

  for (const implementation of registry.operations) {
    const { operation } = implementation
    const [area, verb] = wordsOf(operation)
    const run = async (request: FastifyRequest, input: unknown) => {
      const entering = operation.who === 'anyone' ? { key: '', operation: operation.name } : enteringOf(request, config, operation.name)
      return perform(database, registry, registry.named(area, verb), input, entering, text(request.headers['idempotency-key']))
    }
    if (operation.kind === 'query') {
      server.get(pathOf(operation), async (request, reply) => {
        const { input } = request.query as { input?: string }
        return reply.type('application/json').send(JSON.stringify(await run(request, parsedInput(input)) ?? null))
      })
    } else {
      server.post(pathOf(operation), async (request, reply) => {
        refuseOtherSites(request)
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
