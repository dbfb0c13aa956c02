import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { area } from '#areas/structure/area.ts'
import { structureFor } from '#areas/structure/testing.ts'
import { type TestDoor, testDoor } from '#core/access/sign-in/testing.ts'
import { type TestCity, testCity, type TestPerson } from '#core/db/testing.ts'
import { perform, registryOf } from '#core/operation/perform.ts'
import { accessArea } from '#core/access/area.ts'

let city: TestCity
let door: TestDoor
let administrator: TestPerson
let police: string
let fire: string
let token: string
let groups: Record<string, string>

/** What answers may say; a test looks only at what its call brings. */
interface Said {
  id: string
  userName: string
  externalId?: string
  active: boolean
  emails: { value: string }[]
  members: object[]
  totalResults: number
  itemsPerPage: number
  startIndex: number
  Resources: { id: string }[]
  scimType: string
}
interface Answer {
  status: number
  headers: Headers
  body: Said
}
async function call(method: string, path: string, body?: unknown, key: string | null = token): Promise<Answer> {
  const answer = await fetch(`${door.url}/scim/v2${path}`, {
    method,
    headers: {
      ...(key === null ? {} : { authorization: `Bearer ${key}` }),
      ...(body === undefined ? {} : { 'content-type': 'application/scim+json' }),
    },
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  })
  const text = await answer.text()
  return { status: answer.status, headers: answer.headers, body: (text === '' ? {} : JSON.parse(text)) as Said }
}
const schemas = ['urn:ietf:params:scim:schemas:core:2.0:User']
let number = 0
const newUser = async (more: object = {}) => {
  number += 1
  const userName = `person${number}@agency.example`
  const { body, status } = await call('POST', '/Users', {
    schemas,
    userName,
    externalId: `ext-${number}`,
    name: { givenName: 'Pat', familyName: `Number${number}` },
    emails: [{ value: userName, type: 'work', primary: true }],
    active: true,
    ...more,
  })
  expect(status).toBe(201)
  return body
}
const patch = (path: string, ...Operations: object[]) =>
  call('PATCH', path, { schemas: ['urn:ietf:params:scim:api:messages:2.0:PatchOp'], Operations })
const asked = async (statement: string, values: unknown[] = []) => (await city.owner.query(statement, values)).rows
const reachOf = async (person: string) =>
  (
    await asked(
      'select token from access.reach where person = $1 and from_at <= clock_timestamp() and (until_at is null or until_at > clock_timestamp()) order by token',
      [person],
    )
  ).map((row) => row.token as string)
const disabled = async (person: string) =>
  (await asked('select disabled_at is not null as closed from access.account where person = $1', [person]))[0].closed
const filter = (text: string, path = '/Users') => call('GET', `${path}?filter=${encodeURIComponent(text)}`)

beforeAll(async () => {
  city = await testCity()
  await city.owner.query("insert into access.city (code, name) values ('test', 'Testham')")
  door = await testDoor(city, { areas: [area] })
  const { agency } = structureFor(city)
  police = await agency('Police')
  fire = await agency('Fire')
  administrator = await city.person('Ada Administrator', ['city:test', 'kind:administrator'])
  const registry = registryOf([accessArea([area], () => false), area])
  const map = async (name: string, tokens: string[]) => {
    const command = registry.named('access', 'map-group')
    await perform(city.database, registry, command, { group: name, tokens }, administrator.enters('access.mapGroup'))
  }
  await map('Concord Police', [`agency:${police}`, 'kind:duty'])
  await map('Concord Fire', [`agency:${fire}`])
  groups = Object.fromEntries((await asked('select name, id from access.provider_group')).map(({ name, id }) => [name, id]))
  const made = await door.ask(
    '/api/sign-in/provisioner',
    { name: 'Identity provider', expiresAt: new Date(Date.now() + 86_400_000).toISOString() },
    undefined,
    { authorization: `Bearer ${administrator.key}` },
  )
  // A token is made in a window of one's own, not by a program.
  token = made.status === 200 ? String(made.body['token']) : ''
  if (token === '') throw new Error(made.text)
}, 60_000)
afterAll(async () => {
  await door?.stop()
  await city?.end()
})

describe('a person whom the provider sends', () => {
  test('comes with an account and nothing more; a group gives an agency, and no post and no kind', async () => {
    const { id, ...made } = await newUser()
    expect(made).toMatchObject({ active: true, displayName: expect.stringMatching(/^Pat Number/), meta: { resourceType: 'User' } })
    expect(await reachOf(id)).toEqual([])
    expect(await asked('select id from structure.people where id = $1', [id])).toEqual([])
    const added = await patch(`/Groups/${groups['Concord Police']}`, { op: 'Add', path: 'members', value: [{ value: id }] })
    expect(added.status).toBe(204)
    expect(await reachOf(id)).toEqual([`agency:${police}`, 'city:test'])
    expect(await asked('select name, agency_id from structure.people where id = $1', [id])).toMatchObject([{ agency_id: police }])
    expect(await asked('select count(*)::int as n from structure.holdings where person_id = $1', [id])).toEqual([{ n: 0 }])
    const { body } = await call('GET', `/Groups/${groups['Concord Police']}`)
    expect(body.members).toContainEqual(expect.objectContaining({ value: id }))
    expect((await asked("select kind, words from access.note where person = $1 and kind = 'provisioned'", [id]))[0].words).toBe(
      made.userName,
    )
  })

  test('is found by user name, external id and mail, whatever the case; page by page', async () => {
    const { id, userName } = await newUser()
    for (const asking of [
      `userName eq "${userName.toUpperCase()}"`,
      `externalId eq "ext-${number}"`,
      `emails.value eq "${userName}"`,
      `id eq "${id}"`,
    ]) {
      const { body, status } = await filter(asking)
      expect([status, body.totalResults, body.Resources[0]?.id]).toEqual([200, 1, id])
    }
    expect((await filter('userName eq "nobody"')).body).toMatchObject({ totalResults: 0, Resources: [] })
    await newUser()
    const first = await call('GET', '/Users?startIndex=1&count=1')
    const second = await call('GET', '/Users?startIndex=2&count=1')
    expect([first.body.itemsPerPage, second.body.startIndex]).toEqual([1, 2])
    expect(first.body.totalResults).toBe(second.body.totalResults)
    expect(first.body.Resources[0]!.id).not.toBe(second.body.Resources[0]!.id)
    expect((await call('GET', '/Users?count=0')).body).toMatchObject({ Resources: [], totalResults: first.body.totalResults })
    expect((await call('GET', '/Users?startIndex=500')).body).toMatchObject({ Resources: [], totalResults: first.body.totalResults })
    expect((await call('GET', '/Users?count=many')).status).toBe(400)
  })

  test('is changed by PUT and by PATCH as providers write it: with and without a path, with text for truth', async () => {
    const { id } = await newUser({ title: 'Inspector', phoneNumbers: [{ value: '+44 7700 900001' }] })
    await patch(
      `/Users/${id}`,
      { op: 'replace', value: { displayName: 'Pat Renamed', 'name.familyName': 'Renamed' } },
      { op: 'Replace', path: 'externalId', value: 'other' },
    )
    expect((await call('GET', `/Users/${id}`)).body).toMatchObject({
      displayName: 'Pat Renamed',
      externalId: 'other',
      name: { familyName: 'Renamed' },
    })
    await patch(
      `/Users/${id}`,
      { op: 'replace', path: 'emails[type eq "work"].value', value: 'new@agency.example' },
      { op: 'remove', path: 'externalId' },
    )
    const { body } = await call('GET', `/Users/${id}`)
    expect([body.emails[0]!.value, body.externalId]).toEqual(['new@agency.example', undefined])
    const put = await call('PUT', `/Users/${id}`, { schemas, userName: 'put@agency.example', displayName: 'شرطي 🚒' })
    expect(put.body).toMatchObject({ userName: 'put@agency.example', displayName: 'شرطي 🚒', active: true })
    expect(put.body.emails).toBeUndefined()
    expect((await patch(`/Users/${id}`, { op: 'replace', path: 'active', value: 'False' })).body.active).toBe(false)
    expect(JSON.stringify(await asked('select * from access.provisioned'))).not.toContain('Inspector')
  })

  test('who is closed loses every session, link and token at once, and gets them back by duty alone when opened again', async () => {
    const { id, userName } = await newUser()
    await patch(`/Groups/${groups['Concord Fire']}`, { op: 'add', path: 'members', value: [{ value: id }] })
    await door.ask('/api/sign-in/link', { mail: userName })
    const link = door.sent.at(-1)!
    expect(link.mail).toBe(userName)
    await asked(
      "insert into access.session (key_hash, person, kind, how, expires_at) values (sha256('key-of-pat'), $1, 'browser', 'link', clock_timestamp() + interval '1 hour')",
      [id],
    )
    await patch(`/Users/${id}`, { op: 'replace', path: 'active', value: false })
    expect([await disabled(id), await reachOf(id)]).toEqual([true, []])
    expect(await asked('select count(*)::int as open from access.session where person = $1 and ended_at is null', [id])).toEqual([
      { open: 0 },
    ])
    expect(await asked('select count(*)::int as unused from access.link where person = $1 and used_at is null', [id])).toEqual([
      { unused: 0 },
    ])
    await asked('select structure.refresh_tokens(clock_timestamp())')
    expect(await reachOf(id)).toEqual([])
    await patch(`/Users/${id}`, { op: 'replace', value: { active: true } })
    expect([await disabled(id), await reachOf(id)]).toEqual([false, [`agency:${fire}`, 'city:test']])
  })

  test('who leaves their last group is closed; who moves to another belongs to another agency', async () => {
    const { id } = await newUser()
    await patch(`/Groups/${groups['Concord Police']}`, { op: 'add', path: 'members', value: [{ value: id }] })
    await patch(`/Groups/${groups['Concord Fire']}`, { op: 'add', path: 'members', value: [{ value: id }] })
    await patch(`/Groups/${groups['Concord Police']}`, { op: 'remove', path: `members[value eq "${id}"]` })
    expect(await reachOf(id)).toEqual([`agency:${fire}`, 'city:test'])
    await call('PUT', `/Groups/${groups['Concord Fire']}`, { displayName: 'Concord Fire', members: [] })
    expect([await disabled(id), await reachOf(id)]).toEqual([true, []])
    await patch(`/Groups/${groups['Concord Police']}`, { op: 'add', value: { members: [{ value: id }] } })
    expect([await disabled(id), await reachOf(id)]).toEqual([false, [`agency:${police}`, 'city:test']])
  })

  test('who is deleted is gone for the provider, closed here, and their name and past stay', async () => {
    const { id, userName } = await newUser()
    expect((await call('DELETE', `/Users/${id}`)).status).toBe(204)
    for (const [method, body] of [['GET'], ['DELETE'], ['PUT', { userName }]] as const)
      expect((await call(method, `/Users/${id}`, body)).status).toBe(404)
    expect(await asked('select name, mail, disabled_at is not null as closed from access.account where person = $1', [id])).toMatchObject([
      { mail: null, closed: true },
    ])
    expect((await call('POST', '/Users', { schemas, userName, emails: [{ value: userName }] })).status).toBe(201)
  })
})

describe('an adversary', () => {
  test('with no token, a made-up one, somebody’s session, somebody’s program token, an ended or a late one: 401, the same each time', async () => {
    const [member] = [await city.person('Max Member', ['city:test', 'kind:administrator'])]
    await asked(
      "insert into access.session (key_hash, person, kind, how, name, expires_at) values (sha256('a-token-of-a-program-000000'), $1, 'token', 'token', 'x', clock_timestamp() + interval '1 hour')",
      [member.personId],
    )
    await asked(
      "insert into access.provisioner (key_hash, name, made_by, expires_at, ended_at) values (sha256('an-ended-token-0000000000'), 'x', $1, clock_timestamp() + interval '1 hour', clock_timestamp())",
      [member.personId],
    )
    await asked(
      "insert into access.provisioner (key_hash, name, made_by, expires_at) values (sha256('a-late-token-000000000000'), 'x', $1, clock_timestamp() - interval '1 hour')",
      [member.personId],
    )
    const said = new Set<string>()
    for (const key of [
      null,
      'x'.repeat(43),
      member.key,
      administrator.key,
      'a-token-of-a-program-000000',
      'an-ended-token-0000000000',
      'a-late-token-000000000000',
    ])
      for (const [method, path, body] of [
        ['GET', '/Users'],
        ['POST', '/Users', { userName: 'x' }],
        ['GET', '/Users/not-an-id'],
        ['GET', '/Groups/not-an-id'],
        ['GET', `/Users/${administrator.personId}`],
        ['GET', '/ServiceProviderConfig'],
        ['PATCH', `/Groups/${groups['Concord Police']}`, { Operations: [{ op: 'add', path: 'members', value: [] }] }],
      ] as const) {
        const { status, body: words, headers } = await call(method, path, body, key)
        expect([method, path, status]).toEqual([method, path, 401])
        expect(headers.get('www-authenticate')).toContain('Bearer')
        said.add(JSON.stringify(words))
      }
    expect(said.size).toBe(1)
  })

  test('with the provider’s token cannot use the city: it is no session, and nobody’s', async () => {
    for (const path of ['/api/access/self', '/api/structure/agencies']) {
      const answer = await fetch(`${door.url}${path}`, { headers: { authorization: `Bearer ${token}` } })
      expect(answer.status).toBe(401)
    }
  })

  test('takes over nobody: an account that was there keeps its mail address, and cannot be read, changed, put in a group or deleted', async () => {
    const victim = await city.person('Vic Tim', ['city:test'])
    await asked("update access.account set mail = 'vic@agency.example' where person = $1", [victim.personId])
    const before = await asked('select * from access.account where person = $1', [victim.personId])
    const taken = await call('POST', '/Users', { schemas, userName: 'vic', emails: [{ value: 'VIC@agency.example' }] })
    expect([taken.status, taken.body.scimType]).toEqual([409, 'uniqueness'])
    const { id } = await newUser()
    expect((await patch(`/Users/${id}`, { op: 'replace', path: 'emails', value: [{ value: 'Vic@Agency.example' }] })).status).toBe(409)
    for (const of of [victim.personId, administrator.personId, '00000000-0000-4000-8000-000000000000']) {
      const answers = [
        await call('GET', `/Users/${of}`),
        await call('PUT', `/Users/${of}`, { userName: 'mine' }),
        await patch(`/Users/${of}`, { op: 'replace', path: 'active', value: false }),
        await call('DELETE', `/Users/${of}`),
      ]
      expect(answers.map(({ status }) => status)).toEqual([404, 404, 404, 404])
      const member = await patch(`/Groups/${groups['Concord Police']}`, { op: 'add', path: 'members', value: [{ value: of }] })
      expect([member.status, member.body.scimType]).toEqual([400, 'invalidValue'])
    }
    expect(await filter('emails.value eq "vic@agency.example"')).toMatchObject({ body: { totalResults: 0 } })
    expect(await asked('select * from access.account where person = $1', [victim.personId])).toEqual(before)
  })

  test('moves the mail address of nobody who has come to administer the city', async () => {
    const { id, userName } = await newUser()
    await asked("select access.put_reach($1, 'kind:administrator', clock_timestamp() - interval '1 minute', null, 'test:1')", [id])
    const { status, body } = await patch(`/Users/${id}`, { op: 'replace', path: 'emails', value: [{ value: 'thief@agency.example' }] })
    expect([status, body.scimType]).toEqual([403, 'mutability'])
    expect((await asked('select mail from access.account where person = $1', [id]))[0].mail).toBe(userName)
  })

  test('gets nothing out of a filter: what is no plain question is refused, and a quotation mark stays a letter', async () => {
    for (const asking of [
      `userName eq "x" or userName pr`,
      `userName eq "x"; drop table access.account`,
      `userName sw "a"`,
      `password eq "x"`,
      `userName eq 'x'`,
      `userName eq "x`,
      `active eq true`,
      'userName eq "\\u00"',
    ])
      expect((await filter(asking)).body).toMatchObject({ status: '400', scimType: 'invalidFilter' })
    for (const value of [`x' or '1'='1`, '%', '_', `x"); select 1; --`, '\u0000'])
      expect((await filter(`userName eq ${JSON.stringify(value)}`)).body).toMatchObject({ totalResults: 0 })
    expect((await filter(`displayName eq "Concord Police"`, '/Groups')).body.totalResults).toBe(1)
  })

  test('with a broken body, an unknown path, a name of control characters: an error in SCIM’s form, and nothing changed', async () => {
    const { id } = await newUser()
    const before = (await call('GET', `/Users/${id}`)).body
    for (const [method, path, body, status] of [
      ['POST', '/Users', '{', 400],
      ['POST', '/Users', {}, 400],
      ['POST', '/Users', { userName: 'a\u0000b' }, 400],
      ['POST', '/Users', { userName: 'x', emails: [{ value: 'no address' }] }, 400],
      ['PUT', `/Users/${id}`, [], 400],
      ['PATCH', `/Users/${id}`, { Operations: [] }, 400],
      ['PATCH', `/Users/${id}`, { Operations: [{ op: 'move', path: 'x' }] }, 400],
      [
        'PATCH',
        `/Users/${id}`,
        {
          Operations: [
            { op: 'replace', path: 'displayName', value: 'Changed' },
            { op: 'replace', path: 'reach', value: 'kind:operator' },
          ],
        },
        400,
      ],
      ['PATCH', `/Users/${id}`, { Operations: [{ op: 'remove', path: 'userName' }] }, 400],
      ['POST', '/Groups', { displayName: 'Domain Admins' }, 403],
      [
        'PATCH',
        `/Groups/${groups['Concord Fire']}`,
        { Operations: [{ op: 'replace', path: 'displayName', value: 'Concord Police' }] },
        400,
      ],
      ['GET', '/Nothing', undefined, 404],
    ] as const) {
      const answer = await call(method, path, body)
      expect([method, path, answer.status]).toEqual([method, path, status])
      expect(answer.body).toMatchObject({ schemas: ['urn:ietf:params:scim:api:messages:2.0:Error'], status: String(status) })
      expect(answer.headers.get('content-type')).toContain('application/scim+json')
    }
    expect((await call('GET', `/Users/${id}`)).body).toEqual(before)
  })

  test('only an administrator, in a window of their own, makes such a token; it is shown once, listed without a key, ended at once', async () => {
    const member = await city.person('Mel Member', ['city:test', 'kind:secretariat'])
    const expiresAt = new Date(Date.now() + 3_600_000).toISOString()
    const ask = (key: string, more = {}) =>
      door.ask('/api/sign-in/provisioner', { name: 'Second', expiresAt, ...more }, undefined, { authorization: `Bearer ${key}` })
    expect((await ask(member.key)).status).toBe(403)
    expect((await ask('a-token-of-a-program-000000')).status).toBe(403)
    expect((await ask(administrator.key, { expiresAt: '2999-01-01T00:00:00Z' })).status).toBe(400)
    const made = await ask(administrator.key)
    const second = String(made.body['token'])
    expect((await call('GET', '/Users', undefined, second)).status).toBe(200)
    const registry = registryOf([accessArea([area], () => false), area])
    const operate = (who: TestPerson, verb: string, input: unknown) =>
      perform(city.database, registry, registry.named('access', verb), input, who.enters(`access.${verb}`)) as Promise<{
        provisioners: { id: string; name: string }[]
      }>
    const { provisioners } = await operate(administrator, 'provisioners', {})
    expect(provisioners.map(({ name }) => name)).toContain('Second')
    expect(JSON.stringify(provisioners)).not.toContain(second)
    await expect(operate(member, 'end-provisioner', { provisionerId: made.body['id'] })).rejects.toMatchObject({ kind: 'not-allowed' })
    await operate(administrator, 'end-provisioner', { provisionerId: made.body['id'] })
    expect((await call('GET', '/Users', undefined, second)).status).toBe(401)
    await expect(operate(administrator, 'end-provisioner', { provisionerId: made.body['id'] })).rejects.toMatchObject({ kind: 'not-found' })
  })

  test('nobody who is signed in can call what provisions, nor read what it keeps', async () => {
    for (const statement of [
      'select * from access.provisioner',
      'select * from access.provisioned',
      "select access.provisioner_of(sha256('x'))",
      "select structure.provision_person(sha256('x'), gen_random_uuid())",
    ]) {
      const tried = city.database.change({
        entering: administrator.enters(),
        run: async ({ tx }) => {
          const { rows, sql } = await import('#core/db/sql.ts')
          return { value: await rows(tx, { ...sql``, text: statement }) }
        },
      })
      await expect(tried).rejects.toMatchObject({ kind: 'not-allowed' })
    }
  })
})

test('too many calls from one address wait', async () => {
  const few = await testDoor(city, { areas: [area], limits: { 'provisioning by address': { points: 3, seconds: 60, shared: false } } })
  try {
    const statuses: number[] = []
    for (let n = 0; n < 5; n += 1)
      statuses.push((await fetch(`${few.url}/scim/v2/Users`, { headers: { authorization: `Bearer ${token}` } })).status)
    expect(statuses).toEqual([200, 200, 200, 429, 429])
  } finally {
    await few.stop()
  }
})

test('what the service can do is told to whoever holds the token', async () => {
  expect((await call('GET', '/ServiceProviderConfig')).body).toMatchObject({ patch: { supported: true }, bulk: { supported: false } })
  expect((await call('GET', '/ResourceTypes')).body.Resources.map(({ id }) => id)).toEqual(['User', 'Group'])
  expect((await call('GET', '/Schemas')).body.totalResults).toBe(2)
})
