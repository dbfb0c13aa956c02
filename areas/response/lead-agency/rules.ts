import type { LeadClaim, LeadState } from './contract.ts'

type Claim = Pick<LeadClaim, 'agencyId' | 'state' | 'phase' | 'claimedBy'>

/** How the question of the lead stands for one phase, from the claims that a viewer can read. */
export function leadState(claims: readonly Claim[], phase: string, unresolved: boolean): LeadState {
  const now = claims.filter((claim) => claim.phase === phase)
  if (now.some(({ state }) => state === 'confirmed')) return 'confirmed'
  if (unresolved) return 'unresolved'
  if (now.some(({ state }) => state === 'contested')) return 'contested'
  return now.some(({ state }) => state === 'proposed') ? 'proposed' : 'none'
}

/** time to settle who leads has run out. */
export const isOverdue = (openedAt: string, leadMinutes: number, now: Date): boolean =>
  now.getTime() - Date.parse(openedAt) >= leadMinutes * 60_000

/** Agencies that stand on a side while the lead is contested: those that are claimed to lead, and those that claim it. */
export const sides = (claims: readonly Claim[], phase: string): string[] => {
  const open = claims.filter((claim) => claim.phase === phase && (claim.state === 'contested' || claim.state === 'proposed'))
  return open.some(({ state }) => state === 'contested')
    ? [...new Set(open.flatMap(({ agencyId, claimedBy }) => (claimedBy ? [agencyId, claimedBy] : [agencyId])))]
    : []
}

/**
 * Who may confirm. Not contested: a chair, or the executive of the proposed agency. Contested: a chair whose
 * agency is on no side; or any chair, when every side is named as agreeing. Returns what stands in the way, in words; null: nothing.
 */
export function mayConfirm(
  actor: { kinds: readonly string[]; agencyId: string | null },
  claims: readonly Claim[],
  wish: { agencyId: string; phase: string; agreedBy: readonly string[] },
): string | null {
  const chairs = actor.kinds.includes('chair')
  const contested = sides(claims, wish.phase)
  if (contested.length === 0) {
    if (chairs || (actor.kinds.includes('executive') && actor.agencyId === wish.agencyId)) return null
    return 'The chair confirms the lead, or the executive of the agency that is proposed. Nothing was changed. Ask one of them.'
  }
  if (!chairs) return 'The lead is contested: a chair settles it. Nothing was changed. Ask the chair or the deputy chair.'
  if (actor.agencyId !== null && !contested.includes(actor.agencyId)) return null
  if (contested.every((agency) => wish.agreedBy.includes(agency))) return null
  return 'Your own agency is on one side. Nothing was changed. A chair from neither side confirms, or you do once every side agrees.'
}
