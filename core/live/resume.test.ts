import fc from 'fast-check'
import { once } from 'node:events'
import { connect, createServer } from 'node:net'
import type { AddressInfo, Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createHub } from './hub.ts'
import type { LiveHub } from './hub.ts'
import type { ReplayedEntry } from './catch-up.ts'

/**
 * Random cities: entries, viewers who come, go, are torn away and resume, reach that changes, a ledger that answers slowly and is ahead
 * of the hub, and a ring too short for most of it. What arrives is held against a naive model that keeps everything in arrays.
 */
const LABELS = 6
type Row = { position: number; label: number }
type Change = { position: number; person: number; label: number; added: boolean; row: string }
type Step =
  | { kind: 'publish'; labels: number[] }
  | { kind: 'join'; person: number }
  | { kind: 'tear'; person: number }
  | { kind: 'leave'; person: number }
  | { kind: 'reach'; person: number; label: number }
  | { kind: 'newLabel'; people: number[] }
  | { kind: 'wait'; ms: number }

const PEOPLE = 4
const person = fc.nat({ max: PEOPLE - 1 })
const label = fc.nat({ max: LABELS - 1 })
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({ kind: fc.constant('publish' as const), labels: fc.array(fc.nat({ max: 11 }), { minLength: 1, maxLength: 6 }) }),
  },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('join' as const), person }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('tear' as const), person }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('leave' as const), person }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('reach' as const), person, label }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('newLabel' as const), people: fc.array(person, { maxLength: 3 }) }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('wait' as const), ms: fc.nat({ max: 6 }) }) },
)

type Got = { position: number; label: number | undefined; gone: string[] | undefined }
type Session = { socket: Socket; text: string; closed: boolean }

let listening: ReturnType<typeof createServer>
let port = 0
let hub: LiveHub
let welcome: (socket: Socket) => void = () => {}
beforeAll(async () => {
  listening = createServer((socket) => welcome(socket)).listen(0, '127.0.0.1')
  await once(listening, 'listening')
  port = (listening.address() as AddressInfo).port
})
afterAll(() => {
  listening.close()
})

const eventsOf = (text: string): Got[] => {
  const body = text.slice(text.indexOf('\r\n\r\n') + 4)
  const whole = body.slice(0, body.lastIndexOf('\n\n') + 1)
  return whole.split('\n\n').flatMap((block): Got[] => {
    const id = /^id: (.*)$/m.exec(block)?.[1]
    const data = /^data: (.*)$/m.exec(block)?.[1]
    const position = hub.decodeCursor(id)
    if (position === undefined) return []
    if (data === undefined) return [{ position, label: undefined, gone: undefined }]
    const value = JSON.parse(data) as { l: number } | string[]
    return [Array.isArray(value) ? { position, label: undefined, gone: value } : { position, label: value.l, gone: undefined }]
  })
}

const play = async (steps: readonly Step[], keep: number, slowReplay: boolean): Promise<void> => {
  const rows: Row[] = []
  const changes: Change[] = []
  let position = 0
  let labels = LABELS
  const reach = Array.from({ length: PEOPLE }, (_, index) => new Set([index % LABELS, (index * 2 + 1) % LABELS]))
  /** Everything a person ever held, and from when to when: [label, from, until). */
  const held = reach.map((each) => [...each].map((one) => ({ label: one, from: 0, until: Number.POSITIVE_INFINITY })))
  const sessions: (Session | undefined)[] = Array.from({ length: PEOPLE }, () => undefined)
  const got: Got[][] = Array.from({ length: PEOPLE }, () => [])
  const lastSeen: (string | undefined)[] = Array.from({ length: PEOPLE }, () => undefined)
  const firstFrom: (number | undefined)[] = Array.from({ length: PEOPLE }, () => undefined)

  const entitled = (who: number, one: number, at: number): boolean =>
    (held[who] ?? []).some((each) => each.label === one && each.from <= at && at < each.until)

  async function* replay(asked: { person: string; after: number }): AsyncGenerator<ReplayedEntry> {
    const who = Number(asked.person)
    let at = asked.after
    for (;;) {
      // The ledger answers a page at a time, with what is committed by then, which may be more than the hub knows.
      if (slowReplay) await sleep(1)
      const nextRow = rows.find((row) => row.position > at && (reach[who] as Set<number>).has(row.label))
      const nextLoss = changes.find((change) => change.position > at && change.person === who && !change.added)
      if (!nextRow && !nextLoss) return
      if (nextLoss && (!nextRow || nextLoss.position < nextRow.position)) {
        at = nextLoss.position
        yield { position: at, label: -1, gone: [nextLoss.row] }
      } else if (nextRow) {
        at = nextRow.position
        yield { position: at, label: nextRow.label, body: JSON.stringify({ l: nextRow.label }) }
      }
    }
  }

  hub = createHub({ cursorKey: Buffer.alloc(16, 3), keep, gather: 1, replay })
  const collect = (who: number): void => {
    const session = sessions[who]
    if (!session) return
    const events = eventsOf(session.text)
    got[who]?.push(...events.filter((event) => event.label !== undefined || event.gone !== undefined))
    const last = events.at(-1)
    if (last) lastSeen[who] = hub.encodeCursor(last.position)
    sessions[who] = undefined
  }
  const join = async (who: number): Promise<void> => {
    if (sessions[who] && !sessions[who]?.closed) return
    collect(who)
    const after = hub.decodeCursor(lastSeen[who])
    const accepted = new Promise<Socket>((resolve) => {
      welcome = resolve
    })
    const socket = connect(port, '127.0.0.1')
    const session: Session = { socket, text: '', closed: false }
    socket.on('data', (data) => {
      session.text += data.toString()
    })
    socket.on('error', () => {})
    socket.on('close', () => {
      session.closed = true
    })
    const response = await accepted
    sessions[who] = session
    firstFrom[who] ??= hub.position()
    const joining = { id: `${who}-tab`, person: String(who), response, world: 'live', labels: reach[who] as Set<number>, reachAt: position }
    expect(hub.join(after === undefined ? joining : { ...joining, after })).toBeDefined()
    while (!session.text.includes('\n\n')) await sleep(0)
  }

  for (const one of steps) {
    if (one.kind === 'publish') {
      const entries = one.labels.map((each) => ({ position: (position += 1 + (position % 2)), label: each % labels }))
      rows.push(...entries)
      // The ledger has them a moment before the hub does.
      if (entries.length % 2 === 0) await sleep(1)
      hub.publish(entries.map((row) => ({ ...row, world: 'live', body: JSON.stringify({ l: row.label }) })))
    } else if (one.kind === 'join') await join(one.person)
    else if (one.kind === 'tear') sessions[one.person]?.socket.resetAndDestroy()
    else if (one.kind === 'leave') hub.end(String(one.person))
    else if (one.kind === 'wait') await sleep(one.ms)
    else if (one.kind === 'newLabel') {
      const fresh = labels++
      position += 1
      for (const who of one.people) {
        reach[who]?.add(fresh)
        if (!entitled(who, fresh, position)) held[who]?.push({ label: fresh, from: position, until: Number.POSITIVE_INFINITY })
      }
      hub.learnLabel(fresh, position, (viewer) => one.people.includes(Number(viewer.person)))
    } else {
      const had = reach[one.person] as Set<number>
      const added = !had.has(one.label)
      position += 1
      const row = `row-${position}`
      changes.push({ position, person: one.person, label: one.label, added, row })
      if (added) {
        had.add(one.label)
        held[one.person]?.push({ label: one.label, from: position, until: Number.POSITIVE_INFINITY })
      } else {
        had.delete(one.label)
        for (const each of held[one.person] ?? []) if (each.label === one.label && each.until > position) each.until = position
      }
      const news = added ? { added: [one.label] } : { removed: [one.label], gone: [row] }
      hub.changeReach({ who: String(one.person), position, ...news })
    }
  }

  // Everybody comes back and is given time to catch up.
  for (let who = 0; who < PEOPLE; who++) {
    if (sessions[who]?.closed) collect(who)
    await join(who)
  }
  position += 1
  const closing = Array.from({ length: labels }, (_, each) => ({ position: position++, label: each }))
  rows.push(...closing)
  hub.publish(closing.map((row) => ({ ...row, world: 'live', body: JSON.stringify({ l: row.label }) })))
  const lastFor = (who: number): number => rows.findLast((row) => reach[who]?.has(row.label))?.position ?? 0
  const arrived = (who: number): boolean => (eventsOf(sessions[who]?.text ?? '').at(-1)?.position ?? 0) >= lastFor(who)
  for (let who = 0; who < PEOPLE; who++) {
    for (let tries = 0; tries < 2000 && !arrived(who); tries++) {
      if (sessions[who]?.closed) await join(who)
      await sleep(1)
    }
  }
  hub.close()
  for (let who = 0; who < PEOPLE; who++) {
    sessions[who]?.socket.destroy()
    collect(who)
    const mine = got[who] as Got[]
    const order = mine.map((each) => each.position)
    expect(order, 'in order, none twice').toEqual([...new Set(order)].sort((left, right) => left - right))
    const leaks = mine.filter((each) => {
      // Resumed entries are judged by the reach of today, live ones by the reach at their position.
      const interval = (held[who] ?? []).some((span) => span.label === each.label && each.position < span.until)
      return each.label !== undefined && !interval
    })
    expect(leaks, 'nothing that it might not read').toEqual([])
    const always = rows.filter(
      (row) =>
        row.position > (firstFrom[who] ?? 0) &&
        (held[who] ?? []).some((span) => span.label === row.label && span.from <= row.position && span.until === Number.POSITIVE_INFINITY),
    )
    const seen = new Set(order)
    expect(
      always.filter((row) => !seen.has(row.position)),
      'nothing lost of what it could read all along',
    ).toEqual([])
    const losses = changes.filter((change) => change.person === who && !change.added && change.position > (firstFrom[who] ?? 0))
    const told = new Set(mine.flatMap((each) => each.gone ?? []))
    expect(
      losses.filter((loss) => !told.has(loss.row)),
      'told of every row that it lost',
    ).toEqual([])
  }
}

describe('resuming', () => {
  for (const [name, keep] of [
    ['from recent entries', 1024 * 1024],
    ['from a ring too short for most of it', 300],
    ['from the ledger alone', 0],
  ] as const) {
    test(`loses nothing, doubles nothing and leaks nothing ${name}`, async () => {
      await fc.assert(
        fc.asyncProperty(fc.array(step, { minLength: 4, maxLength: 40 }), fc.boolean(), (steps, slow) => play(steps, keep, slow)),
        { numRuns: Number(process.env.LIVE_RUNS ?? 60), endOnFailure: false },
      )
    }, 120_000)
  }
})
