import type { Audience, Row } from './audience.ts'
import { createBatches } from './batch.ts'
import type { Frame } from './recent.ts'
import { cut } from './viewer.ts'
import type { Viewer } from './audience.ts'

/** Figures since the hub began; no names, so they may go to /metrics. */
export type Served = { deliveries: number; writes: number; bytes: number; slow: number }

/**
 * Writes what rows are due. A row that has been quiet is served in the same turn of the event loop; one that was served within the last
 * `gather` ms waits for the end of that time while the process is busy, so that its viewers get one write and not many. Rows are served
 * first come, first served, and take everything they are due when their turn comes: under load, gathering grows by itself.
 */
export type Serving = {
  /** Makes a frame due to every row that may read it. */
  offer: (frame: Frame) => void
  /** Writes what one row is due, now: before anything about its members changes. */
  settle: (row: Row) => void
  /** Writes everything that is due, now. */
  settleAll: () => void
  /** To one viewer outside its turn. False when it has been cut for being slow. */
  write: (viewer: Viewer, bytes: Buffer) => boolean
  served: Served
  stop: () => void
}

// A slice of serving ends after this long, so that requests are answered between slices.
const SLICE_MS = 4

export const createServing = (options: {
  audience: Audience
  maxBuffered: number
  gather: number
  onSlow: (viewer: Viewer) => void
}): Serving => {
  const { audience, maxBuffered, gather } = options
  const batches = createBatches()
  const served: Served = { deliveries: 0, writes: 0, bytes: 0, slow: 0 }
  let ready: Row[] = []
  let next = 0
  let waiting: Row[] = []
  let turn: NodeJS.Immediate | undefined
  let wait: NodeJS.Timeout | undefined
  // How much of the recent time went into serving, 0 to 1: gathering saves work only when there is too much of it.
  let load = 0
  let idleSince = performance.now()

  const write = (viewer: Viewer, bytes: Buffer): boolean => {
    const connection = viewer.connection
    if (viewer.over || connection.destroyed) return false
    connection.write(bytes)
    served.writes++
    served.bytes += bytes.length
    if (connection.writableLength <= maxBuffered) return true
    // Its place in the row is given up when the connection says it has closed.
    viewer.over = true
    served.slow++
    cut(connection)
    options.onSlow(viewer)
    return false
  }

  const settle = (row: Row): void => {
    const batch = row.pending
    if (!batch) return
    row.pending = undefined
    const bytes = batches.bytesOf(batch)
    served.deliveries += batch.count * row.members.length
    for (const viewer of row.members) {
      write(viewer, bytes)
      // A stream with nothing queued has no more use for the bytes it was given; any other keeps them.
      if (viewer.connection.writableLength > 0) batch.held = true
    }
    batches.done(batch)
  }

  const serve = (): void => {
    turn = undefined
    const began = performance.now()
    let now = began
    while (next < ready.length) {
      const row = ready[next++] as Row
      row.queued = false
      row.servedAt = now
      settle(row)
      now = performance.now()
      if (now - began > SLICE_MS) break
    }
    const idle = began - idleSince
    const busy = now - began
    idleSince = now
    // A moving average over about 100 ms.
    const share = Math.min(1, (busy + idle) / 100)
    load += share * (busy / (busy + idle || 1) - load)
    if (next < ready.length) turn = setImmediate(serve)
    else {
      ready = []
      next = 0
      batches.reset()
    }
  }

  const release = (): void => {
    wait = undefined
    for (const row of waiting) ready.push(row)
    waiting = []
    turn ??= setImmediate(serve)
  }

  return {
    served,
    write,
    settle,
    settleAll: () => {
      for (const row of ready) settle(row)
      for (const row of waiting) settle(row)
    },
    offer: (frame) => {
      const now = performance.now()
      const eager = load < 0.5
      audience.eachRow(frame.world, frame.label, (row) => {
        row.pending = batches.extend(row.pending, frame)
        if (row.queued) return
        row.queued = true
        if (eager || now - row.servedAt >= gather) ready.push(row)
        else waiting.push(row)
      })
      if (ready.length > next) turn ??= setImmediate(serve)
      if (waiting.length > 0) wait ??= setTimeout(release, gather)
    },
    stop: () => {
      clearImmediate(turn)
      clearTimeout(wait)
      ready = []
      waiting = []
    },
  }
}
