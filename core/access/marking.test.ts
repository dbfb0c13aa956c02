import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { aboveCeiling, classificationWords, composeMarking, type Marking, parseMarking, strictest, tlpWords } from './marking.ts'

const marking: fc.Arbitrary<Marking> = fc
  .record({
    classification: fc.option(fc.constantFrom(...classificationWords), { nil: undefined }),
    tlp: fc.option(fc.constantFrom(...tlpWords), { nil: undefined }),
    descriptors: fc.uniqueArray(fc.constantFrom('COMMERCIAL', 'LEGAL', 'PERSONAL DATA')),
    handling: fc.uniqueArray(fc.constantFrom('Recovery group only', 'Not by radio', 'Call the originator before forwarding')),
  })
  .map(({ classification, tlp, descriptors, handling }) => ({
    // Descriptors are written with a classification, so a marking that has one has the other.
    ...(classification === undefined
      ? descriptors.length > 0
        ? { classification: 'OFFICIAL-SENSITIVE' as const }
        : {}
      : { classification }),
    ...(tlp === undefined ? {} : { tlp }),
    descriptors: descriptors.sort(),
    handling: handling.sort(),
  }))

describe('the words of a marking', () => {
  it('are TLP 2.0 exactly (R-3.3.10)', () => {
    expect(tlpWords).toEqual(['TLP:CLEAR', 'TLP:GREEN', 'TLP:AMBER', 'TLP:AMBER+STRICT', 'TLP:RED'])
    for (const word of tlpWords) expect(parseMarking(word).tlp).toBe(word)
    for (const word of [
      'tlp:red',
      'TLP: RED',
      'TLP RED',
      'TLP:WHITE',
      'TLP:AMBER STRICT',
      'TLP:AMBER-STRICT',
      'TLP:Amber',
      'TLP:ROUGE',
      'TLP:RED.',
      'TLP',
      'TLP:RED // TLP:GREEN',
    ]) {
      expect(() => parseMarking(word), word).toThrow()
    }
  })

  it('hold OFFICIAL and OFFICIAL-SENSITIVE, and never a higher tier', () => {
    expect(parseMarking('OFFICIAL-SENSITIVE [PERSONAL DATA] [LEGAL] // TLP:AMBER // Recovery group only')).toEqual({
      classification: 'OFFICIAL-SENSITIVE',
      tlp: 'TLP:AMBER',
      descriptors: ['LEGAL', 'PERSONAL DATA'],
      handling: ['Recovery group only'],
    })
    for (const word of [
      'SECRET',
      'TOP SECRET',
      'UK SECRET',
      'Secret',
      'SECRET [LEGAL]',
      'official',
      'OFFICIAL SENSITIVE',
      'OFFICIAL // OFFICIAL-SENSITIVE',
      'OFFICIAL [low]',
      'OFFICIAL []',
      ' OFFICIAL',
      'OFFICIAL // ',
    ]) {
      expect(() => parseMarking(word), word).toThrow()
    }
    expect(parseMarking('Secretariat only').handling).toEqual(['Secretariat only'])
    expect(parseMarking('')).toEqual({ descriptors: [], handling: [] })
  })

  it('are read back as they were written', () => {
    fc.assert(
      fc.property(marking, (made) => {
        expect(parseMarking(composeMarking(made))).toEqual(made)
      }),
    )
  })

  it('combine to the stricter on each axis, in any order and grouping', () => {
    expect(strictest(parseMarking('OFFICIAL // TLP:RED'), parseMarking('OFFICIAL-SENSITIVE // TLP:GREEN'))).toEqual(
      parseMarking('OFFICIAL-SENSITIVE // TLP:RED'),
    )
    expect(strictest(parseMarking(''), parseMarking('TLP:CLEAR')).tlp).toBe('TLP:CLEAR')
    expect(strictest(parseMarking('TLP:AMBER'), parseMarking('TLP:AMBER+STRICT')).tlp).toBe('TLP:AMBER+STRICT')
    fc.assert(
      fc.property(marking, marking, marking, (a, b, c) => {
        expect(strictest(a, b)).toEqual(strictest(b, a))
        expect(strictest(a, strictest(b, c))).toEqual(strictest(strictest(a, b), c))
        expect(strictest(a, a)).toEqual(a)
        if (aboveCeiling(a)) expect(aboveCeiling(strictest(a, b))).toBe(true)
      }),
    )
  })

  it('above the ceiling are known (R-3.3.1)', () => {
    expect(aboveCeiling(parseMarking('OFFICIAL-SENSITIVE // TLP:AMBER+STRICT'))).toBe(false)
    expect(aboveCeiling(parseMarking('TLP:RED'))).toBe(true)
    expect(aboveCeiling(parseMarking('OFFICIAL-SENSITIVE'), { classification: 'OFFICIAL' })).toBe(true)
    expect(aboveCeiling(parseMarking('TLP:RED'), { classification: 'OFFICIAL' })).toBe(false)
  })
})
