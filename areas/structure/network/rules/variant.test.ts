import { expect, test } from 'vitest'
import type { Network } from '../contract.ts'
import { inventedNetwork } from '../testing.ts'
import { networkFor } from './variant.ts'

const base = { ...inventedNetwork({ agencies: 8, posts: 8, groups: 2, links: 6 }), variants: [] as Network['variants'] }
const [group] = base.groups as [Network['groups'][number]]
const seated = base.memberships.filter(({ groupId }) => groupId === group.id)
const outside = base.agencies.find(({ id }) => !seated.some(({ agencyId }) => agencyId === id))!
const [, , third, fourth] = base.posts.map(({ id }) => id) as [string, string, string, string]
let last = 0
const variant = (it: Partial<Network['variants'][number]>): Network['variants'][number] => ({
  id: `00000000-0000-4000-8000-0000000009${String((last += 1)).padStart(2, '0')}`,
  groupId: group.id,
  incidentType: 'any',
  band: 'any',
  effect: 'joins',
  agencyId: null,
  postId: null,
  basis: 'Plan 4',
  ...it,
})
const chairOf = (network: Network) => network.groups.find(({ id }) => id === group.id)?.chairPostId
const agenciesIn = (network: Network) => network.memberships.filter(({ groupId }) => groupId === group.id).map(({ agencyId }) => agencyId)

test('an agency joins for one attack type and no other; nothing else moves and nothing given is touched', () => {
  const network = { ...base, variants: [variant({ incidentType: 'chemical', agencyId: outside.id })] }
  const before = structuredClone(network)
  expect(agenciesIn(networkFor(network, 'chemical', 'any'))).toEqual([...agenciesIn(base), outside.id])
  expect(networkFor(network, 'vehicle', 'any')).toEqual(base)
  expect(networkFor(network, 'any', 'any')).toEqual(base)
  expect(network).toEqual(before)
  // Once joined it is not joined again, and a quorum of core members stays what it was.
  const twice = networkFor(
    { ...network, variants: [...network.variants, variant({ band: 'recovery', agencyId: outside.id })] },
    'chemical',
    'recovery',
  )
  expect(twice.memberships.filter(({ agencyId, groupId }) => agencyId === outside.id && groupId === group.id)).toMatchObject([
    { kind: 'standing' },
  ])
})

test('an agency leaves in a band, and only that group', () => {
  const gone = seated[0]!.agencyId
  const network = { ...base, variants: [variant({ band: 'recovery', effect: 'leaves', agencyId: gone })] }
  expect(agenciesIn(networkFor(network, 'any', 'recovery'))).not.toContain(gone)
  expect(networkFor(network, 'any', 'first-hour')).toEqual(base)
  const elsewhere = (of: Network) => of.memberships.filter(({ groupId }) => groupId !== group.id)
  expect(elsewhere(networkFor(network, 'any', 'recovery'))).toEqual(elsewhere(base))
})

test('what speaks more closely wins, in whatever order it stands', () => {
  const variants = [
    variant({ incidentType: 'chemical', band: 'first-hour', effect: 'chairs', postId: fourth }),
    variant({ band: 'first-hour', effect: 'chairs', postId: third }),
    variant({ incidentType: 'chemical', effect: 'deputy-chairs', postId: third }),
  ]
  for (const these of [variants, [...variants].reverse()]) {
    expect(chairOf(networkFor({ ...base, variants: these }, 'chemical', 'first-hour'))).toBe(fourth)
    expect(chairOf(networkFor({ ...base, variants: these }, 'vehicle', 'first-hour'))).toBe(third)
    expect(networkFor({ ...base, variants: these }, 'chemical', 'first-day').groups[0]?.deputyChairPostId).toBe(third)
  }
})
