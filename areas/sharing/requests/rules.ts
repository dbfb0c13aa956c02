import type { SharingRequest } from './contract.ts'

/** The shortest time that an answer may be asked for in, minutes. */
export const leastMinutes = 2

/** What waits for the viewer first, the most pressing on top; then what else waits; then the newest answered. */
export const byNeed = <T extends Pick<SharingRequest, 'waiting' | 'side' | 'neededBy' | 'askedAt' | 'can'>>(some: readonly T[]): T[] => {
  const place = (one: T) => (one.can.answer ? 0 : one.waiting ? 1 : 2)
  return [...some].sort(
    (a, b) => place(a) - place(b) || (a.waiting && b.waiting ? a.neededBy.localeCompare(b.neededBy) : b.askedAt.localeCompare(a.askedAt)),
  )
}

/** How much time is left, for words: whole minutes up to two hours, then hours, then days. Past: how long ago. */
export function timeLeft(neededBy: string, now: Date): { key: 'left' | 'past'; unit: 'minutes' | 'hours' | 'days'; count: number } {
  const minutes = (new Date(neededBy).getTime() - now.getTime()) / 60_000
  const far = Math.abs(minutes)
  const [unit, size] = far < 120 ? (['minutes', 1] as const) : far < 2880 ? (['hours', 60] as const) : (['days', 1440] as const)
  return { key: minutes >= 0 ? 'left' : 'past', unit, count: Math.floor(far / size) }
}
