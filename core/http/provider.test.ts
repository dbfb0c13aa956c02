import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
// @ts-expect-error it brings no types
import { Provider } from 'oidc-provider'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Jar, type TestDoor, testDoor } from '#core/access/sign-in/testing.ts'
import { type TestCity, type TestPerson, testCity } from '#core/db/testing.ts'
import { id } from '#core/id.ts'
import { react } from '#core/operation/implement.ts'
import { groupsOf, providerPath } from './provider.ts'
import { providerFrom } from './provider-config.ts'

interface Known {
  email: string
  email_verified: boolean
  groups: string[]
}

let city: TestCity
let door: TestDoor
let issuer: string
let provider: Server
let admin: TestPerson
let ada: TestPerson
const people = new Map<string, Known>()
const presented: { personId: string; groups: string[] }[] = []
const agency = `agency:${id()}`
const post = `post:${id()}`

/** A browser at the provider: keeps its cookies and follows redirects until one leads elsewhere. */
async function atProvider(start: string, login: string): Promise<string> {
  const cookies = new Map<string, string>()
  let url = start
  let form: URLSearchParams | undefined
  for (let step = 0; step < 20; step++) {
    const answer = await fetch(url, {
      redirect: 'manual',
      headers: { cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join('; ') },
      ...(form ? { method: 'POST', body: form } : {}),
    })
    for (const line of answer.headers.getSetCookie()) {
      const [name = '', value = ''] = (line.split(';')[0] ?? '').split(/=(.*)/s)
      cookies.set(name, value)
    }
    const next = answer.headers.get('location')
    form = undefined
    if (next) {
      url = new URL(next, url).href
      if (!url.startsWith(issuer)) return url
      continue
    }
    const page = await answer.text()
    const prompt = /name="prompt" value="(\w+)"/.exec(page)?.[1]
    if (!prompt) throw new Error(`the provider said ${answer.status}: ${page.replace(/<style[^]*?<\/style>/, '').slice(0, 1500)}`)
    form = new URLSearchParams(prompt === 'login' ? { prompt, login, password: 'any' } : { prompt })
  }
  throw new Error('the provider went round in circles')
}

async function begin(jar: Jar, after = '/watch') {
  const answer = await door.ask('/api/sign-in/provider', { after }, jar)
  expect(answer.status).toBe(200)
  return answer.body.url as string
}
async function signIn(login: string, jar: Jar = { cookie: '' }) {
  const back = new URL(await atProvider(await begin(jar), login))
  expect(back.pathname).toBe(providerPath)
  return { back, answer: await door.get(back.pathname + back.search, jar), jar }
}

beforeAll(async () => {
  city = await testCity()
  provider = createServer()
  await new Promise<void>((listening) => provider.listen(0, '127.0.0.1', listening))
  issuer = `http://127.0.0.1:${(provider.address() as AddressInfo).port}`
  // Concord's own port is known only later, and a provider takes its redirect address from the first.
  const config = providerFrom({
    CONCORD_OIDC_ISSUER: issuer,
    CONCORD_OIDC_CLIENT_ID: 'concord',
    CONCORD_OIDC_CLIENT_SECRET: 'a-secret-of-the-test',
    CONCORD_OIDC_SCOPE: 'openid email groups',
    CONCORD_OIDC_NAME: 'City login',
  })!
  door = await testDoor(city, {
    signIn: { provider: config },
    areas: [
      {
        name: 'higher',
        features: [],
        reactions: [react<{ personId: string; groups: string[] }>('access.groupsPresented', async (told) => void presented.push(told))],
      },
    ],
  })
  const oidc = new Provider(issuer, {
    clients: [
      {
        client_id: 'concord',
        client_secret: 'a-secret-of-the-test',
        redirect_uris: [`${door.url.replace('localhost', '127.0.0.1')}${providerPath}`],
        response_types: ['code'],
        grant_types: ['authorization_code'],
      },
    ],
    claims: { openid: ['sub'], email: ['email', 'email_verified'], groups: ['groups'] },
    scopes: ['openid', 'email', 'groups'],
    pkce: { required: () => true },
    cookies: { keys: ['of the test'] },
    findAccount: (_: unknown, sub: string) => ({ accountId: sub, claims: async () => ({ sub, ...people.get(sub) }) }),
  })
  provider.on('request', oidc.callback())
  ada = await city.person('Ada Ng', ['city:test'])
  admin = await city.person('Adm', ['city:test', 'kind:administrator'])
  people.set('ada', { email: `${ada.personId}@people.example`.toUpperCase(), email_verified: true, groups: ['Fire duty', 'Staff'] })
  people.set('unverified', { email: `${ada.personId}@people.example`, email_verified: false, groups: [] })
  people.set('second', { email: `${ada.personId}@people.example`, email_verified: true, groups: [] })
  people.set('stranger', { email: 'stranger@elsewhere.example', email_verified: true, groups: ['Fire duty'] })
  const mapped = await door.ask(
    '/api/access/map-group',
    { group: 'Fire duty', tokens: [agency, post, 'kind:duty'] },
    { cookie: `concord=${admin.key}` },
  )
  expect(mapped.status).toBe(200)
})
afterAll(async () => {
  await door?.stop()
  await city?.end()
  provider?.closeAllConnections()
  provider?.close()
})

describe('an outside provider', () => {
  test('signs in by verified mail address, gives what its groups stand for, and tells higher areas the groups', async () => {
    const { answer, jar } = await signIn('ada')
    expect(answer.headers.get('location')).toBe('/watch')
    expect((await door.get('/api/access/self', jar)).body).toMatchObject({
      person: { name: 'Ada Ng' },
      kinds: ['duty'],
      post: { id: post.slice(5) },
      session: { how: 'provider', strongUntil: null },
    })
    expect(presented.at(-1)).toEqual({ personId: ada.personId, groups: ['Fire duty', 'Staff'] })
  })

  test('takes away at the next sign-in what a group no longer gives', async () => {
    people.get('ada')!.groups = ['Staff']
    const { jar } = await signIn('ada')
    expect((await door.get('/api/access/self', jar)).body).toMatchObject({ kinds: [], posts: [], post: null })
    people.get('ada')!.groups = ['Fire duty']
    expect((await door.get('/api/access/self', (await signIn('ada')).jar)).body).toMatchObject({ kinds: ['duty'] })
  })

  test('is known by its subject afterwards, so a changed mail address does no harm', async () => {
    people.get('ada')!.email = 'new@people.example'
    expect((await signIn('ada')).answer.status).toBe(303)
  })

  test.each(['stranger', 'unverified', 'second'])('refuses %s with a plain page and no cookie', async (login) => {
    const { answer, jar } = await signIn(login)
    expect(answer.status).toBe(403)
    expect(answer.text).toContain('no account of this city')
    expect(jar.cookie).not.toMatch(/concord=/)
  })

  test('takes its answer once, only in the browser that began, and only for what was begun', async () => {
    const { back, jar } = await signIn('ada')
    expect((await door.get(back.pathname + back.search, jar)).status).toBe(403)
    const other: Jar = { cookie: '' }
    await begin(other)
    const stolen = new URL(await atProvider(await begin({ cookie: '' }), 'ada'))
    expect((await door.get(stolen.pathname + stolen.search, other)).status).toBe(403)
    expect((await door.get(stolen.pathname + stolen.search)).status).toBe(403)
  })

  test('leads nowhere but into Concord', async () => {
    const jar: Jar = { cookie: '' }
    const back = new URL(await atProvider(await begin(jar, '//elsewhere.example/'), 'ada'))
    expect((await door.get(back.pathname + back.search, jar)).headers.get('location')).toBe('/')
  })

  test('asks with PKCE, state and nonce', async () => {
    const url = new URL(await begin({ cookie: '' }))
    for (const name of ['state', 'nonce', 'code_challenge']) expect(url.searchParams.get(name)).toMatch(/^[\w-]{40,}$/)
    expect(url.searchParams.get('code_challenge_method')).toBe('S256')
  })

  test('cannot make anybody an operator, and only administrators say what its groups mean', async () => {
    const jar = { cookie: `concord=${admin.key}` }
    expect((await door.ask('/api/access/map-group', { group: 'x', tokens: ['kind:operator'] }, jar)).status).toBe(400)
    expect((await door.ask('/api/access/map-group', { group: 'x', tokens: ['person:x'] }, jar)).status).toBe(400)
    expect((await door.ask('/api/access/map-group', { group: 'x', tokens: [agency] }, { cookie: `concord=${ada.key}` })).status).toBe(403)
    const inserted = city.owner.query(
      "insert into access.provider_group (id, name, tokens, label, world) select gen_random_uuid(), 'y', array['kind:operator'], 1, id from access.world",
    )
    await expect(inserted).rejects.toThrow(/violates check constraint/)
  })
})

test('settings: a provider beyond this machine must be at https:', () => {
  expect(providerFrom({})).toBeUndefined()
  expect(() => providerFrom({ CONCORD_OIDC_ISSUER: 'http://login.example', CONCORD_OIDC_CLIENT_ID: 'x' })).toThrow(/https/)
  expect(groupsOf({ realm_access: { roles: ['a', 'a', 7, 'b'] } }, 'realm_access.roles')).toEqual(['a', 'b'])
  expect(groupsOf({ groups: 'one' }, 'groups')).toEqual(['one'])
})
