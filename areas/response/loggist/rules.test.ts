import fc from 'fast-check'
import { expect, test } from 'vitest'
import { confirmationOf, needsReason, postsLike, readLine, typedTime } from './rules.ts'

test('1432, 14:32 and 9:05 are times; 2460, 932x and years are not', () => {
  expect(typedTime('1432')).toEqual({ hour: 14, minute: 32 })
  expect(typedTime('9:05')).toEqual({ hour: 9, minute: 5 })
  for (const not of ['2460', '932x', '', '12', '20266']) expect(typedTime(not)).toBeNull()
})

test('time first, then who after an @, then what was said', () => {
  expect(readLine('1432 @HAL-POL-SCG Square stays closed')).toEqual({ time: '1432', post: 'HAL-POL-SCG', text: 'Square stays closed' })
  expect(readLine('@HAL-POL-SCG 300 people at the hall')).toEqual({ time: null, post: 'HAL-POL-SCG', text: '300 people at the hall' })
  expect(readLine('Trams stop at 1900')).toEqual({ time: null, post: null, text: 'Trams stop at 1900' })
  expect(readLine('9999 calls so far')).toEqual({ time: null, post: null, text: '9999 calls so far' })
})

test('property: what was said is never lost or changed by reading a line', () => {
  fc.assert(
    fc.property(fc.string(), (typed) => {
      const { time, post, text } = readLine(typed)
      expect(typed.endsWith(text) || typed.trimEnd().endsWith(text)).toBe(true)
      const read = [time, post === null ? null : `@${post}`, text].filter((part) => part !== null && part !== '').join(' ')
      expect(read.replace(/\s+/g, '')).toBe(typed.replace(/\s+/g, ''))
    }),
  )
})

test('a post is found by its code, its title or its agency, the code first', () => {
  const posts = [
    { code: 'HAL-FRS-DUT', title: 'Duty officer', agencyName: 'Fire' },
    { code: 'HAL-POL-SCG', title: 'Chair', agencyName: 'Police' },
    { code: 'HAL-POL-DUT', title: 'Duty officer', agencyName: 'Police' },
  ]
  expect(postsLike('hal-pol', posts).map(({ code }) => code)).toEqual(['HAL-POL-DUT', 'HAL-POL-SCG'])
  expect(postsLike('duty pol', posts).map(({ code }) => code)).toEqual(['HAL-POL-DUT'])
  expect(postsLike('chair', posts).map(({ code }) => code)).toEqual(['HAL-POL-SCG'])
  expect(postsLike('nobody', posts)).toEqual([])
})

test('paper is its own reason; anything else that comes late says why', () => {
  const at = new Date('2026-03-12T12:00:00Z')
  const later = new Date('2026-03-12T12:06:00Z')
  expect(needsReason(at, later, false)).toBe(true)
  expect(needsReason(at, later, true)).toBe(false)
  expect(needsReason(at, at, false)).toBe(false)
})

test('what stands for another post waits for its word', () => {
  expect(confirmationOf({ onBehalf: true, confirmed: false, corrected: false })).toBe('waiting')
  expect(confirmationOf({ onBehalf: true, confirmed: true, corrected: false })).toBe('confirmed')
  expect(confirmationOf({ onBehalf: true, confirmed: false, corrected: true })).toBe('corrected')
  expect(confirmationOf({ onBehalf: false, confirmed: false, corrected: false })).toBe('not-needed')
})
