import { expect, test } from 'vitest'
import { inventedNetwork } from '../../network/testing.ts'
import { findingIn, isOfAnalysis } from './finding.ts'

const network = inventedNetwork({ agencies: 6, posts: 5, groups: 2, links: 4, seed: 3 })
const [agency] = network.agencies as [(typeof network.agencies)[number]]
const [post] = network.posts as [(typeof network.posts)[number]]
const [group] = network.groups as [(typeof network.groups)[number]]
const [link] = network.links as [(typeof network.links)[number]]
const line = { id: '00000000-0000-4000-8000-000000000001', source: 'x', foundAt: '2026-01-01T00:00:00Z', resolvedAt: null }

test('a finding of the analysis is what it is called: its kind, and whoever of it stands in this network', () => {
  const called = `group-without-chair~${group.id}~00000000-0000-4000-8000-00000000dead`
  expect(isOfAnalysis(called)).toBe(true)
  expect(findingIn(network, called, [])).toEqual({
    ...{ kind: 'group-without-chair', nodeIds: [group.id], linkIds: [], words: null, names: [group.name] },
  })
  expect(findingIn(network, `untested~${link.id}`, [])).toMatchObject({ linkIds: [link.id], nodeIds: [link.from.id, link.to.id] })
})

test('a finding of the list is found by its id alone, about a code, or about a name with more after it; another is not there', () => {
  const listed = (about: string) => [{ ...line, kind: 'isolated' as const, about, words: 'In words.' }]
  expect(findingIn(network, line.id, listed(agency.orgCode))).toMatchObject({ nodeIds: [agency.id], words: 'In words.' })
  expect(findingIn(network, line.id, listed(`${agency.name}, Warn, recovery`))?.nodeIds).toContain(agency.id)
  expect(findingIn(network, line.id, listed(post.code))?.nodeIds).toEqual([post.id])
  expect(isOfAnalysis(line.id)).toBe(false)
  expect(findingIn(network, line.id, [])).toBeUndefined()
  expect(findingIn(network, 'nonsense~1', listed(agency.name))).toBeUndefined()
})
