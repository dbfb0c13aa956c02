/** The eight kinds of error. On the wire each becomes RFC 9457 problem details (core/http). */
export const kinds = ['invalid', 'not-found', 'withheld', 'not-allowed', 'conflict', 'stale', 'limit', 'unavailable'] as const
export type Kind = (typeof kinds)[number]

const status: Record<Kind, number> = {
  invalid: 400,
  'not-found': 404,
  withheld: 404,
  'not-allowed': 403,
  conflict: 409,
  stale: 412,
  limit: 429,
  unavailable: 503,
}

export interface Problem {
  type: string
  title: string
  status: number
  kind: Kind
  detail: string
  field?: string
}

export class ConcordError extends Error {
  override readonly name = 'ConcordError'
  readonly kind: Kind
  readonly field: string | undefined
  /** Nobody is signed in: 401 on the wire, so that a page can offer to sign in. */
  readonly signedOut: boolean
  /** Seconds until it is worth trying again. */
  readonly retryAfter: number | undefined
  constructor(kind: Kind, message: string, field?: string, more: { signedOut?: boolean; retryAfter?: number } = {}) {
    super(message)
    this.kind = kind
    this.field = field
    this.signedOut = more.signedOut ?? false
    this.retryAfter = more.retryAfter
  }
}

/** The input cannot be used; `field` names the part, in the words of the contract. */
export const invalid = (field: string, message: string) => new ConcordError('invalid', message, field)
export const notFound = (
  message = 'There is nothing here that you can see. Nothing was changed. Check the address, or ask who gave it to you.',
) => new ConcordError('not-found', message)
/** Something is there but not for this viewer: on the wire it cannot be told from not found.
 * @public one of the eight kinds */
export const withheld = () => new ConcordError('withheld', notFound().message)
export const notAllowed = (message = 'Your post does not allow this. Nothing was changed. Ask the secretariat or your agency.') =>
  new ConcordError('not-allowed', message)
/** Not allowed because nobody is signed in here, or no longer. */
export const signedOut = (
  message = 'You are not signed in, or your session has ended. What you wrote is kept. Sign in and send it again.',
) => new ConcordError('not-allowed', message, undefined, { signedOut: true })
export const conflict = (message = 'This clashes with something already recorded. Nothing was changed. Look again, then decide.') =>
  new ConcordError('conflict', message)
/** @public one of the eight kinds */
export const stale = (
  message = 'Somebody changed this since you opened it. Your text is kept. Look at what changed, then send it again.',
) => new ConcordError('stale', message)
/** `retryAfter`: seconds to wait, sent as Retry-After. */
export const limit = (message = 'Too many at once. Nothing was changed. Wait a moment, then send it again.', retryAfter?: number) =>
  new ConcordError('limit', message, undefined, retryAfter === undefined ? {} : { retryAfter })
export const unavailable = (message = 'This cannot be done just now. Nothing was lost. Send it again in a moment.') =>
  new ConcordError('unavailable', message)

/** RFC 9457 problem details; a withheld row answers exactly as an absent one. */
export function problemOf(error: ConcordError): Problem {
  const kind = error.kind === 'withheld' ? 'not-found' : error.kind
  const problem: Problem = {
    type: `urn:concord:error:${kind}`,
    title: kind.replace('-', ' '),
    status: error.signedOut ? 401 : status[kind],
    kind,
    detail: error.message,
  }
  return error.field === undefined ? problem : { ...problem, field: error.field }
}
