/** Why somebody may not be neutral commander, in words for the person who asks; null when nothing stands in the way. */
export type Refusal = string | null

/**
 * GAP-25: not from the lead agency (proposed, contested or confirmed), and no seat of their own in the same incident.
 */
export function mayBeNeutral(
  candidate: { personId: string; agencyId: string },
  incident: { leads: readonly string[]; seated: readonly string[] },
): Refusal {
  if (incident.leads.includes(candidate.agencyId)) {
    return 'This person comes from the lead agency, or from one that is proposed as lead. Choose somebody from another agency.'
  }
  if (incident.seated.includes(candidate.personId)) {
    return 'This person sits in this incident for their own agency. Choose somebody without a part in it.'
  }
  return null
}
