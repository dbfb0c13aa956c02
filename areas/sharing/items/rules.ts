import { aboveCeiling, composeMarking, parseMarking, strictest } from '#core/access/marking.ts'
import { type Ceiling, defaultCeiling, levelOf, rankOf, type Scheme, ukGsc } from '#core/access/scheme.ts'
import { invalid } from '#core/errors.ts'

/** How the city marks: its scheme, and what it holds nothing above. */
export interface MarkingBy {
  scheme: Scheme
  ceiling: Ceiling
}
const shipped: MarkingBy = { scheme: ukGsc, ceiling: defaultCeiling }

/** Of what is made of others: the stricter word on each axis, and every word of each. Throws invalid `marking` above the platform's ceiling. */
export function markingOf(marking: string, parts: readonly string[], { scheme, ceiling }: MarkingBy = shipped): string {
  const whole = parts
    .map((part) => parseMarking(part, scheme))
    .reduce((one, other) => strictest(one, other, scheme), parseMarking(marking, scheme))
  if (aboveCeiling(whole, scheme, ceiling))
    throw invalid(
      'marking',
      `Concord holds nothing above ${[ceiling.classification, ceiling.tlp].filter(Boolean).join(' // ')}. Nothing was shared. Lower the marking if it is too high; else write a pointer record: that it is held elsewhere, and whom to ask.`,
    )
  return composeMarking(whole, scheme)
}

/** The same rule as sharing.is_sensitive in SQL, which decides: reading such an item is an entry. */
export function isSensitive(marking: string, caveats: readonly string[], { scheme }: Pick<MarkingBy, 'scheme'> = shipped): boolean {
  const { tlp, classification } = parseMarking(marking, scheme)
  const from = levelOf(scheme, 'OFFICIAL-SENSITIVE')?.word ?? scheme.descriptorsAt
  return caveats.length > 0 || tlp === 'TLP:AMBER+STRICT' || tlp === 'TLP:RED' || rankOf(scheme, classification) >= rankOf(scheme, from)
}

/** How many items a page shows at once. */
export const pageSize = 100
