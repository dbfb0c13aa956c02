/** How times are written: 24 h, in the city's zone, tabular. World time may run beside real time (an exercise), so `now` is asked of a clock. */
export interface WorldTime {
  /** World time (ms) at the moment `realAt` (ms), and how fast it runs: 1 is live. */
  worldAt: number
  realAt: number
  rate: number
}

let clock: WorldTime = { worldAt: 0, realAt: 0, rate: 1 }
let zone: string | undefined
let language = 'en-GB'

const listeners = new Set<() => void>()

export const setWorldTime = (time: WorldTime | null) => {
  clock = time ?? { worldAt: 0, realAt: 0, rate: 1 }
  for (const listener of listeners) listener()
}
/** Told when the clock is another one: a window that has stepped into an exercise shows its time at once. */
export const onWorldTime = (listener: () => void): (() => void) => {
  listeners.add(listener)
  return () => listeners.delete(listener)
}
export const worldRate = (): number => clock.rate
export const setZone = (name: string | undefined) => {
  zone = name
}
export const setTimeLanguage = (tag: string) => {
  language = tag
}
export const cityZone = (): string => zone ?? Intl.DateTimeFormat().resolvedOptions().timeZone

export const worldNow = (real: number = Date.now()): Date => new Date(clock.worldAt + (real - clock.realAt) * clock.rate)

const formats = new Map<string, Intl.DateTimeFormat>()
function format(options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = language + cityZone() + JSON.stringify(options)
  const known = formats.get(key)
  if (known) return known
  const made = new Intl.DateTimeFormat(language, { ...options, timeZone: cityZone(), hourCycle: 'h23' })
  formats.set(key, made)
  return made
}

const dayOf = (at: Date) => format({ year: 'numeric', month: '2-digit', day: '2-digit' }).format(at)

/** `22:47`. */
export const hourMinute = (at: Date): string => format({ hour: '2-digit', minute: '2-digit' }).format(at)
/** `Sun 22 Nov`, with the year when it is not this one. */
export const day = (at: Date, now: Date = worldNow()): string =>
  format({
    weekday: 'short',
    day: 'numeric',
    month: 'short',
    ...(at.getUTCFullYear() === now.getUTCFullYear() ? {} : { year: 'numeric' }),
  }).format(at)
/** `22:47` today, `Sat 21 Nov 22:47` on any other day. */
export const moment = (at: Date, now: Date = worldNow()): string =>
  dayOf(at) === dayOf(now) ? hourMinute(at) : `${day(at, now)} ${hourMinute(at)}`
/** The zone as it is called at that moment: `GMT`, `CET`. */
export const zoneName = (at: Date): string =>
  format({ hour: '2-digit', timeZoneName: 'short' })
    .formatToParts(at)
    .find((part) => part.type === 'timeZoneName')?.value ?? ''

/** Old enough to be greyed: `staleAfter` in minutes. */
export const isStale = (at: Date, staleAfter: number | undefined, now: Date = worldNow()): boolean =>
  staleAfter !== undefined && now.getTime() - at.getTime() > staleAfter * 60_000

const offsetAt = (instant: number, zoneId: string): number => {
  const parts = new Intl.DateTimeFormat('en-GB', {
    timeZone: zoneId,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  }).formatToParts(instant)
  const read = (type: string) => Number(parts.find((part) => part.type === type)?.value)
  return (
    Date.UTC(read('year'), read('month') - 1, read('day'), read('hour'), read('minute'), read('second')) - Math.floor(instant / 1000) * 1000
  )
}

/** What a person typed into a date-and-time field (`2026-11-22T22:47`), in the city's zone, as an ISO instant; empty stays empty. */
export function instantFromWall(text: string, zoneId: string = cityZone()): string {
  const wall = Date.parse(`${text}Z`)
  if (Number.isNaN(wall)) return ''
  const guess = wall - offsetAt(wall, zoneId)
  return new Date(wall - offsetAt(guess, zoneId)).toISOString()
}

/** The other way: an ISO instant as a date-and-time field shows it. */
export function wallFromInstant(iso: string, zoneId: string = cityZone()): string {
  const at = Date.parse(iso)
  return Number.isNaN(at) ? '' : new Date(at + offsetAt(at, zoneId)).toISOString().slice(0, 16)
}
