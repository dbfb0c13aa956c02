import { aboveCeiling, composeMarking, defaultCeiling, parseMarking, strictest } from '#core/access/marking.ts'
import { invalid } from '#core/errors.ts'

/** Of what is made of others: the stricter word on each axis, and every word of each. Throws invalid `marking` above the platform's ceiling. */
export function markingOf(marking: string, parts: readonly string[]): string {
  const whole = parts.map(parseMarking).reduce(strictest, parseMarking(marking))
  if (aboveCeiling(whole))
    throw invalid(
      'marking',
      `Concord holds nothing above ${composeMarking({ ...defaultCeiling, descriptors: [], handling: [] })}. Nothing was shared. Lower the marking if it is too high; else say only that it is held elsewhere, and whom to ask.`,
    )
  return composeMarking(whole)
}

/** The same rule as sharing.is_sensitive in SQL, which decides: reading such an item is an entry. */
export function isSensitive(marking: string, caveats: readonly string[]): boolean {
  const { tlp, classification } = parseMarking(marking)
  return caveats.length > 0 || tlp === 'TLP:AMBER+STRICT' || tlp === 'TLP:RED' || classification === 'OFFICIAL-SENSITIVE'
}

/** How many items a page shows at once. */
export const pageSize = 100
