import { Writable } from 'node:stream'
import type { FastifyInstance } from 'fastify'
import { z } from 'zod'
import { registry } from '#apps/server/registry.ts'
import { mountAcceptPage, mountCallbacks } from '#areas/watch/area.ts'
import { structureFor, type TestHolder } from '#areas/structure/testing.ts'
import { channelsFromEnvironment } from '#core/channels/configuration.ts'
import { readConfig } from '#core/config.ts'
import { type TestCity, testCity } from '#core/db/testing.ts'
import { serveLive } from '#core/http/live.ts'
import { serveMetrics } from '#core/http/metrics.ts'
import { serveOpenApi } from '#core/http/openapi.ts'
import { buildServer } from '#core/http/server.ts'
import { cookieName } from '#core/http/session.ts'
import { id } from '#core/id.ts'
import { startTail, type Tail } from '#core/live/tail.ts'
import { placeAll } from '#core/record/testing.ts'
import { type Operation, pathOf } from '#core/operation/operation.ts'

/** Words that a log, a metric, a header of the record, an error or a notification must never hold. */
export const planted = ['Zyrkonia', 'Quellbrunn', 'Hexentanz', 'Ormsdottir', 'Vexillum'] as const

export interface Answer {
  status: number
  text: string
  body: unknown
}

/** A whole city behind one server in this process, with every log line kept. */
export interface CityRun {
  city: TestCity
  server: FastifyInstance
  tail: Tail
  log(): string
  people: Record<'watch' | 'secretariat' | 'chair' | 'loggist' | 'executive' | 'administrator' | 'member' | 'outsider', TestHolder>
  ids: Record<'incidentId' | 'activationId' | 'restrictedEntryId', string>
  call(person: { key: string }, operation: Operation, input: unknown, headers?: Record<string, string>): Promise<Answer>
  /** Gives every committed entry its position, and lets the stream read it. */
  place(): Promise<void>
  end(): Promise<void>
}

export const operations: readonly Operation[] = registry.operations.map(({ operation }) => operation)
export const named = (name: string): Operation => {
  const found = operations.find((operation) => operation.name === name)
  if (!found) throw new Error(`there is no operation ${name}`)
  return found
}

const everyKind = [
  'watch-officer',
  'secretariat',
  'chair',
  'loggist',
  'executive',
  'administrator',
  'inquiry',
  'duty',
  'communications',
  'legal-adviser',
  'data-protection',
]

export async function cityRun(): Promise<CityRun> {
  const city = await testCity()
  const lines: string[] = []
  const stream = new Writable({
    write(chunk: Buffer, _encoding, done) {
      lines.push(chunk.toString('utf8'))
      done()
    },
  })
  await city.owner.query("insert into access.city (code, name) values ('test', 'Testville')")
  const config = readConfig({ port: '0' }, {})
  // The finest level that there is: whatever an operator may turn on.
  const log = { level: 'trace', stream } as { level: string }
  const server = await buildServer({ database: city.database, registry, config, log, signIn: {} })
  const tail = await startTail(city.database, { failed: (error) => server.log.error(error) })
  serveLive(server, { database: city.database, tail, config })
  mountAcceptPage(server, city.database)
  mountCallbacks(server, city.database, channelsFromEnvironment({}).inbound)
  serveOpenApi(server, { database: city.database, registry, config, cookie: cookieName(config) })
  const endMetrics = await serveMetrics(server, { database: city.database, registry, config, viewers: () => tail.hub.figures().viewers })
  await server.ready()

  const structure = structureFor(city)
  const council = await structure.agency('Council')
  const police = await structure.agency('Police')
  const people = {
    watch: await structure.holder('Wanda Ormsdottir', council, 'watch-officer'),
    secretariat: await structure.holder('Sam Ormsdottir', council, 'secretariat', ['cleared:secret']),
    chair: await structure.holder('Carol Chair', council, 'chair'),
    loggist: await structure.holder('Lou Loggist', police, 'loggist'),
    executive: await structure.holder('Eve Executive', police, 'executive'),
    administrator: await structure.holder('Ada Administrator', council, 'administrator'),
    member: await structure.holder('Max Member', police, 'duty'),
    outsider: await structure.holder(
      'Otto Outsider',
      await structure.agency('Trams'),
      'duty',
      everyKind.map((kind) => `kind:${kind}`),
    ),
  }

  const call: CityRun['call'] = async (person, operation, input, headers = {}) => {
    const common = { authorization: `Bearer ${person.key}`, ...headers }
    const response =
      operation.kind === 'query'
        ? await server.inject({
            method: 'GET',
            url: `${pathOf(operation)}?input=${encodeURIComponent(JSON.stringify(input))}`,
            headers: common,
          })
        : await server.inject({
            method: 'POST',
            url: pathOf(operation),
            headers: { ...common, 'content-type': 'application/json' },
            payload: JSON.stringify(input),
          })
    let body: unknown
    try {
      body = response.json()
    } catch {
      body = undefined
    }
    return { status: response.statusCode, text: response.body, body }
  }
  const done = async (person: { key: string }, name: string, input: unknown) => {
    const answer = await call(person, named(name), input)
    if (answer.status !== 200) throw new Error(`${name}: ${answer.status} ${answer.text}`)
    return answer.body as { id: string }
  }
  const place = async () => {
    await placeAll(city)
    tail.poke()
  }

  await done(people.administrator, 'watch.setLevel', {
    code: 'activated',
    rank: 1,
    name: 'Activated',
    criteria: 'Trial.',
    callsOut: [people.member.postId],
    convenes: [],
  })
  const activation = await done(people.watch, 'watch.activate', {
    level: 'activated',
    criteriaMatched: `A ${planted[0]} is suspected.`,
    reason: `Callers from ${planted[1]}.`,
    incidentType: 'flood',
    incidentName: `The ${planted[4]}`,
  })
  const incident = await done(people.secretariat, 'response.openIncident', { name: `Trial of ${planted[0]}`, incidentType: 'flood' })
  for (const person of [people.chair, people.loggist, people.executive, people.member, people.watch]) {
    await done(people.secretariat, 'response.admitPerson', {
      incidentId: incident.id,
      personId: person.personId,
      reason: `Needed in ${planted[1]}.`,
    })
  }
  await done(people.member, 'response.writeEntry', { incidentId: incident.id, text: `Smoke over ${planted[2]}.` })
  const restricted = await done(people.secretariat, 'response.writeEntry', {
    incidentId: incident.id,
    text: `Kept apart: ${planted[3]}.`,
    label: { clauses: [['cleared:secret']], marking: 'TLP:AMBER+STRICT' },
  })
  await place()
  return {
    city,
    server,
    tail,
    log: () => lines.join(''),
    people,
    ids: { incidentId: incident.id, activationId: activation.id, restrictedEntryId: restricted.id },
    call,
    place,
    async end() {
      await tail.stop()
      await server.close()
      await endMetrics()
      await city.end()
    },
  }
}

interface Schema {
  type?: string
  format?: string
  const?: unknown
  enum?: unknown[]
  anyOf?: Schema[]
  oneOf?: Schema[]
  properties?: Record<string, Schema>
  required?: string[]
  items?: Schema
  minItems?: number
  minimum?: number
  minLength?: number
}

/** An input that an operation's schema takes, or nearly: `give` chooses ids and other strings by the name of their property. */
export function inputFor(operation: Operation, give: (name: string, format: string | undefined) => string | undefined): unknown {
  const make = (schema: Schema, name: string): unknown => {
    if (schema.const !== undefined) return schema.const
    if (schema.enum) return schema.enum[0]
    const [choice] = (schema.anyOf ?? schema.oneOf ?? []).filter((each) => each.type !== 'null')
    if (choice) return make(choice, name)
    if (schema.type === 'object') {
      const required = new Set(schema.required)
      const wanted = Object.entries(schema.properties ?? {}).filter(([key, each]) => required.has(key) || each.format === 'uuid')
      return Object.fromEntries(wanted.map(([key, each]) => [key, make(each, key)]))
    }
    if (schema.type === 'array')
      return (schema.minItems ?? 0) > 0 || schema.items?.format === 'uuid' ? [make(schema.items ?? {}, name.replace(/s$/, ''))] : []
    if (schema.type === 'integer' || schema.type === 'number') return Math.max(0, schema.minimum ?? 0)
    if (schema.type === 'boolean') return false
    const given = give(name, schema.format)
    if (given !== undefined) return given
    if (schema.format === 'uuid') return id()
    if (schema.format === 'date-time') return new Date(Date.now() + 3_600_000).toISOString()
    return 'words enough'.padEnd(schema.minLength ?? 0, '.')
  }
  return make(z.toJSONSchema(operation.input, { io: 'input', unrepresentable: 'any' }) as Schema, 'input')
}
