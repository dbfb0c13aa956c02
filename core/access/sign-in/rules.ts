/** Decisions about signing in that need nothing but their arguments. The database decides again (0004-sign-in.sql). */

export interface Voucher {
  personId: string
  strong: boolean
  /** Tokens held now. */
  tokens: readonly string[]
}

export interface Asker {
  personId: string
  /** Agencies held now or in the last ninety days: off duty one holds none. */
  agencies: readonly string[]
}

const tied = ({ tokens }: Voucher) => tokens.some((token) => token.startsWith('agency:') || token.startsWith('post:'))

/** Is this voucher near enough to know the voice: in an agency of the asker's, or a watch officer? */
export const isRelated = (asker: Asker, voucher: Voucher): boolean =>
  voucher.tokens.includes('kind:watch-officer') || voucher.tokens.some((token) => asker.agencies.includes(token))

/** May this person vouch at all? Not for oneself; with a passkey shown a moment ago; holding an agency or a post. */
export const mayVouch = (asker: Asker, voucher: Voucher): boolean => voucher.personId !== asker.personId && voucher.strong && tied(voucher)

export type StillNeeded = 'nothing' | 'somebody' | 'somebody-related'

/** Two different people, neither the asker, at least one related. */
export function stillNeeded(asker: Asker, vouchers: readonly Voucher[]): StillNeeded {
  const counted = vouchers.filter((voucher) => mayVouch(asker, voucher))
  const people = new Set(counted.map(({ personId }) => personId)).size
  const related = counted.some((voucher) => isRelated(asker, voucher))
  return needed(people, related)
}

export function needed(people: number, related: boolean): StillNeeded {
  if (people >= 2 && related) return 'nothing'
  return people >= 1 && !related ? 'somebody-related' : 'somebody'
}

/** Letters and figures that cannot be mistaken for one another on a bad line; 32 of them, so each is five bits. */
export const codeLetters = 'ABCDEFGHJKLMNPQRSTUVWXYZ23456789'

/** Eight bytes of chance as a code: `K7FB-3QDM`. */
export const codeOf = (chance: Uint8Array): string => {
  const letters = Array.from(chance.subarray(0, 8), (byte) => codeLetters[byte % 32]).join('')
  return `${letters.slice(0, 4)}-${letters.slice(4)}`
}

const browsers: readonly [RegExp, string][] = [
  [/\bEdg\//, 'Edge'],
  [/\bFirefox\//, 'Firefox'],
  [/\bOPR\//, 'Opera'],
  [/(Headless|\b)Chrom(e|ium)\//, 'Chrome'],
  [/\bSafari\//, 'Safari'],
]
const systems: readonly [RegExp, string][] = [
  [/\b(iPhone|iPad)\b/, 'iOS'],
  [/\bAndroid\b/, 'Android'],
  [/\bWindows\b/, 'Windows'],
  [/\bMac OS X\b/, 'macOS'],
  [/\bLinux\b/, 'Linux'],
]

/** What a person would call this window in the list of their sessions; says little, on purpose. */
export function windowName(userAgent: string): string {
  const named = (table: readonly [RegExp, string][]) => table.find(([pattern]) => pattern.test(userAgent))?.[1]
  return [named(browsers), named(systems)].filter((word) => word !== undefined).join(', ')
}

/** Where to go after signing in: a path of our own and nothing else. */
export const safeThen = (then: string | undefined): string =>
  then !== undefined && /^\/(?![/\\])[^\\\p{Cc}]*$/u.test(then) && !then.startsWith('/sign-in') ? then : '/'
