/** XML Schema dateTime (second edition) and what real senders write instead. Pure. */

const DATE_TIME = /^-?([1-9]\d{4,}|\d{4})-(\d{2})-(\d{2})T(\d{2}):(\d{2}):(\d{2})(\.\d+)?(Z|[+-]\d{2}:\d{2})?$/
/* CAP 1.2 narrows dateTime: whole seconds and a numeric offset. Its pattern also lets a comma stand for the sign, which dateTime does not. */
const CAP_12 = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}[+-]\d{2}:\d{2}$/
/* One instant, written in a way that only a strict reader refuses. */
const READABLE = /^(\d{4})-(\d{2})-(\d{2})[T ](\d{2}):(\d{2})(?::(\d{2})(?:[.,]\d+)?)?(Z|[+-]\d{2}(?::?\d{2})?)$/i

export type CapVersion = '1.1' | '1.2'

export type TimeReading = {
  /** The schema of this version takes it. */
  strict: boolean
  /** It names exactly one instant, strictly or not. */
  readable: boolean
  /** It is a date and time, but without a zone. */
  zoneless: boolean
}

/** White space around it is collapsed, as the schema does. */
export function readTime(text: string, version: CapVersion): TimeReading {
  const value = text.replace(/^[ \t\r\n]+|[ \t\r\n]+$/g, '')
  const valid = isDateTime(value)
  const strict = valid && (version === '1.1' || CAP_12.test(value))
  const zoneless = /^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(:\d{2}([.,]\d+)?)?$/i.test(value)
  return { strict, readable: !zoneless && instantOf(value) !== undefined, zoneless }
}

/** The instant in milliseconds, or undefined when the text is not one instant. */
export function instantOf(text: string): number | undefined {
  const match = READABLE.exec(text.trim())
  if (match === null) return undefined
  const [, year, month, day, hour, minute, second = '00', zone = 'Z'] = match
  if (!inRange(Number(year), Number(month), Number(day), Number(hour), Number(minute), Number(second), '0')) return undefined
  const digits = zone.toUpperCase() === 'Z' ? '0000' : zone.slice(1).replace(':', '').padEnd(4, '0')
  const offset = Number(digits.slice(0, 2)) * 60 + Number(digits.slice(2))
  if (Number(digits.slice(2)) > 59 || offset > 14 * 60) return undefined
  const utc = Date.UTC(Number(year), Number(month) - 1, Number(day), Number(hour), Number(minute), Number(second))
  return utc - (zone.startsWith('-') ? -offset : offset) * 60_000
}

function isDateTime(value: string): boolean {
  const match = DATE_TIME.exec(value)
  if (match === null) return false
  const [, year, month, day, hour, minute, second, fraction, zone] = match
  if (!inRange(Number(year), Number(month), Number(day), Number(hour), Number(minute), Number(second), fraction ?? '')) return false
  if (zone === undefined || zone === 'Z') return true
  const [hours, minutes] = [Number(zone.slice(1, 3)), Number(zone.slice(4))]
  return minutes <= 59 && hours * 60 + minutes <= 14 * 60
}

function inRange(year: number, month: number, day: number, hour: number, minute: number, second: number, fraction: string): boolean {
  if (year === 0 || month < 1 || month > 12 || day < 1 || day > daysIn(year, month)) return false
  if (hour === 24) return minute === 0 && second === 0 && !/[1-9]/.test(fraction)
  return hour < 24 && minute < 60 && second < 60
}

function daysIn(year: number, month: number): number {
  if (month === 2) return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0 ? 29 : 28
  return [4, 6, 9, 11].includes(month) ? 30 : 31
}
