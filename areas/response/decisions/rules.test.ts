import fc from 'fast-check'
import { expect, test } from 'vitest'
import { linesOf, mayOf, type Told } from './reading.ts'
import { isLate, lateAfterMinutes } from '#core/record/late.ts'
import { flagOf, numbered, rationaleDue, rationaleState, reviewState, sameHand, type ToJudge, whatIsMissing } from './rules.ts'

const minute = 60_000
const noon = new Date('2026-03-12T12:00:00Z')
const after = (minutes: number) => new Date(noon.getTime() + minutes * minute)
const whole: ToJudge = { options: [1, 2], choice: 0, rationale: 'because', rationaleOwed: false, decidedAt: noon, reviewAt: after(60) }

test('a decision needs an option, a choice among them, reasons or reasons owed, and a time of review', () => {
  expect(whatIsMissing(whole, noon)).toBeNull()
  expect(whatIsMissing({ ...whole, options: [] }, noon)?.field).toBe('options')
  expect(whatIsMissing({ ...whole, choice: 2 }, noon)?.field).toBe('choice')
  expect(whatIsMissing({ ...whole, rationale: undefined }, noon)?.field).toBe('rationale')
  expect(whatIsMissing({ ...whole, rationale: undefined, rationaleOwed: true }, noon)).toBeNull()
  expect(whatIsMissing({ ...whole, reviewAt: noon }, noon)?.field).toBe('reviewAt')
})

test('later than five minutes says why, and nothing is decided in the time to come', () => {
  expect(whatIsMissing(whole, after(lateAfterMinutes))).toBeNull()
  expect(whatIsMissing(whole, after(lateAfterMinutes + 1))?.field).toBe('lateReason')
  expect(whatIsMissing({ ...whole, lateReason: 'from paper' }, after(600))).toBeNull()
  expect(whatIsMissing({ ...whole, decidedAt: after(2) }, noon)?.field).toBe('decidedAt')
})

test('property: whatever is missing, no decision passes without option, choice, reasons or a later review', () => {
  const at = fc.integer({ min: -600, max: 600 }).map(after)
  fc.assert(
    fc.property(
      fc.record({
        options: fc.array(fc.constant(1), { maxLength: 4 }),
        choice: fc.nat(5),
        rationale: fc.option(fc.string(), { nil: undefined }),
        rationaleOwed: fc.boolean(),
        decidedAt: at,
        reviewAt: at,
        lateReason: fc.option(fc.string(), { nil: undefined }),
      }),
      at,
      (made, now) => {
        if (whatIsMissing(made, now) !== null) return
        expect(made.options.length).toBeGreaterThan(made.choice)
        expect(Boolean(made.rationale) || made.rationaleOwed).toBe(true)
        expect(made.reviewAt.getTime()).toBeGreaterThan(made.decidedAt.getTime())
        expect(!isLate(made.decidedAt, now) || Boolean(made.lateReason)).toBe(true)
      },
    ),
  )
})

test('who decides does not also log', () => {
  expect(sameHand('p', 'p')).toMatch('two people')
  expect(sameHand('p', 'q')).toBeNull()
})

test('a fact of over an hour ago is stale by itself; a flag set by hand stays', () => {
  expect(flagOf({ flag: 'none', asOf: after(-61).toISOString() }, noon)).toBe('stale')
  expect(flagOf({ flag: 'none', asOf: after(-60).toISOString() }, noon)).toBe('none')
  expect(flagOf({ flag: 'contested', asOf: after(-600).toISOString() }, noon)).toBe('contested')
  expect(flagOf({ flag: 'none', asOf: null }, noon)).toBe('none')
})

test('reasons are owed for thirty minutes and then overdue; given is given', () => {
  const owed = { rationale: null, rationaleDueAt: rationaleDue(noon).toISOString() }
  expect(rationaleState(owed, after(29))).toBe('owed')
  expect(rationaleState(owed, after(30))).toBe('overdue')
  expect(rationaleState({ ...owed, rationale: 'because' }, after(600))).toBe('given')
  expect(reviewState(noon.toISOString(), false, after(-1))).toBe('ahead')
  expect(reviewState(noon.toISOString(), false, noon)).toBe('due')
  expect(reviewState(noon.toISOString(), true, noon)).toBe('ahead')
})

test('property: numbers run from one without a gap, whatever part of the whole a viewer sees', () => {
  fc.assert(
    fc.property(fc.uniqueArray(fc.uuid()), fc.array(fc.boolean()), (ids, seen) => {
      const mine = ids.filter((_, at) => seen[at]).map((id) => ({ id }))
      expect([...numbered(mine).values()]).toEqual(mine.map((_, at) => at + 1))
    }),
  )
})

test('the newest stands first, and the first of them is number one', () => {
  const one = { id: 'a', rationale: null, rationaleDueAt: noon.toISOString(), reviewAt: noon.toISOString(), reversedById: null } as Told
  const lines = linesOf([one, { ...one, id: 'b', reversedById: 'c' }], noon)
  expect(lines.map(({ id, number, state }) => [id, number, state])).toEqual([
    ['b', 2, 'reversed'],
    ['a', 1, 'made'],
  ])
})

test('the post that decided confirms and gives reasons; a loggist corrects and reverses; another agency can still dissent', () => {
  const head = { decidedByPostId: 'p', reversedById: null, confirmedAt: null, rationale: null }
  expect(mayOf(head, ['post:p', 'agency:x'])).toMatchObject({
    confirm: true,
    giveRationale: true,
    correct: true,
    reverse: false,
    addDissent: true,
  })
  expect(mayOf(head, ['kind:loggist', 'post:q'])).toMatchObject({ confirm: false, correct: true, reverse: true })
  expect(mayOf(head, ['agency:y'])).toEqual({
    giveRationale: false,
    addDissent: true,
    confirm: false,
    correct: false,
    reverse: false,
    tell: false,
  })
})
