import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openDatabase } from '#core/db/tx.ts'
import { type TestCity, testCity } from '#core/db/testing.ts'
import { openLimits } from './limits.ts'

let city: TestCity
beforeAll(async () => {
  city = await testCity()
})
afterAll(() => city?.end())

const three = { 'link by account': { points: 3, seconds: 60 } }

describe('limits', () => {
  test('count for the whole city, whichever server process is asked', async () => {
    const other = await openDatabase(city.server, { connections: 2, lanes: 1 })
    try {
      const [here, there] = [openLimits(city.database, three), openLimits(other, three)]
      await here.count('link by account', 'ada@people.example')
      await there.count('link by account', ' ADA@people.example')
      await here.count('link by account', 'ada@people.example')
      await expect(there.count('link by account', 'ada@people.example')).rejects.toMatchObject({
        kind: 'limit',
        retryAfter: expect.any(Number) as number,
      })
      await expect(here.count('link by account', 'ada@people.example')).rejects.toMatchObject({ kind: 'limit' })
      await here.count('link by account', 'bea@people.example')
    } finally {
      await other.end()
    }
  })

  test('store nobody’s address', async () => {
    const kept = await city.owner.query<{ key: string }>('select key from access.limits')
    expect(kept.rows.length).toBeGreaterThan(0)
    expect(kept.rows.map(({ key }) => key).join()).not.toMatch(/ada|people/)
  })

  test('hold in this process alone when the database does not answer', async () => {
    const gone = await openDatabase(city.server, { connections: 1, lanes: 1 })
    const limits = openLimits(gone, three)
    await gone.end()
    for (let tries = 0; tries < 3; tries++) await limits.count('link by account', 'cal@people.example')
    await expect(limits.count('link by account', 'cal@people.example')).rejects.toMatchObject({ kind: 'limit' })
  })
})
