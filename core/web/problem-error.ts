import type { Kind } from '#core/errors.ts'

/** An answer that is not the one hoped for: problem+json from the server, or no answer at all. */
export class ProblemError extends Error {
  override readonly name = 'ProblemError'
  /** One of the eight kinds; 'signed-out' when nobody is signed in; 'no-contact' when Concord did not answer. */
  readonly kind: Kind | 'signed-out' | 'no-contact'
  readonly field: string | undefined
  readonly status: number
  constructor(kind: ProblemError['kind'], detail: string, words: { field?: string | undefined; status?: number } = {}) {
    super(detail)
    this.kind = kind
    this.field = words.field
    this.status = words.status ?? 0
  }
  /** What happened, what is safe, what to do next: the server's words, already fit to be shown. */
  get detail(): string {
    return this.message
  }
}

const kindOfStatus: Record<number, ProblemError['kind']> = {
  400: 'invalid',
  401: 'signed-out',
  403: 'not-allowed',
  404: 'not-found',
  409: 'conflict',
  412: 'stale',
  422: 'invalid',
  429: 'limit',
}

/** Reads a problem+json body; a body that is not one (a proxy's page, nothing) still gives a kind, from the status. */
export function problemFrom(status: number, body: unknown): ProblemError {
  const said = typeof body === 'object' && body !== null ? (body as Record<string, unknown>) : {}
  const kind = status === 401 ? 'signed-out' : typeof said.kind === 'string' ? (said.kind as Kind) : (kindOfStatus[status] ?? 'unavailable')
  const detail = typeof said.detail === 'string' ? said.detail : ''
  return new ProblemError(kind, detail, { status, field: typeof said.field === 'string' ? said.field : undefined })
}

/** Any thrown thing as a problem that can be shown. */
export const asProblem = (error: unknown): ProblemError => (error instanceof ProblemError ? error : new ProblemError('unavailable', ''))

/** Worth sending again with the same key: nothing says that the server refused it. */
export const worthRetrying = (problem: ProblemError): boolean => problem.kind === 'no-contact' || problem.kind === 'unavailable'
