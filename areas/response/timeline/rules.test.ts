import { expect, test } from 'vitest'
import { isLate } from '#core/record/late.ts'
import { agenciesNamed, isAhead } from './rules.ts'

const agencies = [
  { id: 'fire', name: 'Halvern Fire and Rescue', shortName: 'Fire', orgCode: 'HAL-FRS' },
  { id: 'harbour', name: 'Harbour Authority', shortName: 'Harbour', orgCode: 'HAL-HRB' },
  { id: 'ehs', name: 'École (santé)', shortName: null, orgCode: 'HAL-EHS' },
]

test('an agency is named by its name, short name or code, as a whole word, in any case', () => {
  expect(agenciesNamed('FIRE has two pumps at the square', agencies)).toEqual(['fire'])
  expect(agenciesNamed('Firearms team at the gate; harbourside closed', agencies)).toEqual([])
  expect(agenciesNamed('HAL-HRB asked again, no answer.', agencies)).toEqual(['harbour'])
  expect(agenciesNamed('école (santé) prévenue', agencies)).toEqual(['ehs'])
})

test('late is more than five minutes; ahead is more than one', () => {
  const at = (seconds: number) => new Date(Date.UTC(2026, 0, 1, 0, 0, seconds))
  expect(isLate(at(0), at(300))).toBe(false)
  expect(isLate(at(0), at(301))).toBe(true)
  expect(isAhead(at(60), at(0))).toBe(false)
  expect(isAhead(at(61), at(0))).toBe(true)
})
