import { readFile } from 'node:fs/promises'
import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { area } from '#areas/structure/area.ts'
import { postsByCode } from '#areas/structure/facade.ts'
import { accessArea } from '#core/access/area.ts'
import { type TestDoor, testDoor } from '#core/access/sign-in/testing.ts'
import { rows, run, type Statement, sql } from '#core/db/sql.ts'
import { type TestCity, testCity, type TestPerson } from '#core/db/testing.ts'
import { perform, registryOf } from '#core/operation/perform.ts'
import type { KeptPerson, People } from './contract.ts'
import { deedsOf } from './rules.ts'

const registry = registryOf([accessArea([area], () => false), area])
let city: TestCity
let door: TestDoor
let administrator: TestPerson
let second: TestPerson
let watch: TestPerson
let secretariat: TestPerson
let fire: string
let duty: string
let number = 0

const operate = <T>(who: TestPerson, verb: string, input: unknown, world?: string, of = 'structure') =>
  perform(city.database, registry, registry.named(of, verb), input, who.enters(`${of}.${verb}`, world)) as Promise<T>
const asked = async (statement: string, values: unknown[] = []) => (await city.owner.query(statement, values)).rows
const around = (who: TestPerson, statement: Statement) =>
  city.database.change({ entering: who.enters(), run: async ({ tx }) => ({ value: await run(tx, statement) }) })
const kept = (personId: string) => operate<KeptPerson>(administrator, 'person', { personId })
const account = async (personId: string) =>
  (await asked('select name, mail, language, disabled_at is not null as closed from access.account where person = $1', [personId]))[0]
const contacts = async (personId: string) =>
  (await asked('select channel, address from structure.contacts where person_id = $1 and ended_at is null order by rank', [personId])).map(
    ({ channel, address }) => `${channel} ${address}`,
  )
const reachOf = async (personId: string) =>
  (
    await asked(
      'select token from access.reach where person = $1 and (until_at is null or until_at > greatest(from_at, clock_timestamp())) order by token',
      [personId],
    )
  ).map(({ token }) => token as string)
const notes = (personId: string) => asked('select kind, words, by_person from access.note where person = $1 order by at', [personId])
const letters = () => asked("select recipient, words from channels.outbox where kind = 'address-changed' order by number")
/** Somebody who was added by hand, signed in, with a post of their own. */
async function somebody(more: object = {}): Promise<TestPerson & { mail: string }> {
  number += 1
  const mail = `pat.number${number}@fire.example`
  const { personId } = await operate<{ personId: string }>(administrator, 'add-person', {
    name: `Pat Number${number}`,
    agencyId: fire,
    mail,
    mobile: '+44 1632 960077',
    holds: [duty],
    ...more,
  })
  const key = `the-key-of-somebody-number-${number}`
  await asked(
    "insert into access.session (key_hash, person, kind, expires_at) values (sha256($1), $2, 'browser', clock_timestamp() + interval '1 day')",
    [Buffer.from(key), personId],
  )
  return { personId, mail, key, enters: (operation = 'test.try', world) => ({ key, operation, ...(world === undefined ? {} : { world }) }) }
}
const inTheDirectory = (personId: string) =>
  asked("insert into access.provisioned (person, user_name) values ($1::uuid, $1::text || '@idp')", [personId])

beforeAll(async () => {
  city = await testCity()
  await city.owner.query("insert into access.city (code, name) values ('HAL', 'Halvern')")
  administrator = await city.person('Ada Administrator', ['city:HAL', 'kind:administrator'])
  second = await city.person('Bea Administrator', ['city:HAL', 'kind:administrator'])
  watch = await city.person('Wanda Watch', ['city:HAL', 'kind:watch-officer'])
  secretariat = await city.person('Sia Secretariat', ['city:HAL', 'kind:secretariat'])
  const file = JSON.parse(await readFile(new URL('../../../demo/halvern/city.json', import.meta.url), 'utf8'))
  await operate(administrator, 'import-city', { city: file, since: '2026-01-01T00:00:00Z' })
  const [post] = await city.database.read(administrator.enters(), ({ tx }) => postsByCode(tx, ['HAL-FRS-DUT']))
  fire = post!.agencyId
  duty = post!.id
  for (const [who, code] of [
    [administrator, 'ada.administrator'],
    [second, 'bea.administrator'],
  ] as const)
    await asked(
      'insert into structure.people (id, code, name, agency_id, label, world) values ($1, $2, $2, $3, access.city_label(), access.live_world())',
      [who.personId, code, fire],
    )
  door = await testDoor(city, { areas: [area] })
}, 60_000)
afterAll(async () => {
  await door?.stop()
  await city?.end()
})

test('what may be done with a line', () => {
  const open = { id: 'one', leftAt: null }
  expect(deedsOf(open, false, 'other')).toEqual(['change', 'close'])
  expect(deedsOf(open, false, 'one')).toEqual(['change'])
  expect(deedsOf({ ...open, leftAt: '2026-01-01T00:00:00Z' }, false, 'other')).toEqual(['reopen'])
  expect(deedsOf(open, true, 'other')).toEqual([])
})

describe('changing somebody', () => {
  test('name, mobile, language and needs follow everywhere; what is left out stays, null takes away', async () => {
    const pat = await somebody()
    const { told } = await operate<{ told: boolean }>(administrator, 'change-person', {
      personId: pat.personId,
      name: 'Pat Married',
      mobile: '+44 1632 960099',
      language: 'fr',
      needs: 'deaf: text first',
    })
    expect(told).toBe(false)
    expect(await kept(pat.personId)).toMatchObject({
      name: 'Pat Married',
      mail: pat.mail,
      mobile: '+441632960099',
      language: 'fr',
      needs: 'deaf: text first',
    })
    expect(await account(pat.personId)).toMatchObject({ name: 'Pat Married', language: 'fr', mail: pat.mail })
    // Somebody who is deaf is never rung: the way that is no more is ended, and comes back with the need for it.
    expect(await contacts(pat.personId)).toEqual(['sms +441632960099', `mail ${pat.mail}`])
    const line = (await operate<People>(administrator, 'people', {})).people.find(({ id }) => id === pat.personId)!
    expect(line).toMatchObject({ name: 'Pat Married', ways: ['sms', 'mail'], leftAt: null, provided: false, deeds: ['change', 'close'] })
    await operate(administrator, 'change-person', { personId: pat.personId, needs: null })
    expect(await contacts(pat.personId)).toEqual(['sms +441632960099', 'voice +441632960099', `mail ${pat.mail}`])
    await operate(administrator, 'change-person', { personId: pat.personId, mobile: null })
    expect(await contacts(pat.personId)).toEqual([`mail ${pat.mail}`])
    expect(await notes(pat.personId)).toEqual([])
  })

  test('another mail: the old one signs in no more, links that are out end, the old address is told and the person sees it', async () => {
    const pat = await somebody({ language: 'fr' })
    await door.ask('/api/sign-in/link', { mail: pat.mail })
    await pause(50)
    const out = door.sent.at(-1)!
    expect(out.mail).toBe(pat.mail)
    const { told } = await operate<{ told: boolean }>(administrator, 'change-person', {
      personId: pat.personId,
      mail: 'pat.married@fire.example',
      reason: 'Married: the agency gave a new address',
    })
    expect(told).toBe(true)
    expect((await door.ask(new URL(out.link).pathname)).status).toBe(403)
    await door.ask('/api/sign-in/link', { mail: pat.mail })
    await door.ask('/api/sign-in/link', { mail: 'pat.married@fire.example' })
    await pause(50)
    expect(door.sent.at(-1)!.mail).toBe('pat.married@fire.example')
    expect(door.sent.filter(({ mail }) => mail === pat.mail)).toHaveLength(1)
    expect((await contacts(pat.personId)).at(-1)).toBe('mail pat.married@fire.example')
    const letter = (await letters()).at(-1)!
    expect(letter).toMatchObject({ recipient: pat.mail, words: { language: 'fr', zone: 'Europe/London', at: expect.any(String) } })
    expect(JSON.stringify(letter.words)).not.toMatch(/Pat|married|Married/)
    const own = await operate<{ notes: { kind: string; words: string; byYou: boolean }[] }>(pat, 'ways', {}, undefined, 'access')
    expect(own.notes[0]).toMatchObject({ kind: 'address-changed', words: 'Married: the agency gave a new address', byYou: false })
    const entries = await asked(
      "select 1 from record.entry where convert_from(header, 'UTF8') like '%access.note%' and convert_from(content, 'UTF8') like $1",
      [`%${pat.personId}%`],
    )
    expect(entries).toHaveLength(1)
  })

  test('what a list refuses is refused here, at its field, and nothing is changed', async () => {
    const pat = await somebody()
    const taken = await somebody()
    for (const [said, field] of [
      [{ mail: taken.mail.toUpperCase(), reason: 'Typed wrongly' }, 'mail'],
      [{ mail: `${second.personId}@people.example`, reason: 'Of somebody in no list' }, 'mail'],
      [{ mail: 'not an address', reason: 'Typed wrongly' }, 'mail'],
      [{ mail: 'new@fire.example' }, 'reason'],
      [{ mail: null }, 'reason'],
      [{ mail: 'new@fire.example', reason: ' .' }, 'reason'],
      [{ mobile: 'none' }, 'mobile'],
      [{ name: ' ' }, 'name'],
      [{ language: 'English' }, 'language'],
    ] as const)
      await expect(
        operate(administrator, 'change-person', { personId: pat.personId, ...said }),
        JSON.stringify(said),
      ).rejects.toMatchObject({ field })
    expect(await kept(pat.personId)).toMatchObject({ mail: pat.mail, mobile: '+441632960077', language: 'en' })
    // Without the page: the function asks too.
    await expect(
      around(administrator, sql`select access.change_account(${pat.personId}, 'Pat', 'new@fire.example', 'en', '  ')`),
    ).rejects.toMatchObject({ field: 'reason' })
  })

  test('is for administrators in live, as themselves: nobody else, not the person, not by the function', async () => {
    const pat = await somebody()
    const exercise = await city.exercise()
    const deeds = [
      ['change-person', { personId: pat.personId, name: 'Somebody Else' }],
      ['close-person', { personId: pat.personId, reason: 'Not wanted' }],
      ['reopen-person', { personId: pat.personId, mail: 'x@fire.example', reason: 'Wanted' }],
      ['person', { personId: pat.personId }],
    ] as const
    for (const who of [watch, secretariat, pat])
      for (const [verb, input] of deeds) await expect(operate(who, verb, input)).rejects.toMatchObject({ kind: 'not-allowed' })
    for (const [verb, input] of deeds.slice(0, 3))
      await expect(operate(administrator, verb, input, exercise)).rejects.toMatchObject({ kind: 'not-allowed' })
    for (const who of [watch, secretariat, pat])
      for (const statement of [
        sql`select access.change_account(${pat.personId}, 'Mine', 'thief@fire.example', 'en', 'because')`,
        sql`select access.close_account(${pat.personId}, 'because')`,
        sql`select access.reopen_account(${pat.personId}, 'thief@fire.example', 'because')`,
      ])
        await expect(around(who, statement)).rejects.toMatchObject({ kind: 'not-allowed' })
    // An operator who acts as an administrator has no say over anybody's way in.
    const operator = await city.person('Oli Operator', ['city:HAL', 'kind:operator'])
    await expect(
      city.database.change({
        entering: { ...operator.enters(), as: administrator.personId },
        run: async ({ tx }) => ({
          value: await run(tx, sql`select access.change_account(${pat.personId}, 'Pat', 'thief@fire.example', 'en', 'because')`),
        }),
      }),
    ).rejects.toMatchObject({ kind: 'not-allowed' })
    expect(await account(pat.personId)).toMatchObject({ mail: pat.mail, closed: false })
    expect((await operate<People>(watch, 'people', {})).people.every(({ deeds: own }) => own.length === 0)).toBe(true)
  })

  test('writes no account but by the functions: not even an administrator moves an address around them', async () => {
    const pat = await somebody()
    for (const statement of [
      sql`update access.account set mail = 'thief@fire.example' where person = ${pat.personId}`,
      sql`update access.account set disabled_at = null where person = ${pat.personId}`,
      sql`update access.account set name = 'Thief' where person = ${pat.personId}`,
    ])
      await expect(around(administrator, statement)).rejects.toMatchObject({ kind: 'not-allowed' })
  })

  test('of whom a directory provides is refused, with who changes them; so are closing and opening', async () => {
    const pat = await somebody()
    await inTheDirectory(pat.personId)
    for (const [verb, more] of [
      ['change-person', { name: 'Pat Renamed' }],
      ['close-person', { reason: 'Has left' }],
      ['reopen-person', { reason: 'Is back', mail: 'x@fire.example' }],
    ] as const)
      await expect(operate(administrator, verb, { personId: pat.personId, ...more })).rejects.toMatchObject({
        kind: 'conflict',
        message: expect.stringContaining('directory'),
      })
    const line = (await operate<People>(administrator, 'people', {})).people.find(({ id }) => id === pat.personId)
    expect(line).toMatchObject({ provided: true, deeds: [] })
    // Deleted there, they are nobody's but ours.
    await asked('update access.provisioned set removed_at = clock_timestamp() where person = $1', [pat.personId])
    await operate(administrator, 'change-person', { personId: pat.personId, name: 'Pat Renamed' })
    expect((await account(pat.personId)).name).toBe('Pat Renamed')
  })

  test('nobody moves the address with which they administer the city, not by the function either; another administrator does', async () => {
    const own = { personId: administrator.personId, mail: 'ada.new@people.example', reason: 'A new address' }
    await expect(operate(administrator, 'change-person', own)).rejects.toMatchObject({
      kind: 'not-allowed',
      message: expect.stringContaining('somebody else'),
    })
    const [said] = await city.database.change({
      entering: administrator.enters(),
      run: async ({ tx }) => ({
        value: await rows<{ outcome: string }>(
          tx,
          sql`select access.change_account(${administrator.personId}, 'Ada', 'x@people.example', 'en', 'because') as outcome`,
        ),
      }),
    })
    expect(said!.outcome).toBe('guarded')
    expect((await account(administrator.personId)).mail).toBe(`${administrator.personId}@people.example`)
    expect(await operate(administrator, 'change-person', { personId: administrator.personId, name: 'Ada Administrator' })).toMatchObject({
      told: false,
    })
    expect(await operate(second, 'change-person', own)).toMatchObject({ told: true })
    expect((await account(administrator.personId)).mail).toBe('ada.new@people.example')
    expect(await kept(administrator.personId)).toMatchObject({ own: true })
  })

  test('an administrator who moves another’s address to take the account over is seen: by its person, the others and the watch; the old address is told', async () => {
    const victim = await city.person('Vic Administrator', ['city:HAL', 'kind:administrator'])
    await asked(
      "insert into structure.people (id, code, name, agency_id, label, world) values ($1, 'vic', 'Vic Administrator', $2, access.city_label(), access.live_world())",
      [victim.personId, fire],
    )
    const was = (await account(victim.personId)).mail
    await operate(second, 'change-person', { personId: victim.personId, mail: 'bea.second@people.example', reason: 'Tidying up' })
    for (const who of [administrator, watch]) {
      const { moved } = await operate<People>(who, 'people', {})
      expect(moved[0]).toMatchObject({
        personId: victim.personId,
        name: 'Vic Administrator',
        byName: 'Bea Administrator',
        reason: 'Tidying up',
      })
      expect(JSON.stringify(moved)).not.toContain('@')
    }
    expect((await operate<People>(secretariat, 'people', {})).moved).toEqual([])
    expect((await letters()).at(-1)).toMatchObject({ recipient: was })
    expect(await notes(victim.personId)).toMatchObject([{ kind: 'address-changed', by_person: second.personId }])
    // The note stands: who did it cannot take it away.
    await expect(around(second, sql`update access.note set words = '' where person = ${victim.personId}`)).rejects.toMatchObject({
      kind: 'not-allowed',
    })
    // And the person, still signed in, reads it.
    const own = await operate<{ notes: { kind: string }[] }>(victim, 'ways', {}, undefined, 'access')
    expect(own.notes[0]!.kind).toBe('address-changed')
  })

  test('closing somebody and opening them again under another address is no way around it', async () => {
    const pat = await somebody()
    const was = (await account(pat.personId)).mail
    await operate(second, 'close-person', { personId: pat.personId, reason: 'Has retired' })
    expect((await letters()).at(-1)).toMatchObject({ recipient: was })
    await operate(second, 'reopen-person', { personId: pat.personId, mail: 'bea.third@people.example', reason: 'Is back after all' })
    for (const who of [administrator, watch])
      expect((await operate<People>(who, 'people', {})).moved[0]).toMatchObject({
        personId: pat.personId,
        byName: 'Bea Administrator',
        reason: 'Is back after all',
      })
  })

  test('of two who change one person at once, the second waits, and keeps what the first changed', async () => {
    const pat = await somebody()
    await asked('begin')
    await asked('select pg_advisory_xact_lock(7263, 17)')
    const second = operate(administrator, 'change-person', { personId: pat.personId, mobile: '+441632960099' })
    await new Promise((resolve) => setTimeout(resolve, 200))
    await asked("update access.account set name = 'Pat Renamed', mail = 'pat.renamed@people.example' where person = $1", [pat.personId])
    await asked("update structure.people set name = 'Pat Renamed' where id = $1", [pat.personId])
    await asked('commit')
    expect(await second).toMatchObject({ told: false })
    expect(await account(pat.personId)).toMatchObject({ name: 'Pat Renamed', mail: 'pat.renamed@people.example' })
    expect(await kept(pat.personId)).toMatchObject({ name: 'Pat Renamed', mobile: '+441632960099' })
  })

  test('a second self is called as the first, or it would give itself away', async () => {
    const pat = await somebody()
    await asked("insert into access.account (person, name, duress_of) values (gen_random_uuid(), 'Pat', $1)", [pat.personId])
    await operate(administrator, 'change-person', { personId: pat.personId, name: 'Pat Married', language: 'fr' })
    const [self] = await asked('select person, name, language from access.account where duress_of = $1', [pat.personId])
    expect(self).toMatchObject({ name: 'Pat Married', language: 'fr' })
    await expect(operate(administrator, 'change-person', { personId: self.person, name: 'Nobody' })).rejects.toMatchObject({
      kind: 'not-found',
    })
    await around(administrator, sql`select access.close_account(${self.person}, 'because')`)
    expect((await account(self.person)).closed).toBe(false)
  })
})

describe('closing somebody who has left', () => {
  let pat: Awaited<ReturnType<typeof somebody>>
  beforeEach(async () => {
    pat = await somebody()
  })
  const close = (who = administrator, personId = pat.personId) =>
    operate<{ ended: number }>(who, 'close-person', { personId, reason: 'Retired' })

  test('ends what they hold, their sessions, links, pleas and reach at once; the name and the past stay, the address is free', async () => {
    const [deputy, other] = (
      await city.database.read(administrator.enters(), ({ tx }) => postsByCode(tx, ['HAL-RES-WO1', 'HAL-HRB-DUT']))
    ).map(({ id }) => id)
    await operate(administrator, 'set-holding', {
      postId: deputy,
      personId: pat.personId,
      capacity: 'deputy',
      fromAt: '2026-02-01T00:00:00Z',
    })
    const later = new Date(Date.now() + 30 * 86_400_000)
    await operate(administrator, 'set-holding', {
      postId: other,
      personId: pat.personId,
      capacity: 'holder',
      fromAt: later.toISOString(),
    })
    await asked("select access.put_reach($1, 'incident:trial', clock_timestamp(), null, 'test.letIn:1')", [pat.personId])
    await door.ask('/api/sign-in/link', { mail: pat.mail })
    await pause(50)
    const link = new URL(door.sent.at(-1)!.link).pathname
    expect(await reachOf(pat.personId)).toEqual(expect.arrayContaining([`agency:${fire}`, 'incident:trial', 'kind:duty', `post:${duty}`]))
    expect(await close()).toMatchObject({ ended: 3 })
    expect(await reachOf(pat.personId)).toEqual([])
    expect(await account(pat.personId)).toMatchObject({ name: expect.stringContaining('Pat'), mail: null, closed: true })
    expect((await door.ask(link)).status).toBe(403)
    expect((await door.get('/api/access/self', undefined, { authorization: `Bearer ${pat.key}` })).status).toBe(401)
    expect(await asked('select 1 from structure.holdings where person_id = $1 and until_at is null', [pat.personId])).toEqual([])
    // Nor do they come on duty on the day that was planned.
    const planned = await asked('select person_id from structure.on_duty($1, $2)', [other, new Date(later.getTime() + 1)])
    expect(planned).not.toContainEqual({ person_id: pat.personId })
    // Duty time comes round: nothing comes back.
    await asked('select structure.refresh_tokens(clock_timestamp())')
    expect(await reachOf(pat.personId)).toEqual([])
    const line = (await operate<People>(secretariat, 'people', {})).people.find(({ id }) => id === pat.personId)!
    expect(line).toMatchObject({ holds: [], leftAt: expect.any(String), deeds: [] })
    expect(await notes(pat.personId)).toMatchObject([{ kind: 'account-closed', words: 'Retired', by_person: administrator.personId }])
    const after = await operate<{ personId: string; code: string }>(administrator, 'add-person', {
      name: 'Nia Successor',
      agencyId: fire,
      mail: pat.mail,
    })
    expect(after.personId).not.toBe(pat.personId)
    for (const [verb, more] of [
      ['close-person', { reason: 'Again' }],
      ['change-person', { name: 'Pat Renamed' }],
    ] as const)
      await expect(operate(administrator, verb, { personId: pat.personId, ...more })).rejects.toMatchObject({ kind: 'conflict' })
  })

  test('the findings follow without waiting for the hour', async () => {
    const without = async () =>
      (await operate<{ findings: { kind: string; about: string }[] }>(administrator, 'findings', {})).findings
        .filter(({ kind }) => kind === 'post-without-deputy')
        .map(({ about }) => about)
    const [about] = await without()
    const postId = (await city.database.read(administrator.enters(), ({ tx }) => postsByCode(tx, [about!])))[0]!.id
    await operate(administrator, 'set-holding', {
      postId,
      personId: pat.personId,
      capacity: 'deputy',
      fromAt: new Date(Date.now() - 3_600_000).toISOString(),
    })
    expect(await without()).not.toContain(about)
    await close()
    expect(await without()).toContain(about)
  })

  test('nobody closes themselves, nor one who stays alone with the city; without a reason nobody', async () => {
    await expect(close(administrator, administrator.personId)).rejects.toMatchObject({ kind: 'conflict' })
    await expect(operate(administrator, 'close-person', { personId: pat.personId, reason: ' ' })).rejects.toMatchObject({ field: 'reason' })
    await expect(around(administrator, sql`select access.close_account(${pat.personId}, '')`)).rejects.toMatchObject({ field: 'reason' })
    expect((await account(pat.personId)).closed).toBe(false)
  })

  test('of whoever has left, a list and an executive hear that they have: they are given no post', async () => {
    await close()
    await expect(
      operate(administrator, 'set-holding', { postId: duty, personId: pat.personId, capacity: 'holder', fromAt: new Date().toISOString() }),
    ).rejects.toMatchObject({ field: 'personId' })
    const code = `pat.number${number}`
    const [agency] = await asked('select org_type, org_code from structure.agencies where id = $1', [fire])
    const person = { code, name: 'Pat', agency: `${agency.org_type}:${agency.org_code}` }
    await expect(
      operate(administrator, 'import-city', { city: { people: [{ ...person, mail: 'pat@fire.example' }] } }),
    ).rejects.toMatchObject({ field: 'city.people.0.code', message: expect.stringContaining('has left') })
    await expect(
      operate(administrator, 'import-city', { city: { holdings: [{ post: 'HAL-FRS-DUT', person: code, capacity: 'holder' }] } }),
    ).rejects.toMatchObject({ field: 'city.holdings.0.person' })
    expect((await account(pat.personId)).closed).toBe(true)
  })

  test('who is back belongs to their agency, holds no post, and brings back nothing that they were given before or meanwhile', async () => {
    await asked("select access.put_reach($1, 'cleared:secret', clock_timestamp(), null, 'structure.clearance:1')", [pat.personId])
    await close()
    await asked("select access.put_reach($1, 'incident:meanwhile', clock_timestamp(), null, 'test.letIn:2')", [pat.personId])
    const back = (mail: string, reason = 'Back from leave') =>
      operate(administrator, 'reopen-person', { personId: pat.personId, mail, reason })
    await expect(back((await account(second.personId)).mail)).rejects.toMatchObject({ field: 'mail' })
    await expect(back('pat.back@fire.example', '')).rejects.toMatchObject({ field: 'reason' })
    await back('pat.back@fire.example')
    expect(await reachOf(pat.personId)).toEqual([`agency:${fire}`, 'city:HAL'])
    expect(await kept(pat.personId)).toMatchObject({ mail: 'pat.back@fire.example', mobile: '+441632960077', leftAt: null })
    expect((await contacts(pat.personId)).at(-1)).toBe('mail pat.back@fire.example')
    expect(await asked('select 1 from structure.holdings where person_id = $1 and until_at is null', [pat.personId])).toEqual([])
    // The session of before stays ended; the way in is the new address.
    expect((await door.get('/api/access/self', undefined, { authorization: `Bearer ${pat.key}` })).status).toBe(401)
    await door.ask('/api/sign-in/link', { mail: 'pat.back@fire.example' })
    await pause(50)
    expect(door.sent.at(-1)!.mail).toBe('pat.back@fire.example')
    await expect(back('pat.again@fire.example')).rejects.toMatchObject({ kind: 'conflict' })
    expect((await notes(pat.personId)).map(({ kind }) => kind)).toEqual(['account-closed', 'account-opened'])
  })
})

test('the last who administers the city for longer than a week is not closed by one who does it until tomorrow; two who close each other leave one', async () => {
  const alone = await testCity()
  try {
    await alone.owner.query("insert into access.city (code, name) values ('ALO', 'Alone')")
    const lasting = await alone.person('Lea Lasting', ['city:ALO', 'kind:administrator'])
    const tonight = await alone.person('Tom Tonight', ['city:ALO'])
    await alone.owner.query(
      "select access.put_reach($1, 'kind:administrator', clock_timestamp() - interval '1 second', clock_timestamp() + interval '1 day', 'test')",
      [tonight.personId],
    )
    const closes = async (who: TestPerson, whom: TestPerson) =>
      (
        await alone.database.change({
          entering: who.enters(),
          run: async ({ tx }) => ({
            value: await rows<{ outcome: string }>(tx, sql`select access.close_account(${whom.personId}, 'because') as outcome`),
          }),
        })
      )[0]!.outcome
    expect(await closes(tonight, lasting)).toBe('last')
    const other = await alone.person('Oda Other', ['city:ALO', 'kind:administrator'])
    const both = await Promise.allSettled([closes(lasting, other), closes(other, lasting)])
    expect(both.filter((one) => one.status === 'fulfilled' && one.value === 'done')).toHaveLength(1)
    const { rows: open } = await alone.owner.query('select 1 from access.account where disabled_at is null and person = any($1)', [
      [lasting.personId, other.personId],
    ])
    expect(open).toHaveLength(1)
  } finally {
    await alone.end()
  }
})
