import type { FastifyInstance } from 'fastify'
import { z } from 'zod'
import type { Config } from '#core/config.ts'
import type { Database } from '#core/db/tx.ts'
import { type Operation, pathOf, wordsOf } from '#core/operation/operation.ts'
import type { Registry } from '#core/operation/perform.ts'
import { isFromHere } from './loopback.ts'
import { enteringOf } from './session.ts'

type Json = Record<string, unknown>

const problem = (description: string): Json => ({
  description,
  content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
})
const refusals: Json = {
  400: problem('The input cannot be used; `field` names the part.'),
  401: problem('Nobody is signed in here, or no longer.'),
  403: problem('Your post does not allow this.'),
  404: problem('There is nothing here that you can see.'),
  409: problem('It clashes with something already recorded.'),
  412: problem('Somebody changed this since you opened it.'),
  429: problem('Too many at once.'),
  503: problem('It cannot be done just now.'),
}
const problemSchema: Json = {
  type: 'object',
  description: 'RFC 9457 problem details',
  required: ['type', 'title', 'status', 'kind', 'detail'],
  properties: {
    type: { type: 'string' },
    title: { type: 'string' },
    status: { type: 'integer' },
    kind: { type: 'string' },
    detail: { type: 'string', description: 'What happened, what is safe, what to do next' },
    field: { type: 'string' },
  },
}

/** The same schema says what goes in and what comes out; what JSON Schema cannot say is left open. `$schema` is said once, for the whole document. */
function schemaOf(type: z.ZodType, io: 'input' | 'output'): Json {
  const { $schema: _said, ...schema } = z.toJSONSchema(type, { target: 'draft-2020-12', unrepresentable: 'any', io }) as Json
  return schema
}

function described(operation: Operation): Json {
  const input = schemaOf(operation.input, 'input')
  const [area] = wordsOf(operation)
  const asked: Json =
    operation.kind === 'query'
      ? { parameters: [{ name: 'input', in: 'query', required: false, content: { 'application/json': { schema: input } } }] }
      : {
          parameters: [
            {
              name: 'idempotency-key',
              in: 'header',
              required: false,
              schema: { type: 'string', maxLength: 200 },
              description: 'The same key again gives the same answer, and the thing is done once.',
            },
          ],
          requestBody: { required: true, content: { 'application/json': { schema: input } } },
        }
  return {
    operationId: operation.name,
    summary: operation.summary,
    tags: [area],
    'x-who': operation.who,
    security: operation.who === 'anyone' ? [] : [{ token: [] }, { session: [] }],
    ...asked,
    responses: {
      200: { description: 'Done', content: { 'application/json': { schema: schemaOf(operation.output, 'output') } } },
      ...refusals,
    },
  }
}

/** OpenAPI 3.1 of these operations. `x-who` says who may: `anyone`, `person`, or kinds of post. It names no person and no secret. */
export function openApiOf(operations: readonly Operation[], cookie: string): Json {
  const paths: Record<string, Json> = {}
  for (const operation of operations) paths[pathOf(operation)] = { [operation.kind === 'query' ? 'get' : 'post']: described(operation) }
  return {
    openapi: '3.1.0',
    jsonSchemaDialect: 'https://json-schema.org/draft/2020-12/schema',
    info: {
      title: 'Concord',
      version: '0.1.0',
      description: 'Every operation of this city. A change needs the rights that its x-who names; the database holds the same rule again.',
    },
    servers: [{ url: '/' }],
    tags: [...new Set(operations.map((operation) => wordsOf(operation)[0]))].map((name) => ({ name })),
    paths,
    components: {
      schemas: { Problem: problemSchema },
      securitySchemes: { token: { type: 'http', scheme: 'bearer' }, session: { type: 'apiKey', in: 'cookie', name: cookie } },
    },
  }
}

const mayBeTried = (operation: Operation, reach: readonly string[]) =>
  typeof operation.who === 'string' || operation.who.some((kind) => reach.includes(`kind:${kind}`))

/**
 * `GET /openapi.json` for whoever is signed in, or a program on this machine; `?mine` leaves out what the asker's posts do not allow.
 * Errors: signed out.
 */
export function serveOpenApi(
  server: FastifyInstance,
  { database, registry, config, cookie }: { database: Database; registry: Registry; config: Config; cookie: string },
): void {
  const operations = registry.operations.map((implementation) => implementation.operation)
  let whole: string | undefined
  server.get('/openapi.json', async (request, reply) => {
    const mine = (request.query as { mine?: string }).mine !== undefined
    if (mine || !isFromHere(request, config)) {
      const reach = await database.read(enteringOf(request, config, 'access.openApi'), async ({ actor }) => actor.reach)
      if (mine)
        return reply.type('application/json').send(
          JSON.stringify(
            openApiOf(
              operations.filter((operation) => mayBeTried(operation, reach)),
              cookie,
            ),
          ),
        )
    }
    whole ??= JSON.stringify(openApiOf(operations, cookie))
    return reply.type('application/json').send(whole)
  })
}
