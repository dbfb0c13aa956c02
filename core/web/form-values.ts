import { instantFromWall } from './time.ts'

/** A TimeField's day is carried beside its time under this ending. */
export const dayOfField = '.day'

/** `2247`, `22:47` and `9:05` as a clock shows them; anything else is left for the server to refuse. */
export const clockTime = (typed: string): string => {
  const [, hour = '', minute = ''] = /^([01]?\d|2[0-3]):?([0-5]\d)$/.exec(typed.trim()) ?? []
  return hour === '' ? typed : `${hour.padStart(2, '0')}:${minute}`
}

/** What a person wrote, by field name. Empty fields are left out, so that optional stays absent; a day and a time become an instant. */
export function valuesOf(data: Iterable<[string, FormDataEntryValue]>, zone?: string): Record<string, string> {
  const values: Record<string, string> = {}
  for (const [name, value] of data) if (typeof value === 'string' && value !== '') values[name] = value
  for (const [name, day] of Object.entries(values)) {
    if (!name.endsWith(dayOfField)) continue
    const field = name.slice(0, -dayOfField.length)
    const time = values[field]
    if (time !== undefined) values[field] = instantFromWall(`${day}T${clockTime(time)}`, zone) || time
    delete values[name]
  }
  return values
}
