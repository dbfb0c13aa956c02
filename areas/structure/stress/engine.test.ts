import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Network } from '../network/contract.ts'
import { chanceOf, inventedNetwork } from '../network/testing.ts'
import { harmOf, type Loss, lossOf, modelOf, pairs, singles, type Taken } from './engine.ts'

const id = (n: number) => `00000000-0000-4000-8000-${n.toString(16).padStart(12, '0')}`
const nobody: Network = {
  agencies: [],
  posts: [],
  groups: [],
  memberships: [],
  media: [],
  places: [],
  links: [],
  responsibilities: [],
  products: [],
  variants: [],
}

/** The same question asked slowly, word by word, with sets of ids. */
function naive(network: Network, taken: readonly Taken[]): Omit<Loss, 'taken'> {
  const ask = (these: readonly Taken[]) => {
    const is = (kind: Taken['kind'], what: string) => these.some((one) => one.kind === kind && one.id === what)
    const agencyStands = (agencyId: string) => !is('agency', agencyId)
    const postStands = (postId: string) => {
      const post = network.posts.find((one) => one.id === postId)!
      return agencyStands(post.agencyId) && !is('post', postId) && !(post.placeId !== null && is('place', post.placeId))
    }
    const mediumWorks = (mediumId: string | null) => {
      const medium = network.media.find((one) => one.id === mediumId)
      return medium !== undefined && !is('medium', medium.id) && !medium.dependsOn.some((dependence) => is('dependence', dependence))
    }
    const officers = (group: Network['groups'][number]) =>
      [group.chairPostId, group.deputyChairPostId, group.secretariatPostId].filter((one) => one !== null)
    const groupStands = (groupId: string) => {
      const group = network.groups.find((one) => one.id === groupId)!
      const seats = network.memberships.filter((one) => one.groupId === groupId)
      return (
        officers(group).some(postStands) ||
        seats.some(({ agencyId, postId }) => agencyStands(agencyId) || (postId !== null && postStands(postId)))
      )
    }
    const stands = (one: string) =>
      network.agencies.some((row) => row.id === one)
        ? agencyStands(one)
        : network.posts.some((row) => row.id === one)
          ? postStands(one)
          : groupStands(one)
    const dependsOn = (mediumId: string) => network.media.find((one) => one.id === mediumId)!.dependsOn
    const arcs: [string, string][] = []
    const both = (a: string, b: string) => arcs.push([a, b], [b, a])
    for (const post of network.posts) both(post.id, post.agencyId)
    for (const seat of network.memberships) {
      both(seat.groupId, seat.agencyId)
      if (seat.postId !== null) both(seat.groupId, seat.postId)
    }
    for (const group of network.groups) for (const post of officers(group)) both(group.id, post)
    for (const { from, to, kind, primaryMediumId: first, backupMediumId: second } of network.links) {
      const independent = first !== null && second !== null && !dependsOn(first).some((one) => dependsOn(second).includes(one))
      if (!mediumWorks(first) && !(independent && mediumWorks(second))) continue
      if (kind === 'liaises') both(from.id, to.id)
      else arcs.push([from.id, to.id])
    }
    const told = new Set(network.groups.filter((group) => group.tier === 'strategic' && groupStands(group.id)).map((group) => group.id))
    for (let before = -1; before !== told.size; ) {
      before = told.size
      for (const [a, b] of arcs) if (told.has(a) && stands(b)) told.add(b)
    }
    return { told, stands, postStands, is }
  }
  const [before, now] = [ask([]), ask(taken)]
  const accountable = Map.groupBy(
    network.responsibilities.filter(({ part }) => part === 'accountable'),
    ({ activity, phase }) => `${activity} ${phase}`,
  )
  const core = (groupId: string, told: Set<string>) =>
    network.memberships.filter((seat) => seat.groupId === groupId && seat.kind === 'core' && told.has(seat.agencyId)).length
  return {
    untold: network.agencies.map((one) => one.id).filter((one) => before.told.has(one) && now.stands(one) && !now.told.has(one)),
    untoldGroups: network.groups.map((one) => one.id).filter((one) => before.told.has(one) && !now.told.has(one)),
    uncovered: [...accountable.values()]
      .filter((rows) => rows.some((row) => before.told.has(row.agencyId)) && !rows.some((row) => now.told.has(row.agencyId)))
      .map((rows) => ({
        activity: rows[0]!.activity,
        phase: rows[0]!.phase,
        reason: rows.some((row) => now.stands(row.agencyId)) ? ('untold' as const) : ('lost' as const),
      })),
    groups: network.groups
      .map((group) => {
        const lost: Loss['groups'][number]['lost'] = []
        if (group.chairPostId !== null && !now.postStands(group.chairPostId)) lost.push('chair')
        if (group.deputyChairPostId !== null && !now.postStands(group.deputyChairPostId)) lost.push('deputy')
        if (core(group.id, before.told) >= (group.quorum ?? 0) && core(group.id, now.told) < (group.quorum ?? 0)) lost.push('quorum')
        if (group.placeId !== null && now.is('place', group.placeId)) lost.push('room')
        return { groupId: group.id, lost }
      })
      .filter(({ lost }) => lost.length > 0),
  }
}

/** An invented network, made thin and tangled: fewer seats, places, media that share what they depend on, links without media. */
function tangled(seed: number): Network {
  const network = inventedNetwork({ agencies: 9, posts: 8, groups: 4, links: 14, seed })
  const chance = chanceOf(seed + 1000)
  const places = [
    { id: id(9001), code: 'HQ', name: 'Headquarters' },
    { id: id(9002), code: 'ALT', name: 'Other rooms' },
  ]
  const placed = () => (chance() < 0.5 ? null : places[chance() < 0.5 ? 0 : 1]!.id)
  return {
    ...network,
    places,
    media: network.media.map((medium) => ({
      ...medium,
      dependsOn: chance() < 0.5 ? [...medium.dependsOn, 'mains-power'] : medium.dependsOn,
    })),
    memberships: network.memberships.filter(() => chance() < 0.4),
    posts: network.posts.map((post) => ({ ...post, placeId: placed() })),
    groups: network.groups.map((group) => ({
      ...group,
      placeId: placed(),
      quorum: chance() < 0.3 ? null : 1 + Math.floor(chance() * 2),
      chairPostId: chance() < 0.3 ? null : group.chairPostId,
      secretariatPostId: chance() < 0.3 ? network.posts[0]!.id : null,
    })),
    links: network.links.map((link) => (chance() < 0.2 ? { ...link, primaryMediumId: null } : link)),
  }
}

describe('what is lost', () => {
  test('is what asking slowly finds, for any one, two or three taken from any network', () => {
    fc.assert(
      fc.property(fc.nat(5000), fc.array(fc.nat(1000), { maxLength: 3 }), (seed, picks) => {
        const network = tangled(seed)
        const model = modelOf(network)
        const taken = [...new Set(picks.map((pick) => model.taken[pick % model.taken.length]!.what))]
        expect({ ...lossOf(model, taken), taken: null }).toEqual({ ...naive(network, taken), taken: null })
      }),
      { numRuns: 400 },
    )
  })

  test('all pairs are counted, each with the harm that asking for it alone tells', () => {
    for (const seed of [1, 2, 3]) {
      const model = modelOf(tangled(seed))
      const n = model.taken.length
      const { counted, worst } = pairs(model, 100_000)
      expect(counted).toBe((n * (n - 1)) / 2)
      const alone = new Map(singles(model).map((one) => [JSON.stringify(one.taken), harmOf(one)]))
      for (const pair of worst) {
        const loss = lossOf(model, pair.taken)
        const gone = (lost: Loss['groups'][number]['lost'], groupId: string) => {
          const group = model.network.groups.find((one) => one.id === groupId)!
          return (group.chairPostId === null || lost.includes('chair')) && (group.deputyChairPostId === null || lost.includes('deputy'))
        }
        expect(pair).toMatchObject({
          untold: loss.untold.length,
          uncovered: loss.uncovered.length,
          inquorate: loss.groups.filter(({ lost }) => lost.includes('quorum')).length,
          headless: loss.groups.filter(({ lost, groupId }) => (lost.includes('chair') || lost.includes('deputy')) && gone(lost, groupId))
            .length,
        })
        const sum = pair.taken.reduce((all, one) => all + alone.get(JSON.stringify(one))!, 0)
        expect(pair.together).toBe(Math.max(0, harmOf(pair) - sum))
      }
      // A short list is the head of the long one.
      expect(pairs(model, 5).worst).toEqual(worst.slice(0, 5))
    }
  })

  test('taking nothing away, or something that is not there, loses nothing', () => {
    const model = modelOf(tangled(4))
    const nothing = { taken: [], untold: [], untoldGroups: [], uncovered: [], groups: [] }
    expect(lossOf(model, [])).toEqual(nothing)
    expect(lossOf(model, [{ kind: 'agency', id: id(7777) }])).toEqual(nothing)
    expect(lossOf(modelOf(nobody), [])).toEqual(nothing)
    expect(pairs(modelOf(nobody), 10)).toEqual({ counted: 0, worst: [] })
  })

  test('the mobile network goes: whoever is told by it alone is not told; an independent backup holds, one on the same network does not', () => {
    const [police, fire, water, group] = [id(1), id(2), id(3), id(4)]
    const agency = (one: string, name: string) => ({
      ...{ id: one, orgType: 'test', orgCode: name, name, shortName: null, sector: null, parentId: null, services: [], homeCity: null },
    })
    const [telephone, pager, radio] = [id(11), id(12), id(13)]
    const link = (one: number, to: string, backupMediumId: string | null): Network['links'][number] => ({
      ...{ id: id(one), from: { kind: 'group', id: group }, to: { kind: 'agency', id: to }, kind: 'informs', primaryMediumId: telephone },
      ...{ backupMediumId, carries: [], testedAt: null },
    })
    const base = inventedNetwork({ agencies: 1, posts: 0, groups: 1, links: 0 })
    const network: Network = {
      ...nobody,
      agencies: [agency(police, 'Police'), agency(fire, 'Fire'), agency(water, 'Water')],
      groups: [{ ...base.groups[0]!, id: group, tier: 'strategic' }],
      memberships: [{ id: id(5), groupId: group, agencyId: police, postId: null, kind: 'core', basis: 'Plan', derived: false }],
      media: [
        { id: telephone, code: 'T', name: 'Telephone', dependsOn: ['mobile-network'] },
        { id: pager, code: 'P', name: 'Pager', dependsOn: ['mobile-network'] },
        { id: radio, code: 'R', name: 'Radio', dependsOn: ['masts'] },
      ],
      links: [link(21, fire, pager), link(22, water, radio)],
    }
    const model = modelOf(network)
    expect(lossOf(model, [{ kind: 'dependence', id: 'mobile-network' }])).toMatchObject({ untold: [fire] })
    expect(lossOf(model, [{ kind: 'medium', id: telephone }])).toMatchObject({ untold: [fire] })
    expect(
      lossOf(model, [
        { kind: 'medium', id: telephone },
        { kind: 'medium', id: radio },
      ]).untold,
    ).toEqual([fire, water])
    // The group is its members: when its one member is gone, nobody is left to tell anybody.
    expect(lossOf(model, [{ kind: 'agency', id: police }])).toMatchObject({ untold: [fire, water], untoldGroups: [group] })
  })
})
