import type { ReviewLine, Verdict } from './contract.ts'

/** An agency's newest verdict of a round; what it said of an earlier proposal does not count. Verdicts come newest first. */
export const newestOfRound = <T extends Pick<Verdict, 'round' | 'agencyId'>>(
  verdicts: readonly T[],
  round: number,
  agencyId: string,
): T | undefined => verdicts.find((one) => one.round === round && one.agencyId === agencyId)

interface Row extends Omit<ReviewLine, 'overdue' | 'toSign'> {
  round: number
}

/** A review as a line of a list: does it wait for the viewer's agencies, is it overdue? */
export function lineOf(
  { round, ...row }: Row,
  parties: readonly { reviewId: string; round: number; agencyId: string }[],
  verdicts: readonly (Pick<Verdict, 'round' | 'agencyId' | 'verdict'> & { reviewId: string })[],
  own: ReadonlySet<string>,
  now: Date,
): ReviewLine {
  const given = verdicts.filter(({ reviewId }) => reviewId === row.id)
  const missing = parties.filter(
    (party) => party.reviewId === row.id && party.round === round && newestOfRound(given, round, party.agencyId)?.verdict !== 'signed',
  )
  const offered = row.state === 'offered'
  return {
    id: row.id,
    title: row.title,
    state: row.state,
    trigger: row.trigger,
    proposedBy: row.proposedBy,
    agencyName: row.agencyName,
    draftedAt: row.draftedAt,
    signBy: row.signBy,
    effectiveAt: row.effectiveAt,
    nextDueAt: row.nextDueAt,
    adoptedAt: row.adoptedAt,
    overdue: offered && row.signBy !== null && new Date(row.signBy) <= now && missing.length > 0,
    toSign: offered && missing.some(({ agencyId }) => own.has(agencyId)),
    label: row.label,
    marking: row.marking,
  }
}
