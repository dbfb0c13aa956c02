import type { AddressInfo } from 'node:net'
import type { FastifyInstance } from 'fastify'
import { readConfig } from '#core/config.ts'
import type { TestCity } from '#core/db/testing.ts'
import { buildServer } from '#core/http/server.ts'
import type { Served } from '#core/http/server.ts'
import type { Area } from '#core/operation/implement.ts'
import { registryOf } from '#core/operation/perform.ts'
import { accessArea } from '../area.ts'

export interface TestDoor {
  url: string
  server: FastifyInstance
  /** Links that were handed to the mail channel, newest last. */
  sent: { mail: string; link: string }[]
  /** Calls as a browser of our own page would; `cookie` is kept between calls by the jar given. */
  ask(path: string, body?: unknown, jar?: Jar, headers?: Record<string, string>): Promise<Answered>
  get(path: string, jar?: Jar, headers?: Record<string, string>): Promise<Answered>
  stop(): Promise<void>
}
export interface Jar {
  cookie: string
}
export interface Answered {
  status: number
  headers: Headers
  text: string
  body: Record<string, unknown>
}

/** A real server on loopback over a test city, with sign-in and whatever areas are given. */
export async function testDoor(
  city: TestCity,
  more: Partial<Served> & { areas?: Area[]; web?: (server: FastifyInstance) => Promise<void> } = {},
): Promise<TestDoor> {
  await city.owner.query(
    "insert into access.city (code, name, time_zone) values ('test', 'Testbridge', 'Europe/London') on conflict do nothing",
  )
  const sent: TestDoor['sent'] = []
  const registry = registryOf([accessArea(more.areas ?? [], () => false), ...(more.areas ?? [])])
  const { areas: _, web, ...served } = more
  const config = served.config ?? readConfig({ port: '0' }, {})
  const server = await buildServer({
    database: city.database,
    registry,
    config,
    log: false,
    ...served,
    signIn: {
      sendLink: async ({ mail }, link) => {
        sent.push({ mail, link })
        return 'attempted'
      },
      ...served.signIn,
    },
  })
  await web?.(server)
  await server.listen({ port: config.port, host: '127.0.0.1' })
  const { port } = server.server.address() as AddressInfo
  const url = `http://localhost:${port}`

  const keep = (response: Response, jar: Jar | undefined) => {
    for (const line of response.headers.getSetCookie()) {
      const [pair = ''] = line.split(';')
      if (jar && /^(__Host-)?concord(-provider)?=/.test(pair))
        jar.cookie = [...jar.cookie.split('; ').filter((one) => one && one.split('=')[0] !== pair.split('=')[0]), pair].join('; ')
    }
  }
  const answered = async (response: Response, jar: Jar | undefined): Promise<Answered> => {
    keep(response, jar)
    const text = await response.text()
    const body = /json/.test(response.headers.get('content-type') ?? '') && text !== '' ? (JSON.parse(text) as Record<string, unknown>) : {}
    return { status: response.status, headers: response.headers, text, body }
  }
  const local = url.replace('localhost', '127.0.0.1')
  const common = (jar: Jar | undefined, headers: Record<string, string>) => ({ ...(jar?.cookie ? { cookie: jar.cookie } : {}), ...headers })
  return {
    url,
    server,
    sent,
    ask: async (path, body = {}, jar, headers = {}) =>
      answered(
        await fetch(`${local}${path}`, {
          method: 'POST',
          redirect: 'manual',
          headers: { 'content-type': 'application/json', 'sec-fetch-site': 'same-origin', ...common(jar, headers) },
          body: JSON.stringify(body),
        }),
        jar,
      ),
    get: async (path, jar, headers = {}) =>
      answered(await fetch(`${local}${path}`, { redirect: 'manual', headers: common(jar, headers) }), jar),
    stop: () => server.close(),
  }
}
