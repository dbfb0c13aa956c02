import { readable } from './audience.ts'
import type { Audience } from './audience.ts'
import type { Cursors } from './cursor.ts'
import { entryFrame, goneFrame, placeFrame } from './frame.ts'
import type { Recent } from './recent.ts'
import type { Serving } from './serving.ts'
import { cut } from './viewer.ts'
import type { Viewer } from './audience.ts'

export type ReplayedEntry = {
  readonly position: bigint | number
  readonly label: number
  readonly body?: string | Buffer
  /** Ids of rows the viewer has lost; sent whatever the label. */
  readonly gone?: readonly string[]
}

/**
 * Reads the past for one viewer, from the ledger: everything it may read after `after`, in position order, at least up to `upTo`
 * (more does no harm), and the rows it lost in that time.
 */
export type Replay = (asked: { id: string; person: string; world: string; after: number; upTo: number }) => AsyncIterable<ReplayedEntry>

export type CatchUp = {
  /** @param mayUseRecent false when rows may have been lost to it since it left: only the replay knows which */
  begin: (viewer: Viewer, mayUseRecent: boolean) => void
  /** The hub's position has moved: viewers who were ahead of it may be waiting for that. */
  arrived: () => void
  forget: (viewer: Viewer) => void
}

const RETRY_MS = 2000
const DRAIN_CHECK_MS = 5
const DRAIN_LIMIT_MS = 60_000

/**
 * Brings a viewer from its last position into its row with no gap and no double. The last step is always taken in one turn of the event
 * loop, from the recent frames: until then the viewer stands in no row, so nothing can be sent to it twice.
 */
export const createCatchUp = (options: {
  audience: Audience
  serving: Serving
  recent: Recent
  cursors: Cursors
  replay: Replay | undefined
  maxBuffered: number
  head: () => number
  log: { warn: (fields: object, message: string) => void } | undefined
}): CatchUp => {
  const { audience, serving, recent, cursors, replay, head, log } = options
  const ahead = new Set<Viewer>()
  const portion = Math.min(256 * 1024, options.maxBuffered / 4)

  // A client that reads slowly must not fill this process with its past, nor be dropped for having one.
  const drained = async (viewer: Viewer): Promise<void> => {
    const until = performance.now() + DRAIN_LIMIT_MS
    while (!viewer.over && viewer.connection.writableLength > portion / 2) {
      if (performance.now() > until) throw new Error('The client does not read its past.')
      await new Promise((resolve) => setTimeout(resolve, DRAIN_CHECK_MS))
    }
  }

  /** Returns false when there is more than may be written at once: then it has moved on by a portion. */
  const enterLive = (viewer: Viewer): boolean => {
    const due: Buffer[] = []
    let length = 0
    for (const frame of recent.after(viewer.from)) {
      if (length > portion) break
      viewer.from = frame.position
      if ((frame.world !== null && frame.world !== viewer.set.world) || !readable(viewer.set, frame.label)) continue
      due.push(frame.bytes)
      length += frame.bytes.length
    }
    if (due.length > 0) serving.write(viewer, due.length === 1 ? (due[0] as Buffer) : Buffer.concat(due))
    if (length > portion) return false
    viewer.from = head()
    if (!viewer.over) audience.enter(viewer, serving.settle)
    return true
  }

  const fromLedger = async (viewer: Viewer): Promise<void> => {
    if (!replay) throw new Error('This hub has no replay, and the position asked for is older than what it keeps.')
    do {
      const upTo = head()
      const asked = { id: viewer.id, person: viewer.person, world: viewer.set.world, after: viewer.from, upTo }
      for await (const entry of replay(asked)) {
        if (viewer.over) return
        const position = Number(entry.position)
        if (!(position > viewer.from)) throw new RangeError('A replay must come in position order.')
        viewer.from = position
        const cursor = cursors.encode(position)
        if (entry.gone?.length) serving.write(viewer, goneFrame(cursor, entry.gone))
        // Its reach may have narrowed since the replay began.
        else if (entry.body !== undefined && readable(viewer.set, entry.label)) serving.write(viewer, entryFrame(cursor, entry.body))
        await drained(viewer)
      }
      viewer.from = Math.max(viewer.from, upTo)
    } while (!viewer.over && !recent.covers(viewer.from))
  }

  const arrive = (viewer: Viewer): void => {
    if (viewer.over) return
    if (viewer.from > head()) ahead.add(viewer)
    else if (!recent.covers(viewer.from)) later(viewer, fromLedger(viewer))
    else if (!enterLive(viewer)) later(viewer, drained(viewer))
  }

  const later = (viewer: Viewer, work: Promise<void>): void => {
    work
      .then(() => arrive(viewer))
      .catch((error: unknown) => {
        if (viewer.over) return
        const fields = { viewer: viewer.id, error: error instanceof Error ? error.name : 'unknown' }
        log?.warn(fields, 'A live viewer could not be given its past; it will ask again.')
        viewer.over = true
        cut(viewer.connection)
      })
  }

  return {
    begin: (viewer, mayUseRecent) => {
      serving.write(viewer, placeFrame(cursors.encode(viewer.from), RETRY_MS))
      if (mayUseRecent || viewer.from >= head()) arrive(viewer)
      else later(viewer, fromLedger(viewer))
    },
    arrived: () => {
      if (ahead.size === 0) return
      for (const viewer of [...ahead]) {
        if (viewer.from > head() || viewer.over) continue
        ahead.delete(viewer)
        arrive(viewer)
      }
    },
    forget: (viewer) => {
      ahead.delete(viewer)
    },
  }
}
