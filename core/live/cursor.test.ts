import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createCursors } from './cursor.ts'

const cursors = createCursors(Buffer.from('0123456789abcdef'))

test('a cursor is read back as the position it was made of', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER }), (position) => {
      const cursor = cursors.encode(position)
      expect(cursor).toMatch(/^[A-Za-z0-9_-]{22}$/)
      expect(cursors.decode(cursor)).toBe(position)
    }),
  )
})

test('what was not made with the key is refused', () => {
  const other = createCursors(Buffer.from('fedcba9876543210'))
  expect(cursors.decode(other.encode(5))).toBeUndefined()
  expect(cursors.decode(undefined)).toBeUndefined()
  expect(cursors.decode('')).toBeUndefined()
  expect(cursors.decode('12')).toBeUndefined()
  fc.assert(fc.property(fc.string(), (text) => cursors.decode(text) === undefined))
  const real = cursors.encode(5)
  for (const letter of 'ABCDEFGHIJKLMNOP') {
    const changed = real.slice(0, 21) + letter
    if (changed !== real) expect(cursors.decode(changed)).toBeUndefined()
  }
})

test('neighbouring positions look unrelated: about half of the bits differ, and order tells nothing', () => {
  const bits = (left: string, right: string): number => {
    const one = Buffer.from(left, 'base64url')
    const two = Buffer.from(right, 'base64url')
    return one.reduce((sum, byte, index) => sum + ((byte ^ (two[index] as number)).toString(2).match(/1/g)?.length ?? 0), 0)
  }
  let differing = 0
  let ascending = 0
  for (let position = 0; position < 2000; position++) {
    const here = cursors.encode(position)
    const next = cursors.encode(position + 1)
    differing += bits(here, next)
    if (here < next) ascending++
  }
  expect(differing / 2000).toBeGreaterThan(60)
  expect(differing / 2000).toBeLessThan(68)
  expect(ascending / 2000).toBeGreaterThan(0.45)
  expect(ascending / 2000).toBeLessThan(0.55)
})
