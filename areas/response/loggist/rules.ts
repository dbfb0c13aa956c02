import { isLate } from '#core/record/late.ts'

/** `1432`, `14:32`, `9:05` → hours and minutes; anything else is not a time. */
export function typedTime(text: string): { hour: number; minute: number } | null {
  const [, hour = '', minute = ''] = /^([01]?\d|2[0-3]):?([0-5]\d)$/.exec(text.trim()) ?? []
  return minute === '' ? null : { hour: Number(hour), minute: Number(minute) }
}

export interface TypedLine {
  /** As typed at the start of the line; null is now. */
  time: string | null
  /** What was typed after `@`; null when nobody was named. */
  post: string | null
  text: string
}

/**
 * One typed line in parts: `1432 @HAL-POL-SCG Square stays closed` . A time only counts at the very start, a post only after an @,
 * so that an ordinary sentence is never taken apart.
 */
export function readLine(typed: string): TypedLine {
  let rest = typed.trimStart()
  let time: string | null = null
  const start = /^(\d{1,2}:?\d{2})\s+(?=\S)/.exec(rest)
  if (start && typedTime(start[1]!) !== null) {
    time = start[1]!
    rest = rest.slice(start[0].length)
  }
  const named = /^@(\S+)\s*/.exec(rest)
  if (named) rest = rest.slice(named[0].length)
  return { time, post: named?.[1] ?? null, text: rest.trim() }
}

interface Named {
  code: string
  title: string
  agencyName: string
}

/** Posts whose code, title or agency holds every typed word; those that begin with it first. */
export function postsLike<T extends Named>(typed: string, posts: readonly T[], most = 8): T[] {
  const words = typed
    .toLocaleLowerCase()
    .split(/[\s,]+/)
    .filter(Boolean)
  const rank = (post: T): number => {
    const [code, all] = [post.code.toLocaleLowerCase(), `${post.code} ${post.title} ${post.agencyName}`.toLocaleLowerCase()]
    if (!words.every((word) => all.includes(word))) return -1
    if (words.some((word) => word === code)) return 3
    return words.some((word) => code.startsWith(word)) ? 2 : words.some((word) => ` ${all}`.includes(` ${word}`)) ? 1 : 0
  }
  return posts
    .map((post) => ({ post, rank: rank(post) }))
    .filter(({ rank }) => rank >= 0)
    .sort((a, b) => b.rank - a.rank || a.post.code.localeCompare(b.post.code))
    .slice(0, most)
    .map(({ post }) => post)
}

/** Paper is its own reason; anything else that comes late says why. */
export const needsReason = (occurredAt: Date, now: Date, fromPaper: boolean): boolean => !fromPaper && isLate(occurredAt, now)

/** How far the post on whose behalf a line stands has answered for it. What Concord wrote, and what a post wrote itself, needs no answer. */
export function confirmationOf(line: {
  onBehalf: boolean
  confirmed: boolean
  corrected: boolean
}): 'not-needed' | 'waiting' | 'confirmed' | 'corrected' {
  if (line.confirmed) return 'confirmed'
  if (line.corrected) return 'corrected'
  return line.onBehalf ? 'waiting' : 'not-needed'
}

/** A clock time that was typed is the latest one that has been: what would be over a minute ahead is the day before. */
export const latestPast = (today: Date, now: Date): Date =>
  today.getTime() > now.getTime() + 60_000 ? new Date(today.getTime() - 86_400_000) : today
