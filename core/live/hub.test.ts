import { once } from 'node:events'
import { createServer } from 'node:http'
import { connect } from 'node:net'
import type { AddressInfo, Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, describe, expect, test } from 'vitest'
import { createHub } from './hub.ts'
import type { HubOptions, Joining, LiveHub } from './hub.ts'

type Event = { id?: string; event?: string; data?: string }
type Client = { socket: Socket; text: () => string; events: () => Event[]; ended: () => boolean }

const cursorKey = Buffer.from('0123456789abcdef')
const open: { close: () => void }[] = []
afterEach(() => {
  for (const each of open.splice(0)) each.close()
})

const parse = (text: string): Event[] => {
  const body = text.slice(text.indexOf('\r\n\r\n') + 4)
  const whole = body.slice(0, body.lastIndexOf('\n\n') + 2)
  return whole
    .split('\n\n')
    .filter((block) => block !== '' && !block.startsWith('event: beat'))
    .map((block) =>
      Object.fromEntries(block.split('\n').map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 2)])),
    )
}

/** A hub behind a real HTTP server; each request joins as `asked` says. */
const serve = async (options: Partial<HubOptions> = {}) => {
  const hub = createHub({ cursorKey, gather: 2, ...options })
  const joinings = new Map<string, Omit<Joining, 'response'>>()
  const refused: string[] = []
  const server = createServer((request, response) => {
    const id = request.url?.slice(1) ?? ''
    const joining = joinings.get(id)
    if (!joining) return response.end()
    const after = hub.decodeCursor(request.headers['last-event-id'] as string | undefined)
    if (!hub.join({ ...joining, response, ...(after === undefined ? {} : { after }) })) {
      refused.push(id)
      response.statusCode = 412
      response.end()
    }
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const port = (server.address() as AddressInfo).port
  const sockets: Socket[] = []
  open.push({
    close: () => {
      hub.close()
      for (const socket of sockets) socket.destroy()
      server.closeAllConnections()
      server.close()
    },
  })
  const view = async (joining: Omit<Joining, 'response'>, lastEventId?: string): Promise<Client> => {
    joinings.set(joining.id, joining)
    const socket = connect(port, '127.0.0.1')
    sockets.push(socket)
    let text = ''
    let ended = false
    socket.on('data', (data) => {
      text += data.toString('utf8')
    })
    socket.on('error', () => {})
    socket.on('close', () => {
      ended = true
    })
    const resume = lastEventId === undefined ? '' : `Last-Event-ID: ${lastEventId}\r\n`
    socket.write(`GET /${joining.id} HTTP/1.1\r\nHost: test\r\n${resume}\r\n`)
    while (!text.includes('\r\n\r\n') && !ended) await sleep(1)
    return { socket, text: () => text, events: () => parse(text), ended: () => ended }
  }
  return { hub, view, refused, port }
}

const data = (client: Client): string[] => client.events().flatMap((event) => (event.data === undefined ? [] : [event.data]))
const until = async (holds: () => boolean, limit = 5000): Promise<void> => {
  const end = Date.now() + limit
  while (!holds() && Date.now() < end) await sleep(2)
}
const send = (hub: LiveHub, position: number, label: number, text = `"${position}"`, world: string | null = 'live'): void =>
  hub.publish([{ position, label, world, body: text }])

describe('the live hub', () => {
  test('sends an entry to those who read its label in its world, and to nobody else', async () => {
    const { hub, view } = await serve()
    const one = await view({ id: 'one', world: 'live', labels: [1, 2] })
    const two = await view({ id: 'two', world: 'live', labels: [2, 3] })
    const drill = await view({ id: 'drill', world: 'drill', labels: [1, 2, 3] })
    const nothing = await view({ id: 'nothing', world: 'live', labels: [] })
    send(hub, 1, 1)
    send(hub, 5, 2)
    send(hub, 6, 3)
    send(hub, 7, 2, '"drill only"', 'drill')
    send(hub, 9, 2, '"city-wide"', null)
    await until(() => data(one).length === 3 && data(two).length === 3 && data(drill).length === 2)
    await sleep(30)
    expect(data(one)).toEqual(['"1"', '"5"', '"city-wide"'])
    expect(data(two)).toEqual(['"5"', '"6"', '"city-wide"'])
    expect(data(drill)).toEqual(['"drill only"', '"city-wide"'])
    expect(data(nothing)).toEqual([])
  })

  test('answers as an event stream, repeats the security headers, and gives every viewer the same opaque ids', async () => {
    const { hub, view } = await serve()
    const headers = { 'Content-Security-Policy': "default-src 'none'", 'content-length': '5' }
    const one = await view({ id: 'one', world: 'live', labels: [1], headers })
    const two = await view({ id: 'two', world: 'live', labels: [1, 2] })
    send(hub, 41, 1)
    send(hub, 42, 2)
    await until(() => data(two).length === 2 && data(one).length === 1)
    const head = one.text().slice(0, one.text().indexOf('\r\n\r\n'))
    expect(head).toMatch(/^HTTP\/1\.1 200 OK\r\n/)
    expect(head).toContain('content-type: text/event-stream; charset=utf-8')
    expect(head).toContain("content-security-policy: default-src 'none'")
    expect(head).toContain('cache-control: no-store, no-transform')
    expect(head).not.toContain('content-length')
    const id = one.events().at(-1)?.id
    expect(id).toMatch(/^[A-Za-z0-9_-]{22}$/)
    expect(two.events().find((event) => event.data === '"41"')?.id).toBe(id)
    expect(hub.decodeCursor(id)).toBe(41)
  })

  test('serves a bare socket as well as a response, in a proxy of HTTP/1.0 too', async () => {
    const { hub, port, view } = await serve()
    await view({ id: 'old', world: 'live', labels: [1] })
    const socket = connect(port, '127.0.0.1')
    let text = ''
    socket.on('data', (bytes) => {
      text += bytes.toString()
    })
    socket.write('GET /old HTTP/1.0\r\n\r\n')
    await until(() => hub.figures().viewers === 2)
    send(hub, 1, 1)
    await until(() => text.includes('"1"'))
    expect(parse(text).at(-1)?.data).toBe('"1"')
    expect(text).not.toContain('ransfer-')
    socket.destroy()
    await until(() => hub.figures().viewers === 1)
    expect(hub.figures().viewers).toBe(1)
  })

  test('refuses what would break the order or forge an event', async () => {
    const { hub } = await serve()
    send(hub, 5, 1)
    expect(() => send(hub, 5, 1)).toThrow(/position order/)
    expect(() => send(hub, 4, 1)).toThrow(/position order/)
    expect(() => send(hub, 6, 1, '{"a":1}\n\ndata: forged')).toThrow(/one line/)
    expect(() => hub.publish([{ position: 7, label: 1, world: 'live', body: Buffer.from('a\rb') }])).toThrow(/one line/)
    expect(() => hub.publish([{ position: 8, label: 1, world: 'live' }])).toThrow(/body/)
  })

  test('does not delay a lone entry, and gathers a burst into few writes', async () => {
    const { hub, view } = await serve({ gather: 2000, heartbeatEvery: 3_600_000 })
    const client = await view({ id: 'one', world: 'live', labels: [1] })
    const began = performance.now()
    send(hub, 1, 1)
    await until(() => data(client).length === 1)
    expect(performance.now() - began).toBeLessThan(1500)
    const writes = hub.figures().writes
    for (let position = 2; position <= 101; position++) send(hub, position, 1)
    await until(() => data(client).length === 101)
    expect(hub.figures().writes - writes).toBe(1)
  })

  test('a change of reach takes effect exactly between the entries before and after it', async () => {
    const { hub, view } = await serve()
    const client = await view({ id: 'tab', person: 'ada', world: 'live', labels: [1] })
    const other = await view({ id: 'other', person: 'ben', world: 'live', labels: [1] })
    send(hub, 1, 1)
    send(hub, 2, 2)
    hub.changeReach({ who: 'ada', added: [2], removed: [1], position: 3, gone: ['row-1', 'row-2'] })
    send(hub, 4, 1)
    send(hub, 5, 2)
    await until(() => data(client).length === 3 && data(other).length === 2)
    await sleep(20)
    expect(
      client
        .events()
        .slice(1)
        .map(({ event, data }) => [event, data]),
    ).toEqual([
      [undefined, '"1"'],
      ['gone', '["row-1","row-2"]'],
      [undefined, '"5"'],
    ])
    expect(data(other)).toEqual(['"1"', '"4"'])
  })

  test('a row that leaves a label is gone for its readers', async () => {
    const { hub, view } = await serve()
    const client = await view({ id: 'one', world: 'live', labels: [1] })
    hub.publish([
      { position: 1, label: 1, world: 'live', gone: 'row-7' },
      { position: 2, label: 2, world: 'live', body: '"arrived elsewhere"' },
    ])
    await until(() => data(client).length === 1)
    await sleep(20)
    expect(client.events().slice(1)).toMatchObject([{ event: 'gone', data: '["row-7"]' }])
  })

  test('an ended viewer gets nothing more, not even what was gathered', async () => {
    const { hub, view } = await serve()
    const ended = await view({ id: 'tab', person: 'ada', world: 'live', labels: [1] })
    const stays = await view({ id: 'other', world: 'live', labels: [1] })
    send(hub, 1, 1)
    hub.end('ada')
    send(hub, 2, 1)
    await until(() => ended.ended() && data(stays).length === 2)
    expect(data(ended)).toEqual([])
    expect(data(stays)).toEqual(['"1"', '"2"'])
    expect(hub.figures().viewers).toBe(1)
  })

  test('turns away labels that are out of date, and adds labels learnt in the meantime', async () => {
    const { hub, view, refused } = await serve({ position: 10 })
    hub.changeReach({ who: 'ada', removed: [1], position: 12 })
    await view({ id: 'early', person: 'ada', world: 'live', labels: [1], reachAt: 11 })
    await view({ id: 'ancient', person: 'cay', world: 'live', labels: [1], reachAt: 9 })
    expect(refused).toEqual(['early', 'ancient'])
    hub.learnLabel(7, 13, (viewer) => viewer.person === 'ada')
    const ada = await view({ id: 'now', person: 'ada', world: 'live', labels: [2], reachAt: 12 })
    const ben = await view({ id: 'ben', person: 'ben', world: 'live', labels: [2], reachAt: 12 })
    // A change that the labels already contain is not applied a second time.
    const later = await view({ id: 'later', person: 'dee', world: 'live', labels: [2], reachAt: 20 })
    hub.changeReach({ who: 'dee', added: [7], position: 15 })
    hub.learnLabel(8, 16, (viewer) => viewer.person === 'ben')
    send(hub, 21, 7)
    send(hub, 22, 8)
    send(hub, 23, 2)
    await until(() => [ada, ben, later].every((client) => data(client).includes('"23"')))
    expect(data(ada)).toEqual(['"21"', '"23"'])
    expect(data(ben)).toEqual(['"22"', '"23"'])
    expect(data(later)).toEqual(['"23"'])
  })

  test('a viewer who stops reading is dropped at the limit, the others are not, and it may resume without loss', async () => {
    const { hub, view } = await serve({ maxBuffered: 256 * 1024, keep: 64 * 1024 * 1024 })
    const slow = await view({ id: 'slow', world: 'live', labels: [1] })
    const fast = await view({ id: 'fast', world: 'live', labels: [1] })
    slow.socket.pause()
    const body = `"${'x'.repeat(16_000)}"`
    let position = 0
    while (hub.figures().slow === 0 && position < 5000) {
      for (let index = 0; index < 20; index++) hub.publish([{ position: ++position, label: 1, world: 'live', body }])
      await until(() => data(fast).length >= position || fast.ended())
      if (position % 200 === 0) await sleep(1)
    }
    expect(hub.figures().slow).toBe(1)
    expect(fast.ended()).toBe(false)
    slow.socket.resume()
    await until(() => slow.ended())
    await until(() => hub.figures().viewers === 1)
    const had = slow.events().flatMap((event) => (event.id ? [event.id] : []))
    const again = await view({ id: 'slow', world: 'live', labels: [1] }, had.at(-1))
    send(hub, ++position, 1)
    await until(() => data(again).includes(`"${position}"`))
    const seen = [
      ...had.slice(1),
      ...again
        .events()
        .slice(1)
        .map((event) => event.id),
    ].map((id) => hub.decodeCursor(id))
    expect(seen).toEqual(Array.from({ length: position }, (_, index) => index + 1))
  }, 60_000)

  test('keeps a quiet connection alive without telling anything', async () => {
    const { view } = await serve({ heartbeatEvery: 60 })
    const client = await view({ id: 'one', world: 'live', labels: [1] })
    await until(() => client.text().includes('\n\nevent: beat\ndata:\n\n'))
    expect(client.text()).toContain('\n\nevent: beat\ndata:\n\n')
    expect(client.events()).toHaveLength(1)
  })

  test('closing the hub sends what is due and ends the streams', async () => {
    const { hub, view } = await serve()
    const client = await view({ id: 'one', world: 'live', labels: [1] })
    send(hub, 1, 1)
    hub.close()
    await until(() => client.ended())
    expect(data(client)).toEqual(['"1"'])
    expect(() => hub.join({ id: 'late', world: 'live', labels: [], response: client.socket })).toThrow(/closed/)
  })
})
