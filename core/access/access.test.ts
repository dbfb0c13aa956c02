import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { one, rows, run, sql } from '#core/db/sql.ts'
import { type TestCity, type TestPerson, testCity } from '#core/db/testing.ts'
import { endReach, grantReach, internLabel } from './reach.ts'

let city: TestCity
let admin: TestPerson
let police: TestPerson
let fire: TestPerson

beforeAll(async () => {
  city = await testCity()
  admin = await city.person('Ada', ['kind:administrator', 'city:x'])
  police = await city.person('Pat', ['agency:police', 'city:x'])
  fire = await city.person('Flo', ['agency:fire', 'city:x'])
})
afterAll(() => city?.end())

const readable = (person: TestPerson) =>
  city.database.read(
    person.enters(),
    async ({ tx }) => (await one<{ labels: number[] }>(tx, sql`select access.readable() as labels`)).labels,
  )

const intern = (clauses: string[][]) => city.database.read(admin.enters(), ({ tx }) => internLabel(tx, { clauses, marking: 'TLP:GREEN' }))

describe('reach', () => {
  test('a viewer reads a label when every clause shares a token with their reach', async () => {
    const both = await intern([['agency:police', 'agency:fire'], ['city:x']])
    const mine = await intern([['agency:police']])
    expect(await readable(police)).toEqual(expect.arrayContaining([both, mine]))
    const seenByFire = await readable(fire)
    expect(seenByFire).toContain(both)
    expect(seenByFire).not.toContain(mine)
  })

  test('a label without clauses, or with an empty one, is nobody', async () => {
    const none = await intern([])
    const empty = await intern([['agency:police'], []])
    expect(empty).toBe(none)
    expect(await readable(police)).not.toContain(none)
  })

  test('the same clauses in any order are one label', async () => {
    expect(await intern([['post:2', 'agency:1'], ['cleared:3']])).toBe(await intern([['cleared:3'], ['agency:1', 'post:2', 'agency:1']]))
  })

  test('a malformed token is refused by name', async () => {
    await expect(intern([['Everyone']])).rejects.toMatchObject({ kind: 'invalid', field: 'label' })
  })

  test('a grant opens at once, and ending it closes at once', async () => {
    const number = await intern([['group:scg']])
    expect(await readable(fire)).not.toContain(number)
    await city.database.change({
      entering: admin.enters('test.grant'),
      run: async ({ tx }) => ({
        value: await grantReach(tx, { personId: fire.personId, token: 'group:scg', from: null, until: null, source: 'test:seat' }),
      }),
    })
    expect(await readable(fire)).toContain(number)
    await city.database.change({ entering: admin.enters(), run: async ({ tx }) => ({ value: await endReach(tx, 'test:seat', null) }) })
    expect(await readable(fire)).not.toContain(number)
  })

  test('a grant that runs out closes by itself, also inside a transaction that is open', async () => {
    const number = await intern([['briefed:night']])
    await city.owner.query(
      "select access.put_reach($1, 'briefed:night', clock_timestamp(), clock_timestamp() + interval '400 ms', 'test:night')",
      [fire.personId],
    )
    await city.database.read(fire.enters(), async ({ tx }) => {
      const now = async () => (await one<{ labels: number[] }>(tx, sql`select access.readable() as labels`)).labels
      expect(await now()).toContain(number)
      await new Promise((resolve) => setTimeout(resolve, 500))
      expect(await now()).not.toContain(number)
    })
  })

  test('nobody grants what is not theirs to give', async () => {
    const grant = (who: TestPerson, token: string) =>
      city.database.change({
        entering: who.enters(),
        run: async ({ tx }) => ({
          value: await grantReach(tx, { personId: who.personId, token, from: null, until: null, source: 'test:self' }),
        }),
      })
    await expect(grant(fire, 'agency:police')).rejects.toMatchObject({ kind: 'not-allowed' })
    await expect(grant(fire, 'kind:administrator')).rejects.toMatchObject({ kind: 'not-allowed' })
    await expect(grant(admin, `person:${fire.personId}`)).rejects.toMatchObject({ kind: 'not-allowed' })
  })
})

describe('becoming a person', () => {
  test('an unknown key is nobody', async () => {
    await expect(city.database.read({ key: 'guess', operation: 'test' }, async () => 1)).rejects.toMatchObject({ kind: 'not-allowed' })
  })

  test('an injected set_config of any name gains nothing', async () => {
    const number = await intern([[`person:${police.personId}`]])
    await city.database.read(fire.enters(), async ({ tx }) => {
      await run(tx, sql`select set_config('concord.person', ${police.personId}, true), set_config('concord.as', ${police.personId}, true)`)
      expect((await one<{ labels: number[] }>(tx, sql`select access.readable() as labels`)).labels).not.toContain(number)
    })
  })

  test.each(['session', 'sight', 'clause'])('a person cannot read access.%s', async (table) => {
    await expect(
      city.database.read(fire.enters(), ({ tx }) => rows(tx, { text: `select * from access.${table}`, values: [] })),
    ).rejects.toMatchObject({
      kind: 'not-allowed',
    })
  })

  test('an operator acts for another person, and both names are in the entry', async () => {
    const operator = await city.person('Oz', ['kind:operator', 'city:x', 'kind:administrator'])
    const seen = await city.database.read({ ...operator.enters(), as: police.personId }, async ({ actor }) => actor)
    expect(seen.personId).toBe(police.personId)
    await expect(city.database.read({ ...fire.enters(), as: police.personId }, async () => 1)).rejects.toMatchObject({
      kind: 'not-allowed',
    })
  })
})

describe('sharing a transaction', () => {
  test('commands that arrive together each act as their own person, and one that fails harms no other', async () => {
    const people = await Promise.all(Array.from({ length: 30 }, (_, index) => city.person(`P${index}`, [`agency:a${index}`])))
    const outcomes = await Promise.allSettled(
      people.map((person, index) =>
        city.database.change({
          entering: person.enters(),
          run: async ({ tx, actor }) => {
            expect(actor.personId).toBe(person.personId)
            if (index % 7 === 3) await rows(tx, { text: 'select 1 / 0', values: [] })
            const { who } = await one<{ who: string }>(tx, sql`select access.person() as who`)
            return { value: who }
          },
        }),
      ),
    )
    outcomes.forEach((outcome, index) => {
      if (index % 7 === 3) expect(outcome.status).toBe('rejected')
      else expect(outcome).toEqual({ status: 'fulfilled', value: people[index]!.personId })
    })
  })
})
