import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { readConfig } from '#core/config.ts'
import { rows, run, sql } from '#core/db/sql.ts'
import { type TestCity, type TestPerson, testCity } from '#core/db/testing.ts'
import { id } from '#core/id.ts'
import { newLink, operatorToken } from '../found.ts'
import { audienceWords } from './audience.ts'
import { codeOf, safeThen, windowName } from './rules.ts'
import { type Jar, type TestDoor, testDoor } from './testing.ts'

let city: TestCity
let door: TestDoor
let admin: TestPerson
let ada: TestPerson
const jarOf = (person: TestPerson): Jar => ({ cookie: `concord=${person.key}` })
const strong = (person: TestPerson) =>
  city.owner.query('update access.session set strong_at = clock_timestamp() where person = $1', [person.personId])

beforeAll(async () => {
  city = await testCity()
  door = await testDoor(city)
  admin = await city.person('Adm', ['city:test', 'kind:administrator'])
  ada = await city.person('Ada', ['city:test', 'agency:fire'])
  await strong(admin)
  await strong(ada)
})
afterAll(async () => {
  await door?.stop()
  await city?.end()
})

describe('a token for a program', () => {
  const inDays = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString()

  test('is shown once, acts as its person, is listed and ended, and leaves nothing of itself in the store', async () => {
    const made = await door.ask('/api/sign-in/token', { name: 'Rota export', expiresAt: inDays(30) }, jarOf(ada))
    const { id: tokenId, token } = made.body as { id: string; token: string }
    const program = { authorization: `Bearer ${token}` }
    expect((await door.get('/api/access/self', undefined, program)).body).toMatchObject({
      person: { name: 'Ada' },
      session: { kind: 'token', sure: false },
    })
    const tables = await city.owner.query<{ found: number }>(
      'select (select count(*) from operation.answer a where a.answer::text like $1)::int + (select count(*) from record.entry e where convert_from(e.content, $2) like $1)::int as found',
      [`%${token}%`, 'UTF8'],
    )
    expect(tables.rows[0]!.found).toBe(0)
    expect((await door.ask('/api/access/end-session', { id: tokenId }, jarOf(ada))).status).toBe(200)
    expect((await door.get('/api/access/self', undefined, program)).status).toBe(401)
  })

  test('cannot make another token or a passkey, and is not made without a passkey shown or a fresh sign-in', async () => {
    const { token } = (await door.ask('/api/sign-in/token', { name: 'x', expiresAt: inDays(1) }, jarOf(ada))).body as { token: string }
    const program = { authorization: `Bearer ${token}` }
    expect((await door.ask('/api/sign-in/token', { name: 'y', expiresAt: inDays(1) }, undefined, program)).status).toBe(403)
    expect((await door.ask('/api/sign-in/passkeys/ask', {}, undefined, program)).status).toBe(403)
    const old = await city.person('Old')
    await city.owner.query("update access.session set opened_at = opened_at - interval '1 hour' where person = $1", [old.personId])
    expect((await door.ask('/api/sign-in/token', { name: 'y', expiresAt: inDays(1) }, jarOf(old))).status).toBe(403)
    expect((await door.ask('/api/sign-in/token', { name: 'y', expiresAt: inDays(500) }, jarOf(ada))).body).toMatchObject({
      field: 'expiresAt',
    })
  })
})

describe('a device', () => {
  test('is enrolled by an administrator with a reach of its own, opens by its link, and is ended with everything it could see', async () => {
    const made = await door.ask('/api/sign-in/device', { name: 'Wall, room 2', tokens: ['city:test'] }, jarOf(admin))
    const { id: device, link } = made.body as { id: string; link: string }
    const wall: Jar = { cookie: '' }
    expect((await door.ask(new URL(link).pathname, {}, wall)).headers.get('location')).toBe('/?view=wall')
    expect((await door.get('/api/access/self', wall)).body).toMatchObject({
      person: { name: 'Wall, room 2' },
      kinds: ['device'],
      session: { kind: 'device', sure: false },
    })
    expect((await door.ask('/api/sign-in/passkeys/ask', {}, wall)).status).toBe(403)
    expect((await door.get('/api/access/devices', jarOf(admin))).body).toMatchObject({
      devices: [{ id: device, name: 'Wall, room 2', open: true }],
    })
    expect((await door.ask('/api/access/end-device', { id: device }, jarOf(admin))).status).toBe(200)
    expect((await door.get('/api/access/self', wall)).status).toBe(401)
    const left = await city.owner.query(
      'select token from access.reach where person = $1 and (until_at is null or until_at > clock_timestamp())',
      [device],
    )
    expect(left.rows).toEqual([])
  })

  test('gets no incident, clearance or person, and only from an administrator', async () => {
    for (const token of ['incident:x', 'cleared:secret', 'person:x', 'kind:administrator']) {
      expect((await door.ask('/api/sign-in/device', { name: 'Wall', tokens: [token] }, jarOf(admin))).status).toBe(400)
    }
    expect((await door.ask('/api/sign-in/device', { name: 'Wall', tokens: [] }, jarOf(ada))).status).toBe(403)
  })
})

describe('what must not be', () => {
  test.each(['session', 'link', 'passkey', 'challenge', 'plea', 'subject', 'sight'])(
    'a person who reads access.%s directly is refused',
    async (table) => {
      await expect(
        city.database.read(ada.enters(), ({ tx }) => rows(tx, { text: `select * from access.${table}`, values: [] })),
      ).rejects.toMatchObject({ kind: 'not-allowed' })
      await expect(
        city.database.desk('test', (tx) => rows(tx, { text: `select * from access.${table}`, values: [] })),
      ).rejects.toMatchObject({ kind: 'not-allowed' })
    },
  )

  test('the desk opens no session by a person’s name, and nobody strengthens a session by hand', async () => {
    const key = Buffer.alloc(32)
    const open = sql`select access.put_session(${ada.personId}, ${key}, 'browser', 'link', '', true)`
    await expect(city.database.desk('test', (tx) => run(tx, open))).rejects.toMatchObject({ kind: 'not-allowed' })
    await expect(city.database.read(ada.enters(), ({ tx }) => run(tx, open))).rejects.toMatchObject({ kind: 'not-allowed' })
    await expect(
      city.database.read(ada.enters(), ({ tx }) => run(tx, sql`update access.session set strong_at = clock_timestamp()`)),
    ).rejects.toMatchObject({ kind: 'not-allowed' })
  })

  test('an operator who acts as somebody gets no say over that person’s keys, sessions or post', async () => {
    const { body } = await door.get('/api/access/self', undefined, {
      authorization: `Bearer ${await operatorToken(city.config)}`,
      'concord-as': ada.personId,
    })
    expect(body).toMatchObject({ person: { name: 'Ada' }, session: { sure: false, strongUntil: null } })
    const as = { authorization: `Bearer ${await operatorToken(city.config)}`, 'concord-as': ada.personId }
    for (const [path, input] of [
      ['/api/sign-in/token', { name: 'x', expiresAt: new Date(Date.now() + 86_400_000).toISOString() }],
      ['/api/sign-in/passkeys/ask', {}],
      ['/api/sign-in/step-up/ask', {}],
      ['/api/access/end-sessions', {}],
      ['/api/access/choose-post', { postId: null }],
      ['/api/access/plea', null],
    ] as const) {
      const answer =
        input === null
          ? await door.get(`${path}?input=${encodeURIComponent('{"code":"AAAA2222"}')}`, undefined, as)
          : await door.ask(path, input, undefined, as)
      expect([path, answer.status]).toEqual([path, 403])
    }
    expect((await door.get('/api/access/ways', undefined, as)).body.passkeys).toEqual([])
    expect((await door.get('/api/access/self', jarOf(ada))).status).toBe(200)
  })

  test('a change from another site, by Sec-Fetch-Site or by Origin, changes nothing', async () => {
    const foreign: Record<string, string>[] = [
      { 'sec-fetch-site': 'cross-site' },
      { 'sec-fetch-site': 'same-site' },
      { origin: 'https://elsewhere.example' },
      { origin: 'null' },
    ]
    for (const headers of foreign) {
      for (const path of ['/api/access/end-sessions', '/api/sign-in/out', '/api/sign-in/link', '/api/sign-in/passkey/ask']) {
        expect((await door.ask(path, { mail: 'x@y.example' }, jarOf(ada), headers)).status).toBe(403)
      }
    }
    expect((await door.get('/api/access/self', jarOf(ada))).status).toBe(200)
  })

  test('a passkey’s challenge that was not asked, or was used, opens nothing', async () => {
    const clientDataJSON = Buffer.from(JSON.stringify({ type: 'webauthn.get', challenge: 'bm90LW91cnM', origin: door.url })).toString(
      'base64url',
    )
    const answer = {
      id: 'abc',
      rawId: 'abc',
      type: 'public-key',
      response: { clientDataJSON, authenticatorData: 'AA', signature: 'AA' },
      clientExtensionResults: {},
    }
    expect((await door.ask('/api/sign-in/passkey', { answer })).status).toBe(403)
    expect((await door.ask('/api/sign-in/passkey', { answer: { id: 'x', response: { clientDataJSON: '%' } } })).status).toBe(400)
  })

  test('a passkey whose counter does not go up is a copy: refused, and its person is told', async () => {
    const credential = id()
    await city.owner.query(
      "insert into access.passkey (id, credential, person, name, public_key, counter, transports, synced) values ($1, $2, $3, 'Key', '\\x00', 5, '{}', false)",
      [id(), credential, ada.personId],
    )
    const opened = (counter: number) =>
      city.database.desk('test', (tx) =>
        rows<{ person: string | null }>(
          tx,
          sql`select access.open_by_passkey(${credential}, ${counter}, ${Buffer.from(id())}, '') as person`,
        ),
      )
    expect((await opened(6))[0]!.person).toBe(ada.personId)
    expect((await opened(6))[0]!.person).toBeNull()
    expect((await opened(3))[0]!.person).toBeNull()
    expect((await opened(7))[0]!.person).toBe(ada.personId)
    const { notes } = (await door.get('/api/access/ways', jarOf(ada))).body as { notes: { kind: string }[] }
    expect(notes.filter(({ kind }) => kind === 'passkey-copied')).toHaveLength(2)
  })

  test('a key in a log: the line of an unexpected error names neither cookie nor bearer', async () => {
    const lines: string[] = []
    const loud = await testDoor(city, {
      log: { level: 'info', stream: { write: (line: string) => void lines.push(line) } } as never,
      web: async (server) => {
        server.get('/boom/:key', async (request) => {
          request.log.info({ req: request }, 'about to fail')
          throw new Error('boom')
        })
      },
    })
    expect((await loud.get(`/boom/${ada.key}`, jarOf(ada), { authorization: `Bearer ${ada.key}` })).status).toBe(503)
    await loud.ask(`/sign-in/link/${ada.key}`)
    await loud.stop()
    expect(lines.join()).toContain('boom')
    expect(lines.join()).not.toContain(ada.key)
  })
})

test('behind TLS the cookie is bound to this very host', async () => {
  const config = readConfig({ port: '0', publicUrl: 'https://concord.example' }, {})
  const secure = await testDoor(city, { config })
  const answer = await secure.ask(await newLink(city.config, ada.personId), {}, undefined, { origin: 'https://concord.example' })
  expect(answer.headers.getSetCookie().join()).toMatch(/^__Host-concord=[\w-]{43}; Path=\/; HttpOnly; Secure; SameSite=Lax$/)
  expect(answer.headers.get('strict-transport-security')).toContain('max-age')
  await secure.ask('/api/sign-in/link', { mail: `${ada.personId}@people.example` }, undefined, { 'x-forwarded-host': 'evil.example' })
  await expect.poll(() => secure.sent.length).toBe(1)
  expect(secure.sent[0]!.link).toMatch(/^https:\/\/concord\.example\/sign-in\/link\//)
  await secure.stop()
})

test('an administrator sets how long things last, within bounds, and it is an entry', async () => {
  const rule = { session: 480, idle: 60, strong: 10, link: 10, plea: 20 }
  expect((await door.ask('/api/access/set-rule', rule, jarOf(admin))).body).toEqual(rule)
  expect((await door.ask('/api/access/set-rule', { ...rule, session: 1 }, jarOf(admin))).body).toMatchObject({ field: 'session' })
  expect((await door.ask('/api/access/set-rule', rule, jarOf(ada))).status).toBe(403)
  const entries = await city.owner.query(
    "select from record.entry where convert_from(header, 'UTF8')::jsonb ->> 'operation' = 'access.setRule'",
  )
  expect(entries.rowCount).toBe(1)
})

test('small rules', () => {
  expect(codeOf(new Uint8Array(8))).toBe('AAAA-AAAA')
  expect(safeThen('/watch?x=1')).toBe('/watch?x=1')
  for (const bad of [undefined, '//evil.example', '/\\evil.example', 'https://evil.example', '/sign-in', '/a\n'])
    expect(safeThen(bad)).toBe('/')
  expect(windowName('Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) HeadlessChrome/140.0 Safari/537.36')).toBe(
    'Chrome, Linux',
  )
  expect(windowName('curl/8')).toBe('')
  const words = audienceWords(
    [['agency:a', 'person:p', 'kind:chair'], ['city:x']],
    { personId: 'p', reach: ['city:x', 'person:p'] },
    { 'agency:a': { name: 'Fire' } },
    'en',
    'Testbridge',
  )
  expect(words).toEqual({
    who: ['Fire, you, holders of a post of the kind chair', 'and, besides: everybody in Testbridge'],
    why: ['You hold: you', 'You hold: everybody in Testbridge'],
  })
})
