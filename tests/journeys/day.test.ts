import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { internLabel, labelWords } from '#core/access/reach.ts'
import { type TestCity, type TestPerson, testCity } from '#core/db/testing.ts'
import { one, sql } from '#core/db/sql.ts'

interface Row {
  id: string
  clauses: string[][]
  marking: string
  sees: string[]
  doesNotSee: { person: string; why: string }[]
}
const { rows, reaches } = JSON.parse(readFileSync(new URL('../../demo/halvern/day.json', import.meta.url), 'utf8')) as {
  rows: Row[]
  reaches: Record<string, string[]>
}

// demo/day.test.ts holds the page, the data and a rule written out by hand together. This holds the data to the rule that the city runs on.

describe('the worked day, by the rule in the database', () => {
  let city: TestCity
  let keeper: TestPerson
  const viewers = new Map<string, TestPerson>()
  const numbers = new Map<string, number>()

  beforeAll(async () => {
    city = await testCity()
    keeper = await city.person('Keeper of labels')
    for (const [viewer, reach] of Object.entries(reaches))
      viewers.set(
        viewer,
        await city.person(
          viewer,
          reach.filter((token) => !token.startsWith('person:')),
        ),
      )
    // People have ids of their own here: the symbolic `person:` tokens of the day become theirs.
    const meant = (token: string) => (token.startsWith('person:') ? `person:${viewers.get(token.slice(7))?.personId}` : token)
    await city.database.change({
      entering: keeper.enters(),
      run: async ({ tx }) => {
        for (const row of rows)
          numbers.set(row.id, await internLabel(tx, { clauses: row.clauses.map((clause) => clause.map(meant)), marking: row.marking }))
        return { value: null }
      },
    })
  })
  afterAll(() => city?.end())

  const readableBy = (viewer: string): Promise<Set<number>> =>
    city.database.read(viewers.get(viewer)!.enters(), async ({ tx }) => {
      const { labels } = await one<{ labels: number[] }>(tx, sql`select coalesce(access.readable(), '{}') as labels`)
      return new Set(labels)
    })

  test.each(Object.keys(reaches))('%s sees the rows that the day says, and no other', async (viewer) => {
    const readable = await readableBy(viewer)
    const seen = rows.filter(({ id }) => readable.has(numbers.get(id)!)).map(({ id }) => id)
    expect(seen).toEqual(rows.filter(({ sees }) => sees.includes(viewer)).map(({ id }) => id))
  })

  test.each(rows)('$id stays hidden from each of those of whom a reason is given', async ({ id, doesNotSee }) => {
    for (const { person } of doesNotSee) expect((await readableBy(person)).has(numbers.get(id)!), person).toBe(false)
  })

  test('whoever comes off duty, leaves the incident or loses the clearance stops seeing at that moment', async () => {
    const mirela = viewers.get('mirela.toskenby')!
    expect((await readableBy('mirela.toskenby')).has(numbers.get('investigation-red')!)).toBe(true)
    await city.owner.query("update access.reach set until_at = clock_timestamp() where person = $1 and token like 'briefed:%'", [
      mirela.personId,
    ])
    const after = await readableBy('mirela.toskenby')
    expect(after.has(numbers.get('investigation-red')!)).toBe(false)
    expect(after.has(numbers.get('intelligence-line')!)).toBe(true)
  })

  test('each label keeps the words of its marking', async () => {
    const words = await city.database.read(viewers.get('solveig.marrowgate')!.enters(), ({ tx }) => labelWords(tx, [...numbers.values()]))
    const byNumber = new Map(words.map(({ number, marking }) => [number, marking]))
    const readable = await readableBy('solveig.marrowgate')
    for (const row of rows.filter(({ id }) => readable.has(numbers.get(id)!))) expect(byNumber.get(numbers.get(row.id)!)).toBe(row.marking)
  })
})
