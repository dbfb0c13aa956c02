import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type TestCity, type TestPerson, testCity } from '#core/db/testing.ts'
import { id } from '#core/id.ts'
import { newLink } from '../found.ts'
import { type Jar, type TestDoor, testDoor } from './testing.ts'

let city: TestCity
let door: TestDoor
let ada: TestPerson
const postId = id()
const mailOf = (person: TestPerson) => `${person.personId}@people.example`

beforeAll(async () => {
  city = await testCity()
  door = await testDoor(city)
  ada = await city.person('Ada Ng', ['city:test', 'agency:fire', `post:${postId}`, 'kind:duty'])
})
afterAll(async () => {
  await door?.stop()
  await city?.end()
})

async function linkFor(person: TestPerson): Promise<string> {
  const before = door.sent.length
  await door.ask('/api/sign-in/link', { mail: mailOf(person) })
  await pause(50)
  expect(door.sent.length).toBe(before + 1)
  return new URL(door.sent.at(-1)!.link).pathname
}
async function signedInBy(path: string): Promise<Jar> {
  const jar = { cookie: '' }
  const answer = await door.ask(path, {}, jar)
  expect(answer.status).toBe(303)
  return jar
}

describe('a one-time link', () => {
  test('is asked for with the same answer whether or not the address is known, and sent only to a known one', async () => {
    const before = door.sent.length
    const began = performance.now()
    const unknown = await door.ask('/api/sign-in/link', { mail: 'nobody@people.example' })
    const between = performance.now()
    const known = await door.ask('/api/sign-in/link', { mail: mailOf(ada).toUpperCase() })
    const ended = performance.now()
    expect([unknown.status, unknown.text]).toEqual([known.status, known.text])
    expect(between - began).toBeGreaterThan(240)
    expect(ended - between).toBeGreaterThan(240)
    await pause(50)
    expect(door.sent.slice(before).map(({ mail }) => mail)).toEqual([mailOf(ada)])
  })

  test('is not used up by a program that opens it, and works once when the button is pressed', async () => {
    const path = await linkFor(ada)
    for (let scan = 0; scan < 3; scan++) {
      const page = await door.get(path)
      expect(page.status).toBe(200)
      expect(page.text).toContain('<form method="post">')
      expect(page.headers.get('set-cookie')).toBeNull()
      expect(page.headers.get('content-security-policy')).toContain("form-action 'self'")
    }
    const jar = await signedInBy(path)
    expect((await door.get('/api/access/self', jar)).body).toMatchObject({
      person: { name: 'Ada Ng' },
      post: { id: postId },
      kinds: ['duty'],
      zone: 'Europe/London',
    })
    const again = await door.ask(path)
    expect(again.status).toBe(403)
    expect(again.text).toContain('You are not signed in')
    expect((await door.get(path, undefined, { 'accept-language': 'fr' })).text).toContain('Se connecter')
  })

  test('is worth nothing after its time, and nothing of its key is stored', async () => {
    const path = await linkFor(ada)
    const key = path.split('/').at(-1)!
    const stored = await city.owner.query<{ found: number }>(
      "select count(*)::int as found from access.link where encode(key_hash, 'escape') like '%' || $1 || '%'",
      [key],
    )
    expect(stored.rows[0]!.found).toBe(0)
    await city.owner.query('update access.link set expires_at = clock_timestamp() where used_at is null')
    expect((await door.ask(path)).status).toBe(403)
  })

  test('is printed for the first administrator by the owner of the store', async () => {
    const path = await newLink(city.config, ada.personId)
    const jar = await signedInBy(path)
    expect((await door.get('/api/access/self', jar)).body).toMatchObject({
      session: { how: 'link', strongUntil: null, hasPasskey: false, sure: true },
    })
  })

  test('is refused when another site sends the form', async () => {
    const path = await newLink(city.config, ada.personId)
    expect((await door.ask(path, {}, undefined, { 'sec-fetch-site': 'cross-site' })).status).toBe(403)
    expect((await door.ask(path, {}, undefined, { 'sec-fetch-site': 'same-origin', origin: 'https://elsewhere.example' })).status).toBe(403)
    expect((await door.ask(path)).status).toBe(303)
  })
})

describe('a session', () => {
  test('has a cookie that no script and no other site can use', async () => {
    const answer = await door.ask(await newLink(city.config, ada.personId))
    const cookie = answer.headers.getSetCookie().join()
    expect(cookie).toMatch(/^concord=[\w-]{43};/)
    expect(cookie).toContain('HttpOnly')
    expect(cookie).toContain('SameSite=Lax')
    expect(cookie).toContain('Path=/')
    expect(cookie).not.toContain('Domain')
  })

  test('is replaced by a new sign-in in the same browser: the old key opens nothing', async () => {
    const jar = await signedInBy(await newLink(city.config, ada.personId))
    const old = { ...jar }
    await door.ask(await newLink(city.config, ada.personId), {}, jar)
    expect(jar.cookie).not.toBe(old.cookie)
    expect((await door.get('/api/access/self', old)).status).toBe(401)
    expect((await door.get('/api/access/self', jar)).status).toBe(200)
  })

  test('ends by itself when nobody uses it, and at the end of the shift', async () => {
    const jar = await signedInBy(await newLink(city.config, ada.personId))
    const key = jar.cookie.slice('concord='.length)
    const hours = await city.owner.query<{ hours: number; idle: number }>(
      'select extract(epoch from expires_at - opened_at)::int / 3600 as hours, extract(epoch from idle_until - seen_at)::int / 3600 as idle from access.session where key_hash = sha256($1)',
      [Buffer.from(key)],
    )
    expect(hours.rows[0]).toEqual({ hours: 12, idle: 4 })
    await city.owner.query("update access.session set idle_until = clock_timestamp() - interval '1 second' where key_hash = sha256($1)", [
      Buffer.from(key),
    ])
    expect((await door.get('/api/access/self', jar)).status).toBe(401)
    await city.owner.query(
      "update access.session set idle_until = 'infinity', expires_at = clock_timestamp() where key_hash = sha256($1)",
      [Buffer.from(key)],
    )
    expect((await door.get('/api/access/self', jar)).status).toBe(401)
  })

  test('stays while it is used', async () => {
    const jar = await signedInBy(await newLink(city.config, ada.personId))
    const key = Buffer.from(jar.cookie.slice('concord='.length))
    await city.owner.query(
      "update access.session set seen_at = seen_at - interval '2 hours', idle_until = idle_until - interval '2 hours' where key_hash = sha256($1)",
      [key],
    )
    await door.get('/api/access/self', jar)
    const now = await city.owner.query<{ fresh: boolean }>(
      "select idle_until > clock_timestamp() + interval '3 hours' as fresh from access.session where key_hash = sha256($1)",
      [key],
    )
    expect(now.rows[0]!.fresh).toBe(true)
  })

  test('is seen by its person and ended from elsewhere, one or all', async () => {
    const bob = await city.person('Bob', ['city:test'])
    const phone = await signedInBy(await newLink(city.config, bob.personId))
    const desk = await signedInBy(await newLink(city.config, bob.personId))
    const { sessions } = (await door.get('/api/access/ways', desk)).body as { sessions: { id: string; this: boolean; kind: string }[] }
    expect(sessions.filter((session) => session.this)).toHaveLength(1)
    const other = (await door.get('/api/access/self', phone)).body as { session: { id: string } }
    expect((await door.ask('/api/access/end-session', { id: other.session.id }, desk)).status).toBe(200)
    expect((await door.get('/api/access/self', phone)).status).toBe(401)
    const third = await signedInBy(await newLink(city.config, bob.personId))
    expect((await door.ask('/api/access/end-sessions', {}, desk)).status).toBe(200)
    expect((await door.get('/api/access/self', third)).status).toBe(401)
    expect((await door.get('/api/access/self', desk)).status).toBe(200)
    await door.ask('/api/sign-in/out', {}, desk)
    expect((await door.get('/api/access/self', desk)).status).toBe(401)
  })

  test('of somebody else cannot be ended, seen or chosen for', async () => {
    const eve = await signedInBy(await newLink(city.config, (await city.person('Eve', ['city:test'])).personId))
    const jar = await signedInBy(await newLink(city.config, ada.personId))
    const { session } = (await door.get('/api/access/self', jar)).body as { session: { id: string } }
    expect((await door.ask('/api/access/end-session', { id: session.id }, eve)).status).toBe(404)
    expect((await door.ask('/api/access/choose-post', { postId }, eve)).status).toBe(403)
  })

  test('acts in a post that its person holds, and in none when it is held no longer', async () => {
    const jar = await signedInBy(await newLink(city.config, ada.personId))
    expect((await door.ask('/api/access/choose-post', { postId: null }, jar)).body).toEqual({ post: null })
    expect((await door.ask('/api/access/choose-post', { postId }, jar)).body).toMatchObject({ post: { id: postId } })
    expect((await door.ask('/api/access/choose-post', { postId: id() }, jar)).status).toBe(403)
    const cy = await city.person('Cy', ['city:test'])
    await city.owner.query("select access.put_reach($1, $2, null, clock_timestamp() + interval '700 milliseconds', 'test.shift')", [
      cy.personId,
      `post:${postId}`,
    ])
    const short = await signedInBy(await newLink(city.config, cy.personId))
    expect((await door.get('/api/access/self', short)).body).toMatchObject({ post: { id: postId } })
    await pause(800)
    expect((await door.get('/api/access/self', short)).body).toMatchObject({ post: null, posts: [] })
    const left = await city.owner.query<{ post: string | null }>("select post from access.session where person = $1 and how = 'link'", [
      cy.personId,
    ])
    expect(left.rows[0]!.post).toBeNull()
  })

  test('that is not there answers 401 and says what is safe', async () => {
    const answer = await door.get('/api/access/self')
    expect(answer.status).toBe(401)
    expect(answer.body).toMatchObject({ kind: 'not-allowed', status: 401 })
    expect(answer.headers.get('www-authenticate')).toBe('Bearer')
  })
})
