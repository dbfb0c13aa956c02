import { ConcordError } from './errors.ts'

export interface Fault {
  name: string
  /** Of PostgreSQL or of the system, such as 42703 or ECONNRESET. */
  code?: string
  /** Only Concord's own messages, which are written to be shown. */
  message?: string
  /** Where in our code, innermost first. */
  at?: string[]
}

/**
 * What of an error may stand in a log. Never the message of one that we did not write: it may quote what somebody wrote (JSON that could not
 * be read, a value that was refused). Its kind, its code and its place are enough to find it.
 */
export function faultOf(error: unknown): Fault {
  if (!(error instanceof Error)) return { name: 'unknown' }
  const code = 'code' in error && typeof error.code === 'string' && /^[A-Za-z0-9_]{1,60}$/.test(error.code) ? { code: error.code } : {}
  if (error instanceof ConcordError)
    return { name: error.name, message: error.message, ...(error.cause === undefined ? {} : { at: framesOf(error.cause) }) }
  return { name: error.constructor.name, ...code, at: framesOf(error) }
}

/** The stack without the message, also where that has several lines. */
function framesOf(error: unknown): string[] {
  if (!(error instanceof Error) || error.stack === undefined) return []
  const after = error.stack.indexOf(error.message)
  const frames = after < 0 ? '' : error.stack.slice(after + error.message.length)
  return [...frames.matchAll(/^\s+at (.*:\d+:\d+\)?)$/gm)].map(([, frame]) => frame!).slice(0, 12)
}
