import fc from 'fast-check'
import { describe, expect, it, test } from 'vitest'
import { MarkingText } from './contract.ts'
import { admiraltyScale, composeGrading, parseGrading, plainScale } from './grading.ts'
import { aboveCeiling, byPoint, composeMarking, lowers, type Marking, parseMarking, strictest, tlpWords, wrongForm } from './marking.ts'
import { markings } from './testing.ts'
import { ukGsc } from './scheme.ts'

const parse = (text: string) => parseMarking(text, ukGsc)
const compose = (marking: Marking) => composeMarking(marking, ukGsc)
const both = (a: string, b: string) => compose(strictest(parse(a), parse(b), ukGsc))

describe('the words of a marking', () => {
  it('are TLP 2.0 exactly (R-3.3.10)', () => {
    expect(tlpWords).toEqual(['TLP:CLEAR', 'TLP:GREEN', 'TLP:AMBER', 'TLP:AMBER+STRICT', 'TLP:RED'])
    for (const word of tlpWords) {
      expect(parse(word).tlp).toBe(word)
      expect(wrongForm(word)).toBeUndefined()
    }
    for (const word of [
      'tlp:red',
      'TLP: RED',
      'TLP RED',
      'TLP:WHITE',
      'TLP:EX:CHR',
      'TLP:UNCLEAR',
      'TLP:AMBER STRICT',
      'TLP:AMBER-STRICT',
      'TLP:AMBER+Strict',
      'TLP:AMBER +STRICT',
      'TLP:STRICT',
      'TLP:Amber',
      'TLP:ROUGE',
      'TLP:RED.',
      'TLP:RED\u200b',
      'TLP:RED [LEGAL]',
      'TLP',
      'TLP：RED',
      'TLP:RED // TLP:GREEN',
      'TLP:RED // TLP:RED',
    ]) {
      expect(() => parse(word), word).toThrow()
      expect(wrongForm(word), word).toBeDefined()
    }
  })

  it('hold OFFICIAL and OFFICIAL-SENSITIVE, and never a higher tier', () => {
    expect(parse('OFFICIAL-SENSITIVE [PERSONAL DATA] [LEGAL] // TLP:AMBER // Recovery group only')).toEqual({
      classification: 'OFFICIAL-SENSITIVE',
      tlp: 'TLP:AMBER',
      descriptors: ['LEGAL', 'PERSONAL DATA'],
      handling: ['Recovery group only'],
      originators: [],
    })
    for (const word of [
      'SECRET',
      'TOP SECRET',
      'UK SECRET',
      'NATO SECRET',
      'COSMIC TOP SECRET ATOMAL',
      'TRES SECRET',
      'TRÈS SECRET',
      'Secret',
      'SECRET [LEGAL]',
      'Top-Secret',
      'official',
      'OFFICIAL SENSITIVE',
      'OFFICIAL // OFFICIAL-SENSITIVE',
      'OFFICIAL [low]',
      'OFFICIAL []',
      'Official matters only',
      ' OFFICIAL',
      'OFFICIAL // ',
      'RESTREINT // OFFICIAL//',
    ]) {
      expect(() => parse(word), word).toThrow()
    }
    for (const word of ['SECRET', 'NATO SECRET', 'TRÈS SECRET', 'OFFICIAL // SECRET'])
      expect(wrongForm(word), word).toMatch('pointer record')
    expect(() => parse('Top-Secret')).toThrow('pointer record')
    expect(parse('Secretariat only').handling).toEqual(['Secretariat only'])
    expect(parse('Secrétariat seul').handling).toEqual(['Secrétariat seul'])
    expect(parse('')).toEqual({ descriptors: [], handling: [], originators: [] })
  })

  it('say releasability, originator and end exactly, or not at all (A.9)', () => {
    const text = 'OFFICIAL // TLP:AMBER // REL TO fire, port // ORIGINATOR fire // UNTIL 2026-12-31 // Recovery group only'
    expect(parse(text)).toMatchObject({ releasableTo: ['fire', 'port'], originators: ['fire'], until: '2026-12-31' })
    expect(
      compose(parse('UNTIL 2026-12-31 // Recovery group only // ORIGINATOR fire // REL TO port, fire, port // TLP:AMBER // OFFICIAL')),
    ).toBe(text)
    expect(parse('REL TO NOBODY').releasableTo).toEqual([])
    expect(compose(parse('OFFICIAL: SENSITIVE // TLP:GREEN'))).toBe('OFFICIAL-SENSITIVE // TLP:GREEN')
    for (const word of [
      'REL TO',
      'REL TO fire port',
      'REL TO  fire',
      'REL TO: fire',
      'REL TO fire // REL TO port',
      'ORIGINATOR',
      'ORIGINATOR fire,port',
      'UNTIL tomorrow',
      'UNTIL 2026-02-30',
      'UNTIL 2026-13-01',
      'UNTIL 0000-01-01',
      'UNTIL 2026-12-31T00:00Z',
      'UNTIL 2026-12-31 // UNTIL 2027-01-01',
    ]) {
      expect(() => parse(word), word).toThrow()
      expect(wrongForm(word), word).toBeDefined()
    }
    // Words that people write in small letters are handling instructions and nothing else.
    expect(parse('Until the statement is out // Originator to be asked').handling).toEqual([
      'Originator to be asked',
      'Until the statement is out',
    ])
  })

  it('are kept in any writing, and hold nothing unseen', () => {
    expect(parse('TLP:GREEN // للجنة التعافي فقط').handling).toEqual(['للجنة التعافي فقط'])
    for (const sign of [
      '\u0000',
      '\t',
      '\n',
      '\u001b',
      '\u007f',
      '\u0085',
      '\u00ad',
      '\u200b',
      '\u200e',
      '\u202e',
      '\u2066',
      '\ufeff',
      '\u2028',
    ]) {
      expect(wrongForm(`OFFICIAL // Not ${sign}by radio`), JSON.stringify(sign)).toBeDefined()
      expect(() => parse(`OFFICIAL // Not ${sign}by radio`), JSON.stringify(sign)).toThrow()
    }
    for (const space of [' ', '\u00a0', '\u3000', '\u2003']) expect(wrongForm(`OFFICIAL // ${space}x`), JSON.stringify(space)).toBeDefined()
  })

  it.each([
    ['TLP:WHITE', 'Write TLP exactly as one of TLP:CLEAR, TLP:GREEN, TLP:AMBER, TLP:AMBER+STRICT, TLP:RED.'],
    ['TLP:RED // TLP:RED', 'A marking has one TLP word.'],
    ['REL TO', 'Write REL TO, then codes of agencies, or NOBODY.'],
    ['REL TO:fire', 'Write REL TO, then codes of agencies, or NOBODY.'],
    ['REL TO fire // REL TO port', 'A marking says once to whom it may go.'],
    ['ORIGINATOR', 'Write ORIGINATOR, then codes of agencies.'],
    ['ORIGINATOR:fire', 'Write ORIGINATOR, then codes of agencies.'],
    ['ORIGINATOR fire // ORIGINATOR port', 'A marking names its originators once.'],
    ['UNTIL', 'Write UNTIL, then a day such as 2026-12-31.'],
    ['UNTIL:2026-12-31', 'Write UNTIL, then a day such as 2026-12-31.'],
    ['UNTIL 2026-12-31x', 'Write UNTIL, then a day such as 2026-12-31.'],
    ['UNTIL x2026-12-31', 'Write UNTIL, then a day such as 2026-12-31.'],
    ['UNTIL 2026-12-31 // UNTIL 2026-12-31', 'A marking has one end.'],
    ['x'.repeat(2001), 'This marking is too long.'],
    ['Not\u200b by radio', 'A marking holds no unseen characters, line breaks or marks that turn the direction of writing.'],
    ['TLP:RED //  x', 'A part of the marking is empty or has spaces around it.'],
  ])('say what is wrong with %s, and that nothing was kept', (text, why) => {
    const words = `${why} Nothing was kept. Correct the marking and send it again.`
    expect(wrongForm(text)).toBe(words)
    expect(() => parse(text)).toThrow(expect.objectContaining({ kind: 'invalid', field: 'marking', message: words }))
  })

  it.each([
    ['OFFICIAL // OFFICIAL', 'A marking has one classification.'],
    ['OFFICIAL [low]', 'A descriptor is in capitals, at most 60 letters.'],
    ['official', 'Write the classification exactly as one of OFFICIAL, OFFICIAL-SENSITIVE, then descriptors in square brackets.'],
    ['Official matters', 'Write the classification exactly as one of OFFICIAL, OFFICIAL-SENSITIVE, then descriptors in square brackets.'],
    [
      'Official: sensitive',
      'Write the classification exactly as one of OFFICIAL, OFFICIAL-SENSITIVE, then descriptors in square brackets.',
    ],
    ['by//radio', 'A handling instruction cannot contain //.'],
  ])('under a scheme say what is wrong with %s', (text, why) => {
    expect(() => parse(text)).toThrow(`${why} Nothing was kept. Correct the marking and send it again.`)
  })

  it('that hold // within a part are of no form at all', () => {
    expect(wrongForm('by//radio')).toBe('A part of a marking cannot contain //. Nothing was kept. Correct the marking and send it again.')
  })

  it('above the ceiling of any scheme name the level, and the way to go on', () => {
    const words = (what: string) =>
      `What is ${what} is never held here. Nothing was kept. Write a pointer record instead: held elsewhere, whom to ask, how to be briefed.`
    expect(wrongForm('NATO SECRET')).toBe(words('SECRET or above'))
    expect(() => parse('NATO SECRET')).toThrow(
      expect.objectContaining({ kind: 'invalid', field: 'marking', message: words('SECRET or above') }),
    )
    for (const text of ['SECRET', 'Uk-secret']) expect(() => parse(text)).toThrow(words('SECRET'))
  })

  it('are these words wherever they stand, and handling instructions where they only contain them', () => {
    expect(parse('As TLP:RED // By REL TO fire // The ORIGINATOR fire // Not UNTIL 2026-12-31')).toStrictEqual({
      descriptors: [],
      handling: ['As TLP:RED', 'By REL TO fire', 'Not UNTIL 2026-12-31', 'The ORIGINATOR fire'],
      originators: [],
    })
    expect(wrongForm('As TLP:RED // By REL TO fire')).toBeUndefined()
    expect(parse('By [radio')).toStrictEqual({ descriptors: [], handling: ['By [radio'], originators: [] })
  })

  it('with descriptors and no classification stand at the level that the scheme names for them', () => {
    expect(compose({ descriptors: ['LEGAL'], handling: [], originators: [] })).toBe('OFFICIAL-SENSITIVE [LEGAL]')
    expect(compose({ descriptors: [], handling: [], originators: [] })).toBe('')
  })

  it('are ordered by code point, as PostgreSQL orders bytes, the shorter first', () => {
    expect(['b', 'ab', 'a', '', '\u{1F600}', '\uFF21', 'aa'].sort(byPoint)).toEqual(['', 'a', 'aa', 'ab', 'b', '\uFF21', '\u{1F600}'])
    expect(byPoint('ab', 'ab')).toBe(0)
    expect(byPoint('ab', 'a')).toBe(1)
    expect(byPoint('ab', 'ac')).toBe(-1)
  })

  it('as they are sent have 500 characters at most; a combination may have more', () => {
    expect(MarkingText.safeParse('x'.repeat(500)).success).toBe(true)
    expect(MarkingText.safeParse('x'.repeat(501)).success).toBe(false)
    expect(wrongForm('x'.repeat(2000))).toBeUndefined()
    expect(wrongForm('x'.repeat(2001))).toBeDefined()
    expect(MarkingText.safeParse('tlp:red').error?.issues[0]?.message).toMatch(/^Write TLP exactly as one of /)
  })

  it('are read back as they were written', () => {
    fc.assert(
      fc.property(markings(ukGsc), (made) => {
        expect(parse(compose(made))).toEqual(made)
      }),
    )
  })
})

describe('combining', () => {
  it('takes the stricter on each axis and the union of the words; releasable where both are (R-3.3.3)', () => {
    expect(both('OFFICIAL // TLP:RED', 'OFFICIAL-SENSITIVE // TLP:GREEN')).toBe('OFFICIAL-SENSITIVE // TLP:RED')
    expect(both('', 'TLP:CLEAR')).toBe('TLP:CLEAR')
    expect(both('TLP:AMBER', 'TLP:AMBER+STRICT')).toBe('TLP:AMBER+STRICT')
    expect(both('OFFICIAL [LEGAL]', 'OFFICIAL [PERSONAL DATA]')).toBe('OFFICIAL [LEGAL] [PERSONAL DATA]')
    expect(both('REL TO a, b', 'REL TO b, c')).toBe('REL TO b')
    expect(both('REL TO a', 'REL TO c // ORIGINATOR c')).toBe('REL TO NOBODY // ORIGINATOR c')
    expect(both('REL TO a', 'TLP:GREEN')).toBe('TLP:GREEN // REL TO a')
    expect(both('TLP:RED // UNTIL 2026-01-01', 'TLP:RED // UNTIL 2027-01-01')).toBe('TLP:RED // UNTIL 2027-01-01')
    expect(both('TLP:RED // UNTIL 2026-01-01', 'TLP:RED')).toBe('TLP:RED')
  })

  it('says only what one of both said, and an end only where both have one', () => {
    const join = (a: string, b: string) => strictest(parse(a), parse(b), ukGsc)
    const empty = { descriptors: [], handling: [], originators: [] }
    expect(join('', '')).toStrictEqual(empty)
    expect(join('UNTIL 2026-01-01', '')).toStrictEqual(empty)
    expect(join('', 'UNTIL 2026-01-01')).toStrictEqual(empty)
    expect(join('UNTIL 2026-01-01', 'UNTIL 2026-01-01')).toStrictEqual({ ...empty, until: '2026-01-01' })
    expect(join('OFFICIAL', '')).toStrictEqual({ ...empty, classification: 'OFFICIAL' })
    expect(join('', 'TLP:CLEAR')).toStrictEqual({ ...empty, tlp: 'TLP:CLEAR' })
    expect(join('REL TO a', '')).toStrictEqual({ ...empty, releasableTo: ['a'] })
  })

  it('is the same in any order and grouping, and twice is once', () => {
    fc.assert(
      fc.property(markings(ukGsc), markings(ukGsc), markings(ukGsc), (a, b, c) => {
        const join = (x: Marking, y: Marking) => strictest(x, y, ukGsc)
        expect(join(a, b)).toEqual(join(b, a))
        expect(join(a, join(b, c))).toEqual(join(join(a, b), c))
        expect(join(a, a)).toEqual(a)
        if (aboveCeiling(a, ukGsc)) expect(aboveCeiling(join(a, b), ukGsc)).toBe(true)
        expect(lowers(a, join(a, b), ukGsc)).toBe(false)
      }),
    )
  })

  test.each([
    ['TLP:AMBER', 'TLP:GREEN', true],
    ['TLP:AMBER', '', true],
    ['OFFICIAL-SENSITIVE', 'OFFICIAL', true],
    ['OFFICIAL [LEGAL]', 'OFFICIAL', true],
    ['REL TO a', 'REL TO a, b', true],
    ['REL TO a', '', true],
    ['Not by radio', '', true],
    ['TLP:RED', 'TLP:RED // UNTIL 2026-01-01', true],
    ['ORIGINATOR a', 'ORIGINATOR b', true],
    ['TLP:GREEN', 'TLP:AMBER', false],
    ['REL TO a, b', 'REL TO a', false],
    ['', 'OFFICIAL', false],
    ['OFFICIAL', 'OFFICIAL', false],
  ])('%s to %s lowers it: %s', (before, next, lower) => {
    expect(lowers(parse(before), parse(next), ukGsc)).toBe(lower)
  })

  it('above the ceiling is known (R-3.3.1)', () => {
    expect(aboveCeiling(parse('OFFICIAL-SENSITIVE // TLP:AMBER+STRICT'), ukGsc)).toBe(false)
    expect(aboveCeiling(parse('TLP:RED'), ukGsc)).toBe(true)
    expect(aboveCeiling(parse('OFFICIAL-SENSITIVE'), ukGsc, { classification: 'OFFICIAL' })).toBe(true)
    expect(aboveCeiling(parse('TLP:RED'), ukGsc, { classification: 'OFFICIAL' })).toBe(false)
    expect(aboveCeiling(parse('OFFICIAL'), ukGsc, { tlp: 'TLP:GREEN' })).toBe(false)
    expect(aboveCeiling(parse('TLP:GREEN'), ukGsc, { tlp: 'TLP:GREEN' })).toBe(false)
    expect(aboveCeiling(parse(''), ukGsc, {})).toBe(false)
  })
})

test('grades are of the city’s scale, and say which that is', () => {
  expect(parseGrading('admiralty-scale:B2', admiraltyScale)).toEqual(['B', '2'])
  expect(parseGrading('plain:unverified', plainScale)).toEqual(['unverified'])
  for (const scale of [admiraltyScale, plainScale])
    for (const grade of scale.axes[0]!.grades) {
      const all = [grade.word, ...scale.axes.slice(1).map(({ grades }) => grades.at(-1)!.word)]
      expect(parseGrading(composeGrading(all, scale), scale)).toEqual(all)
    }
  for (const bad of [
    'B2',
    'admiralty-scale:b2',
    'admiralty-scale:G2',
    'admiralty-scale:B7',
    'admiralty-scale:2B',
    'admiralty-scale:B',
    'plain:B2',
    '',
  ])
    expect(() => parseGrading(bad, admiraltyScale), bad).toThrow('Admiralty grading')
})
