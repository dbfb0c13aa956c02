import { expect, test } from 'vitest'
import type { Centre } from './contract.ts'
import { notHere, overdue } from './rules.ts'

const seat = (shortName: string, state: Centre['seats'][number]['state'], core = true) =>
  ({ shortName, state, core }) as Centre['seats'][number]

test('not here are those who are counted on: expected, on the way, and core members who are absent', () => {
  const seats = [
    seat('Fire', 'expected'),
    seat('Police', 'present'),
    seat('Health', 'en-route'),
    seat('Rail', 'absent'),
    seat('Club', 'absent', false),
    seat('Link', 'virtual'),
  ]
  expect(notHere(seats)).toEqual(['Fire', 'Health', 'Rail'])
})

test('overdue says the lead first, then core members, then the silent; nothing of it is invented where nothing can be read', () => {
  const missing = [
    { shortName: 'Harbour', kind: 'silent' },
    { shortName: 'Fire', kind: 'core-absent' },
  ] as Centre['missing']
  const lead = { state: 'unresolved' } as Centre['lead']
  expect(overdue({ lead, missing }).map(({ code }) => code)).toEqual(['lead', 'core-absent', 'silent'])
  expect(overdue({ lead: { ...lead, state: 'confirmed' }, missing: [] })).toEqual([])
})
