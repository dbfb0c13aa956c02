import { connect } from 'node:net'
import type { Socket } from 'node:net'
import { heartbeat } from '#core/live/frame.ts'
import { BODY, LABEL_AT, SEQUENCE_AT } from './scene.ts'

/** How one server's stream looks on the wire: after a preamble, frames of one length with the body at a fixed place. */
export type Wire = {
  hello: (viewer: number) => string
  /** Where the frames begin, or -1 while the preamble is not complete. */
  begins: (preamble: Buffer) => number
  stride: number
  bodyAt: number
  firstByte: number
  /** A frame that is not an entry: its first byte, its length, and what to answer. */
  aside: { byte: number; length: number; answer?: string }
}

export const hubWire: Wire = {
  hello: (viewer) => `GET /${viewer} HTTP/1.1\r\nHost: bench\r\nAccept: text/event-stream\r\n\r\n`,
  begins: (preamble) => {
    const body = preamble.indexOf('\r\n\r\n')
    const place = body < 0 ? -1 : preamble.indexOf('\n\n', body + 4)
    return place < 0 ? -1 : place + 2
  },
  stride: 'id: \ndata: \n\n'.length + 22 + BODY,
  bodyAt: 'id: \ndata: '.length + 22,
  firstByte: 'i'.charCodeAt(0),
  aside: { byte: heartbeat[0] as number, length: heartbeat.length },
}

const natsHead = `MSG e 1 ${BODY}\r\n`
export const natsWire: Wire = {
  hello: () => 'CONNECT {"verbose":false,"pedantic":false,"echo":false}\r\nSUB e 1\r\nPING\r\n',
  begins: (preamble) => {
    const pong = preamble.indexOf('PONG\r\n')
    return pong < 0 ? -1 : pong + 6
  },
  stride: natsHead.length + BODY + 2,
  bodyAt: natsHead.length,
  firstByte: 'M'.charCodeAt(0),
  aside: { byte: 'P'.charCodeAt(0), length: 6, answer: 'PONG\r\n' },
}

export type Reader = { viewer: number; socket: Socket; last: number; stopped: boolean; closed: boolean }

// All sockets read into one buffer: it is emptied before the next socket is read.
const shared = Buffer.allocUnsafe(256 * 1024)

const digit = (byte: number): number => (byte < 58 ? byte - 48 : byte - 87)

/** A reader that does as little as it can: it finds each entry's sequence number and label, and nothing else. */
export const openReader = (
  port: number,
  viewer: number,
  wire: Wire,
  onEntry: (reader: Reader, sequence: number, label: number) => void,
  onBroken: () => void,
  onRead: () => void,
): Promise<Reader> =>
  new Promise((resolve, reject) => {
    const { stride, bodyAt, firstByte, aside } = wire
    let preamble: Buffer | undefined = Buffer.alloc(0)
    let offset = 0
    const carry = Buffer.allocUnsafe(stride)

    const take = (bytes: Buffer, at: number): void => {
      if (bytes[at] !== firstByte) onBroken()
      let sequence = 0
      const from = at + bodyAt + SEQUENCE_AT
      for (let index = from; index < from + 8; index++) sequence = sequence * 16 + digit(bytes[index] as number)
      const labelAt = at + bodyAt + LABEL_AT
      onEntry(reader, sequence, (bytes[labelAt] as number) * 10 + (bytes[labelAt + 1] as number) - 528)
    }

    const scan = (bytes: Buffer, from: number, to: number): void => {
      let at = from
      while (at < to) {
        if (offset === 0) {
          if (bytes[at] === aside.byte) {
            offset = -aside.length
            if (aside.answer) socket.write(aside.answer)
          } else if (to - at >= stride) {
            take(bytes, at)
            at += stride
            continue
          }
        }
        if (offset < 0) {
          const skipped = Math.min(-offset, to - at)
          offset += skipped
          at += skipped
          continue
        }
        const copied = Math.min(stride - offset, to - at)
        bytes.copy(carry, offset, at, at + copied)
        offset += copied
        at += copied
        if (offset === stride) {
          offset = 0
          take(carry, 0)
        }
      }
    }

    const onread = {
      buffer: shared,
      callback: (count: number): boolean => {
        onRead()
        if (preamble === undefined) scan(shared, 0, count)
        else {
          preamble = Buffer.concat([preamble, shared.subarray(0, count)])
          const begins = wire.begins(preamble)
          if (begins >= 0) {
            const rest = preamble
            preamble = undefined
            scan(rest, begins, rest.length)
            resolve(reader)
          }
        }
        return true
      },
    }
    const socket: Socket = connect({ port, host: '127.0.0.1', noDelay: true, onread })
    const reader: Reader = { viewer, socket, last: -1, stopped: false, closed: false }
    socket.on('connect', () => socket.write(wire.hello(viewer)))
    socket.on('error', reject)
    socket.on('close', () => {
      reader.closed = true
    })
  })
