import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type TestCity, testCity } from '#core/db/testing.ts'
import { canonical, canSee, type Clauses } from './label.ts'

// A small alphabet, so that clauses and reaches meet often, in part, and not at all.
const token = fc.constantFrom(
  ...['a', 'b', 'c', 'd'].flatMap((name) => [`agency:${name}`, `group:${name}`, `cleared:${name}`, `incident:${name}`]),
)
const clausesOf = fc.array(fc.array(token, { maxLength: 4 }), { maxLength: 4 })
const reachOf = fc.uniqueArray(token, { maxLength: 7 })

const seed = 20_261_122
/** 200,000 pairs at every change; CONCORD_PAIRS=1000000 is for the night. */
const pairs = Number(process.env.CONCORD_PAIRS ?? 200_000)
const labels: Clauses[] = [
  ...new Map(fc.sample(clausesOf, { numRuns: 420, seed }).map((clauses) => [JSON.stringify(canonical(clauses)), clauses])).values(),
]
const reaches = [[], ...fc.sample(reachOf, { numRuns: Math.ceil(pairs / labels.length), seed: seed + 1 })]

let city: TestCity
let numbers: number[]

beforeAll(async () => {
  city = await testCity()
  const { rows } = await city.owner.query<{ number: number }>(
    "select access.intern(l.clauses, 'TLP:GREEN') as number from jsonb_array_elements($1::jsonb) with ordinality l (clauses, at) order by at",
    [JSON.stringify(labels)],
  )
  numbers = rows.map((row) => row.number)
})
afterAll(() => city?.end())

/** For each reach, the labels that the SQL function says are readable. */
async function readableBy(rule: string): Promise<Array<Set<number>>> {
  const { rows } = await city.owner.query<{ labels: number[] }>(
    `select ${rule}(array(select jsonb_array_elements_text(r.reach)), 0) as labels from jsonb_array_elements($1::jsonb) with ordinality r (reach, at) order by at`,
    [JSON.stringify(reaches)],
  )
  return rows.map((row) => new Set(row.labels))
}

/** The rule a third time, slowly and with nothing in common with the two: written for this test alone. */
function naive(clauses: Clauses, reach: readonly string[]): boolean {
  let open = clauses.length === 0 ? 1 : clauses.length
  for (const clause of clauses) {
    let shared = 0
    for (const token of clause) for (const held of reach) shared += token === held ? 1 : 0
    open -= Math.min(1, shared)
  }
  return open === 0
}

const disagreements = (seen: Array<Set<number>>) => {
  let count = 0
  reaches.forEach((reach, r) => {
    const held = new Set(reach)
    labels.forEach((clauses, l) => {
      const third = naive(clauses, reach)
      if (seen[r]!.has(numbers[l]!) !== third || canSee(clauses, held) !== third) count += 1
    })
  })
  return count
}

test(`the SQL rule, the TypeScript rule and a third, naive one agree on ${pairs.toLocaleString('en')} pairs of label and reach`, async () => {
  expect(labels.length * reaches.length).toBeGreaterThanOrEqual(pairs)
  expect(disagreements(await readableBy('access.readable_by'))).toBe(0)
})

test('the rule for one label agrees with it too', async () => {
  const { rows } = await city.owner.query<{ seen: boolean }>(
    `select access.can_see(n.number, array(select jsonb_array_elements_text(r.reach))) as seen
     from jsonb_array_elements($1::jsonb) with ordinality r (reach, reach_at), unnest($2::int[]) with ordinality n (number, label_at) order by reach_at, label_at`,
    [JSON.stringify(reaches.slice(0, 40)), numbers],
  )
  const expected = reaches.slice(0, 40).flatMap((reach) => labels.map((clauses) => canSee(clauses, new Set(reach))))
  expect(rows.map((row) => row.seen)).toEqual(expected)
})

test('both sides write a label in the same canonical form', async () => {
  const { rows } = await city.owner.query<{ form: string[][] }>(
    'select access.canonical(l.clauses) as form from jsonb_array_elements($1::jsonb) with ordinality l (clauses, at) order by at',
    [JSON.stringify(labels)],
  )
  expect(rows.map((row) => row.form)).toEqual(labels.map((clauses) => canonical(clauses)))
})

/** Ten ways in which the SQL rule could be wrong by a slip of the hand; each must show as disagreements. */
const mutants: Array<[what: string, from: string, to: string]> = [
  ['some clause is enough', 'having count(*) = c.clauses', 'having count(*) >= 1'],
  ['all but one clause is enough', 'having count(*) = c.clauses', 'having count(*) >= c.clauses - 1'],
  ['only labels of one clause', 'having count(*) = c.clauses', 'having count(*) = 1'],
  ['every token is needed', 'c.tokens && reach', 'c.tokens <@ reach'],
  ['the whole reach is needed', 'c.tokens && reach', 'c.tokens @> reach'],
  ['no token is shared', 'c.tokens && reach', 'not c.tokens && reach'],
  ['the first token decides', 'c.tokens && reach', 'c.tokens[1] = any(reach)'],
  ['an empty clause is everybody', 'c.tokens && reach', "(c.tokens && reach or c.tokens = '{}')"],
  ['only the first clause counts', 'c.tokens && reach', '(c.clause > 1 or c.tokens && reach)'],
  ['everybody sees everything', 'c.tokens && reach', 'true'],
]

test.each(mutants)('a rule that is wrong is caught: %s', async (_what, from, to) => {
  const { rows } = await city.owner.query<{ definition: string }>("select pg_get_functiondef('access.readable_by'::regproc) as definition")
  const { definition } = rows[0]!
  expect(definition).toContain(from)
  await city.owner.query(definition.replace('access.readable_by', 'access.mutant').replace(from, to))
  expect(disagreements(await readableBy('access.mutant'))).toBeGreaterThan(0)
})
