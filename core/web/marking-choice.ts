import { composeMarking, parseMarking, type Tlp, tlpWords } from '#core/access/marking.ts'
import { rankOf, type Scheme } from '#core/access/scheme.ts'

/** What somebody chose about a label before typing. */
export interface MarkingChoice {
  /** Tokens of the audience: whoever holds one of them reads it, if nothing below keeps them out. */
  audience: readonly string[]
  /** Tokens of the caveats: each is a clause of its own. */
  caveats: readonly string[]
  classification: string
  tlp: Tlp | ''
  descriptors: readonly string[]
  /** A day, `2026-12-31`; empty is none. */
  until: string
}

interface Rule {
  scheme: Scheme
  ceiling: { classification: string | null; tlp: Tlp | null }
  caveats: ReadonlyArray<{ token: string; descriptor: string }>
}

/** What may be chosen: never above the ceiling. An axis without a ceiling goes as far as the scheme lets anything be held. */
export const levelsWithin = ({ scheme, ceiling }: Rule): string[] =>
  scheme.levels
    .filter(({ word, held }) => held && (ceiling.classification === null || rankOf(scheme, word) <= rankOf(scheme, ceiling.classification)))
    .map(({ word }) => word)
export const tlpWithin = ({ ceiling }: Rule): Tlp[] =>
  tlpWords.filter((_, place) => ceiling.tlp === null || place <= tlpWords.indexOf(ceiling.tlp))

/** Does it keep somebody out who is in the audience? Then it takes a reason and an end. */
export const restricting = (choice: MarkingChoice): boolean =>
  choice.caveats.length > 0 || choice.tlp === 'TLP:AMBER+STRICT' || choice.tlp === 'TLP:RED'

/** The label as it is sent: the audience is one clause, each caveat another. No audience is nobody. */
export function labelOf(choice: MarkingChoice, rule: Rule): { clauses: string[][]; marking: string } {
  const { scheme } = rule
  const said = choice.classification === '' ? undefined : parseMarking(choice.classification, scheme).classification
  const caveats = rule.caveats.filter(({ token }) => choice.caveats.includes(token))
  return {
    clauses: [[...choice.audience], ...caveats.map(({ token }) => [token])],
    marking: composeMarking(
      {
        ...(said === undefined ? {} : { classification: said }),
        ...(choice.tlp === '' ? {} : { tlp: choice.tlp }),
        descriptors: [...choice.descriptors, ...caveats.map(({ descriptor }) => descriptor)],
        handling: [],
        originators: [],
        ...(choice.until === '' ? {} : { until: choice.until }),
      },
      scheme,
    ),
  }
}
