import type { Frame } from './recent.ts'

/**
 * What a row is still due: a path in a tree of frames. Rows that are due the same frames stand at the same node, so the bytes are put
 * together once per distinct path, whatever the label sets look like: two rows that differ only in a label without news share.
 */
export type Batch = {
  readonly before: Batch | undefined
  readonly frame: Frame
  readonly count: number
  readonly length: number
  /** How many rows stand here. */
  rows: number
  bytes: Buffer | undefined
  /** A connection still has the bytes queued: they may not be used again. */
  held: boolean
  /** The newest extension; enough to share, because a frame is offered to all rows in one go. */
  next: Batch | undefined
}

export type Batches = {
  /** The row's path, longer by a frame. Gives up its place on the shorter one. */
  extend: (before: Batch | undefined, frame: Frame) => Batch
  /** The frames of a path in order, as one buffer, made at the first call. */
  bytesOf: (batch: Batch) => Buffer
  /** A row has been served or has moved on. */
  done: (batch: Batch) => void
  /** Forgets where paths began: once no row is due anything. */
  reset: () => void
}

// Buffers of 4 KiB to 1 MiB by powers of two; larger ones are left to the collector.
const SMALLEST = 12
const LARGEST = 20

/** @param keep bytes of idle buffers kept for the next time: left to the collector, they would pile up faster than it looks */
export const createBatches = (keep = 16 * 1024 * 1024): Batches => {
  const idle: Buffer[][] = Array.from({ length: LARGEST + 1 }, () => [])
  let idleBytes = 0
  let first: Batch | undefined

  const sizeClass = (length: number): number => Math.max(SMALLEST, 32 - Math.clz32(length - 1))

  const borrow = (length: number): Buffer => {
    const size = sizeClass(length)
    const found = idle[size]?.pop()
    if (found) idleBytes -= found.buffer.byteLength
    const whole = found ?? Buffer.allocUnsafeSlow(size > LARGEST ? length : 2 ** size)
    return whole.subarray(0, length)
  }

  const giveBack = (batch: Batch): void => {
    const bytes = batch.bytes
    batch.bytes = undefined
    if (!bytes || batch.held || batch.count === 1) return
    const size = sizeClass(bytes.length)
    if (size > LARGEST || idleBytes + bytes.buffer.byteLength > keep) return
    idleBytes += bytes.buffer.byteLength
    idle[size]?.push(Buffer.from(bytes.buffer))
  }

  const done = (batch: Batch): void => {
    if (--batch.rows === 0) giveBack(batch)
  }

  return {
    extend: (before, frame) => {
      let next = before ? before.next : first
      if (next?.frame !== frame) {
        const count = (before?.count ?? 0) + 1
        const length = (before?.length ?? 0) + frame.bytes.length
        next = { before, frame, count, length, rows: 0, bytes: undefined, held: false, next: undefined }
        if (before) before.next = next
        else first = next
      }
      next.rows++
      if (before) done(before)
      return next
    },
    bytesOf: (batch) => {
      if (batch.bytes) return batch.bytes
      if (batch.count === 1) return (batch.bytes = batch.frame.bytes)
      const bytes = borrow(batch.length)
      let end = batch.length
      for (let each: Batch | undefined = batch; each; each = each.before) {
        end -= each.frame.bytes.length
        each.frame.bytes.copy(bytes, end)
      }
      return (batch.bytes = bytes)
    },
    done,
    reset: () => {
      first = undefined
    },
  }
}
