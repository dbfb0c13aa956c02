import type { Clauses } from '#core/access/label.ts'

/** Does a label keep people out of an audience that would otherwise read it: by a caveat, or by a strict TLP? Then it takes a reason and an end (GAP-19). */
export const restricts = (label: { clauses: Clauses; marking: string }): boolean =>
  label.clauses.some((clause) => clause.length === 1 && clause[0]?.startsWith('briefed:')) ||
  label.marking.split(' // ').some((part) => part === 'TLP:AMBER+STRICT' || part === 'TLP:RED')

/** Each clause of agencies (whom it is for, whom it may go to) takes in whoever holds the thing and whoever points to it: both answer for the pointer. */
export const withAnswerable = (clauses: Clauses, agencyIds: readonly string[]): string[][] =>
  clauses.map((clause) =>
    clause.length > 0 && clause.every((token) => token.startsWith('agency:'))
      ? [...new Set([...clause, ...agencyIds.map((id) => `agency:${id}`)])]
      : [...clause],
  )
