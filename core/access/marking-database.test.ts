import { existsSync, readFileSync } from 'node:fs'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { one, run, sql } from '#core/db/sql.ts'
import { type TestCity, type TestPerson, testCity } from '#core/db/testing.ts'
import { admiraltyScale, parseGrading, plainScale } from './grading.ts'
import { composeMarking, lowers, parseMarking, strictest } from './marking.ts'
import { combineLabels, internLabel } from './reach.ts'
import { type Scheme, ukGsc } from './scheme.ts'
import { fromTaxonomy } from './schemes/rules.ts'
import { markings } from './testing.ts'

const taxonomies = new URL('../../../shared/data/frameworks/misp-taxonomies/', import.meta.url)
const taxonomy = (name: string) => readFileSync(new URL(`${name}.json`, taxonomies), 'utf8')
const ready = existsSync(taxonomies)

let city: TestCity
let fire: TestPerson
let port: TestPerson
let chief: TestPerson

const intern = (person: TestPerson, clauses: string[][], marking: string) =>
  city.database.read(person.enters(), ({ tx }) => internLabel(tx, { clauses, marking }))
const markingOf = async (number: number) =>
  (await city.owner.query<{ marking: string }>('select marking from access.label where id = $1', [number])).rows[0]!.marking

beforeAll(async () => {
  city = await testCity()
  fire = await city.person('Fay', ['agency:fire', 'city:x'])
  port = await city.person('Pol', ['agency:port', 'city:x'])
  chief = await city.person('Chi', ['agency:fire', 'agency:port', 'kind:administrator'])
})
afterAll(() => city?.end())

/** What the database makes of each text: its one form, or the words of its refusal. */
async function read(texts: readonly string[], scheme: Scheme): Promise<string[]> {
  await city.owner.query(`create or replace function pg_temp.try(marking text, scheme jsonb) returns text language plpgsql as $$
    begin return access.write_marking(access.read_marking(marking, scheme), scheme); exception when others then return 'refused: ' || sqlerrm; end $$`)
  const { rows } = await city.owner.query<{ said: string }>(
    'select pg_temp.try(t.text, $2::jsonb) as said from unnest($1::text[]) with ordinality t (text, at) order by at',
    [texts, JSON.stringify(scheme)],
  )
  return rows.map(({ said }) => said)
}
function readHere(text: string, scheme: Scheme): string {
  try {
    return composeMarking(parseMarking(text, scheme), scheme)
  } catch (error) {
    return `refused: ${(error as Error).message}`
  }
}

const schemes = (): Scheme[] => [
  ukGsc,
  ...(ready ? ['euci', 'fr-classif', 'nato'].map((name) => fromTaxonomy(taxonomy(name)).scheme!) : []),
]

describe('the database reads and combines markings as the program does', () => {
  const seed = 20_261_127
  test(`every axis, in every scheme${ready ? '' : ' (shipped alone: no ../shared here)'}`, async () => {
    for (const scheme of schemes()) {
      const words = scheme.levels.flatMap(({ word, aliases }) => [
        word,
        ...aliases,
        word.toLowerCase(),
        `${word} x`,
        word.replaceAll(' ', '-'),
      ])
      const part = fc.oneof(
        markings(scheme).map((marking) => composeMarking(marking, scheme)),
        fc.constantFrom(
          ...words,
          ...words.map((word) => `${word} [LEGAL]`),
          'TLP:RED',
          'tlp:red',
          'TLP:WHITE',
          'TLP',
          'REL TO NOBODY',
          'REL TO a',
          'REL TO',
          'ORIGINATOR a, b',
          'ORIGINATORS',
          'UNTIL 2028-02-29',
          'UNTIL 2027-02-29',
          'UNTILL',
          'Untidy',
          '[x]',
          'a//b',
          'OFFICIAL [a]',
        ),
        fc.string({
          unit: fc.constantFrom('S', 'E', 'C', 'R', 'T', ' ', '/', '[', ']', 'é', '\u200b', '\u00a0', ':', '-', 'a', '9', '\u{1f692}'),
          maxLength: 14,
        }),
      )
      const text = fc.array(part, { maxLength: 4 }).map((parts) => parts.join(' // '))
      const texts = fc.sample(text, { numRuns: 1500, seed }).filter((one) => one.isWellFormed())
      const there = await read(texts, scheme)
      const here = texts.map((one) => readHere(one, scheme))
      expect(texts.flatMap((one, at) => (here[at] === there[at] ? [] : [[scheme.code, one, here[at], there[at]]]))).toEqual([])
      expect(here.filter((one) => one.startsWith('refused')).length).toBeGreaterThan(150)
      expect(here.filter((one) => !one.startsWith('refused')).length).toBeGreaterThan(150)
    }
  })

  test('the strictest of two, and whether one lowers the other: 1,200 pairs', async () => {
    const scheme = ukGsc
    const pairs = fc.sample(fc.tuple(markings(scheme), markings(scheme)), { numRuns: 1200, seed })
    const { rows } = await city.owner.query<{ both: string; lower: boolean }>(
      'select access.strictest(p.a, p.b) as both, access.lowers(p.a, p.b) as lower from unnest($1::text[], $2::text[]) with ordinality p (a, b, at) order by at',
      [pairs.map(([a]) => composeMarking(a, scheme)), pairs.map(([, b]) => composeMarking(b, scheme))],
    )
    expect(rows).toEqual(pairs.map(([a, b]) => ({ both: composeMarking(strictest(a, b, scheme), scheme), lower: lowers(a, b, scheme) })))
  })

  test('what is shipped is the same in both', async () => {
    const { rows } = await city.owner.query<{ content: object }>("select content from access.scheme where source = 'shipped' order by code")
    expect(rows.map(({ content }) => content)).toEqual([admiraltyScale, plainScale, ukGsc])
  })
})

describe('a label is held against the city’s scheme when it is made', () => {
  test('one way of writing: order, alias and repetition make no second label', async () => {
    const number = await intern(fire, [['agency:fire']], 'OFFICIAL-SENSITIVE // TLP:AMBER')
    for (const text of ['TLP:AMBER // OFFICIAL-SENSITIVE', 'OFFICIAL: SENSITIVE // TLP:AMBER'])
      expect(await intern(fire, [['agency:fire']], text)).toBe(number)
  })

  test.each(['TLP:WHITE', 'official', 'OFFICIAL // OFFICIAL', 'OFFICIAL //  x', 'TLP:GREEN // a\u202eb', 'x'.repeat(2001)])(
    '%j is refused, and names the field',
    async (text) => {
      await expect(intern(fire, [['agency:fire']], text)).rejects.toMatchObject({ kind: 'invalid', field: 'marking' })
    },
  )

  test('above the ceiling nothing is kept, whoever writes it; SECRET never, whatever the ceiling', async () => {
    for (const text of [
      'TLP:RED',
      'SECRET',
      'TOP SECRET // TLP:GREEN',
      'NATO SECRET',
      'COSMIC TOP SECRET',
      'TRÈS SECRET',
      'UK SECRET [LEGAL]',
    ]) {
      await expect(intern(fire, [[`person:${fire.personId}`]], text), text).rejects.toMatchObject({
        kind: 'invalid',
        field: 'marking',
        message: expect.stringMatching('pointer record'),
      })
      await expect(city.owner.query('select access.intern($1, $2)', [JSON.stringify([['agency:fire']]), text]), text).rejects.toThrow(
        'pointer record',
      )
    }
    await city.owner.query('update access.marking_rule set ceiling_classification = null, ceiling_tlp = null')
    try {
      for (const text of ['SECRET', 'TOP SECRET', 'NATO SECRET'])
        await expect(intern(fire, [[`person:${fire.personId}`]], text), text).rejects.toMatchObject({ kind: 'invalid' })
      // TLP:RED is for named persons: a list of people, never an agency, a group or a circle.
      for (const clauses of [[['agency:fire']], [['circle:x']], [[`person:${fire.personId}`, 'agency:fire']], [['city:x'], ['group:g']]])
        await expect(intern(fire, clauses, 'TLP:RED')).rejects.toMatchObject({
          kind: 'invalid',
          message: expect.stringMatching('named persons'),
        })
      const red = await intern(fire, [[`person:${fire.personId}`, `person:${port.personId}`], ['city:x']], 'TLP:RED')
      expect(await markingOf(red)).toBe('TLP:RED')
      // Lowered again, the same label is refused from now on, though it stands.
      await city.owner.query("update access.marking_rule set ceiling_tlp = 'TLP:AMBER+STRICT'")
      await expect(intern(fire, [[`person:${fire.personId}`, `person:${port.personId}`], ['city:x']], 'TLP:RED')).rejects.toMatchObject({
        field: 'marking',
      })
    } finally {
      await city.owner.query(
        "update access.marking_rule set ceiling_classification = 'OFFICIAL-SENSITIVE', ceiling_tlp = 'TLP:AMBER+STRICT'",
      )
    }
  })

  test('REL TO stands only where the clauses say so', async () => {
    await expect(intern(fire, [['city:x']], 'TLP:GREEN // REL TO fire')).rejects.toMatchObject({ field: 'marking' })
    expect(await markingOf(await intern(fire, [['city:x'], ['agency:fire', 'agency:port']], 'TLP:GREEN // REL TO port, fire'))).toBe(
      'TLP:GREEN // REL TO fire, port',
    )
  })

  test('a caveat is in the words and in the clauses, or in neither', async () => {
    await city.owner.query("insert into access.caveat (token, descriptor, place) values ('briefed:test-caveat', 'TEST CAVEAT', 900)")
    await expect(intern(fire, [['agency:fire']], 'OFFICIAL [TEST CAVEAT]')).rejects.toMatchObject({
      field: 'marking',
      message: expect.stringMatching('is a caveat'),
    })
    await expect(intern(fire, [['agency:fire', 'briefed:test-caveat']], 'OFFICIAL [TEST CAVEAT]')).rejects.toMatchObject({
      field: 'marking',
    })
    expect(await markingOf(await intern(fire, [['agency:fire'], ['briefed:test-caveat']], 'OFFICIAL'))).toBe('OFFICIAL [TEST CAVEAT]')
  })

  test('a token that an area reserves is nobody’s to take by being first', async () => {
    await city.owner.query("insert into access.reserved (prefix) values ('briefed:test-caveat')")
    const take = (token: string) =>
      city.database.read(fire.enters(), ({ tx }) => run(tx, sql`select access.grant_reach(${fire.personId}, ${token}, null, null, 'x')`))
    await expect(take('briefed:test-caveat')).rejects.toMatchObject({ kind: 'not-allowed' })
    await expect(take('briefed:test-caveat.more')).rejects.toMatchObject({ kind: 'not-allowed' })
    await take('briefed:free')
  })
})

describe('what is made of several things', () => {
  const combine = (person: TestPerson, numbers: number[]) => city.database.read(person.enters(), ({ tx }) => combineLabels(tx, numbers))

  test('carries every clause and the strictest words; whoever cannot read one of them makes nothing and learns nothing', async () => {
    const ofFire = await intern(fire, [['agency:fire']], 'OFFICIAL // TLP:GREEN // REL TO fire // ORIGINATOR fire')
    const ofPort = await intern(port, [['agency:port']], 'OFFICIAL-SENSITIVE [COMMERCIAL] // REL TO port // ORIGINATOR port')
    const made = await combine(chief, [ofFire, ofPort])
    const { rows } = await city.owner.query('select clauses, marking from access.label where id = $1', [made])
    expect(rows[0]).toEqual({
      clauses: [['agency:fire'], ['agency:port']],
      marking: 'OFFICIAL-SENSITIVE [COMMERCIAL] // TLP:GREEN // REL TO NOBODY // ORIGINATOR fire, port',
    })
    for (const numbers of [[ofFire, ofPort], [ofPort], [2_000_000], []])
      await expect(combine(fire, numbers)).rejects.toMatchObject({ kind: 'not-found' })
    expect(await combine(fire, [ofFire, ofFire])).toBe(ofFire)
  })

  test('a grade is the same to the database and to the page, in every scale', async () => {
    for (const scale of [plainScale, admiraltyScale]) {
      await city.owner.query('update access.marking_rule set grading = $1', [scale.code])
      const axes = scale.axes.map(({ grades }) => fc.constantFrom(...grades.map(({ word }) => word), 'G', '7', ''))
      const some = fc.sample(
        fc.tuple(fc.constantFrom(`${scale.code}:`, 'other:', ''), fc.tuple(...axes), fc.constantFrom('', '', '', 'x')),
        80,
      )
      for (const [head, words, tail] of some) {
        const text = head + words.join('') + tail
        const { rows } = await city.owner.query<{ is: boolean }>('select access.is_grading($1) as is', [text])
        const parsed = (() => {
          try {
            parseGrading(text, scale)
            return true
          } catch {
            return false
          }
        })()
        expect([text, rows[0]!.is]).toEqual([text, parsed])
      }
    }
    await city.owner.query("update access.marking_rule set grading = 'plain'")
  })

  test('that nobody present can read is found by its originators’ codes alone', async () => {
    const dark = async (codes: string[]) =>
      (await city.owner.query<{ marking: string }>('select marking from access.read_by_nobody($1)', [codes])).rows.map(
        ({ marking }) => marking,
      )
    await city.owner.query('select access.intern($1, $2)', ['[["agency:fire"], ["cleared:gone"]]', 'OFFICIAL // ORIGINATOR fire'])
    expect(await dark(['fire'])).toEqual(['OFFICIAL // ORIGINATOR fire'])
    expect(await dark(['port'])).toEqual([])
    expect(await dark([])).toEqual([])
  })

  test('no serving role reads what is read by nobody, or looks at labels again', async () => {
    for (const text of [
      "select * from access.read_by_nobody('{fire}')",
      'update access.label set checked = true',
      "insert into access.caveat values ('briefed:y', 'Y', 5)",
      'update access.marking_rule set ceiling_tlp = null returning id',
    ])
      await expect(
        city.database.read(fire.enters(), ({ tx }) => one(tx, { text, values: [] })),
        text,
      ).rejects.toMatchObject({ kind: expect.stringMatching(/not-allowed|not-found/) })
  })
})
