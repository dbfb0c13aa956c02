import { expect, test } from 'vitest'
import { isOverdue, leadState, mayConfirm, sides } from './rules.ts'

const proposed = { agencyId: 'police', state: 'proposed' as const, phase: 'response' as const, claimedBy: null }
const contested = [
  { ...proposed, state: 'contested' as const },
  { agencyId: 'rail', state: 'contested' as const, phase: 'response' as const, claimedBy: 'rail' },
]
const wish = (agreedBy: string[] = []) => ({ agencyId: 'police', phase: 'response', agreedBy })
const chairOf = (agencyId: string) => ({ kinds: ['chair'], agencyId })

test('what nobody settled in time is unresolved, whatever was proposed; what is confirmed is never', () => {
  expect(leadState([], 'response', false)).toBe('none')
  expect(leadState([proposed], 'response', false)).toBe('proposed')
  expect(leadState(contested, 'response', false)).toBe('contested')
  expect(leadState(contested, 'response', true)).toBe('unresolved')
  expect(leadState([{ ...proposed, state: 'confirmed' }], 'response', true)).toBe('confirmed')
  expect(leadState([{ ...proposed, state: 'confirmed' }], 'recovery', false)).toBe('none')
})

test('time runs out at the minute', () => {
  expect(isOverdue('2026-03-12T14:00:00Z', 20, new Date('2026-03-12T14:19:59Z'))).toBe(false)
  expect(isOverdue('2026-03-12T14:00:00Z', 20, new Date('2026-03-12T14:20:00Z'))).toBe(true)
})

test('an uncontested lead is confirmed by a chair, or by the executive of that agency and of no other', () => {
  expect(mayConfirm(chairOf('council'), [proposed], wish())).toBeNull()
  expect(mayConfirm({ kinds: ['executive'], agencyId: 'police' }, [proposed], wish())).toBeNull()
  expect(mayConfirm({ kinds: ['executive'], agencyId: 'rail' }, [proposed], wish())).toMatch('executive of the agency')
})

test('a contested lead is settled by a chair of neither side, or by any chair once every side agrees', () => {
  expect(sides(contested, 'response')).toEqual(['police', 'rail'])
  expect(mayConfirm({ kinds: ['executive'], agencyId: 'police' }, contested, wish(['police', 'rail']))).toMatch('contested')
  expect(mayConfirm(chairOf('police'), contested, wish())).toMatch('one side')
  expect(mayConfirm(chairOf('police'), contested, wish(['police']))).toMatch('one side')
  expect(mayConfirm(chairOf('police'), contested, wish(['police', 'rail']))).toBeNull()
  expect(mayConfirm(chairOf('council'), contested, wish())).toBeNull()
})
