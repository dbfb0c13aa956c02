import { existsSync, readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { z } from 'zod'
import { type TestCity, type TestPerson, testCity } from '#core/db/testing.ts'
import { type Operation, wordsOf } from '#core/operation/operation.ts'
import { perform, registryOf } from '#core/operation/perform.ts'
import { accessArea } from '../area.ts'
import { parseGrading } from '../grading.ts'
import { parseMarking, tlpWords } from '../marking.ts'
import { internLabel } from '../reach.ts'
import * as words from './contract.ts'
import { fromTaxonomy, tierOf } from './rules.ts'

const taxonomies = new URL('../../../../shared/data/frameworks/misp-taxonomies/', import.meta.url)
const ready = existsSync(taxonomies)
const why = ready ? '' : ' (skipped: no ../shared here)'
const taxonomy = (name: string) => readFileSync(new URL(`${name}.json`, taxonomies), 'utf8')
const schemeOf = (name: string) => fromTaxonomy(taxonomy(name)).scheme!
const made = (levels: string[], more: object = {}) =>
  JSON.stringify({ namespace: 'own', predicates: levels.map((value) => ({ value })), ...more })

describe.skipIf(!ready)(`a taxonomy of MISP${why}`, () => {
  test('euci: RESTREINT may be held, CONFIDENTIEL and above never', () => {
    const scheme = schemeOf('euci')
    expect(scheme.levels.map(({ word, held }) => [word, held])).toEqual([
      ['RESTREINT UE/EU RESTRICTED', true],
      ['CONFIDENTIEL UE/EU CONFIDENTIAL', false],
      ['SECRET UE/EU SECRET', false],
      ['TRES SECRET UE/EU TOP SECRET', false],
    ])
    expect(parseMarking('R-UE/EU-R // TLP:AMBER', scheme).classification).toBe('RESTREINT UE/EU RESTRICTED')
    expect(parseMarking('OFFICIAL-SENSITIVE // Rota', scheme).classification).toBe('RESTREINT UE/EU RESTRICTED')
    for (const word of ['S-UE/EU-S', 'TS-UE/EU-TS', 'C-UE/EU-C', 'SECRET UE/EU SECRET', 'SECRET'])
      expect(() => parseMarking(word, scheme), word).toThrow('pointer record')
  })

  test('nato: put in order though the file is not; the special categories above their level', () => {
    const { levels } = schemeOf('nato')
    expect(levels.map(({ word }) => word)).toEqual([
      'NATO UNCLASSIFIED',
      'NATO RESTRICTED',
      'NATO CONFIDENTIAL',
      'CONFIDENTIAL ATOMAL',
      'NATO SECRET',
      'SECRET ATOMAL',
      'COSMIC TOP SECRET',
      'COSMIC TOP SECRET ATOMAL',
      'COSMIC TOP SECRET BOHEMIA',
    ])
    expect(levels.filter(({ held }) => held).map(({ word, aliases }) => [word, aliases])).toEqual([
      ['NATO UNCLASSIFIED', ['NU', 'OFFICIAL']],
      ['NATO RESTRICTED', ['NR', 'OFFICIAL-SENSITIVE']],
    ])
  })

  test('fr-classif: the mention beside the level is a descriptor', () => {
    const scheme = schemeOf('fr-classif')
    expect(scheme.levels.map(({ word, held }) => [word, held])).toEqual([
      ['NON PROTEGE', true],
      ['DIFFUSION RESTREINTE', true],
      ['SECRET', false],
      ['TRES SECRET', false],
    ])
    expect(scheme.descriptors).toEqual(['SPECIAL FRANCE'])
    expect(parseMarking('DIFFUSION RESTREINTE [SPECIAL FRANCE]', scheme).descriptors).toEqual(['SPECIAL FRANCE'])
  })

  test('tlp: exactly the five words of TLP 2.0; what is no word of it is left out and said', () => {
    const file = JSON.parse(taxonomy('tlp')) as { predicates: Array<{ value: string }> }
    const { leftOut, kind, scheme } = fromTaxonomy(taxonomy('tlp'))
    expect({ kind, scheme }).toEqual({ kind: 'tlp', scheme: undefined })
    expect(leftOut.map(({ word }) => word)).toEqual(['TLP:WHITE', 'TLP:EX:CHR', 'TLP:UNCLEAR'])
    expect(new Set([...tlpWords, ...leftOut.map(({ word }) => word)])).toEqual(
      new Set(file.predicates.map(({ value }) => `TLP:${value.toUpperCase()}`)),
    )
  })

  test('admiralty-scale: A to F and 1 to 6; the G of the file is left out and said; no figure is made of a grade', () => {
    const { grading, leftOut } = fromTaxonomy(taxonomy('admiralty-scale'))
    expect(grading?.axes.map(({ grades }) => grades.map(({ word }) => word).join(''))).toEqual(['ABCDEF', '123456'])
    expect(leftOut.map(({ word }) => word)).toEqual(['G: Deliberatly deceptive'])
    expect(JSON.stringify(grading)).not.toContain('numerical')
    expect(parseGrading('admiralty-scale:F6', grading!)).toEqual(['F', '6'])
  })
})

describe('a file that cannot be used', () => {
  test.each([
    ['not JSON', '{', 'files'],
    ['no taxonomy', '{"namespace":"x"}', 'files'],
    ['a name that is a path', made(['UNCLASSIFIED', 'RESTRICTED'], { namespace: '../x' }), 'files'],
    ['nothing that may be held', made(['SECRET', 'TOP SECRET']), 'files'],
    ['a level that does not say how strict it is', made(['UNCLASSIFIED', 'PURPLE']), 'order'],
    ['TLP without its strictest word', JSON.stringify({ namespace: 'tlp', predicates: [{ value: 'red' }, { value: 'clear' }] }), 'files'],
  ])('%s: refused, with the field', (_what, content, field) => {
    expect(() => fromTaxonomy(content)).toThrow(expect.objectContaining({ kind: 'invalid', field }))
  })

  test('an order that is given is kept, and must name each level', () => {
    const content = made(['AMARANTH', 'UNCLASSIFIED', 'PURPLE'])
    expect(fromTaxonomy(content, 'UNCLASSIFIED, PURPLE, AMARANTH').scheme?.levels.map(({ word }) => word)).toEqual([
      'UNCLASSIFIED',
      'PURPLE',
      'AMARANTH',
    ])
    expect(() => fromTaxonomy(content, 'UNCLASSIFIED, PURPLE')).toThrow(expect.objectContaining({ field: 'order' }))
    expect(fromTaxonomy(made(['A', 'SECRET', 'B']), 'A, SECRET, B').scheme?.levels.map(({ held }) => held)).toEqual([true, false, false])
  })

  test('how strict a word is fails to the stricter', () => {
    expect(['TOP SECRET', 'TRES SECRET', 'COSMIC X', 'SECRET', 'CONFIDENTIEL', 'RESTREINT', 'UNCLASSIFIED', 'PURPLE'].map(tierOf)).toEqual([
      4,
      4,
      4,
      3,
      2,
      1,
      0,
      undefined,
    ])
  })
})

describe('the city’s rule', () => {
  let city: TestCity
  let administrator: TestPerson
  let officer: TestPerson
  const registry = registryOf([accessArea([], () => false)])
  const as = <O extends z.ZodType>(person: TestPerson, operation: Operation<z.ZodType, O>, input: unknown) =>
    perform(city.database, registry, registry.named(...wordsOf(operation)), input, person.enters(operation.name)) as Promise<z.output<O>>
  const file = (content: string) => [{ name: 'x.json', content: Buffer.from(content).toString('base64') }]
  const restricted = made(['UNCLASSIFIED', 'RESTRICTED', 'SECRET'])

  beforeAll(async () => {
    city = await testCity()
    await city.owner.query("insert into access.city (code, name) values ('test', 'Testbridge')")
    administrator = await city.person('Ada', ['kind:administrator', 'city:test'])
    officer = await city.person('Olu', ['kind:watch-officer', 'city:test', 'agency:fire'])
  })
  afterAll(() => city?.end())

  test('everybody reads it; an administrator alone brings a scheme in and chooses it, in plain sight of the record', async () => {
    expect(await as(officer, words.markingRule, {})).toMatchObject({
      scheme: { code: 'uk-gsc' },
      ceiling: { classification: 'OFFICIAL-SENSITIVE', tlp: 'TLP:AMBER+STRICT' },
      grading: { code: 'plain' },
    })
    await expect(as(officer, words.importScheme, { files: file(restricted) })).rejects.toMatchObject({ kind: 'not-allowed' })
    await expect(
      as(officer, words.setMarkingRule, { scheme: 'uk-gsc', ceilingClassification: null, ceilingTlp: null, grading: 'plain' }),
    ).rejects.toMatchObject({ kind: 'not-allowed' })
    expect(await as(administrator, words.importScheme, { files: file(restricted), preview: true })).toMatchObject({
      kept: false,
      code: 'own',
    })
    expect((await as(administrator, words.schemes, {})).schemes.map(({ code }) => code)).toEqual(['uk-gsc'])
    expect(await as(administrator, words.importScheme, { files: file(restricted) })).toMatchObject({ kept: true })
    await expect(as(administrator, words.importScheme, { files: file(made(['OFFICIAL'], { namespace: 'uk-gsc' })) })).rejects.toMatchObject(
      { kind: 'conflict' },
    )
    const { rows } = await city.owner.query(
      "select count(*)::int as count from record.entry where convert_from(header, 'UTF8')::jsonb ->> 'table' = 'access.scheme' and convert_from(content, 'UTF8')::jsonb -> 'row' ->> 'code' = 'own'",
    )
    expect(rows[0]).toEqual({ count: 1 })
  })

  test('another scheme is used from that moment: our own words are rewritten, words of the old one refused, what stands stays', async () => {
    const intern = (marking: string) =>
      city.database.read(officer.enters(), ({ tx }) => internLabel(tx, { clauses: [['agency:fire']], marking }))
    const before = await intern('OFFICIAL-SENSITIVE // Rota')
    await as(administrator, words.setMarkingRule, {
      scheme: 'own',
      ceilingClassification: 'RESTRICTED',
      ceilingTlp: 'TLP:AMBER',
      grading: 'admiralty-scale',
    })
    const after = await intern('OFFICIAL-SENSITIVE // Rota')
    const { rows } = await city.owner.query('select id, marking from access.label where id = any($1) order by id', [[before, after]])
    expect(rows).toEqual([
      { id: before, marking: 'OFFICIAL-SENSITIVE // Rota' },
      { id: after, marking: 'RESTRICTED // Rota' },
    ])
    await expect(intern('TLP:AMBER+STRICT')).rejects.toMatchObject({
      field: 'marking',
      message: expect.stringContaining('RESTRICTED, TLP:AMBER'),
    })
    await expect(
      as(administrator, words.setMarkingRule, { scheme: 'none', ceilingClassification: null, ceilingTlp: null, grading: 'plain' }),
    ).rejects.toMatchObject({ kind: 'invalid', field: 'scheme' })
    await expect(
      as(administrator, words.setMarkingRule, { scheme: 'own', ceilingClassification: 'SECRET', ceilingTlp: null, grading: 'plain' }),
    ).rejects.toMatchObject({ kind: 'invalid', field: 'ceilingClassification' })
    await as(administrator, words.setMarkingRule, {
      scheme: 'uk-gsc',
      ceilingClassification: 'OFFICIAL-SENSITIVE',
      ceilingTlp: 'TLP:AMBER+STRICT',
      grading: 'plain',
    })
    expect(await intern('OFFICIAL-SENSITIVE // Rota')).toBe(before)
  })

  test('no scheme holds SECRET, by whatever hand it is written', async () => {
    const write = (levels: object[]) =>
      city.owner.query("update access.scheme set content = jsonb_set(content, '{levels}', $1) where code = 'own'", [JSON.stringify(levels)])
    const open = { word: 'UNCLASSIFIED', aliases: ['OFFICIAL-SENSITIVE'], held: true }
    for (const level of [
      { word: 'SECRET', aliases: [], held: true },
      { word: 'X', aliases: ['NATO SECRET'], held: true },
    ])
      await expect(write([open, level])).rejects.toThrow('never held')
    await expect(write([open, { word: 'Y', aliases: [], held: false }, { word: 'Z', aliases: [], held: true }])).rejects.toThrow(
      'never held',
    )
    await expect(write([open, open])).rejects.toThrow('each word once')
  })

  test('before anything is written it says who would read it, and what is wrong', async () => {
    const ask = (clauses: string[][], marking: string) => as(officer, words.preview, { label: { clauses, marking } })
    const labels = async () => (await city.owner.query<{ count: number }>('select count(*)::int as count from access.label')).rows[0]!.count
    const before = await labels()
    expect(await ask([['city:test']], 'TLP:GREEN // OFFICIAL')).toEqual({
      marking: 'OFFICIAL // TLP:GREEN',
      who: ['everybody in Testbridge'],
      you: true,
      problem: null,
      pointer: false,
    })
    expect(await ask([['agency:port']], 'TLP:GREEN')).toMatchObject({ you: false })
    expect(await ask([], 'TLP:GREEN')).toMatchObject({ you: false })
    expect(await ask([['agency:fire']], 'TLP:RED')).toMatchObject({ pointer: true, problem: expect.stringMatching('named persons') })
    expect(await ask([['agency:fire']], 'OFFICIAL SENSITIVE')).toMatchObject({ problem: expect.stringMatching('exactly') })
    await expect(ask([['agency:fire']], 'SECRET')).rejects.toMatchObject({ kind: 'invalid' })
    expect(await labels()).toBe(before)
  })
})
