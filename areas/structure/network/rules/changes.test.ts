import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { ConcordError } from '#core/errors.ts'
import { Difference, Network } from '../contract.ts'
import { inventedNetwork } from '../testing.ts'
import {
  addLink,
  addSeat,
  changeLink,
  endLink,
  endSeat,
  moveSeat,
  setChair,
  setMedium,
  setOffice,
  setQuorum,
  setSeatPost,
  setStanding,
} from './changes.ts'
import { differencesBetween } from './differences.ts'

const network = inventedNetwork({ agencies: 12, posts: 10, groups: 4, links: 30, seed: 7 })
const [police, fire] = network.agencies as [Network['agencies'][number], Network['agencies'][number]]
const [strategic, tactical] = network.groups as [Network['groups'][number], Network['groups'][number]]
const link = network.links.find(({ testedAt, backupMediumId }) => testedAt !== null && backupMediumId !== null)!
const newId = '00000000-0000-4000-8000-ffffffffffff'
const refused = (deed: () => unknown): { kind: string; field: string | undefined } => {
  try {
    deed()
  } catch (error) {
    const { kind, field } = error as ConcordError
    return { kind, field }
  }
  throw new Error('was not refused')
}
const ends = { from: { kind: 'group', id: strategic.id }, to: { kind: 'agency', id: police.id } } as const
const fresh = { id: newId, ...ends, kind: 'requests', primaryMediumId: null, backupMediumId: null, carries: ['casualties'] } as const

describe('deeds on a draft', () => {
  test('the invented network is one that the contract takes, and the same for the same seed', () => {
    expect(Network.safeParse(network).success).toBe(true)
    expect(inventedNetwork({ agencies: 12, posts: 10, groups: 4, links: 30, seed: 7 })).toEqual(network)
  })

  test('no deed touches the network it was given', () => {
    const before = structuredClone(network)
    const seat = network.memberships[0]!
    const free = network.groups.find(
      ({ id }) => !network.memberships.some(({ groupId, agencyId }) => groupId === id && agencyId === seat.agencyId),
    )!
    addLink(network, { ...fresh, carries: [] })
    endLink(network, link.id)
    changeLink(network, link.id, { carries: ['nothing'] })
    endSeat(network, seat.id)
    moveSeat(network, seat.id, free.id)
    setStanding(network, seat.id, 'invitee')
    setChair(network, strategic.id, null)
    expect(network).toEqual(before)
  })

  test('a link that is drawn is untested; the same link twice, one to itself and one to nobody are refused, each naming its field', () => {
    const after = addLink(network, { ...fresh, carries: [] })
    expect(after.links.at(-1)).toMatchObject({ id: newId, testedAt: null })
    const twin = { ...fresh, id: '00000000-0000-4000-8000-fffffffffffe', carries: [] }
    expect(refused(() => addLink(after, twin))).toEqual({ kind: 'conflict', field: undefined })
    expect(refused(() => addLink(network, { ...fresh, carries: [], to: ends.from }))).toEqual({ kind: 'invalid', field: 'to' })
    expect(refused(() => addLink(network, { ...fresh, carries: [], from: { kind: 'post', id: police.id } }))).toEqual({
      kind: 'invalid',
      field: 'from',
    })
  })

  test('other media make a link untested again, other words carried do not; a backup is another medium', () => {
    const other = network.media.find(({ id }) => id !== link.primaryMediumId && id !== link.backupMediumId)!
    const of = (it: Network) => it.links.find(({ id }) => id === link.id)!
    expect(of(setMedium(network, link.id, 'backupMediumId', other.id))).toMatchObject({ backupMediumId: other.id, testedAt: null })
    expect(of(changeLink(network, link.id, { carries: ['roads'] })).testedAt).toBe(link.testedAt)
    expect(refused(() => setMedium(network, link.id, 'backupMediumId', link.primaryMediumId))).toEqual({
      kind: 'invalid',
      field: 'backupMediumId',
    })
    expect(refused(() => endLink(endLink(network, link.id), link.id))).toEqual({ kind: 'invalid', field: 'link' })
  })

  test('a seat moves to a group where its agency does not sit, and to no other; a seat is taken on a basis and by its own post', () => {
    const both = network.agencies.find(
      ({ id }) => new Set(network.memberships.filter(({ agencyId }) => agencyId === id).map(({ groupId }) => groupId)).size > 1,
    )!
    const [one, other] = network.memberships.filter(({ agencyId }) => agencyId === both.id)
    expect(refused(() => moveSeat(network, one!.id, other!.groupId)).kind).toBe('conflict')
    const without = endSeat(network, other!.id)
    expect(moveSeat(without, one!.id, other!.groupId).memberships.find(({ id }) => id === one!.id)).toEqual({
      ...one,
      groupId: other!.groupId,
    })
    const seat = { id: newId, groupId: other!.groupId, agencyId: both.id, postId: null, kind: 'standing', basis: 'Agreed' } as const
    expect(addSeat(without, seat).memberships.at(-1)).toEqual({ ...seat, derived: false })
    expect(refused(() => addSeat(without, { ...seat, basis: ' ' })).field).toBe('basis')
    const stranger = network.posts.find(({ agencyId }) => agencyId !== both.id)!
    expect(refused(() => addSeat(without, { ...seat, postId: stranger.id })).field).toBe('postId')
  })

  test('an office may stand empty, which is a finding; nobody deputises for themselves', () => {
    expect(setChair(network, tactical.id, null).groups.find(({ id }) => id === tactical.id)?.chairPostId).toBeNull()
    expect(refused(() => setOffice(network, tactical.id, 'deputyChairPostId', tactical.chairPostId))).toEqual({
      kind: 'invalid',
      field: 'deputyChairPostId',
    })
  })
})

describe('who sits, and how many must be there', () => {
  test('a seat names a post of its own agency, or none; a quorum is a whole number, or none', () => {
    const [post] = network.posts as [Network['posts'][number]]
    const seated = { id: newId, groupId: tactical.id, agencyId: post.agencyId, postId: null, kind: 'core', basis: 'Plan' } as const
    const free = { ...network, memberships: network.memberships.filter(({ agencyId }) => agencyId !== post.agencyId) }
    const withSeat = addSeat(free, seated)
    expect(setSeatPost(withSeat, newId, post.id).memberships.find(({ id }) => id === newId)?.postId).toBe(post.id)
    expect(setSeatPost(setSeatPost(withSeat, newId, post.id), newId, null)).toEqual(withSeat)
    const foreign = network.posts.find(({ agencyId }) => agencyId !== post.agencyId)!
    expect(refused(() => setSeatPost(withSeat, newId, foreign.id))).toEqual({ kind: 'invalid', field: 'postId' })
    expect(setQuorum(network, tactical.id, 3).groups.find(({ id }) => id === tactical.id)?.quorum).toBe(3)
    expect(setQuorum(network, tactical.id, null).groups.find(({ id }) => id === tactical.id)?.quorum).toBeNull()
    for (const wrong of [0, -1, 2.5, Number.NaN])
      expect(refused(() => setQuorum(network, tactical.id, wrong))).toEqual({ kind: 'invalid', field: 'quorum' })
  })
})

describe('differences between two networks', () => {
  test('a network says the same as itself, whatever the order of its rows and of its lists', () => {
    const turned = structuredClone(network)
    for (const rows of Object.values(turned)) rows.reverse()
    for (const row of turned.links) row.carries.reverse()
    expect(differencesBetween(network, turned)).toEqual([])
  })

  test('each deed is told once, by the names of those whom it concerns', () => {
    const [medium] = network.media
    const after = setChair(endLink(addLink(network, { ...fresh, carries: [], primaryMediumId: medium!.id }), link.id), tactical.id, null)
    const found = differencesBetween(network, after)
    expect(found.map(({ subject, how, id }) => [subject, how, id])).toEqual([
      ['group', 'changed', tactical.id],
      ['link', 'came', newId],
      ['link', 'went', link.id],
    ])
    expect(found[1]).toMatchObject({ name: strategic.name, with: police.name, kind: 'requests', fields: [] })
    expect(found[1]!.agencyIds).toContain(police.id)
    const chair = network.posts.find(({ id }) => id === tactical.chairPostId)!
    expect(found[0]!.fields).toEqual([{ field: 'chair', was: chair.title, is: null }])
    expect(found[0]!.agencyIds).toContain(chair.agencyId)
    for (const one of found) expect(Difference.safeParse(one).success).toBe(true)
  })

  test('a renamed agency is one difference, and not one for each row that names it', () => {
    const renamed = { ...network, agencies: network.agencies.map((row) => (row.id === fire.id ? { ...row, name: 'Fire' } : row)) }
    expect(differencesBetween(network, renamed)).toEqual([
      {
        subject: 'agency',
        how: 'changed',
        id: fire.id,
        name: 'Fire',
        with: null,
        kind: null,
        fields: [{ field: 'name', was: fire.name, is: 'Fire' }],
        agencyIds: [fire.id],
      },
    ])
  })

  test('two that have one name are still two: a change from one to the other is told', () => {
    const [first, twin] = network.posts as [Network['posts'][number], Network['posts'][number]]
    const alike = { ...network, posts: network.posts.map((row) => (row.id === twin.id ? { ...row, title: first.title } : row)) }
    const before = setOffice(setOffice(alike, strategic.id, 'deputyChairPostId', null), strategic.id, 'chairPostId', first.id)
    expect(differencesBetween(before, setChair(before, strategic.id, twin.id))).toMatchObject([
      { subject: 'group', how: 'changed', id: strategic.id, fields: [{ field: 'chair', was: first.title, is: first.title }] },
    ])
  })

  test('whatever field of whatever row becomes another, it is told', () => {
    const another = (value: unknown): unknown => {
      if (Array.isArray(value)) return [...(value as string[]), newId]
      if (typeof value === 'boolean') return !value
      if (typeof value === 'number') return value + 1
      if (value !== null && typeof value === 'object') return { kind: 'post', id: newId }
      return newId
    }
    const product = { code: 'P', name: 'Casualties', producerAgencyId: null, mediumId: null, protocol: null, receiverAgencyIds: [] }
    const place = { id: '00000000-0000-4000-8000-fffffffffff1', code: 'HQ', name: 'Headquarters' }
    const full = { ...network, places: [place], products: [{ id: '00000000-0000-4000-8000-fffffffffff2', ...product }] }
    for (const [list, rows] of Object.entries(full) as [keyof Network, { id: string }[]][]) {
      const [first] = rows
      for (const [field, value] of Object.entries(first!).filter(([name]) => name !== 'id')) {
        const after = { ...full, [list]: [{ ...first, [field]: another(value) }, ...rows.slice(1)] } as Network
        const found = differencesBetween(full, after).filter(({ id }) => id === first!.id)
        expect([list, field, found.length, found[0]?.fields.length]).toEqual([list, field, 1, 1])
      }
    }
  })

  test('the other way round, what came went, and what was is', () => {
    const turn = { came: 'went', went: 'came', changed: 'changed' } as const
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 1, max: 40 }), (one, other) => {
        const size = { agencies: 8, posts: 6, groups: 3, links: 12 }
        const [before, after] = [inventedNetwork({ ...size, seed: one }), inventedNetwork({ ...size, seed: other })]
        const forth = differencesBetween(before, after).map(({ subject, id, how, fields }) => ({ subject, id, how, fields }))
        const back = differencesBetween(after, before).map(({ subject, id, how, fields }) => ({
          subject,
          id,
          how: turn[how],
          fields: fields.map(({ field, was, is }) => ({ field, was: is, is: was })),
        }))
        const key = (it: { subject: string; id: string }) => `${it.subject} ${it.id}`
        const sorted = (rows: typeof forth) => [...rows].sort((left, right) => (key(left) < key(right) ? -1 : 1))
        expect(sorted(back)).toEqual(sorted(forth))
        expect(one === other).toBe(forth.length === 0)
      }),
      { numRuns: 30 },
    )
  })
})
