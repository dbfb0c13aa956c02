import pg from 'pg'
import { ConcordError, conflict, invalid, notAllowed, unavailable } from '#core/errors.ts'

const builtin = pg.types.builtins
const parsers: Partial<Record<number, (text: string) => unknown>> = {
  [builtin.INT8]: (text) => Number(text),
  [builtin.TIMESTAMPTZ]: (text) => (text === 'infinity' || text === '-infinity' ? text : new Date(text).toISOString()),
  [builtin.DATE]: (text) => text,
  [builtin.INTERVAL]: (text) => text,
}

/** int8 as a number (positions stay far below 2^53), times as ISO text in UTC, dates and intervals as written, bytea as Buffer. */
export const types: pg.CustomTypesConfig = {
  getTypeParser: ((oid: number, format?: 'text' | 'binary') =>
    (format !== 'binary' && parsers[oid]) || pg.types.getTypeParser(oid, format as 'text')) as pg.CustomTypesConfig['getTypeParser'],
}

const options = ['idle_in_transaction_session_timeout=2000', 'statement_timeout=20000', 'jit=off', 'timezone=UTC', 'search_path=pg_catalog']
  .map((option) => `-c ${option}`)
  .join(' ')

export const connectionConfig = (config: pg.ClientConfig): pg.ClientConfig => ({ ...config, types, options, application_name: 'concord' })

const codeOf = (error: unknown) => (typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : '')

/** Worth trying again alone: a lock not had, a deadlock, a clash of snapshots. */
export const isContention = (error: unknown): boolean => ['40001', '40P01', '55P03'].includes(codeOf(error))

/** The connection, or PostgreSQL, went away: the outcome is not known, so the same idempotency key decides when it is sent again. */
export const isDisconnection = (error: unknown): boolean => {
  const code = codeOf(error)
  return (
    ['57P01', '57P02', '57P03', '25006', '25P03', 'ECONNRESET', 'ECONNREFUSED', 'EPIPE', 'ENOENT', 'ETIMEDOUT'].includes(code) ||
    code.startsWith('08') ||
    (error instanceof Error &&
      /Connection terminated|timeout exceeded when trying to connect|Client has encountered a connection error/.test(error.message))
  )
}

/** PostgreSQL's errors in Concord's eight kinds. Every constraint maps to one neutral text, so that it tells nothing of hidden rows. */
export function translated(error: unknown): unknown {
  const kind = kindOf(error)
  // The cause stays on this side of the wire: it is for whoever mends the code.
  if (kind instanceof ConcordError && kind !== error) kind.cause = error
  return kind
}

function kindOf(error: unknown): unknown {
  if (error instanceof ConcordError) return error
  const code = codeOf(error)
  if (code === '42501') return notAllowed()
  if (code === '22023' && typeof error === 'object' && error !== null && 'column' in error && typeof error.column === 'string') {
    return invalid(error.column, error instanceof Error ? error.message : 'This value cannot be used.')
  }
  if (code.startsWith('23')) return conflict()
  if (code.startsWith('22')) return invalid('input', 'A value is outside what can be stored. Nothing was changed.')
  if (code === '53100') return unavailable('The disk of the server is full. Nothing was lost, nothing was changed. Tell the administrator.')
  if (code === '57014' || isContention(error) || isDisconnection(error)) return unavailable()
  return error
}
