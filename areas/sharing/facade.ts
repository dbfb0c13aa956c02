import type { NameTokens } from '#core/operation/implement.ts'
import { descriptors } from './briefings/store.ts'
import { circleNames } from './protocols/store.ts'

/** Door 2 of sharing: what higher areas may call on the server. */
export { acknowledgedOf, openedOf, sentOf } from './disclosures/store.ts'
export { ofIncident as itemsOfIncident } from './items/store.ts'
export { circleOf } from './protocols/store.ts'

/** What circles of protocols and caveats are called. */
export const names: NameTokens = async (tx, tokens) => {
  const called = tokens.some((token) => token.startsWith('briefed:')) ? await descriptors(tx) : new Map<string, string>()
  return {
    ...Object.fromEntries(tokens.flatMap((token) => (called.has(token) ? [[token, { name: called.get(token) ?? '' }]] : []))),
    ...(await circleNames(tx, tokens)),
  }
}
