import { randomBytes } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type pg from 'pg'
import { registry } from '#apps/server/registry.ts'
import { play } from '#apps/server/play.ts'
import { type City, startCity } from '#apps/server/start-city.ts'
import { readConfig } from '#core/config.ts'
import { testCity } from '#core/db/testing.ts'
import { id } from '#core/id.ts'
import { pathOf } from '#core/operation/operation.ts'
import { startSmtpSink } from '../gateways/smtp-sink.ts'
import { journeyWeb } from './web.ts'

const demo = new URL('../../demo/', import.meta.url)
const { cast } = JSON.parse(readFileSync(new URL('halvern/cast.json', demo), 'utf8')) as { cast: { person: string; post: string }[] }

/** When the worked day begins: the first signal, T+0. */
export const firstSignal = '2026-03-12T14:10:00Z'

/** The demo city on a server as `npm start` starts it, with its people signed in. Codes are those of demo/halvern. */
export interface JourneyCity {
  readonly url: string
  owner: pg.Client
  mail: Awaited<ReturnType<typeof startSmtpSink>>
  /** A browser session of a person of the city: somebody of the cast in their post, `post/CODE` for whoever is on duty there. */
  keyOf(who: string): Promise<string>
  /** A screen in a room, signed in as a device of its own with these tokens and no other. */
  deviceKey(tokens: readonly string[]): Promise<string>
  idOf(kind: 'agency' | 'post' | 'person' | 'group', code: string): Promise<string>
  /** An operation through the server's door. Throws what it answers when it refuses. */
  ask<T = { id: string }>(who: string | null, operation: string, input: unknown, world?: string): Promise<T>
  /** Moves an exercise's clock on, as no test waits twenty minutes. */
  later(world: string, minutes: number): Promise<void>
  /** Plays the demo's exercise in seconds, then lets its clock run as real time does. `wrong`: the steps that did not go as written. */
  played(): Promise<{ world: string; incidentId: string; wrong: string[] }>
  stopServer(): Promise<void>
  startServer(): Promise<void>
  end(): Promise<void>
}

const tables = {
  agency: ['structure.agencies', 'org_code'],
  post: ['structure.posts', 'code'],
  person: ['structure.people', 'code'],
  group: ['structure.groups', 'code'],
}

export async function journeyCity(): Promise<JourneyCity> {
  const city = await testCity()
  const mail = await startSmtpSink()
  const data = mkdtempSync(join(tmpdir(), 'concord-journey-'))
  const { host = '', port, user, database } = city.config
  const address = `postgres://${user}@localhost:${port}/${database}?host=${encodeURIComponent(host)}`
  Object.assign(process.env, {
    CONCORD_LIMIT_CALLS: 'off',
    CONCORD_EXERCISE_MAIL_URL: mail.url,
    CONCORD_EXERCISE_MAIL_FROM: 'concord@halvern.example',
  })
  const web = journeyWeb()
  const quiet = { info: () => undefined, warn: () => undefined }
  const start = (at: string): Promise<City> =>
    startCity(
      readConfig({ port: at, data }, { ...process.env, DATABASE_URL: address, CONCORD_PUBLIC_URL: undefined }),
      { demo: true, web },
      quiet,
    )
  let served: City | undefined = await start('0')
  let operatorToken = served.operatorToken
  const url = served.url
  const keys = new Map<string, string>()

  const idOf: JourneyCity['idOf'] = async (kind, code) => {
    const [table, column] = tables[kind] as [string, string]
    const { rows } = await city.owner.query<{ id: string }>(`select id from ${table} where ${column} = $1`, [code])
    const [found] = rows
    if (!found) throw new Error(`there is no ${kind} ${code} in the demo city`)
    return found.id
  }
  const keyOf: JourneyCity['keyOf'] = async (who) => {
    const known = keys.get(who)
    if (known !== undefined) return known
    const code = who.startsWith('post/') ? who.slice(5) : cast.find(({ person }) => person === who)?.post
    const postId = code === undefined ? null : await idOf('post', code)
    const onDuty = 'select person_id from structure.on_duty($1, $2) limit 1'
    const personId = who.startsWith('post/')
      ? (await city.owner.query<{ person_id: string }>(onDuty, [postId, firstSignal])).rows[0]!.person_id
      : await idOf('person', who)
    const key = randomBytes(24).toString('base64url')
    await city.owner.query(
      `insert into access.session (key_hash, person, post, kind, expires_at) values (sha256($1), $2, $3, 'browser', clock_timestamp() + interval '1 day')`,
      [Buffer.from(key), personId, postId],
    )
    keys.set(who, key)
    return key
  }
  return {
    url,
    owner: city.owner,
    mail,
    idOf,
    keyOf,
    async ask(who, name, input, world) {
      const definition = registry.operations.find(({ operation }) => operation.name === name)?.operation
      if (!definition) throw new Error(`there is no operation ${name}`)
      const headers = {
        authorization: `Bearer ${who === null ? operatorToken : await keyOf(who)}`,
        ...(world === undefined ? {} : { 'concord-world': world }),
      }
      const there = url.replace('localhost', '127.0.0.1') + pathOf(definition)
      const response = await (definition.kind === 'query'
        ? fetch(`${there}?input=${encodeURIComponent(JSON.stringify(input))}`, { headers })
        : fetch(there, {
            method: 'POST',
            headers: { ...headers, 'content-type': 'application/json', 'idempotency-key': id() },
            body: JSON.stringify(input),
          }))
      if (!response.ok) throw new Error(`${name} by ${who}: ${response.status} ${await response.text()}`)
      return (await response.json()) as never
    },
    async deviceKey(tokens) {
      const key = randomBytes(24).toString('base64url')
      const personId = id()
      await city.owner.query("insert into access.account (person, name, device) values ($1, 'Wall, strategic room', true)", [personId])
      await city.owner.query(
        `insert into access.session (key_hash, person, kind, how, expires_at) values (sha256($1), $2, 'device', 'device', clock_timestamp() + interval '1 day')`,
        [Buffer.from(key), personId],
      )
      for (const token of tokens) await city.owner.query("select access.put_reach($1, $2, null, null, 'test')", [personId, token])
      return key
    },
    async later(world, minutes) {
      await city.owner.query('update access.world set world_from = world_from + make_interval(mins => $2) where id = $1', [world, minutes])
    },
    async played() {
      const wrong: string[] = []
      const playing = {
        database: served!.database,
        registry,
        owner: city.config,
        operatorToken,
        url,
        log: { info: () => undefined, warn: (line: string) => void wrong.push(line) },
      }
      const { worldId } = await play(playing, { rate: 240 })
      await city.owner.query(
        `update access.world set world_from = world_from + (clock_timestamp() - real_from) * rate, real_from = clock_timestamp(), rate = 1 where id = $1`,
        [worldId],
      )
      const { rows } = await city.owner.query<{ id: string }>('select id from response.incidents where world = $1', [worldId])
      return { world: worldId, incidentId: rows[0]?.id ?? '', wrong }
    },
    async stopServer() {
      await served?.stop()
      served = undefined
    },
    async startServer() {
      served = await start(new URL(url).port)
      operatorToken = served.operatorToken
    },
    async end() {
      await served?.stop()
      await mail.close()
      await city.end()
      rmSync(data, { recursive: true, force: true })
    },
  }
}

/** A message of the demo, as an operator hands it in. */
export const messageOf = (name: string) => ({ name, content: readFileSync(new URL(`exercise/messages/${name}`, demo)).toString('base64') })
