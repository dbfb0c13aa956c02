import type { FastifyInstance } from 'fastify'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { readConfig } from '#core/config.ts'
import { type TestCity, testCity } from '#core/db/testing.ts'
import { notAllowed } from '#core/errors.ts'
import { implement } from '#core/operation/implement.ts'
import { command, query } from '#core/operation/operation.ts'
import { registryOf } from '#core/operation/perform.ts'
import { serveMetrics } from './metrics.ts'
import { openApiOf, serveOpenApi } from './openapi.ts'
import { buildServer } from './server.ts'
import { cookieName } from './session.ts'

const say = command('response.say', {
  who: ['loggist'],
  summary: 'Say it',
  input: z.object({ words: z.string().max(80) }),
  output: z.object({ heard: z.boolean() }),
})
const look = query('response.look', {
  who: 'person',
  summary: 'Look',
  input: z.object({ at: z.iso.datetime().optional() }),
  output: z.array(z.string()),
})
const wave = query('watch.wave', { who: 'anyone', summary: 'Wave', input: z.object({}), output: z.null() })
const registry = registryOf([
  {
    name: 'response',
    features: [
      [
        implement(say, async ({ input }) => {
          if (input.words === 'no') throw notAllowed()
          return { heard: true }
        }),
        implement(look, async () => ['a secret name']),
        implement(wave, async () => null),
      ],
    ],
  },
])
const secret = 'the Velm weir has failed'

describe('figures for the operator, and the list of operations', () => {
  let city: TestCity
  const started: FastifyInstance[] = []
  const ends: (() => Promise<void>)[] = []
  const begin = async (environment: Record<string, string> = {}) => {
    const config = readConfig({ port: '0' }, environment)
    const server = await buildServer({ database: city.database, registry, config, log: false })
    serveOpenApi(server, { database: city.database, registry, config, cookie: cookieName(config) })
    ends.push(await serveMetrics(server, { database: city.database, registry, config, viewers: () => 7, outboxDepth: () => 3 }))
    started.push(server)
    return server
  }
  beforeAll(async () => {
    city = await testCity()
  })
  afterAll(async () => {
    for (const server of started) await server.close()
    for (const end of ends) await end()
    await city.end()
  })

  test('counts what was asked and what became of it, and carries no content', async () => {
    const server = await begin()
    const loggist = await city.person('Ada Testwell', ['kind:loggist'])
    const authorization = `Bearer ${loggist.key}`
    const post = (words: string) =>
      server.inject({ method: 'POST', url: '/api/response/say', headers: { authorization }, payload: { words } })
    expect((await post(secret)).statusCode).toBe(200)
    await post('no')
    await post('x'.repeat(90))
    expect((await server.inject({ url: '/api/response/look', headers: { authorization } })).statusCode).toBe(200)
    await server.inject({ url: '/api/response/look' })
    const { body, statusCode } = await server.inject({ url: '/metrics', headers: { host: 'localhost:1' } })
    expect(statusCode).toBe(200)
    for (const line of [
      'concord_requests_total{operation="response.say",outcome="done"} 1',
      'concord_requests_total{operation="response.say",outcome="not-allowed"} 1',
      'concord_requests_total{operation="response.say",outcome="invalid"} 1',
      'concord_requests_total{operation="response.look",outcome="done"} 1',
      'concord_requests_total{operation="response.look",outcome="signed-out"} 1',
      'concord_command_seconds_count{outcome="done"} 1',
      'concord_live_viewers 7',
      'concord_outbox_waiting 3',
    ])
      expect(body).toContain(line)
    expect(body).toMatch(/concord_sequencer_behind \d+/)
    for (const word of [secret, 'Testwell', loggist.personId, loggist.key, 'secret name']) expect(body).not.toContain(word)
  })

  test('are not there for anybody who is not on this machine, or may have come through a proxy', async () => {
    const server = await begin()
    const ask = async (options: object) => (await server.inject({ url: '/metrics', headers: { host: 'localhost' }, ...options })).statusCode
    expect(await ask({})).toBe(200)
    expect(await ask({ remoteAddress: '192.0.2.7' })).toBe(404)
    expect(await ask({ headers: { host: 'localhost', 'x-forwarded-for': '192.0.2.7' } })).toBe(404)
    expect(await ask({ headers: { host: 'rebound.example' } })).toBe(404)
    const behind = await begin({ CONCORD_PUBLIC_URL: 'https://city.example' })
    expect((await behind.inject({ url: '/metrics', headers: { host: 'localhost' } })).statusCode).toBe(404)
  })

  test('have a listener of their own when a port is set, and leave the public one', async () => {
    const port = 20_000 + Math.floor(Math.random() * 20_000)
    const server = await begin({ CONCORD_METRICS_PORT: String(port) })
    expect((await server.inject({ url: '/metrics', headers: { host: 'localhost' } })).statusCode).toBe(404)
    const answer = await fetch(`http://127.0.0.1:${port}/metrics`)
    expect(await answer.text()).toContain('concord_live_viewers 7')
    expect((await fetch(`http://127.0.0.1:${port}/`)).status).toBe(404)
  })

  test('the list of operations is OpenAPI 3.1 by its structure: every reference is there, every schema is one, who may is said', () => {
    const document = openApiOf([say, look, wave], 'concord') as {
      openapi: string
      paths: Record<string, Record<string, Record<string, unknown>>>
      components: { schemas: object; securitySchemes: object }
    }
    expect(document.openapi).toMatch(/^3\.1\.\d+$/)
    expect(Object.keys(document.paths)).toEqual(['/api/response/say', '/api/response/look', '/api/watch/wave'])
    const ids: unknown[] = []
    for (const item of Object.values(document.paths))
      for (const [method, operation] of Object.entries(item)) {
        expect(['get', 'post']).toContain(method)
        ids.push(operation.operationId)
        expect(operation['x-who']).toBeDefined()
        const responses = operation.responses as Record<string, { description: string; content: Record<string, { schema: object }> }>
        expect(Object.keys(responses)).toContain('200')
        for (const response of Object.values(responses)) expect(typeof response.description).toBe('string')
        if (method === 'get') expect(operation.requestBody).toBeUndefined()
        else
          expect(
            (operation.requestBody as { content: Record<string, { schema: { type: string } }> }).content['application/json']?.schema.type,
          ).toBe('object')
        for (const need of operation.security as Record<string, string[]>[])
          expect(Object.keys(document.components.securitySchemes)).toContain(Object.keys(need)[0])
      }
    expect(new Set(ids).size).toBe(3)
    for (const [, reference] of JSON.stringify(document).matchAll(/"\$ref":"#\/components\/schemas\/(\w+)"/g))
      expect(Object.keys(document.components.schemas)).toContain(reference)
    expect(document.paths['/api/response/say']?.post?.['x-who']).toEqual(['loggist'])
    expect(JSON.stringify(document)).not.toContain('$schema"')
  })

  test('is for whoever is signed in, and on request leaves out what the asker may not do', async () => {
    const server = await begin()
    const far = { remoteAddress: '192.0.2.7' }
    expect((await server.inject({ url: '/openapi.json', ...far })).statusCode).toBe(401)
    expect(Object.keys((await server.inject({ url: '/openapi.json', headers: { host: 'localhost' } })).json().paths)).toHaveLength(3)
    const guest = await city.person('Bo Plain')
    const headers = { authorization: `Bearer ${guest.key}` }
    expect(Object.keys((await server.inject({ url: '/openapi.json', headers, ...far })).json().paths)).toHaveLength(3)
    expect(Object.keys((await server.inject({ url: '/openapi.json?mine', headers, ...far })).json().paths)).toEqual([
      '/api/response/look',
      '/api/watch/wave',
    ])
    expect((await server.inject({ url: '/openapi.json?mine', headers: { host: 'localhost' } })).statusCode).toBe(401)
  })
})
