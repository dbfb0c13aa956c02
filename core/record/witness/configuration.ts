import { isAbsolute } from 'node:path'
import { invalid } from '#core/errors.ts'
import { isLoopback } from '#core/channels/mail.ts'

export interface Witness {
  kind: 'file' | 'mail' | 'city'
  /** A path, a mail address, or the address of another city's Concord. */
  to: string
}

/** As it is kept and shown to those who look after the record. */
export const nameOfWitness = ({ kind, to }: Witness): string => `${kind} ${to}`

export interface WitnessConfig {
  everySeconds: number
  witnesses: readonly Witness[]
}

const listed = (text: string | undefined): string[] => (text ?? '').split(',').flatMap((one) => one.trim() || [])

/**
 * `CONCORD_WITNESS_FILE`, `_MAIL`, `_CITY`: each one or several with commas between; `CONCORD_WITNESS_MINUTES`: the interval, 10 by default, 1 to 1440.
 * Throws `invalid` with the variable's name: a mistake is found when the server starts.
 */
export function witnessesFrom(env: Record<string, string | undefined>): WitnessConfig {
  const minutes = Number(env.CONCORD_WITNESS_MINUTES || 10)
  if (!Number.isInteger(minutes) || minutes < 1 || minutes > 1440)
    throw invalid('CONCORD_WITNESS_MINUTES', 'CONCORD_WITNESS_MINUTES must be a whole number of minutes, 1 to 1440.')
  const files = listed(env.CONCORD_WITNESS_FILE)
  if (files.some((path) => !isAbsolute(path)))
    throw invalid('CONCORD_WITNESS_FILE', 'CONCORD_WITNESS_FILE must be a whole path, best on another disk.')
  const mails = listed(env.CONCORD_WITNESS_MAIL)
  if (mails.some((mail) => !/^[^\s@]+@[^\s@]+$/.test(mail)))
    throw invalid('CONCORD_WITNESS_MAIL', 'CONCORD_WITNESS_MAIL must be a mail address.')
  const cities = listed(env.CONCORD_WITNESS_CITY).map((text) => {
    const url = URL.canParse(text) ? new URL(text) : undefined
    if (url === undefined || !(url.protocol === 'https:' || (url.protocol === 'http:' && isLoopback(url.hostname))))
      throw invalid('CONCORD_WITNESS_CITY', 'CONCORD_WITNESS_CITY must be the https: address of another city’s Concord.')
    return new URL('/record/witnessed', url).href
  })
  return {
    everySeconds: minutes * 60,
    witnesses: [
      ...files.map((to) => ({ kind: 'file' as const, to })),
      ...mails.map((to) => ({ kind: 'mail' as const, to })),
      ...cities.map((to) => ({ kind: 'city' as const, to })),
    ],
  }
}
