/**
 * what is entered later than this after it occurred needs a reason. Said once, for every area; the database says it again by a check on each table that
 * has both times (npm run check -- catalogue finds one that does not).
 */
export const lateAfterMinutes = 5

export const isLate = (occurredAt: Date, enteredAt: Date): boolean => enteredAt.getTime() - occurredAt.getTime() > lateAfterMinutes * 60_000
