import type { ServerResponse } from 'node:http'
import { createAudience } from './audience.ts'
import { createCatchUp } from './catch-up.ts'
import type { Replay } from './catch-up.ts'
import { createCursors } from './cursor.ts'
import { entryFrame, goneFrame, heartbeat, streamHead } from './frame.ts'
import { createReachChanges } from './reach-changes.ts'
import type { MayRead } from './reach-changes.ts'
import { createRecent } from './recent.ts'
import { createServing } from './serving.ts'
import type { Served } from './serving.ts'
import { cut } from './viewer.ts'
import type { Viewer } from './audience.ts'
import type { Connection } from './viewer.ts'

/** What the ledger's tail gives the hub, in position order, each position once. */
export type LiveEntry = {
  readonly position: bigint | number
  /** The number of the label in access.label. */
  readonly label: number
  /** Null is city-wide: read in every world. */
  readonly world: string | null
  /** One line, usually JSON; not needed when `gone` is there. */
  readonly body?: string | Buffer
  /** The id of a row that left this label: its readers forget it. */
  readonly gone?: string
}

export type Joining = {
  readonly id: string
  /** Whose reach it has; several viewers may be one person. Default: `id`. */
  readonly person?: string
  /** A hijacked response, or the bare socket. The hub writes the response head itself. */
  readonly response: ServerResponse | Connection
  readonly world: string
  readonly labels: Iterable<number>
  /** The position up to which the labels are right. Give it whenever reach can change. */
  readonly reachAt?: bigint | number
  /** The last position the viewer has (of Last-Event-ID); absent: from now on. */
  readonly after?: bigint | number
  /** Security headers to repeat: a hijacked response skips the hooks that set them. */
  readonly headers?: Readonly<Record<string, string>>
}

export type ReachChange = {
  /** A person (all of its viewers) or one viewer. */
  readonly who: string
  readonly added?: Iterable<number>
  readonly removed?: Iterable<number>
  readonly position: bigint | number
  /** Ids of rows that are lost to them. */
  readonly gone?: readonly string[]
}

export type LiveHub = {
  /** Undefined: the labels are out of date by now; look them up again and come back. Nothing has been written then. */
  join: (joining: Joining) => { leave: () => void } | undefined
  publish: (entries: readonly LiveEntry[]) => void
  /** Takes effect between the entries published before this call and those published after it. */
  changeReach: (change: ReachChange) => void
  /** A label seen for the first time: every viewer who may read it gets it. Call it before publishing under it. */
  learnLabel: (label: number, position: bigint | number, mayRead: MayRead) => void
  /** Ends a person's (or one viewer's) streams; what is queued for them is dropped. */
  end: (who: string, position?: bigint | number) => void
  decodeCursor: (cursor: string | undefined) => number | undefined
  encodeCursor: (position: bigint | number) => string
  position: () => number
  figures: () => Served & { viewers: number }
  close: () => void
}

type Log = { info: (fields: object, message: string) => void; warn: (fields: object, message: string) => void }

export type HubOptions = {
  /** 16 bytes; the same for all server processes of a city and across restarts. */
  cursorKey: Buffer
  /** Where the ledger stands when the hub begins; entries at or below it are asked of `replay`. */
  position?: bigint | number
  /** Bytes that may wait for a viewer in this process before it is dropped. */
  maxBuffered?: number
  /** Milliseconds that a viewer just served waits, under load, for more to go into its next write. Measured: 10 leaves the core idle. */
  gather?: number
  /** Bytes of recent entries kept for resuming. */
  keep?: number
  heartbeatEvery?: number
  replay?: Replay
  log?: Log
}

const BEATS = 15

// Doors pass the same few headers for every viewer.
const heads = new Map<string, Buffer>()
const headFor = (headers: Readonly<Record<string, string>> | undefined): Buffer => {
  const key = headers ? Object.entries(headers).join('\n') : ''
  const known = heads.get(key)
  if (known) return known
  const head = streamHead(headers)
  if (heads.size < 16) heads.set(key, head)
  return head
}

const connectionOf = (response: ServerResponse | Connection): Connection => {
  if (!('assignSocket' in response)) return response
  if (!response.socket) throw new TypeError('The response has no connection any more.')
  return response.socket
}

/** The live hub of one server process: it knows labels and bytes, and neither the database nor what entries mean. */
export const createHub = (options: HubOptions): LiveHub => {
  const { maxBuffered = 1024 * 1024, gather = 4, keep = 4 * 1024 * 1024, heartbeatEvery = 15_000, replay, log } = options
  let head = Number(options.position ?? 0)
  const cursors = createCursors(options.cursorKey)
  const audience = createAudience()
  const recent = createRecent(keep, head)
  const changes = createReachChanges(head)
  const viewers = new Map<string, Viewer[]>()
  const beats = Array.from({ length: BEATS }, () => new Set<Viewer>())
  let beat = 0
  let closed = false

  const serving = createServing({
    audience,
    maxBuffered,
    gather,
    onSlow: (viewer) => log?.info({ viewer: viewer.id }, 'A live viewer did not keep up and was dropped; it may resume.'),
  })
  const catchUp = createCatchUp({ audience, serving, recent, cursors, replay, maxBuffered, head: () => head, log })

  const remember = (key: string, viewer: Viewer): void => {
    const known = viewers.get(key)
    if (known) known.push(viewer)
    else viewers.set(key, [viewer])
  }
  const forget = (key: string, viewer: Viewer): void => {
    const others = viewers.get(key)?.filter((each) => each !== viewer) ?? []
    if (others.length > 0) viewers.set(key, others)
    else viewers.delete(key)
  }
  const everyone = (): Set<Viewer> => new Set([...beats].flatMap((each) => [...each]))

  const remove = (viewer: Viewer): void => {
    viewer.over = true
    audience.leave(viewer)
    catchUp.forget(viewer)
    forget(viewer.id, viewer)
    forget(viewer.person, viewer)
    for (const each of beats) each.delete(viewer)
  }
  const endViewer = (viewer: Viewer): void => {
    remove(viewer)
    cut(viewer.connection)
  }

  /** Gives a viewer another set of labels; what it was due under the old one is written first. */
  const relabel = (viewer: Viewer, added: Iterable<number>, removed: Iterable<number>, gone?: Buffer): void => {
    if (viewer.row) serving.settle(viewer.row)
    if (viewer.over) return
    if (gone) serving.write(viewer, gone)
    const set = audience.changed(viewer.set, added, removed)
    if (set === viewer.set || viewer.over) return
    const live = viewer.row !== undefined
    audience.leave(viewer)
    viewer.set = set
    if (live) audience.enter(viewer, serving.settle)
  }

  const pulse = setInterval(
    () => {
      beat = (beat + 1) % BEATS
      for (const viewer of beats[beat] as Set<Viewer>) serving.write(viewer, heartbeat)
    },
    Math.max(1, heartbeatEvery / BEATS),
  )
  pulse.unref()

  return {
    join: (joining) => {
      if (closed) throw new Error('The live hub is closed.')
      const person = joining.person ?? joining.id
      const reachAt = joining.reachAt === undefined ? Number.MAX_SAFE_INTEGER : Number(joining.reachAt)
      const learned = changes.learnedSince(reachAt)
      if (!learned || !changes.unchangedSince(person, joining.id, reachAt)) return undefined
      const about = { id: joining.id, person, world: joining.world }
      const news = learned.filter((each) => each.mayRead(about)).map((each) => each.label)
      const connection = connectionOf(joining.response)
      if (connection.destroyed) return { leave: () => {} }
      const viewer: Viewer = {
        id: joining.id,
        person,
        connection,
        reachAt: joining.reachAt === undefined ? -1 : reachAt,
        set: audience.intern(joining.world, [...joining.labels, ...news]),
        row: undefined,
        seat: 0,
        from: joining.after === undefined ? head : Number(joining.after),
        over: false,
      }
      remember(viewer.id, viewer)
      if (person !== viewer.id) remember(person, viewer)
      ;(beats[Math.floor(Math.random() * BEATS)] as Set<Viewer>).add(viewer)
      connection.on('close', () => remove(viewer))
      connection.on('error', () => cut(connection))
      serving.write(viewer, headFor(joining.headers))
      // Rows lost while it was away are known to the replay only.
      catchUp.begin(viewer, changes.unchangedSince(person, viewer.id, viewer.from))
      return {
        leave: () => {
          if (viewer.over) return
          remove(viewer)
          connection.end()
        },
      }
    },

    publish: (entries) => {
      for (const entry of entries) {
        const position = Number(entry.position)
        if (!(position > head)) throw new RangeError(`Live entries must come in position order: ${position} after ${head}.`)
        if (entry.body === undefined && entry.gone === undefined) throw new TypeError('A live entry has a body or a row that is gone.')
        const cursor = cursors.encode(position)
        const bytes = entry.gone === undefined ? entryFrame(cursor, entry.body ?? '') : goneFrame(cursor, [entry.gone])
        const frame = { position, world: entry.world, label: entry.label, bytes }
        head = position
        recent.add(frame)
        serving.offer(frame)
      }
      catchUp.arrived()
    },

    changeReach: (change) => {
      const position = Number(change.position)
      const added = [...(change.added ?? [])]
      const removed = [...(change.removed ?? [])]
      head = Math.max(head, position)
      changes.changed(change.who, position)
      const gone = change.gone?.length ? goneFrame(cursors.encode(position), change.gone) : undefined
      for (const viewer of [...(viewers.get(change.who) ?? [])]) {
        const late = position <= viewer.reachAt
        // What waits in this process was put together under the old reach: the viewer comes back and is given it under the new.
        if (removed.length > 0 && !late && viewer.connection.writableLength > 0) endViewer(viewer)
        else relabel(viewer, late ? [] : added, late ? [] : removed, gone)
      }
      catchUp.arrived()
    },

    learnLabel: (label, at, mayRead) => {
      const position = Number(at)
      changes.learned(label, position, mayRead)
      for (const viewer of everyone()) {
        if (position > viewer.reachAt && mayRead({ id: viewer.id, person: viewer.person, world: viewer.set.world }))
          relabel(viewer, [label], [])
      }
    },

    end: (who, position) => {
      if (position !== undefined) changes.changed(who, Number(position))
      for (const viewer of [...(viewers.get(who) ?? [])]) endViewer(viewer)
    },

    decodeCursor: cursors.decode,
    encodeCursor: (position) => cursors.encode(Number(position)),
    position: () => head,
    figures: () => ({ ...serving.served, viewers: beats.reduce((sum, each) => sum + each.size, 0) }),
    close: () => {
      if (closed) return
      closed = true
      serving.settleAll()
      serving.stop()
      clearInterval(pulse)
      for (const viewer of everyone()) {
        remove(viewer)
        viewer.connection.end()
      }
    },
  }
}
