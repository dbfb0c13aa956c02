import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type TestCity, type TestPerson, testCity } from '#core/db/testing.ts'
import { id } from '#core/id.ts'
import { hashOf, newKey } from '../key.ts'
import { openByPasskey } from '../sign-in/desk.ts'
import { addPasskey, askOwn, type NewPasskey } from '../sign-in/store.ts'
import { type Jar, type TestDoor, testDoor } from '../sign-in/testing.ts'
import { addDuressPasskey } from './store.ts'

let city: TestCity
let door: TestDoor
let ada: TestPerson
let watch: TestPerson
let chief: TestPerson
let outsider: TestPerson
const jarOf = ({ key }: { key: string }): Jar => ({ cookie: `concord=${key}` })

/** What core/http/passkeys.ts does once an authenticator has answered: the challenge is put and taken, the key kept. */
async function make(person: TestPerson, credential: string, add: typeof addPasskey): Promise<NewPasskey> {
  await city.owner.query('update access.session set strong_at = clock_timestamp() where person = $1', [person.personId])
  const challenge = hashOf(credential)
  const key = { id: id(), credential, name: credential, publicKey: Buffer.from('public'), counter: 0, transports: [], synced: false }
  await city.database.change({
    entering: person.enters('access.addPasskey'),
    run: async ({ tx }) => {
      await askOwn(tx, challenge, 'add-passkey')
      await add(tx, challenge, key)
      return { value: null }
    },
  })
  return key
}
async function signIn(credential: string): Promise<{ key: string; person: string | undefined }> {
  const key = newKey()
  return { key, person: await city.database.desk('access.signIn', (tx) => openByPasskey(tx, credential, 0, hashOf(key), 'A browser')) }
}

beforeAll(async () => {
  city = await testCity()
  door = await testDoor(city, { limitCalls: false })
  ada = await city.person('Ada Ng', ['city:test', 'agency:fire', 'kind:duty'])
  watch = await city.person('Wanda Watch', ['city:test', 'kind:watch-officer'])
  chief = await city.person('Chi Fire', ['city:test', 'agency:fire', 'kind:executive'])
  outsider = await city.person('Otto Outsider', ['city:test', 'agency:rail', 'kind:executive'])
})
afterAll(async () => {
  await door?.stop()
  await city?.end()
})

describe('a passkey of duress', () => {
  test('opens the same name with nothing behind it, ends every other window, and tells the watch', async () => {
    await make(ada, 'ordinary', addPasskey)
    await make(ada, 'forced', addDuressPasskey)
    const before = await door.get('/api/access/duress-passkeys', jarOf(ada))
    expect(before.body).toMatchObject({ passkeys: [{ name: 'forced' }] })

    const forced = await signIn('forced')
    expect(forced.person).not.toBe(ada.personId)
    const self = (await door.get('/api/access/self', jarOf(forced))).body
    expect(self).toMatchObject({ person: { name: 'Ada Ng' }, kinds: [], posts: [], session: { how: 'passkey', hasPasskey: true } })
    expect((await door.get('/api/access/self', jarOf(ada))).status).toBe(401)

    // Nothing in that window tells that it is a second self.
    expect((await door.get('/api/access/duress-passkeys', jarOf(forced))).body).toEqual({ passkeys: [] })
    expect((await door.get('/api/access/ways', jarOf(forced))).body).toMatchObject({ passkeys: [{ name: 'forced' }], notes: [] })
    expect((await door.get('/api/access/alarms', jarOf(forced))).status).toBe(403)

    const { alarms } = (await door.get('/api/access/alarms', jarOf(watch))).body as { alarms: { id: string; person: object }[] }
    expect(alarms).toMatchObject([{ person: { id: ada.personId, name: 'Ada Ng' }, answered: null }])
    const words = { id: alarms[0]!.id, words: 'Police sent; called on the second number.' }
    expect((await door.ask('/api/access/answer-alarm', words, jarOf(chief))).status).toBe(403)
    expect((await door.ask('/api/access/answer-alarm', words, jarOf(watch))).status).toBe(200)
    expect((await door.ask('/api/access/answer-alarm', words, jarOf(watch))).status).toBe(409)
    expect((await door.get('/api/access/alarms', jarOf(watch))).body).toMatchObject({
      alarms: [{ answered: { by: 'Wanda Watch', words: words.words } }],
    })
  })

  test('leaves the ordinary passkey as it was, and is removed only from an ordinary window', async () => {
    const ordinary = await signIn('ordinary')
    expect(ordinary.person).toBe(ada.personId)
    const { passkeys } = (await door.get('/api/access/duress-passkeys', jarOf(ordinary))).body as { passkeys: { id: string }[] }
    expect((await door.ask('/api/access/remove-duress-passkey', { id: passkeys[0]!.id }, jarOf(chief))).status).toBe(404)
    expect((await door.ask('/api/access/remove-duress-passkey', { id: passkeys[0]!.id }, jarOf(ordinary))).status).toBe(200)
    expect((await signIn('forced')).person).toBeUndefined()
  })
})

describe('signing somebody out', () => {
  const out = (by: TestPerson, person: string) =>
    door.ask('/api/access/sign-out-person', { person, reason: 'telephone left on a train' }, jarOf(by))

  test('is for the watch, the administrators, and the executive of the same agency; the person is told who it was', async () => {
    const window = await signIn('ordinary')
    expect((await out(outsider, 'Ada Ng')).status).toBe(403)
    expect((await out(chief, 'ada ng')).body).toMatchObject({ person: 'Ada Ng' })
    expect((await door.get('/api/access/self', jarOf(window))).status).toBe(401)
    const again = await signIn('ordinary')
    expect((await door.get('/api/access/ways', jarOf(again))).body).toMatchObject({
      notes: [{ kind: 'signed-out-by-another', words: 'telephone left on a train', byYou: false }, {}],
    })
    expect((await out(watch, `${ada.personId}@people.example`)).status).toBe(200)
    expect((await out(ada, 'Chi Fire')).status).toBe(401)
  })

  test('a name that is nobody’s and one that is two people’s are refused alike', async () => {
    await city.person('Sam Twice')
    await city.person('Sam Twice')
    const [nobody, two] = [await out(watch, 'Nobody Here'), await out(watch, 'Sam Twice')]
    expect(nobody.status).toBe(403)
    expect(two.body).toEqual(nobody.body)
  })
})
