import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Network } from '../../network/contract.ts'
import { inventedNetwork } from '../../network/testing.ts'
import { setChair } from '../../network/rules/changes.ts'
import { differencesBetween } from '../../network/rules/differences.ts'
import { readWishes } from './address.ts'
import { marksFrom, merged } from './compare.ts'
import { begun, done, markOf, readKept, redone, undone } from './draft.ts'
import { curveOf, farFrom, fitted, inSight, pointOn, zoomed } from './geometry.ts'
import { hitOf, roomAt } from './hit.ts'
import { aspects, type Box, layoutOf, seatBox } from './layout.ts'
import { backupOf, isUntested, loadsOf, overlayOf } from './links.ts'
import { narrowed } from './narrow.ts'
import { foundIn, layers, neighboursOf, openClusters, sceneOf } from './scene.ts'
import { linesAround, readingOrder, stepped } from './walk.ts'

const now = new Date('2026-11-27T12:00:00Z')
const words = { sector: (sector: string | null) => sector ?? 'none', tier: (tier: string) => tier }
const network = inventedNetwork({ agencies: 30, posts: 24, groups: 9, links: 90, seed: 3 })
const all = openClusters(network, 'all')
const scene = sceneOf(network, all, now, words)
const layout = layoutOf(scene, aspects.desk)
const boxOf = (id: string) => layout.boxes.get(id)
const overlaps = (one: Box, other: Box) =>
  one.x < other.x + other.w - 0.01 && other.x < one.x + one.w - 0.01 && one.y < other.y + other.h - 0.01 && other.y < one.y + one.h - 0.01

describe('what a link says', () => {
  test('untested: never, or longer ago than twelve months, to the day (R-1.1.1)', () => {
    expect(isUntested(null, now)).toBe(true)
    expect(isUntested('2025-11-27T11:59:59Z', now)).toBe(true)
    expect(isUntested('2025-11-27T12:00:00Z', now)).toBe(false)
    expect(isUntested('2025-11-27T13:30:00+02:00', now)).toBe(true)
  })
  test('no medium at all is told as such, and not as no backup', () => {
    expect(backupOf({ primaryMediumId: null, backupMediumId: null })).toBe('no-medium')
    expect(backupOf({ primaryMediumId: 'a', backupMediumId: null })).toBe('none')
    expect(backupOf({ primaryMediumId: 'a', backupMediumId: 'b' })).toBe('there')
  })
  test("an agency carries its posts' links as well as its own", () => {
    const loads = loadsOf(network)
    const [post] = network.posts
    const mine = network.posts.filter(({ agencyId }) => agencyId === post!.agencyId).map(({ id }) => id)
    const ends = network.links.flatMap(({ from, to }) => [from.id, to.id])
    expect(loads.get(post!.agencyId) ?? 0).toBe(ends.filter((id) => id === post!.agencyId || mine.includes(id)).length)
  })
})

describe('observed over declared', () => {
  const [a, b] = network.agencies
  const only = (kind: 'informs' | 'liaises'): Network => ({
    ...network,
    links: [{ ...network.links[0]!, from: { kind: 'agency', id: a!.id }, to: { kind: 'agency', id: b!.id }, kind }],
  })
  const seen = (fromId: string, toId: string) => ({ fromId, toId, lastAt: '2026-11-20T10:00:00Z' })
  const [link] = only('informs').links
  test('a link is used in its own direction; one that liaises in either; the rest is declared nowhere', () => {
    expect(overlayOf(only('informs'), [seen(a!.id, b!.id)])).toEqual({ uses: new Map([[link!.id, 'used']]), undeclared: [] })
    const back = overlayOf(only('informs'), [seen(b!.id, a!.id)])
    expect([...back.uses.values()]).toEqual(['not-used'])
    expect(back.undeclared).toHaveLength(1)
    expect([...overlayOf(only('liaises'), [seen(b!.id, a!.id)]).uses.values()]).toEqual(['used'])
  })
  test('a post counts as its agency, and what stays within one agency is no link', () => {
    const [post, other] = [
      network.posts.find(({ agencyId }) => agencyId === a!.id)!,
      network.posts.find(({ agencyId }) => agencyId === b!.id)!,
    ]
    expect([...overlayOf(only('informs'), [seen(post.id, other.id)]).uses.values()]).toEqual(['used'])
    expect(overlayOf(only('informs'), [seen(post.id, a!.id)]).undeclared).toEqual([])
  })
})

describe('narrowing leaves rows out and changes none', () => {
  test('by kind, by medium (first or backup), by agency, by phase', () => {
    expect(new Set(narrowed(network, { kind: 'directs' }).links.map(({ kind }) => kind))).toEqual(new Set(['directs']))
    const [medium] = network.media
    const over = narrowed(network, { medium: medium!.id }).links
    expect(over).toEqual(network.links.filter((link) => [link.primaryMediumId, link.backupMediumId].includes(medium!.id)))
    const phase = narrowed(network, { phase: 'recovery' })
    const parts = new Set(network.responsibilities.filter((row) => row.phase === 'recovery').map(({ agencyId }) => agencyId))
    expect(new Set(phase.agencies.map(({ id }) => id))).toEqual(parts)
    expect(phase.responsibilities.every((row) => row.phase === 'recovery')).toBe(true)
  })
  test('joined to an agency: every link has an end in it, and it is still there when it has none', () => {
    for (const { id } of network.agencies) {
      const shown = narrowed(network, { agency: id })
      const its = new Set([id, ...network.posts.filter(({ agencyId }) => agencyId === id).map((post) => post.id)])
      expect(shown.links.every(({ from, to }) => its.has(from.id) || its.has(to.id))).toBe(true)
      expect(shown.agencies.some((agency) => agency.id === id)).toBe(true)
      const known = new Set([...shown.agencies, ...shown.posts, ...shown.groups].map((row) => row.id))
      for (const { from, to } of shown.links) expect([known.has(from.id), known.has(to.id)]).toEqual([true, true])
    }
  })
  test('an attack type brings who joins and who chairs; without one nothing of it shows', () => {
    const [group] = network.groups
    const joins = network.variants.find(({ effect }) => effect === 'joins')!
    const seats = (it: Network) => it.memberships.filter(({ groupId }) => groupId === group!.id).map(({ agencyId }) => agencyId)
    expect(seats(narrowed(network, {}))).not.toContain(joins.agencyId)
    expect(seats(narrowed(network, { attack: 'chemical' }))).toContain(joins.agencyId)
    const chairs = network.variants.find(({ effect }) => effect === 'chairs')!
    const chairIn = (wishes: object) => narrowed(network, wishes).groups.find(({ id }) => id === group!.id)!.chairPostId
    expect(chairIn({ attack: 'chemical' })).toBe(group!.chairPostId)
    expect(chairIn({ attack: 'chemical', band: 'first-hour' })).toBe(chairs.postId)
  })
})

describe('the scene', () => {
  test('every link is a line, or several within one line, or hidden in one closed cluster; none is lost', () => {
    for (const open of ['all', 'none', 'sector:police,tier:strategic']) {
      const it = sceneOf(network, openClusters(network, open), now, words)
      const drawn = it.lines.flatMap(({ linkIds }) => linkIds)
      const hidden = network.links.filter(({ from, to }) => it.at.get(from.id) === it.at.get(to.id)).map(({ id }) => id)
      expect([...drawn, ...hidden].sort()).toEqual(network.links.map(({ id }) => id).sort())
      const nodes = new Set(it.nodes.map(({ id }) => id))
      for (const { from, to } of it.lines) expect([nodes.has(from), nodes.has(to)]).toEqual([true, true])
      for (const row of [...network.agencies, ...network.posts, ...network.groups]) expect(it.at.has(row.id)).toBe(true)
    }
  })
  test('a line of several is untested when one of them is, and shows the worst backup of them', () => {
    const it = sceneOf(network, new Set(), now, words)
    const links = new Map(network.links.map((link) => [link.id, link]))
    expect(it.lines.some(({ linkIds }) => linkIds.length > 1)).toBe(true)
    for (const line of it.lines) {
      const held = line.linkIds.map((id) => links.get(id)!)
      expect(line.untested).toBe(held.some(({ testedAt }) => isUntested(testedAt, now)))
      const backups = held.map(backupOf)
      expect(line.backup).toBe(backups.includes('no-medium') ? 'no-medium' : backups.includes('none') ? 'none' : 'there')
    }
  })
  test('a small city opens whole, a large one by its sectors', () => {
    expect(openClusters(network, undefined)).toEqual(all)
    const large = inventedNetwork({ agencies: 300, posts: 80, groups: 20, links: 10 })
    expect([...openClusters(large, undefined)].every((key) => key.startsWith('tier:'))).toBe(true)
  })
  test('a group without a chair says nobody, and only one seat of a room is the chair', () => {
    const [group] = network.groups
    const nobody = sceneOf(setChair(network, group!.id, null), all, now, words).nodes.find(({ id }) => id === group!.id)!
    expect([nobody.second, nobody.seats.some(({ office }) => office === 'chair')]).toEqual([null, false])
    for (const node of scene.nodes) expect(node.seats.filter(({ office }) => office === 'chair').length).toBeLessThanOrEqual(1)
  })
})

describe('the layout', () => {
  test('nothing lies on anything else, tiers lie one under the other, and the same network lies the same', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 9999 }),
        fc.integer({ min: 1, max: 70 }),
        fc.integer({ min: 1, max: 14 }),
        (seed, agencies, groups) => {
          const it = inventedNetwork({ agencies, posts: Math.ceil(agencies / 2), groups, links: Math.min(30, agencies), seed })
          const made = sceneOf(it, openClusters(it, 'all'), now, words)
          const placed = layoutOf(made, aspects.desk)
          expect(layoutOf(made, aspects.desk)).toEqual(placed)
          const boxes = made.nodes.map(({ id }) => placed.boxes.get(id)!)
          expect(
            boxes.every((box) => box !== undefined && box.x >= 0 && box.x + box.w <= placed.width && box.y + box.h <= placed.height),
          ).toBe(true)
          for (const [place, box] of boxes.entries()) for (const other of boxes.slice(place + 1)) expect(overlaps(box, other)).toBe(false)
          const bands = placed.layers.map(({ layer }) => layers.indexOf(layer))
          expect(bands).toEqual([...bands].sort((one, other) => one - other))
          for (const node of made.nodes) {
            const box = placed.boxes.get(node.id)!
            for (const [place] of node.seats.entries()) {
              const seat = seatBox(box, node.seats.length, place)
              expect(seat.x >= box.x && seat.y >= box.y && seat.x + seat.w <= box.x + box.w && seat.y + seat.h <= box.y + box.h).toBe(true)
            }
          }
        },
      ),
      { numRuns: 40 },
    )
  })
  test('what is pressed is what is seen: a seat, its room beside it, a line', () => {
    const room = scene.nodes.find(({ kind, seats }) => kind === 'group' && seats.length > 0)!
    const box = boxOf(room.id)!
    const seat = seatBox(box, room.seats.length, 0)
    expect(hitOf(scene, layout, boxOf, { x: seat.x + 2, y: seat.y + 2 }, 1)).toMatchObject({ on: 'seat', id: room.seats[0]!.id })
    expect(hitOf(scene, layout, boxOf, { x: box.x + 2, y: box.y + 2 }, 1)).toMatchObject({ on: 'node', id: room.id })
    expect(roomAt(scene, boxOf, { x: box.x + 2, y: box.y + 2 })?.id).toBe(room.id)
    expect(hitOf(scene, layout, boxOf, { x: -500, y: -500 }, 1)).toBeNull()
    const line = scene.lines.find(({ from, to, lanes }) => {
      const at = pointOn(curveOf(boxOf(from)!, boxOf(to)!), 0.5)
      return lanes === 1 && scene.nodes.every(({ id }) => !overlaps(boxOf(id)!, { x: at.x - 20, y: at.y - 20, w: 40, h: 40 }))
    })!
    const on = pointOn(curveOf(boxOf(line.from)!, boxOf(line.to)!), 0.5)
    const hit = hitOf(scene, layout, boxOf, on, 1)
    expect(hit?.on === 'line' || hit?.on === 'frame').toBe(true)
  })
})

describe('geometry', () => {
  const one = { x: 0, y: 0, w: 100, h: 40 }
  test('a curve goes from edge to edge, and a point on it is no way from it', () => {
    const curve = curveOf(one, { x: 300, y: 400, w: 80, h: 40 })
    expect([curve.from.y, curve.to.y]).toEqual([40, 400])
    for (const share of [0, 0.3, 0.5, 1]) expect(farFrom(curve, pointOn(curve, share))).toBeLessThan(1)
    expect(farFrom(curve, { x: -400, y: 200 })).toBeGreaterThan(300)
  })
  test('the point under the finger stays under it, whatever the zoom', () => {
    fc.assert(
      fc.property(fc.double({ min: 0.2, max: 5, noNaN: true }), fc.integer({ min: 0, max: 900 }), (by, x) => {
        const camera = { x: 10, y: 20, k: 1 }
        const next = zoomed(camera, by, { x, y: 50 })
        expect(next.x + x / next.k).toBeCloseTo(camera.x + x, 6)
      }),
    )
  })
  test('the whole picture is in the window; what is in sight is left where it is', () => {
    const camera = fitted(2000, 1000, { w: 800, h: 600 })
    expect(camera.x).toBeLessThanOrEqual(0)
    expect(camera.x + 800 / camera.k).toBeGreaterThanOrEqual(2000)
    expect(inSight({ x: 0, y: 0, k: 1 }, { x: 100, y: 100, w: 50, h: 50 }, { w: 800, h: 600 })).toEqual({ x: 0, y: 0, k: 1 })
    const moved = inSight({ x: 0, y: 0, k: 1 }, { x: 5000, y: 100, w: 50, h: 50 }, { w: 800, h: 600 })
    expect(moved.x).toBeLessThan(5000)
    expect(moved.x + 800).toBeGreaterThan(5050)
  })
})

describe('by keyboard', () => {
  const order = readingOrder(scene, layout)
  const start = { node: null, line: null, trail: [] }
  test('every node is come to by the same key, in the order of reading', () => {
    let at = stepped(scene, order, start, 'next-node')
    const seen = [at.node]
    for (let press = 1; press < order.length; press += 1) {
      at = stepped(scene, order, at, 'next-node')
      seen.push(at.node)
    }
    expect(seen).toEqual(order)
    expect(new Set(seen).size).toBe(scene.nodes.length)
    expect(stepped(scene, order, at, 'next-node').node).toBe(order.at(-1))
  })
  test('a link is chosen, followed to its other end, and gone back along', () => {
    const from = scene.nodes.find(({ id }) => linesAround(scene, id).length > 1)!.id
    const chosen = stepped(scene, order, { ...start, node: from }, 'next-line')
    const line = linesAround(scene, from)[0]!
    expect(chosen.line).toBe(line.id)
    const there = stepped(scene, order, chosen, 'follow')
    expect(there.node).toBe(line.from === from ? line.to : line.from)
    expect(stepped(scene, order, there, 'back')).toEqual({ node: from, line: null, trail: [] })
    expect(stepped(scene, order, chosen, 'previous-line').line).toBe(linesAround(scene, from).at(-1)!.id)
  })
})

describe('neighbours and search', () => {
  test('an agency leads to its groups and posts; a group does not lead to all who sit in it', () => {
    const [seat] = network.memberships
    expect(neighboursOf(network, seat!.agencyId, 1).has(seat!.groupId)).toBe(true)
    const near = neighboursOf({ ...network, links: [] }, seat!.groupId, 2)
    expect([...near]).toEqual([seat!.groupId])
  })
  test('two steps hold the one', () => {
    for (const { id } of network.groups) {
      const two = neighboursOf(network, id, 2)
      for (const near of neighboursOf(network, id, 1)) expect(two.has(near)).toBe(true)
    }
  })
  test('names are found without regard to case and accents', () => {
    const named = { ...network, agencies: network.agencies.map((row, place) => (place === 0 ? { ...row, name: 'Santé Élysée' } : row)) }
    expect([...foundIn(named, 'elysee')]).toEqual([named.agencies[0]!.id])
    expect(foundIn(named, '  ').size).toBe(0)
  })
})

describe('two networks and a draft', () => {
  test('both are laid out, the later one wins, and each difference has its mark', () => {
    const after = { ...setChair(network, network.groups[0]!.id, null), links: network.links.slice(1) }
    const marks = marksFrom(differencesBetween(network, after))
    expect(marks).toEqual(
      new Map([
        [network.groups[0]!.id, 'changed'],
        [network.links[0]!.id, 'went'],
      ]),
    )
    const both = merged(network, after)
    expect(both.links).toHaveLength(network.links.length)
    expect(both.groups.find(({ id }) => id === network.groups[0]!.id)?.chairPostId).toBeNull()
  })
  test('what is undone can be done again, until something else is done', () => {
    const [one, two, three] = [1, 2, 3].map((seed) => inventedNetwork({ agencies: 2, posts: 2, groups: 1, links: 2, seed })) as [
      Network,
      Network,
      Network,
    ]
    const there = done(done(begun(one), two), three)
    expect(undone(undone(undone(there))).now).toBe(one)
    expect(redone(redone(undone(undone(there)))).now).toBe(three)
    expect(redone(done(undone(there), one)).now).toBe(one)
    expect(done(there, three)).toBe(there)
  })
  test('a kept draft that cannot be read is none; another network has another mark', () => {
    expect(readKept(null)).toBeNull()
    expect(readKept('{')).toBeNull()
    expect(readKept('{"draft":{}}')).toBeNull()
    expect(readKept(JSON.stringify({ basedOn: 'x', draft: network }))?.draft).toEqual(network)
    expect(markOf(network)).not.toBe(markOf(setChair(network, network.groups[0]!.id, null)))
  })
})

test('an address that means nothing opens the picture all the same', () => {
  expect(readWishes({ kind: 'shouts', version: 'seven', steps: 9, band: '', edit: 'yes', open: 'a'.repeat(9000), unknown: 1 })).toEqual({
    open: 'a'.repeat(400),
  })
  expect(readWishes({ view: 'wall', version: 3, against: '2', focus: 'x', steps: 2, edit: true })).toEqual({
    view: 'wall',
    version: 3,
    against: 2,
    focus: 'x',
    steps: 2,
    edit: true,
  })
})
