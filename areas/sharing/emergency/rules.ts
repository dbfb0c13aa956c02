/** A review is due within a day of the disclosure. */
export const reviewHours = 24
export const reviewDue = (disclosedAt: Date): Date => new Date(disclosedAt.getTime() + reviewHours * 3_600_000)

/** Unreviewed ones first, the longest overdue on top; then the newest. */
export const byUrgency = <T extends { review: unknown; reviewDueAt: string; at: string }>(some: readonly T[]): T[] =>
  [...some].sort((a, b) =>
    (a.review === null) === (b.review === null)
      ? a.review === null
        ? a.reviewDueAt.localeCompare(b.reviewDueAt)
        : b.at.localeCompare(a.at)
      : a.review === null
        ? -1
        : 1,
  )
