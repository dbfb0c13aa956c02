import { describe, expect, test } from 'vitest'
import { partsOfMarking } from './marking-parts.ts'
import { matches } from './palette-match.ts'
import { sorted } from './sorting.ts'
import { byDay, lateBy } from './timeline-days.ts'
import { lookFor } from './look.ts'

describe('the small decisions of the kit', () => {
  test('numbers in names sort as numbers, and the unknown comes last both ways', () => {
    const rows = [{ n: 'Ward 10' }, { n: null }, { n: 'Ward 9' }]
    expect(sorted(rows, (row) => row.n, false).map((row) => row.n)).toEqual(['Ward 9', 'Ward 10', null])
    expect(sorted(rows, (row) => row.n, true).map((row) => row.n)).toEqual(['Ward 10', 'Ward 9', null])
  })
  test('a palette finds by the beginnings of words, without accents or order', () => {
    expect(matches('Déclarer un incident majeur', 'inc dec')).toBe(true)
    expect(matches('Centre', 'entre')).toBe(false)
    expect(matches('Centre', '')).toBe(true)
  })
  test('a log is gathered by day in order of occurrence; lateness is in whole minutes', () => {
    const items = [
      { id: 'a', occurredAt: '2026-11-22T10:00:00Z' },
      { id: 'b', occurredAt: '2026-11-23T10:00:00Z' },
      { id: 'c', occurredAt: '2026-11-22T11:00:00Z' },
    ]
    const days = (oldestFirst: boolean) =>
      byDay(items, oldestFirst, (at) => at.slice(0, 10)).map((group) => group.items.map((item) => item.id))
    expect(days(false)).toEqual([['b'], ['c', 'a']])
    expect(days(true)).toEqual([['a', 'c'], ['b']])
    expect(lateBy('2026-11-22T10:00:00Z', '2026-11-22T10:01:59Z')).toBe(1)
  })
  test('only exact TLP words wear TLP colours', () => {
    expect(partsOfMarking('OFFICIAL-SENSITIVE [PERSONAL DATA] // TLP:AMBER+STRICT // Recovery group only')).toEqual([
      { words: 'OFFICIAL-SENSITIVE [PERSONAL DATA]', kind: 'plain' },
      { words: 'TLP:AMBER+STRICT', kind: 'amber' },
      { words: 'Recovery group only', kind: 'handling' },
    ])
    expect(partsOfMarking('TLP:AMBERISH')[0]?.kind).not.toBe('amber')
    expect(partsOfMarking('')).toEqual([])
  })
  test('a wall is dark whatever anybody wishes; a narrow screen is a pocket; a choice beats the device', () => {
    const device = { narrow: true, dark: true, contrast: false }
    expect(lookFor({ view: 'wall', theme: 'light' }, device)).toEqual({ view: 'wall', theme: 'dark', contrast: 'normal' })
    expect(lookFor({ theme: 'light' }, device)).toEqual({ view: 'pocket', theme: 'light', contrast: 'normal' })
    expect(lookFor({ contrast: 'more' }, { ...device, narrow: false })).toEqual({ view: 'desk', theme: 'dark', contrast: 'more' })
  })
})
