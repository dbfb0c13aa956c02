import type { Centre } from './contract.ts'

/** Short names of those who are counted on and not here: expected or en route, and core members who are absent. */
export const notHere = (seats: Centre['seats']): string[] =>
  seats
    .filter(({ state, core }) => state === 'expected' || state === 'en-route' || (state === 'absent' && core))
    .map(({ shortName }) => shortName)

/** One line of the band that runs out of time: a word of the catalogue and its parameters. */
export interface Overdue {
  code: 'lead' | 'silent' | 'core-absent'
  params: Record<string, string>
}

/** What is overdue, worst first: a lead that nobody settled, core members who are not there, agencies that are silent. */
export function overdue({ lead, missing }: Pick<Centre, 'lead' | 'missing'>): Overdue[] {
  return [
    ...(lead.state === 'unresolved' ? [{ code: 'lead' as const, params: {} }] : []),
    ...missing
      .filter(({ kind }) => kind === 'core-absent')
      .map(({ shortName }) => ({ code: 'core-absent' as const, params: { agency: shortName } })),
    ...missing.filter(({ kind }) => kind === 'silent').map(({ shortName }) => ({ code: 'silent' as const, params: { agency: shortName } })),
  ]
}
