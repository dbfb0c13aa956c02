import type { Level } from './contract.ts'

/** A level in the reader's language, as far as the city wrote it. */
export const levelIn = (level: Pick<Level, 'name' | 'nameFr' | 'criteria' | 'criteriaFr'>, language: string) =>
  language.startsWith('fr')
    ? { name: level.nameFr ?? level.name, criteria: level.criteriaFr ?? level.criteria }
    : { name: level.name, criteria: level.criteria }

/** What of a signal decides whether it may raise an activation; as the desk sees it in this world. */
export interface SignalFacts {
  /** What the machine and, after it, a named person made of it. */
  standing: 'accepted' | 'quarantined' | 'released'
  /** `live`: Actual, or handed to this exercise. */
  route: 'live' | 'not-actual'
  /** CAP's status, in words for the watch officer. */
  status: string | null
}

/** In words for the watch officer; null when nothing stands in the way. */
export type Refusal = string | null

/**
 * Only an accepted signal raises an activation: in live an Actual one, in an exercise one that was assigned to it. Quarantined never does,
 * until a named person has released it. The database says the same (watch.keep_activation_signal).
 */
export function mayActivateOn(signal: SignalFacts): Refusal {
  if (signal.standing === 'quarantined')
    return 'This signal is in quarantine. Have it released first, or activate without it and say what else you know.'
  if (signal.route !== 'live') {
    return `This message says ${signal.status ?? 'no status'}, not Actual: it never activates in live. Assign it to an exercise, or activate without it and say what else you know.`
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
