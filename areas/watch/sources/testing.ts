import Fastify, { type FastifyInstance } from 'fastify'
import { structureFor, type TestHolder } from '#areas/structure/testing.ts'
import { liveWorld, type TestCity, testCity } from '#core/db/testing.ts'
import type { Operation } from '#core/operation/operation.ts'
import { performAs } from '../testing.ts'
import type { Received } from '../signals/contract.ts'
import { addSource } from './contract.ts'
import { type IngestLimits, mountIngest } from './http.ts'

/** A city with a watch officer, somebody who is not, an administrator and an operator; and a door to post to. */
export interface WatchCity {
  city: TestCity
  officer: TestHolder
  second: TestHolder
  outsider: TestHolder
  administrator: TestHolder
  operator: TestHolder
  server: FastifyInstance
  url: string
  does<T>(person: TestHolder, operation: Operation, input: unknown, world?: string): Promise<T>
  post(
    body: string | Buffer,
    more?: { source?: string; token?: string; headers?: Record<string, string> },
  ): Promise<{ status: number; body: Received & { detail?: string } }>
  end(): Promise<void>
}

export async function watchCity(limits: IngestLimits = {}): Promise<WatchCity> {
  const city = await testCity()
  const structure = structureFor(city)
  const agency = await structure.agency('Resilience')
  const officer = await structure.holder('Olive Officer', agency, 'watch-officer')
  const second = await structure.holder('Oscar Officer', agency, 'watch-officer')
  const outsider = await structure.holder('Otto Outsider', agency, 'duty')
  const administrator = await structure.holder('Ada Administrator', agency, 'administrator')
  const operator = await structure.holder('Opal Operator', agency, 'operator')
  const server = Fastify()
  mountIngest(server, city.database, { perMinute: 1_000_000, unknownPerMinute: 1_000_000, ...limits })
  const url = await server.listen({ port: 0, host: '127.0.0.1' })
  const does = <T>(person: TestHolder, operation: Operation, input: unknown, world = liveWorld) =>
    performAs<T>(city, person, operation, input, world)
  const added = await does<{ token: string }>(administrator, addSource, { code: 'partner', name: 'Partner', kind: 'http' })
  return {
    city,
    officer,
    second,
    outsider,
    administrator,
    operator,
    server,
    url,
    does,
    async post(body, { source = 'partner', token = added.token, headers = {} } = {}) {
      const answer = await fetch(`${url}/ingest/${source}`, {
        method: 'POST',
        headers: { authorization: `Bearer ${token}`, ...headers },
        body: body as BodyInit,
      })
      return { status: answer.status, body: (await answer.json()) as Received & { detail?: string } }
    },
    async end() {
      await server.close()
      await city.end()
    },
  }
}

export interface TestAlert {
  identifier?: string
  sender?: string
  sent?: string
  status?: string
  msgType?: string
  references?: string
  headline?: string
  more?: string
}

let count = 0
/** A valid CAP 1.2 alert, all of it fictional. */
export function cap(alert: TestAlert = {}): string {
  count += 1
  const {
    identifier = `TEST-${count}`,
    sender = 'office@testville.example',
    sent = '2026-01-05T10:00:00+00:00',
    status = 'Actual',
    msgType = 'Alert',
  } = alert
  const references = alert.references === undefined ? '' : `<references>${alert.references}</references>`
  return `<?xml version="1.0" encoding="UTF-8"?>
<alert xmlns="urn:oasis:names:tc:emergency:cap:1.2"><identifier>${identifier}</identifier><sender>${sender}</sender><sent>${sent}</sent><status>${status}</status><msgType>${msgType}</msgType><scope>Public</scope>${references}<info><language>en-GB</language><category>Safety</category><event>Trial</event><urgency>Expected</urgency><severity>Severe</severity><certainty>Likely</certainty><headline>${alert.headline ?? 'A trial of the desk'}</headline><area><areaDesc>Testville</areaDesc></area></info>${alert.more ?? ''}</alert>`
}
