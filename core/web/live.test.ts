import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { eventsIn, makeInvalidator, openLive } from './live.ts'

type Listener = (event: { data?: string; lastEventId?: string }) => void
const stage = () => {
  const opened: { url: string; readyState: number; tell: (name: string, event?: Parameters<Listener>[0]) => void; closed: boolean }[] = []
  const open = (url: string) => {
    const listeners = new Map<string, Listener>()
    const source = {
      url,
      readyState: 1,
      closed: false,
      tell: (name: string, event: Parameters<Listener>[0] = {}) => listeners.get(name)?.(event),
      addEventListener: (name: string, listener: Listener) => void listeners.set(name, listener),
      close: () => {
        source.closed = true
      },
    }
    opened.push(source)
    return source
  }
  return { opened, open }
}

describe('the live stream', () => {
  beforeEach(() => void vi.useFakeTimers())
  afterEach(() => void vi.useRealTimers())

  test('an entry says its table; gone rows make everything watched old; what is not ours is let pass', () => {
    expect(eventsIn('message', '{"table":"response.incidents","id":"1","thread":null}')).toMatchObject([
      { kind: 'entry', table: 'response.incidents' },
    ])
    expect(eventsIn('gone', '["1","2"]')).toEqual([
      { kind: 'gone', table: '*', id: '1' },
      { kind: 'gone', table: '*', id: '2' },
    ])
    expect(eventsIn('message', '')).toEqual([])
    expect(eventsIn('message', '{"words":1}')).toEqual([])
  })

  test('after a loss everything watched is read again, so that a hole cannot show as calm', () => {
    const { opened, open } = stage()
    const told: string[] = []
    const live = openLive((table) => told.push(table), { url: '/live?world=w', open })
    opened[0]?.tell('open')
    expect(live.contact().state).toBe('open')
    opened[0]?.tell('message', { data: '{"table":"watch.signals","id":"1"}', lastEventId: '7' })
    opened[0]?.tell('error')
    expect(live.contact().state).toBe('lost')
    opened[0]?.tell('open')
    expect(told).toEqual(['watch.signals', '*'])
    live.close()
  })

  test('when the browser gives up, it is opened again from where it stood', () => {
    const { opened, open } = stage()
    const live = openLive(() => {}, { url: '/live?world=w', open, random: () => 0.5 })
    opened[0]?.tell('message', { data: '{"table":"a.b","id":"1"}', lastEventId: 'c 9' })
    if (opened[0]) opened[0].readyState = 2
    opened[0]?.tell('error')
    vi.advanceTimersByTime(2_500)
    expect(opened[1]?.url).toBe('/live?world=w&after=c%209')
    live.close()
    expect(opened[1]?.closed).toBe(true)
  })

  test('a place that the server refuses is given up', () => {
    const { opened, open } = stage()
    const live = openLive(() => {}, { url: '/live?world=w', open, random: () => 0.5 })
    const refuse = (source: (typeof opened)[number] | undefined) => {
      if (source) source.readyState = 2
      source?.tell('error')
      vi.advanceTimersByTime(40_000)
    }
    opened[0]?.tell('open')
    opened[0]?.tell('message', { data: '{"table":"a.b","id":"1"}', lastEventId: 'c9' })
    refuse(opened[0])
    expect(opened[1]?.url).toContain('after=c9')
    refuse(opened[1])
    expect(opened[2]?.url).toBe('/live?world=w')
    live.close()
  })

  test('a stream that falls silent without an error is lost within 36 s, and opened again; beats keep it', () => {
    const { opened, open } = stage()
    const live = openLive(() => {}, { url: '/live?world=w', open, random: () => 0.5 })
    opened[0]?.tell('open')
    for (let beat = 0; beat < 8; beat++) {
      vi.advanceTimersByTime(15_000)
      opened[0]?.tell('beat')
    }
    expect(live.contact().state).toBe('open')
    vi.advanceTimersByTime(36_000)
    expect(live.contact().state).toBe('lost')
    vi.advanceTimersByTime(3_000)
    expect(opened).toHaveLength(2)
    live.close()
  })

  test('"since" is the last moment at which Concord was heard', () => {
    const { opened, open } = stage()
    let minute = 1
    const live = openLive(() => {}, { url: '/live?world=w', open, now: () => new Date(Date.UTC(2026, 10, 22, 22, minute)) })
    opened[0]?.tell('open')
    minute = 9
    opened[0]?.tell('error')
    expect(live.contact()).toEqual({ state: 'lost', since: '2026-11-22T22:01:00.000Z' })
    live.close()
  })

  test('a burst of news becomes one reading, of the queries that watch those tables and no other', () => {
    const asked: ((query: { meta: Record<string, unknown> | undefined }) => boolean)[] = []
    const client = { invalidateQueries: async (filter?: { predicate?: unknown }) => void asked.push(filter?.predicate as never) }
    const news = makeInvalidator(client as never, () => 0.5)
    for (let i = 0; i < 50; i++) news('response.seats')
    vi.advanceTimersByTime(300)
    expect(asked).toHaveLength(1)
    expect(asked[0]?.({ meta: { watches: ['response.seats'] } })).toBe(true)
    expect(asked[0]?.({ meta: { watches: ['watch.signals'] } })).toBe(false)
    expect(asked[0]?.({ meta: undefined })).toBe(false)
  })
})
