import { afterEach, describe, expect, test } from 'vitest'
import { clockTime, valuesOf } from './form-values.ts'
import { hourMinute, instantFromWall, isStale, moment, setWorldTime, setZone, wallFromInstant, worldNow, zoneName } from './time.ts'

afterEach(() => {
  setZone(undefined)
  setWorldTime(null)
})

describe('times on a page', () => {
  test("are in 24 h and in the city's zone, whatever the device says", () => {
    setZone('Europe/Paris')
    expect(hourMinute(new Date('2026-11-22T23:05:00Z'))).toBe('00:05')
    expect(zoneName(new Date('2026-07-01T12:00:00Z'))).toMatch(/CEST|GMT\+2/)
  })
  test('carry their day when it is not today', () => {
    setZone('Europe/London')
    const now = new Date('2026-11-22T12:00:00Z')
    expect(moment(new Date('2026-11-22T09:00:00Z'), now)).toBe('09:00')
    expect(moment(new Date('2026-11-21T22:47:00Z'), now)).toMatch(/^Sat,? 21 Nov 22:47$/)
    expect(moment(new Date('2025-11-21T22:47:00Z'), now)).toContain('2025')
  })
  test('what is typed is an instant of the city, also on the night the clocks change', () => {
    expect(instantFromWall('2026-11-22T22:47', 'Europe/London')).toBe('2026-11-22T22:47:00.000Z')
    expect(instantFromWall('2026-07-01T06:00', 'Europe/Paris')).toBe('2026-07-01T04:00:00.000Z')
    expect(instantFromWall('2026-03-29T06:00', 'Europe/Paris')).toBe('2026-03-29T04:00:00.000Z')
    expect(instantFromWall('2026-03-29T00:30', 'Europe/London')).toBe('2026-03-29T00:30:00.000Z')
    expect(instantFromWall('', 'Europe/Paris')).toBe('')
    expect(wallFromInstant('2026-07-01T04:00:00Z', 'Europe/Paris')).toBe('2026-07-01T06:00')
  })
  test('an exercise runs at its own time and rate', () => {
    setWorldTime({ worldAt: 1_000_000, realAt: 500_000, rate: 10 })
    expect(worldNow(500_100).getTime()).toBe(1_001_000)
  })
  test('stale is older than said; nothing said, never stale', () => {
    const now = new Date('2026-11-22T12:00:00Z')
    expect(isStale(new Date('2026-11-22T11:29:00Z'), 30, now)).toBe(true)
    expect(isStale(new Date('2026-11-22T11:31:00Z'), 30, now)).toBe(false)
    expect(isStale(new Date('2020-01-01T00:00:00Z'), undefined, now)).toBe(false)
  })
})

describe('what a form says', () => {
  test('2247 is 22:47, and what is no time is left for the server to refuse', () => {
    expect(['2247', '22:47', '905', '9:05', '2577', 'noon'].map(clockTime)).toEqual(['22:47', '22:47', '09:05', '09:05', '2577', 'noon'])
  })
  test('a day and a time become one instant; empty fields are absent', () => {
    const said: [string, string][] = [
      ['question', 'Why?'],
      ['note', ''],
      ['decidedAt', '0605'],
      ['decidedAt.day', '2026-07-01'],
      ['reviewAt', ''],
      ['reviewAt.day', '2026-07-01'],
    ]
    expect(valuesOf(said, 'Europe/Paris')).toEqual({ question: 'Why?', decidedAt: '2026-07-01T04:05:00.000Z' })
  })
})
