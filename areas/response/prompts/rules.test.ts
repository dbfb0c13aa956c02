import fc from 'fast-check'
import { expect, test } from 'vitest'
import { causes } from './contract.ts'
import { anHour, atOnce, byRank, forLeader, isAsleep, isLeftLying, mayPass, type Ranked } from './rules.ts'

const noon = new Date('2026-03-12T12:00:00Z')
const at = (minutes: number) => new Date(noon.getTime() + minutes * 60_000)
const prompt = (id: string, cause: Ranked['cause'], raised = 0, snoozed: number | null = null): Ranked => ({
  id,
  cause,
  raisedAt: at(raised).toISOString(),
  snoozedUntil: snoozed === null ? null : at(snoozed).toISOString(),
})

test('life safety stands before the lead agency, the lead before silence, and the older before the newer', () => {
  const all = [
    prompt('d', 'review-due'),
    prompt('c', 'agency-silent', 1),
    prompt('b', 'agency-silent', 0),
    prompt('a', 'lead-unresolved'),
    prompt('z', 'life-safety', 9),
  ]
  expect([...all].sort(byRank).map(({ id }) => id)).toEqual(['z', 'a', 'b', 'c', 'd'])
})

test('what was put off is away until its time, then back', () => {
  const put = prompt('a', 'review-due', 0, 30)
  expect(isAsleep(put, at(29))).toBe(true)
  expect(isAsleep(put, at(30))).toBe(false)
})

test('property: a leader sees at most three, the most pressing, and none that is put off', () => {
  const any = fc.record({
    id: fc.uuid(),
    cause: fc.constantFrom(...causes),
    raisedAt: fc.integer({ min: -500, max: 0 }).map((minutes) => at(minutes).toISOString()),
    snoozedUntil: fc.option(
      fc.integer({ min: -60, max: 60 }).map((minutes) => at(minutes).toISOString()),
      { nil: null },
    ),
  })
  fc.assert(
    fc.property(fc.array(any), (all) => {
      const seen = forLeader(all, noon)
      expect(seen.length).toBeLessThanOrEqual(atOnce)
      expect(seen.some((one) => isAsleep(one, noon))).toBe(false)
      const unseen = all.filter((one) => !isAsleep(one, noon) && !seen.includes(one))
      for (const one of unseen) expect(seen.every((shown) => byRank(shown, one) <= 0)).toBe(true)
    }),
  )
})

test('a fourth at once, or a thirteenth in an hour, stays with the secretariat', () => {
  expect(mayPass({ open: atOnce - 1, passes: [] }, noon)).toBeNull()
  expect(mayPass({ open: atOnce, passes: [] }, noon)).toMatch('stays with you')
  const passes = Array.from({ length: anHour }, (_, place) => at(-59 + place))
  expect(mayPass({ open: 0, passes }, noon)).toMatch('in an hour')
  expect(mayPass({ open: 0, passes }, at(2))).toBeNull()
})

test('the lead agency goes to a leader when nobody looked for five minutes; a review never does; what was put off does not', () => {
  const lying = { ...prompt('a', 'lead-unresolved'), passedTo: null }
  expect(isLeftLying(lying, at(4))).toBe(false)
  expect(isLeftLying(lying, at(5))).toBe(true)
  expect(isLeftLying({ ...lying, passedTo: 'p' }, at(50))).toBe(false)
  expect(isLeftLying({ ...lying, snoozedUntil: at(1).toISOString() }, at(50))).toBe(false)
  expect(isLeftLying({ ...lying, cause: 'review-due' }, at(5000))).toBe(false)
})
