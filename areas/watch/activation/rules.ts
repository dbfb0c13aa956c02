/** What of a signal decides whether it may raise an activation. */
export interface SignalFacts {
  outcome: 'accepted' | 'quarantined' | 'refused'
  /** CAP's status; a partner's call that is no CAP message counts as Actual. */
  status: 'Actual' | 'Exercise' | 'System' | 'Test' | 'Draft'
  /** The world the signal stands in now: an exercise's, once it was assigned to it. */
  worldKind: 'live' | 'exercise'
}

/** In words for the watch officer; null when nothing stands in the way. */
export type Refusal = string | null

/**
 * Only an accepted signal raises an activation: in live an Actual one, in an exercise one that was assigned to it. Quarantined never does,
 * until a named person has released it.
 */
export function mayActivateOn(signal: SignalFacts, world: 'live' | 'exercise'): Refusal {
  if (signal.outcome !== 'accepted') return 'This signal is in quarantine. Have it released first, or activate without it and say what else you know.'
  if (signal.worldKind !== world) return 'This signal belongs to another world. Assign it to this exercise first, or go back to live.'
  if (world === 'live' && signal.status !== 'Actual') {
    return `This message says ${signal.status}, not Actual: it never activates in live. Assign it to an exercise, or activate without it and say what else you know.`
  }
  return null
}

/** Posts once each, in their order. */
export const postsToCall = (ofLevel: readonly string[], besides: readonly string[]): string[] => [...new Set([...ofLevel, ...besides])]

/** Who may read that the city was activated: its duty structure, not the pools and not the neighbours. */
export const activationClauses = (cityCode: string | undefined): string[][] => [
  ['kind:watch-officer', 'kind:duty', 'kind:executive', 'kind:chair', 'kind:secretariat', 'kind:loggist'],
  ...(cityCode === undefined ? [] : [[`city:${cityCode}`]]),
]

/** Who may read whom the city calls: the desk and the secretariat. */
export const rotaClauses: string[][] = [['kind:watch-officer', 'kind:secretariat']]
export const rotaMarking = 'OFFICIAL-SENSITIVE // Rota'
export const activationMarking = 'OFFICIAL-SENSITIVE'
