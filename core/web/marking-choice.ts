import { composeMarking, type Marking, parseMarking, type Tlp, tlpWords } from '#core/access/marking.ts'
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
  /** Instructions of the scheme that were chosen, and those in words of one's own. */
  handling: readonly string[]
  ownHandling: string
  /** Words of the organisations to which alone it may go; null: this limits nothing. */
  releasableTo: readonly string[] | null
  /** Words of the organisations whose information it is. */
  originators: readonly string[]
  /** A day, `2026-12-31`; empty is none. */
  until: string
}

/** A label as it is sent, and which of its clauses are caveats. */
export interface ChosenLabel {
  clauses: string[][]
  marking: string
  caveats: string[]
}

interface Rule {
  scheme: Scheme
  ceiling: { classification: string | null; tlp: Tlp | null }
  caveats: ReadonlyArray<{ token: string; descriptor: string }>
  organisations: ReadonlyArray<{ word: string; token: string }>
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

/** The choice as which a marking is read; one that the city's scheme cannot read begins anew. */
export function choiceOf(marking: string, rule: Rule, more: { audience: readonly string[]; caveats: readonly string[] }): MarkingChoice {
  let read: Marking = { tlp: 'TLP:AMBER', descriptors: [], handling: [], originators: [] }
  try {
    read = parseMarking(marking, rule.scheme)
  } catch {
    // A marking of a scheme of before: what may be chosen today is offered instead.
  }
  const levels = levelsWithin(rule)
  const caveatWords = rule.caveats.map(({ descriptor }) => descriptor)
  return {
    ...more,
    classification: read.classification !== undefined && levels.includes(read.classification) ? read.classification : '',
    tlp: read.tlp ?? '',
    descriptors: read.descriptors.filter((word) => !caveatWords.includes(word)),
    handling: read.handling,
    ownHandling: '',
    releasableTo: read.releasableTo ?? null,
    originators: read.originators,
    until: read.until ?? '',
  }
}

/**
 * The label as it is sent: the audience is one clause, each caveat another, and REL TO a third where the page asks for no agencies of its own
 * (no audience there at all leaves the first one out). An audience that was asked for and is empty is nobody.
 */
export function labelOf(choice: MarkingChoice, rule: Rule, asksAudience: boolean): ChosenLabel {
  const { scheme } = rule
  const said = choice.classification === '' ? undefined : parseMarking(choice.classification, scheme).classification
  const caveats = rule.caveats.filter(({ token }) => choice.caveats.includes(token))
  const released = rule.organisations.flatMap(({ word, token }) => (choice.releasableTo?.includes(word) ? [token] : []))
  const own = choice.ownHandling.trim()
  return {
    clauses: [
      ...(asksAudience ? [[...choice.audience]] : []),
      ...(released.length > 0 ? [released] : []),
      ...choice.caveats.map((token) => [token]),
    ],
    marking: composeMarking(
      {
        ...(said === undefined ? {} : { classification: said }),
        ...(choice.tlp === '' ? {} : { tlp: choice.tlp }),
        descriptors: [...choice.descriptors, ...caveats.map(({ descriptor }) => descriptor)],
        handling: [...choice.handling, ...(own === '' ? [] : [own])],
        ...(choice.releasableTo === null ? {} : { releasableTo: [...choice.releasableTo] }),
        originators: [...choice.originators],
        ...(choice.until === '' ? {} : { until: choice.until }),
      },
      scheme,
    ),
    caveats: [...choice.caveats],
  }
}
