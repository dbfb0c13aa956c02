import fc from 'fast-check'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { createHub } from './hub.ts'
import { createRecent } from './recent.ts'
import type { Connection } from './viewer.ts'

// A connection without a network, so that a test can say exactly what happens within one turn of the event loop.
type Fake = Connection & { written: Buffer[]; text: () => string; queued: number; close: () => void }
const fake = (): Fake => {
  let onClose = (): void => {}
  const each: Fake = {
    destroyed: false,
    queued: 0,
    written: [],
    get writableLength() {
      return each.queued
    },
    // While something is queued, a stream reads the bytes later: what they hold then is what is sent. Otherwise it has read them at once.
    write: (bytes) => each.written.push(each.queued > 0 ? bytes : Buffer.from(bytes)),
    end: () => {},
    destroy: () => {},
    on: (event, listener) => {
      if (event === 'close') onClose = listener
    },
    text: () => Buffer.concat(each.written).toString(),
    close: () => onClose(),
  }
  return each
}
const bodies = (connection: Fake): number[] => [...connection.text().matchAll(/^data: (\d+)$/gm)].map((match) => Number(match[1]))
const hubOf = (options: object = {}) => createHub({ cursorKey: Buffer.alloc(16, 1), gather: 0, ...options })
const entry = (position: number, label: number, world: string | null = 'live') => ({ position, label, world, body: String(position) })
const settled = async (): Promise<void> => {
  for (let turn = 0; turn < 4; turn++) await nextTurn()
}

test('a newcomer does not get what was due to its row before it came', async () => {
  const hub = hubOf()
  const [first, second] = [fake(), fake()]
  hub.join({ id: 'first', response: first, world: 'live', labels: [1] })
  hub.publish([entry(1, 1)])
  hub.join({ id: 'second', response: second, world: 'live', labels: [1] })
  hub.publish([entry(2, 1)])
  await settled()
  expect(bodies(first)).toEqual([1, 2])
  expect(bodies(second)).toEqual([2])
  hub.close()
})

test('a viewer who is ahead of this process waits, and gets nothing twice', async () => {
  const hub = hubOf()
  const viewer = fake()
  hub.join({ id: 'ahead', response: viewer, world: 'live', labels: [1], after: 3 })
  hub.publish([entry(1, 1), entry(2, 1)])
  await settled()
  hub.publish([entry(3, 1), entry(5, 1)])
  await settled()
  hub.publish([entry(6, 1)])
  await settled()
  expect(bodies(viewer)).toEqual([5, 6])
  hub.close()
})

test('a replay that began before the reach narrowed gives nothing of what was lost', async () => {
  let go = (): void => {}
  const gate = new Promise<void>((resolve) => {
    go = resolve
  })
  async function* replay() {
    yield { position: 1, label: 1, body: '1' }
    yield { position: 2, label: 2, body: '2' }
    await gate
    yield { position: 3, label: 1, body: '3' }
    yield { position: 4, label: 2, body: '4' }
  }
  const hub = hubOf({ replay, position: 4 })
  const viewer = fake()
  hub.join({ id: 'ada', response: viewer, world: 'live', labels: [1, 2], after: 0 })
  await settled()
  hub.changeReach({ who: 'ada', removed: [1], position: 5, gone: ['row'] })
  go()
  await settled()
  expect(bodies(viewer)).toEqual([1, 2, 4])
  hub.close()
})

test('what waits for a viewer when it loses a label is not sent: it is cut, and comes back', async () => {
  const hub = hubOf()
  const [narrowed, widened] = [fake(), fake()]
  hub.join({ id: 'narrowed', response: narrowed, world: 'live', labels: [1, 2] })
  hub.join({ id: 'widened', response: widened, world: 'live', labels: [1] })
  narrowed.queued = 10
  widened.queued = 10
  hub.changeReach({ who: 'narrowed', removed: [2], position: 1 })
  hub.changeReach({ who: 'widened', added: [2], position: 2 })
  expect(hub.figures().viewers).toBe(1)
  hub.close()
})

test('bytes that a slow connection still holds are never used again', async () => {
  const hub = hubOf()
  const [slow, fast] = [fake(), fake()]
  hub.join({ id: 'slow', response: slow, world: 'live', labels: [1] })
  hub.join({ id: 'fast', response: fast, world: 'live', labels: [1] })
  slow.queued = 1
  for (let position = 1; position < 40; position += 3) {
    hub.publish([entry(position, 1), entry(position + 1, 1), entry(position + 2, 1)])
    await settled()
  }
  expect(bodies(slow)).toEqual(Array.from({ length: 39 }, (_, index) => index + 1))
  hub.close()
})

test('bytes shared by several rows are kept until the last row has been served', async () => {
  const hub = hubOf()
  // Sets that differ only in labels without news, so that all rows are due the same bytes; written copies are read at once.
  const texts: string[] = []
  for (let viewer = 0; viewer < 200; viewer++) {
    const connection = fake()
    connection.write = (bytes) => texts.push(bytes.toString())
    hub.join({ id: String(viewer), response: connection, world: 'live', labels: [1, 2, 10 + viewer] })
  }
  texts.length = 0
  for (let position = 1; position < 30; position += 3) {
    hub.publish([entry(position, 1), entry(position + 1, 2), entry(position + 2, 10 + position)])
    for (let turn = 0; turn < 10; turn++) await nextTurn()
    expect(texts.filter((text) => text.includes(`data: ${position}\n`) && text.includes(`data: ${position + 1}\n`))).toHaveLength(200)
    expect(texts.filter((text) => text.includes(`data: ${position + 2}\n`))).toHaveLength(1)
    texts.length = 0
  }
  hub.close()
})

test('the bytes of a row come back to be used again', async () => {
  const hub = hubOf()
  const viewer = fake()
  const memory = new Set<ArrayBufferLike>()
  viewer.write = (bytes) => memory.add(bytes.buffer)
  hub.join({ id: 'one', response: viewer, world: 'live', labels: [1] })
  for (let position = 1; position < 60; position += 2) {
    hub.publish([entry(position, 1), entry(position + 1, 1)])
    await settled()
  }
  expect(memory.size).toBeLessThan(6)
  hub.close()
})

test('recent entries know exactly how far back they reach', () => {
  const recent = createRecent(10, 4)
  const frame = (position: number) => ({ position, world: null, label: 1, bytes: Buffer.alloc(5) })
  expect([3, 4, 5].map(recent.covers)).toEqual([false, true, true])
  for (const position of [5, 6, 7]) recent.add(frame(position))
  expect([4, 5, 6].map(recent.covers)).toEqual([false, true, true])
  expect(recent.after(5).map((each) => each.position)).toEqual([6, 7])
})

test('every viewer gets exactly what its labels say, however viewers come, go and change', async () => {
  const viewerNumber = fc.nat({ max: 39 })
  const labels = fc.uniqueArray(fc.nat({ max: 7 }), { maxLength: 6 })
  // Many with the same labels, so that rows have several members.
  const crowd = fc.constantFrom([1, 2], [1, 2, 3])
  const step = fc.oneof(
    { weight: 4, arbitrary: fc.record({ kind: fc.constant('join' as const), viewer: viewerNumber, labels: fc.oneof(labels, crowd) }) },
    { weight: 2, arbitrary: fc.record({ kind: fc.constant('close' as const), viewer: viewerNumber }) },
    { weight: 2, arbitrary: fc.record({ kind: fc.constant('reach' as const), viewer: viewerNumber, added: labels, removed: labels }) },
    { weight: 4, arbitrary: fc.record({ kind: fc.constant('publish' as const), label: fc.nat({ max: 7 }), all: fc.boolean() }) },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('turn' as const) }) },
  )
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 50, maxLength: 400 }), async (steps) => {
      const hub = hubOf()
      type Model = { connection: Fake; labels: Set<number>; due: number[]; world: string; open: boolean }
      const all: Model[] = []
      const now = new Map<number, Model>()
      let position = 0
      for (const one of steps) {
        if (one.kind === 'join') {
          if (now.has(one.viewer)) continue
          const world = one.viewer % 5 === 0 ? 'drill' : 'live'
          const model = { connection: fake(), labels: new Set(one.labels), due: [], world, open: true }
          all.push(model)
          now.set(one.viewer, model)
          hub.join({ id: String(one.viewer), response: model.connection, world, labels: one.labels })
        } else if (one.kind === 'close') {
          const model = now.get(one.viewer)
          if (!model) continue
          await settled()
          model.connection.close()
          now.delete(one.viewer)
        } else if (one.kind === 'reach') {
          const model = now.get(one.viewer)
          hub.changeReach({ who: String(one.viewer), added: one.added, removed: one.removed, position: ++position })
          for (const label of one.added) model?.labels.add(label)
          for (const label of one.removed) model?.labels.delete(label)
        } else if (one.kind === 'publish') {
          const world = one.all ? null : 'live'
          hub.publish([entry(++position, one.label, world)])
          for (const model of now.values()) if (model.labels.has(one.label) && (one.all || model.world === 'live')) model.due.push(position)
        } else await nextTurn()
      }
      await settled()
      hub.close()
      for (const model of all) expect(bodies(model.connection)).toEqual(model.due)
    }),
    { numRuns: 60 },
  )
}, 60_000)
