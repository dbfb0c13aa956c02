import { expect, test } from 'vitest'
import { absentSince, quorumOf, silentSince } from './rules.ts'

const at = (minute: number) => new Date(Date.UTC(2026, 2, 12, 14, minute))

test('quorum counts core members who are here, in the room or from afar, and nobody else', () => {
  const group = { groupId: 'g', code: 'SCG', name: 'Strategic', quorum: 2, coreAgencies: ['a', 'b', 'c'] }
  const seats = [
    { agencyId: 'a', state: 'present' as const },
    { agencyId: 'b', state: 'en-route' as const },
    { agencyId: 'x', state: 'present' as const },
  ]
  expect(quorumOf(group, seats)).toMatchObject({ present: 1, core: 3, reached: false })
  expect(quorumOf(group, [...seats, { agencyId: 'c', state: 'virtual' as const }])).toMatchObject({ present: 2, reached: true })
})

test('without a number of its own, a quorum is more than half', () => {
  const group = { groupId: 'g', code: 'SCG', name: 'Strategic', quorum: null, coreAgencies: ['a', 'b', 'c', 'd'] }
  const here = (count: number) => group.coreAgencies.slice(0, count).map((agencyId) => ({ agencyId, state: 'present' as const }))
  expect(quorumOf(group, here(2)).reached).toBe(false)
  expect(quorumOf(group, here(3)).reached).toBe(true)
})

test('an awaited agency is silent from when it was last heard of, at the minute and not before', () => {
  const seat = { state: 'expected' as const, since: at(0).toISOString(), lastNamedAt: at(4).toISOString() }
  expect(silentSince(seat, 20, at(23))).toBeNull()
  expect(silentSince(seat, 20, at(24))).toEqual(at(4))
  expect(silentSince({ ...seat, lastNamedAt: null }, 20, at(20))).toEqual(at(0))
  expect(silentSince({ ...seat, state: 'present' }, 20, at(59))).toBeNull()
})

test('a core member is absent from when it was expected, with or without a reason; an agency that is no core member never', () => {
  const seat = { core: true, state: 'absent' as const, expectedFrom: at(0).toISOString() }
  expect(absentSince(seat, 30, at(29))).toBeNull()
  expect(absentSince(seat, 30, at(30))).toEqual(at(0))
  expect(absentSince({ ...seat, state: 'virtual' }, 30, at(59))).toBeNull()
  expect(absentSince({ ...seat, core: false }, 30, at(59))).toBeNull()
})
