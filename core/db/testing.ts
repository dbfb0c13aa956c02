import { randomBytes } from 'node:crypto'
import pg from 'pg'
import { id } from '#core/id.ts'
import { openDatabase, type Database, type Entering } from './tx.ts'

export const liveWorld = '00000000-0000-7000-8000-000000000001'

export interface TestPerson {
  personId: string
  key: string
  /** How this person begins a transaction. */
  enters(operation?: string, world?: string): Entering
}

export interface TestCity {
  database: Database
  /** Connection settings of the serving role, for a server under test. */
  server: pg.ClientConfig
  config: pg.ClientConfig
  owner: pg.Client
  /** Somebody who holds these tokens from now on, with a session. */
  person(name: string, tokens?: readonly string[]): Promise<TestPerson>
  /** An exercise whose clock runs as the real one does; its id. */
  exercise(): Promise<string>
  end(): Promise<void>
}

/**
 * An empty city in a database of its own, cloned from the migrated template that the test run made (tools/vitest-postgres.ts).
 * Policies are tested by becoming a person: `city.database.read(person.enters(), …)`.
 */
export async function testCity(): Promise<TestCity> {
  const given = process.env.CONCORD_TEST_DATABASE
  if (!given) throw new Error('CONCORD_TEST_DATABASE is not set: run this test with npm test, or npx vitest')
  const template = JSON.parse(given) as pg.ClientConfig
  const name = `city_${randomBytes(6).toString('hex')}`
  const admin = new pg.Client({ ...template, database: 'postgres' })
  await admin.connect()
  await admin.query(`create database ${name} template ${template.database ?? 'concord'}`)
  await admin.query(`grant connect on database ${name} to concord_server`)
  await admin.end()
  const config = { ...template, database: name }
  const { password: _, ...rest } = config
  const server = { ...rest, user: 'concord_server' }
  const owner = new pg.Client(config)
  await owner.connect()
  const database = await openDatabase(server, { connections: 4, lanes: 2 })
  return {
    database,
    server,
    config,
    owner,
    async person(personName, tokens = []) {
      const personId = id()
      const key = randomBytes(24).toString('base64url')
      await owner.query('insert into access.account (person, name, mail) values ($1, $2, $3)', [
        personId,
        personName,
        `${personId}@people.example`,
      ])
      await owner.query(
        "insert into access.session (key_hash, person, kind, expires_at) values (sha256($1), $2, 'browser', clock_timestamp() + interval '1 day')",
        [Buffer.from(key), personId],
      )
      for (const token of tokens)
        await owner.query("select access.put_reach($1, $2, clock_timestamp() - interval '1 second', null, 'test')", [personId, token])
      return { personId, key, enters: (operation = 'test.try', world = liveWorld) => ({ key, world, operation }) }
    },
    async exercise() {
      const world = id()
      await owner.query(
        "insert into access.world (id, kind, name, real_from, world_from) values ($1, 'exercise', 'Trial', clock_timestamp(), clock_timestamp())",
        [world],
      )
      return world
    },
    async end() {
      await database.end()
      await owner.end()
    },
  }
}
