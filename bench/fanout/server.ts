import { createServer } from 'node:http'
import { createServer as createPlainServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { createHub } from '#core/live/hub.ts'
import { BODY, LABEL_AT, labelsOfViewers } from './scene.ts'
import type { Scene } from './scene.ts'

/** The hub behind a real HTTP server, and a plain door through which the publisher sends bodies, one a line. */
const scene = JSON.parse(process.argv[2] ?? '{}') as Scene
const labels = labelsOfViewers(scene)
const hub = createHub({ cursorKey: Buffer.alloc(16, 7) })
const headers = { 'content-security-policy': "default-src 'none'", 'x-content-type-options': 'nosniff' }

const streams = createServer({ noDelay: true }, (request, response) => {
  const viewer = Number(request.url?.slice(1))
  hub.join({ id: String(viewer), response, world: 'live', labels: labels[viewer] ?? [], headers })
})

let position = 0
const door = createPlainServer({ noDelay: true }, (socket) => {
  let rest = Buffer.alloc(0)
  socket.on('data', (data) => {
    let bytes = rest.length > 0 ? Buffer.concat([rest, data]) : data
    const entries = []
    for (; bytes.length > BODY; bytes = bytes.subarray(BODY + 1)) {
      // Positions leave gaps, as the city's do.
      position += 1 + (position % 3)
      const label = (bytes[LABEL_AT] as number) * 10 + (bytes[LABEL_AT + 1] as number) - 528
      entries.push({ position, label, world: 'live', body: Buffer.from(bytes.subarray(0, BODY)) })
    }
    rest = Buffer.from(bytes)
    if (entries.length > 0) hub.publish(entries)
  })
  socket.on('error', () => socket.destroy())
})

process.on('message', () => process.send?.({ ...hub.figures(), memory: process.memoryUsage() }))
process.on('disconnect', () => process.exit())
process.on('SIGTERM', () => process.exit())
streams.listen({ port: 0, host: '127.0.0.1', backlog: 4096 }, () => {
  door.listen({ port: 0, host: '127.0.0.1' }, () => {
    process.send?.({ streams: (streams.address() as AddressInfo).port, door: (door.address() as AddressInfo).port })
  })
})
