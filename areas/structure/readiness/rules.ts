import type { ReadinessLine } from './contract.ts'

/** For how many days evidence counts. */
export const countsFor: Record<ReadinessLine['arrangement'], number> = {
  link: 365,
  group: 365,
  contact: 90,
  product: 365,
  responsibility: 365,
  review: 365,
  plans: 182,
}

export interface Evidence {
  arrangement: ReadinessLine['arrangement']
  about: string
  /** Is it agreed or written down at all? */
  there: boolean
  testedAt: string | null
  /** Used in an incident: the strongest there is. */
  provedAt: string | null
}

const later = (one: string | null, other: string | null) => (one === null ? other : other === null ? one : one > other ? one : other)

/** One arrangement's level by its evidence and its age: what was never tried, or not for too long, is on paper. */
export function lineOf({ arrangement, about, there, testedAt, provedAt }: Evidence, now: Date): ReadinessLine {
  const ends = (at: string) => new Date(new Date(at).getTime() + countsFor[arrangement] * 86_400_000)
  const counts = (at: string | null) => at !== null && ends(at) > now
  const level = !there ? 'none' : counts(provedAt) ? 'proved' : counts(testedAt) ? 'tested' : 'on-paper'
  const evidenceAt = there ? later(testedAt, provedAt) : null
  return {
    arrangement,
    about,
    level,
    evidenceAt,
    decaysAt: evidenceAt === null ? null : ends(evidenceAt).toISOString(),
    decayed: there && evidenceAt !== null && !counts(evidenceAt),
  }
}

const order: readonly ReadinessLine['level'][] = ['none', 'on-paper', 'tested', 'proved']

/** The weakest first; among equals those whose evidence is oldest, and those without any. */
export const byWeakness = (lines: readonly ReadinessLine[]): ReadinessLine[] =>
  lines.toSorted(
    (one, other) =>
      order.indexOf(one.level) - order.indexOf(other.level) ||
      (one.evidenceAt ?? '').localeCompare(other.evidenceAt ?? '') ||
      one.about.localeCompare(other.about),
  )
