import fc from 'fast-check'
import { byPoint, type Marking, tlpWords } from './marking.ts'
import type { Scheme } from './scheme.ts'

const codes = fc.uniqueArray(fc.constantFrom('fire', 'port', 'hospital', 'Z.9'), { maxLength: 3 })
const sorted = (words: string[]) => [...words].sort(byPoint)

/** Any marking that a scheme can write, in the form in which it is read back. */
export const markings = (scheme: Scheme): fc.Arbitrary<Marking> =>
  fc
    .record({
      classification: fc.option(fc.constantFrom(...scheme.levels.filter(({ held }) => held).map(({ word }) => word)), { nil: undefined }),
      tlp: fc.option(fc.constantFrom(...tlpWords), { nil: undefined }),
      descriptors: fc.uniqueArray(fc.constantFrom('COMMERCIAL', 'LEGAL', 'PERSONAL DATA')),
      handling: fc.uniqueArray(
        fc.constantFrom('Recovery group only', 'Not by radio', 'للجنة التعافي فقط', '\u{1f692} crews', '\uff08paper\uff09 only'),
      ),
      releasableTo: fc.option(codes, { nil: undefined }),
      originators: codes,
      until: fc.option(fc.constantFrom('2026-01-01', '2026-12-31', '2027-02-28'), { nil: undefined }),
    })
    .map(({ classification, tlp, descriptors, handling, releasableTo, originators, until }) => ({
      // Descriptors are written with a classification, so a marking that has one has the other.
      ...(classification === undefined ? (descriptors.length > 0 ? { classification: scheme.descriptorsAt } : {}) : { classification }),
      ...(tlp === undefined ? {} : { tlp }),
      descriptors: sorted(descriptors),
      handling: sorted(handling),
      ...(releasableTo === undefined ? {} : { releasableTo: sorted(releasableTo) }),
      originators: sorted(originators),
      ...(until === undefined ? {} : { until }),
    }))
