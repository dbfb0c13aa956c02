import { describe, expect, test } from 'vitest'
import type { Goal } from '../city-analysis/contract.ts'
import { inventedNetwork } from '../network/testing.ts'
import { compared, efficiencyOf, type Seen } from './rules.ts'

const base = { ...inventedNetwork({ agencies: 5, posts: 5, groups: 1, links: 0 }), memberships: [] }
const [a, b, c, d, e] = base.agencies.map(({ id }) => id) as [string, string, string, string, string]
const [group] = base.groups as [(typeof base.groups)[number]]
const seen = (fromId: string, toId: string, count = 1): Seen => ({
  ...{ fromId, toId, count, acknowledged: 0, firstAt: '2026-11-01T03:00:00Z', lastAt: '2026-11-01T04:00:00Z' },
})
let last = 0
const id = () => `00000000-0000-4000-8000-0000000a${String((last += 1)).padStart(4, '0')}`
const seat = (agencyId: string, kind: 'core' | 'standing' = 'core') => ({
  ...{ id: id(), groupId: group.id, agencyId, postId: null, kind, basis: 'Plan', derived: false },
})
const link = (from: string, to: string, kind: 'informs' | 'liaises' = 'informs') => ({
  ...{ id: id(), from: { kind: 'agency' as const, id: from }, to: { kind: 'agency' as const, id: to }, kind, primaryMediumId: null },
  ...{ backupMediumId: null, carries: [], testedAt: null },
})
const states = ({ pairs }: ReturnType<typeof compared>) => pairs.map(({ fromId, toId, state }) => [fromId, toId, state])

describe('declared against observed', () => {
  test('a seat in one group and a link declare; a link one way declares one way', () => {
    const network = { ...base, memberships: [seat(a), seat(b)], links: [link(c, d)] }
    expect(states(compared(network, [seen(a, b, 9), seen(c, d, 8), seen(d, c, 7), seen(a, e, 6)]))).toEqual([
      [a, b, 'used'],
      [c, d, 'used'],
      [d, c, 'undeclared'],
      [a, e, 'undeclared'],
    ])
  })

  test('what is declared and never seen is told; one that goes both ways is used when either is', () => {
    const network = { ...base, links: [link(a, b), link(c, d, 'liaises'), link(d, e)] }
    expect(compared(network, [seen(d, c)]).notUsed.map(({ fromId, toId }) => [fromId, toId])).toEqual([
      [a, b],
      [d, e],
    ])
  })

  test('a link with a group is one with its members; whoever left the network is not told', () => {
    const toGroup = { ...link(c, d), to: { kind: 'group' as const, id: group.id } }
    const network = { ...base, memberships: [seat(a)], links: [toGroup] }
    expect(states(compared(network, [seen(c, a), seen(id(), a)]))).toEqual([[c, a, 'used']])
  })
})

describe('efficiency beside topology', () => {
  const goal: Goal = {
    words: 'Know soon.',
    sharedMinutes: 10,
    decidedMinutes: 30,
    actedMinutes: 60,
    loadLimit: 9,
    spanLimit: 9,
    setAt: '2026-01-01T00:00:00Z',
  }
  const network = {
    ...base,
    groups: [{ ...group, tier: 'strategic' as const, chairPostId: null, deputyChairPostId: null }],
    memberships: [seat(a), seat(b)],
    links: [link(b, c), link(c, d)],
  }
  const moment = (what: string, agencyId: string | null, minute: number) => ({
    ...{ what, agencyId, at: new Date(Date.UTC(2026, 10, 1, 3, minute)).toISOString() },
  })
  const moments = [moment('began', null, 0), moment('decided', null, 25), moment('knew', a, 20), moment('knew', b, 4), moment('knew', d, 5)]

  test('close but slow, far but fast; and shared when the last of the core knew', () => {
    const found = efficiencyOf(network, moments, goal)
    expect(found).toMatchObject({ sharedMinutes: 20, decidedMinutes: 25, actedMinutes: null, coreAgencies: 2, knew: 2 })
    expect(found.agencies.map(({ id: of, steps, minutes, unexplained }) => [of, steps, minutes, unexplained])).toEqual([
      [a, 1, 20, 'close-but-slow'],
      [b, 1, 4, null],
      [d, 3, 5, 'far-but-fast'],
    ])
  })

  test('without a goal nothing is called slow or fast, and without a beginning nothing is counted', () => {
    expect(efficiencyOf(network, moments, null).agencies.map(({ unexplained }) => unexplained)).toEqual([null, null, null])
    expect(efficiencyOf(network, moments.slice(1), goal)).toMatchObject({ beganAt: null, sharedMinutes: null, decidedMinutes: null })
  })
})
