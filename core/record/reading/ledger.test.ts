import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Tx } from '#core/operation/implement.ts'
import { type RecordCity, recordCity } from '../testing.ts'
import { workOut } from './ledger.ts'
import { ledgerPages } from './store.ts'

let here: RecordCity

beforeAll(async () => {
  here = await recordCity()
  await here.city.person('Ada', ['city:TEST'])
  await here.write(['city:TEST'], 40)
  await here.placeAndSeal()
})
afterAll(() => here?.end())

const verifier = <T>(work: (tx: Tx) => Promise<T>) => here.city.database.verifier(work)
const positions = async (pages: ReturnType<typeof ledgerPages>) => {
  const found: number[] = []
  for await (const page of pages) for (let row = 0; row < page.count; row += 1) found.push(page.position(row))
  return found
}
const stored = async () =>
  (await here.city.owner.query<{ position: string }>('select position from record.place order by position')).rows.map(({ position }) =>
    Number(position),
  )
/** As whoever owns the store could: no trigger stops it. */
async function takeAway(from: number, to: number): Promise<void> {
  await here.city.owner.query("set session_replication_role = 'replica'")
  await here.city.owner.query('delete from record.place where position between $1 and $2', [from, to])
  await here.city.owner.query("set session_replication_role = 'origin'")
}

test('two connections find the record what one finds it', async () => {
  const alone = await verifier((tx) => workOut(tx, 'verifier'))
  const together = await verifier((tx) => here.city.database.verifier((beside) => workOut(tx, 'verifier', beside)))
  expect(alone).toMatchObject({ ok: true, notYetSealed: 0 })
  expect(together).toEqual(alone)
})

test('every entry comes once and in order, by one connection and by two, wherever positions are missing', async () => {
  const gaps = [
    [-1, -1],
    [8, 8],
    [11, 12],
    [16, 29],
    [0, 0],
    [39, 60],
  ] as const
  for (const [from, to] of gaps) {
    await takeAway(from, to)
    const left = await stored()
    for (const rowsOfPage of [1, 4, 5, 100]) {
      expect(await verifier((tx) => positions(ledgerPages(tx, 'verifier', undefined, rowsOfPage)))).toEqual(left)
      expect(
        await verifier((tx) => here.city.database.verifier((beside) => positions(ledgerPages(tx, 'verifier', beside, rowsOfPage)))),
      ).toEqual(left)
    }
  }
  const report = await verifier((tx) => here.city.database.verifier((beside) => workOut(tx, 'verifier', beside)))
  expect(report).toMatchObject({ ok: false, entries: (await stored()).length })
  expect(JSON.stringify(report)).toContain('missing, with all up to position 29')
})
