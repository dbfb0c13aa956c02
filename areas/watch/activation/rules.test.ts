import { expect, test } from 'vitest'
import { linesOf, spanOf } from './board/rules.ts'
import type { BoardAsk, BoardCallOut } from './contract.ts'
import { activationClauses, mayActivateOn, postsToCall } from './rules.ts'

test('only an accepted or released signal that is actual, or was assigned to the exercise, raises an activation', () => {
  expect(mayActivateOn({ standing: 'accepted', route: 'live', status: 'Actual' })).toBeNull()
  expect(mayActivateOn({ standing: 'released', route: 'live', status: 'Actual' })).toBeNull()
  expect(mayActivateOn({ standing: 'quarantined', route: 'live', status: 'Actual' })).toMatch('quarantine')
  expect(mayActivateOn({ standing: 'accepted', route: 'not-actual', status: 'Test' })).toMatch('says Test')
})

test('a post is called once, however often it is named', () => {
  expect(postsToCall(['a', 'b'], ['b', 'c'])).toEqual(['a', 'b', 'c'])
})

test('an activation is for the duty structure of this city, not for a neighbour who holds a post of the same kind', () => {
  expect(activationClauses('HAL').at(-1)).toEqual(['city:HAL'])
  expect(activationClauses('HAL')[0]).not.toContain('kind:administrator')
})

test('on the board, what needs a look stands first, and a line is filled to its acceptance', () => {
  const callOut = (id: string, state: BoardCallOut['state'], acceptedAt: string | null = null): BoardCallOut => ({
    id,
    postId: id,
    post: id,
    agencyId: id,
    agency: id,
    state,
    startedAt: '2026-03-12T14:10:00Z',
    acceptedBy: acceptedAt === null ? null : 'Somebody',
    acceptedAt,
    unansweredSince: null,
    flags: [],
    next: null,
  })
  const ask: BoardAsk = {
    id: 'ask',
    callOutId: 'filled',
    personId: 'p',
    person: 'Somebody',
    capacity: 'holder',
    kind: 'call-out',
    channel: 'sms',
    state: 'accepted',
    reason: null,
    detail: null,
    dueAt: '2026-03-12T14:10:00Z',
    reached: [
      { state: 'queued', at: '2026-03-12T14:10:00Z' },
      { state: 'attempted', at: '2026-03-12T14:10:30Z' },
      { state: 'accepted', at: '2026-03-12T14:13:00Z' },
    ],
  }
  const lines = linesOf(
    {
      callOuts: [callOut('filled', 'accepted', '2026-03-12T14:13:00Z'), callOut('asking', 'asking'), callOut('silent', 'unanswered')],
      asks: [ask],
    },
    new Date('2026-03-12T14:32:00Z'),
  )
  expect(lines.map((line) => line.callOut.id)).toEqual(['silent', 'asking', 'filled'])
  expect(lines[2]).toMatchObject({
    filledTo: 3,
    marks: [
      { minutes: 0.5, state: 'attempted' },
      { minutes: 3, state: 'accepted' },
    ],
  })
  expect(lines[1]?.filledTo).toBe(22)
  expect(spanOf(lines)).toBe(20)
})
