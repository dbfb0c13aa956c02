import { Writable } from 'node:stream'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { z } from 'zod'
import { readConfig } from '#core/config.ts'
import { rows } from '#core/db/sql.ts'
import { type TestCity, type TestPerson, testCity } from '#core/db/testing.ts'
import { notFound } from '#core/errors.ts'
import { buildServer } from '#core/http/server.ts'
import { faultOf } from '#core/log.ts'
import { implement } from '#core/operation/implement.ts'
import { command } from '#core/operation/operation.ts'
import { registryOf } from '#core/operation/perform.ts'
import { planted } from './city-run.ts'

const secret = planted[0]
const faults: Record<string, (tx: Parameters<Parameters<TestCity['database']['read']>[1]>[0]['tx']) => Promise<unknown>> = {
  json: async () => JSON.parse(`{"a": ${secret}`),
  number: async () => BigInt(secret),
  type: async () => ((secret as unknown as { a: number }).a = 1),
  plain: async () => {
    throw new Error(`could not do ${secret}\n    at ${secret} (file:///x.ts:1:1)`)
  },
  thing: async () => {
    throw { message: secret }
  },
  column: async (tx) => rows(tx, { text: `select ${secret} from response.incidents`, values: [] }),
  raised: async (tx) => rows(tx, { text: `do $$ begin raise exception 'about %', '${secret}'; end $$`, values: [] }),
  cast: async (tx) => rows(tx, { text: 'select $1::int', values: [secret] }),
}
const fail = command('test.fail', { who: 'person', summary: 'Fails.', input: z.object({ how: z.string() }), output: z.null() })
let city: TestCity
let person: TestPerson

beforeAll(async () => {
  city = await testCity()
  person = await city.person('Pat')
})
afterAll(() => city?.end())

test('an error that nobody foresaw tells its kind, code and place to the log, and quotes nothing that was written, there or on the wire', async () => {
  let log = ''
  const stream = new Writable({
    write(chunk: Buffer, _encoding, done) {
      log += chunk.toString('utf8')
      done()
    },
  })
  const registry = registryOf([
    { name: 'test', features: [[implement(fail, async ({ input, tx }) => (await faults[input.how]!(tx), null))]] },
  ])
  const server = await buildServer({
    database: city.database,
    registry,
    config: readConfig({}, {}),
    log: { level: 'trace', stream } as { level: string },
  })
  for (const how of Object.keys(faults)) {
    const answer = await server.inject({
      method: 'POST',
      url: '/api/test/fail',
      headers: { authorization: `Bearer ${person.key}` },
      payload: { how },
    })
    expect({ how, refused: answer.statusCode >= 400 }).toEqual({ how, refused: true })
    expect({ how, body: answer.body }).not.toMatchObject({ body: expect.stringContaining(secret) })
  }
  await server.close()
  expect(log.toLowerCase()).not.toContain(secret.toLowerCase())
  for (const word of ['SyntaxError', 'logs.test.ts', '42703', 'P0001']) expect(log).toContain(word)
})

test("Concord's own words stay, because they are written to be shown", () => {
  expect(faultOf(notFound()).message).toBe(notFound().message)
})
