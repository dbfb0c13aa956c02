import { tlpWords } from '#core/access/marking.ts'
import type { Restriction } from './contract.ts'

const partsOf = (marking: string) => marking.split(' // ')
const tlpOf = (marking: string) => tlpWords.findIndex((word) => partsOf(marking).includes(word))

export interface Kept {
  narrower: boolean
  caveats: readonly string[]
  marking: string
  until: string | null
}

/** In which ways it keeps people out; none is no restriction. */
export const waysOf = ({ narrower, caveats, marking }: Kept): Restriction['ways'] => [
  ...(narrower ? (['fewer-than-agreed'] as const) : []),
  ...(caveats.length > 0 ? (['caveat'] as const) : []),
  ...(tlpOf(marking) >= tlpWords.indexOf('TLP:AMBER+STRICT') ? (['strict-tlp'] as const) : []),
]

/** The end that was said: the moment of the restriction, else the last day in the marking (to its end, UTC). */
export function endOf({ until, marking }: Pick<Kept, 'until' | 'marking'>): string | null {
  if (until !== null) return until
  const day = partsOf(marking)
    .find((part) => part.startsWith('UNTIL '))
    ?.slice(6)
  return day === undefined ? null : new Date(Date.parse(`${day}T00:00:00Z`) + 86_400_000).toISOString()
}

/** The usual word, where this marking is stricter than it. */
export const aboveUsual = (marking: string, usual: string | undefined): string | null =>
  usual !== undefined && tlpOf(marking) > tlpOf(usual) ? usual : null

/** Past their end first, then those that say no reason or end, then the oldest. */
export const byNeed = <T extends Pick<Restriction, 'pastEnd' | 'because' | 'until' | 'since'>>(some: readonly T[]): T[] => {
  const need = (one: T) => (one.pastEnd ? 0 : one.because === null || one.until === null ? 1 : 2)
  return [...some].sort((a, b) => need(a) - need(b) || a.since.localeCompare(b.since))
}
