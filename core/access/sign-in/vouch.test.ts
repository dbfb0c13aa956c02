import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { rows, sql } from '#core/db/sql.ts'
import { type TestCity, type TestPerson, testCity } from '#core/db/testing.ts'
import { id } from '#core/id.ts'
import { type Asker, isRelated, mayVouch, stillNeeded, type Voucher } from './rules.ts'
import { type Jar, type TestDoor, testDoor } from './testing.ts'

let city: TestCity
let door: TestDoor
beforeAll(async () => {
  city = await testCity()
  door = await testDoor(city, {
    limits: { 'plea by address': { points: 1000 }, 'plea by account': { points: 1000 }, 'sign-in by address': { points: 1000 } },
  })
})
afterAll(async () => {
  await door?.stop()
  await city?.end()
})

const jarOf = (person: TestPerson): Jar => ({ cookie: `concord=${person.key}` })
async function colleague(name: string, tokens: readonly string[], strong = true): Promise<TestPerson> {
  const person = await city.person(name, ['city:test', ...tokens])
  if (strong) await city.owner.query('update access.session set strong_at = clock_timestamp() where person = $1', [person.personId])
  return person
}
interface Plea {
  code: string
  key: string
  path: string
}
const plead = async (mail: string) => (await door.ask('/api/sign-in/plea', { mail })).body as unknown as Plea
const mailOf = (person: TestPerson) => `${person.personId}@people.example`
const vouch = (voucher: TestPerson, plea: Plea, asker: TestPerson) =>
  door.ask('/api/access/vouch', { code: plea.code, personId: asker.personId }, jarOf(voucher))
const ready = async (plea: Plea) => (await door.ask('/api/sign-in/plea/state', { key: plea.key })).body.ready

describe('a lost passkey', () => {
  test('two colleagues vouch, one of them of the asker’s agency, and the link works once', async () => {
    const asker = await colleague('Ada', ['agency:fire'], false)
    const near = await colleague('Bea', ['agency:fire'])
    const far = await colleague('Cal', ['agency:police'])
    const plea = await plead(mailOf(asker))
    expect(
      (await door.get(`/api/access/plea?input=${encodeURIComponent(JSON.stringify({ code: plea.code.toLowerCase() }))}`, jarOf(near))).body,
    ).toMatchObject({ name: 'Ada' })
    expect((await door.ask(plea.path)).status).toBe(403)
    expect((await vouch(far, plea, asker)).body).toEqual({ ready: false, stillNeeded: 'somebody-related' })
    expect(await ready(plea)).toBe(false)
    expect((await vouch(near, plea, asker)).body).toEqual({ ready: true, stillNeeded: 'nothing' })
    expect(await ready(plea)).toBe(true)
    const jar = { cookie: '' }
    expect((await door.ask(plea.path, {}, jar)).headers.get('location')).toBe('/access/ways')
    expect((await door.get('/api/access/self', jar)).body).toMatchObject({
      person: { name: 'Ada' },
      session: { how: 'vouched', sure: true, strongUntil: null },
    })
    expect((await door.ask(plea.path)).status).toBe(403)
    const { notes } = (await door.get('/api/access/ways', jar)).body as { notes: { kind: string }[] }
    expect(notes.map(({ kind }) => kind)).toContain('vouched-in')
  })

  test('every vouch is an entry of the ledger, read by the asker, the voucher and administrators, and by nobody else', async () => {
    const asker = await colleague('Ada', ['agency:fire'], false)
    const near = await colleague('Bea', ['agency:fire'])
    await vouch(near, await plead(mailOf(asker)), asker)
    const mine = (person: TestPerson) =>
      city.database.read(person.enters(), ({ tx }) =>
        rows<{ person: string }>(tx, sql`select person from access.vouch where person = ${asker.personId}`),
      )
    const entries = (person: TestPerson) =>
      city.database.read(person.enters(), ({ tx }) =>
        rows(
          tx,
          sql`select seq from record.entry where convert_from(header, 'UTF8')::jsonb ->> 'table' = 'access.vouch' and convert_from(content, 'UTF8')::jsonb -> 'row' ->> 'person' = ${asker.personId}`,
        ),
      )
    for (const reader of [asker, near, await colleague('Adm', ['kind:administrator'])]) {
      expect(await mine(reader)).toHaveLength(1)
      expect(await entries(reader)).toHaveLength(1)
    }
    const stranger = await colleague('Eve', ['agency:fire'])
    expect(await mine(stranger)).toEqual([])
    expect(await entries(stranger)).toEqual([])
  })

  test('one colleague alone, twice, is not two; two of elsewhere are not enough; a watch officer is', async () => {
    const asker = await colleague('Ada', ['agency:fire'], false)
    const near = await colleague('Bea', ['agency:fire'])
    const plea = await plead(mailOf(asker))
    await vouch(near, plea, asker)
    expect((await vouch(near, plea, asker)).body).toEqual({ ready: false, stillNeeded: 'somebody' })
    const second = await plead(mailOf(asker))
    const [one, two] = [await colleague('Cal', ['agency:police']), await colleague('Dan', ['post:x'])]
    await vouch(one, second, asker)
    expect((await vouch(two, second, asker)).body).toEqual({ ready: false, stillNeeded: 'somebody-related' })
    const officer = await colleague('Wes', ['agency:council', 'kind:watch-officer'])
    expect((await vouch(officer, second, asker)).body).toMatchObject({ ready: true })
  })

  test('nobody vouches without a passkey shown just now, without an agency or post, for themselves, or with a token', async () => {
    const asker = await colleague('Ada', ['agency:fire'])
    const plea = await plead(mailOf(asker))
    expect((await vouch(await colleague('Weak', ['agency:fire'], false), plea, asker)).status).toBe(403)
    expect((await vouch(await colleague('Loose', []), plea, asker)).status).toBe(403)
    expect((await vouch(asker, plea, asker)).status).toBe(409)
    const program = await colleague('Program', ['agency:fire'])
    await city.owner.query("update access.session set kind = 'token' where person = $1", [program.personId])
    expect(
      (
        await door.ask('/api/access/vouch', { code: plea.code, personId: asker.personId }, undefined, {
          authorization: `Bearer ${program.key}`,
        })
      ).status,
    ).toBe(403)
    const old = await colleague('Old', ['agency:fire'])
    await city.owner.query("update access.session set strong_at = clock_timestamp() - interval '16 minutes' where person = $1", [
      old.personId,
    ])
    expect((await vouch(old, plea, asker)).status).toBe(403)
    expect(await ready(plea)).toBe(false)
  })

  test('the vouched link is worth nothing before its time, after it, or when the account was closed', async () => {
    const asker = await colleague('Ada', ['agency:fire'], false)
    const near = [await colleague('Bea', ['agency:fire']), await colleague('Bob', ['agency:fire'])]
    const late = await plead(mailOf(asker))
    await city.owner.query('update access.plea set expires_at = clock_timestamp() where person = $1', [asker.personId])
    expect((await vouch(near[0]!, late, asker)).status).toBe(404)
    const plea = await plead(mailOf(asker))
    for (const voucher of near) await vouch(voucher, plea, asker)
    await city.owner.query('update access.account set disabled_at = clock_timestamp() where person = $1', [asker.personId])
    expect((await door.ask(plea.path)).status).toBe(403)
  })

  test('an unknown address gets a code like any other, and nobody can vouch for it', async () => {
    const plea = await plead('nobody@people.example')
    expect(plea.code).toMatch(/^[A-HJ-NP-Z2-9]{4}-[A-HJ-NP-Z2-9]{4}$/)
    const near = await colleague('Bea', ['agency:fire'])
    expect((await vouch(near, plea, near)).status).toBe(409)
    expect((await door.get(`/api/access/plea?input=${encodeURIComponent(JSON.stringify({ code: plea.code }))}`, jarOf(near))).status).toBe(
      404,
    )
  })

  test('codes are not guessed: after ten tries a session waits', async () => {
    const guesser = await colleague('Gus', ['agency:fire'])
    const guess = () => door.get(`/api/access/plea?input=${encodeURIComponent(JSON.stringify({ code: 'AAAA2222' }))}`, jarOf(guesser))
    for (let tries = 0; tries < 10; tries++) expect((await guess()).status).toBe(404)
    const stopped = await guess()
    expect(stopped.status).toBe(429)
    expect(Number(stopped.headers.get('retry-after'))).toBeGreaterThan(0)
  })
})

test('the rule in SQL and the rule in TypeScript agree', async () => {
  const agencies = ['agency:fire', 'agency:police']
  const token = fc.constantFrom(...agencies, 'post:p', 'kind:watch-officer', 'group:g')
  const people = fc.array(fc.record({ tokens: fc.uniqueArray(token, { maxLength: 3 }), strong: fc.boolean() }), {
    minLength: 1,
    maxLength: 3,
  })
  await fc.assert(
    fc.asyncProperty(fc.subarray(agencies), people, async (own, cast) => {
      const person = await colleague('Ada', own, false)
      const asker: Asker = { personId: person.personId, agencies: own }
      const plea = await plead(mailOf(person))
      const vouchers: Voucher[] = []
      let state = 'somebody'
      for (const { tokens, strong } of cast) {
        const voucher = await colleague(`V${id()}`, tokens, strong)
        const said: Voucher = { personId: voucher.personId, strong, tokens }
        const answer = await vouch(voucher, plea, person)
        const closed = state === 'nothing'
        expect(answer.status).toBe(!mayVouch(asker, said) ? 403 : closed ? 404 : 200)
        if (answer.status !== 200) continue
        vouchers.push(said)
        state = stillNeeded(asker, vouchers)
        expect(answer.body.stillNeeded).toBe(state)
        expect(isRelated(asker, said) || state !== 'nothing' || vouchers.some((other) => isRelated(asker, other))).toBe(true)
      }
    }),
    { numRuns: 25 },
  )
}, 60_000)
