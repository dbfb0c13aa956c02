import { aboveCeiling, composeMarking, parseMarking, strictest } from '#core/access/marking.ts'
import { defaultCeiling, type Scheme, ukGsc } from '#core/access/scheme.ts'
import { invalid } from '#core/errors.ts'

/** Of what is made of others: the stricter word on each axis, and every word of each. Throws invalid `marking` above the platform's ceiling. */
export function markingOf(marking: string, parts: readonly string[], scheme: Scheme = ukGsc): string {
  const whole = parts
    .map((part) => parseMarking(part, scheme))
    .reduce((one, other) => strictest(one, other, scheme), parseMarking(marking, scheme))
  if (aboveCeiling(whole, scheme))
    throw invalid(
      'marking',
      `Concord holds nothing above ${composeMarking({ ...defaultCeiling, descriptors: [], handling: [], originators: [] }, scheme)}. Nothing was shared. Lower the marking if it is too high; else say only that it is held elsewhere, and whom to ask.`,
    )
  return composeMarking(whole, scheme)
}

/** The same rule as sharing.is_sensitive in SQL, which decides: reading such an item is an entry. */
export function isSensitive(marking: string, caveats: readonly string[], scheme: Scheme = ukGsc): boolean {
  const { tlp, classification } = parseMarking(marking, scheme)
  return caveats.length > 0 || tlp === 'TLP:AMBER+STRICT' || tlp === 'TLP:RED' || classification === 'OFFICIAL-SENSITIVE'
}

/** How many items a page shows at once. */
export const pageSize = 100
