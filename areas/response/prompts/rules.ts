import { type Cause, causes } from './contract.ts'

export const atOnce = 3
export const anHour = 12
const minute = 60_000

/** Minutes after which Concord itself passes a prompt to a leading post when the secretariat has not looked at it; null: never. */
export const passesItselfAfter: Readonly<Record<Cause, number | null>> = {
  'life-safety': 1,
  'lead-unresolved': 5,
  'call-out-unanswered': 15,
  'agency-silent': 15,
  'core-absent': null,
  'task-not-accepted': 15,
  'outcome-not-acknowledged': null,
  'rationale-owed': null,
  'task-overdue': null,
  'review-due': null,
  'entry-not-confirmed': null,
}

/** Causes that a timed duty looks at again and again: their prompts close by themselves once the cause has ended. */
export const settlesItself: readonly Cause[] = causes.filter((cause) => cause !== 'life-safety')

export interface Ranked {
  id: string
  cause: Cause
  raisedAt: string
  snoozedUntil: string | null
}

export const isAsleep = (prompt: Pick<Ranked, 'snoozedUntil'>, now: Date): boolean =>
  prompt.snoozedUntil !== null && Date.parse(prompt.snoozedUntil) > now.getTime()

/** Life safety before the lead agency, that before silence, and so on down the list; the older first among equals. */
export const byRank = (a: Ranked, b: Ranked): number =>
  causes.indexOf(a.cause) - causes.indexOf(b.cause) || Date.parse(a.raisedAt) - Date.parse(b.raisedAt) || a.id.localeCompare(b.id)

/** What the secretariat sees: everything that is awake, ranked. */
export const forSecretariat = <T extends Ranked>(open: readonly T[], now: Date): T[] =>
  open.filter((prompt) => !isAsleep(prompt, now)).sort(byRank)

/** What a leader sees of what was passed to them: the three that press most. */
export const forLeader = <T extends Ranked>(passed: readonly T[], now: Date): T[] => forSecretariat(passed, now).slice(0, atOnce)

export interface Load {
  /** Prompts that were passed to the post and are not closed, put off or not. */
  open: number
  /** When prompts came before the post. */
  passes: readonly Date[]
}

/** May another prompt be passed to this leading post now? Words for the secretariat when not; it stays with them. Nothing else is blocked. */
export function mayPass(load: Load, now: Date): string | null {
  if (load.open >= atOnce)
    return `They have ${atOnce} already. It stays with you: deal with it here, or wait until one of theirs is closed.`
  const hour = load.passes.filter((at) => now.getTime() - at.getTime() < 60 * minute).length
  return hour >= anHour ? `${anHour} in an hour is the most that a leader gets. It stays with you for now.` : null
}

/** Has it waited at the secretariat so long, untouched, that it goes to a leader by itself? */
export function isLeftLying(prompt: Ranked & { passedTo: string | null }, now: Date): boolean {
  const after = passesItselfAfter[prompt.cause]
  if (after === null || prompt.passedTo !== null || prompt.snoozedUntil !== null) return false
  return now.getTime() - Date.parse(prompt.raisedAt) >= after * minute
}
