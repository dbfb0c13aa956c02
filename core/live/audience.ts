import { hash } from 'node:crypto'
import type { Batch } from './batch.ts'
import type { Connection } from './viewer.ts'

/** One open stream. A person may have several. */
export type Viewer = {
  readonly id: string
  readonly person: string
  readonly connection: Connection
  /** Changes at or below this position are already in the labels it came with. */
  readonly reachAt: number
  set: LabelSet
  /** Undefined while it is catching up. */
  row: Row | undefined
  seat: number
  /** Has everything up to here; moved only while it catches up. */
  from: number
  over: boolean
}

/**
 * Who may read what, arranged for speed: viewers who read exactly the same labels of the same world stand in *rows* of at most 64.
 * A row is the unit that is served: its members are always due the same bytes.
 */
export type Row = { readonly set: LabelSet; readonly members: Viewer[]; pending: Batch | undefined; queued: boolean; servedAt: number }

/** A distinct set of label numbers in one world, kept once however many viewers have it. */
export type LabelSet = {
  readonly world: string
  readonly key: string
  /** Ascending. */
  readonly labels: Int32Array
  readonly rows: Row[]
  members: number
  /** Nobody stands in it any more: the lists of labels drop it when they next pass. */
  dead: boolean
}

const ROW_LENGTH = 64

/** Whether a set has a label: binary search, because a set may have tens of thousands. */
export const readable = (set: LabelSet, label: number): boolean => {
  let low = 0
  let high = set.labels.length - 1
  while (low <= high) {
    const middle = (low + high) >>> 1
    const found = set.labels[middle] as number
    if (found === label) return true
    if (found < label) low = middle + 1
    else high = middle - 1
  }
  return false
}

const sorted = (labels: Iterable<number>): Int32Array => {
  const all = Int32Array.from(labels).sort()
  let kept = 0
  for (const label of all) if (kept === 0 || all[kept - 1] !== label) all[kept++] = label
  return kept === all.length ? all : all.slice(0, kept)
}

export type Audience = {
  intern: (world: string, labels: Iterable<number>) => LabelSet
  /** The set with some labels more and some fewer (fewer wins). */
  changed: (set: LabelSet, added: Iterable<number>, removed: Iterable<number>) => LabelSet
  /** Every row that reads a label; `world` null is city-wide, read in every world. */
  eachRow: (world: string | null, label: number, visit: (row: Row) => void) => void
  /** Stands a viewer in a row of its set; `settle` is called first on the row it will join, whose pending bytes are not for the newcomer. */
  enter: (viewer: Viewer, settle: (row: Row) => void) => void
  leave: (viewer: Viewer) => void
}

type World = { readonly sets: Map<string, LabelSet>; readonly byLabel: Map<number, LabelSet[]> }

export const createAudience = (): Audience => {
  const worlds = new Map<string, World>()

  const worldOf = (name: string): World => {
    let world = worlds.get(name)
    if (!world) worlds.set(name, (world = { sets: new Map(), byLabel: new Map() }))
    return world
  }

  const internSorted = (name: string, labels: Int32Array): LabelSet => {
    const world = worldOf(name)
    const key = hash('sha256', new Uint8Array(labels.buffer, labels.byteOffset, labels.byteLength), 'base64')
    const known = world.sets.get(key)
    return known ?? { world: name, key, labels, rows: [], members: 0, dead: true }
  }

  // A set is listed under its labels only while somebody stands in it.
  const enlist = (set: LabelSet): LabelSet => {
    const world = worldOf(set.world)
    const twin = world.sets.get(set.key)
    if (twin) return twin
    const fresh: LabelSet = { ...set, rows: [], members: 0, dead: false }
    world.sets.set(fresh.key, fresh)
    for (const label of fresh.labels) {
      const sets = world.byLabel.get(label)
      if (sets) sets.push(fresh)
      else world.byLabel.set(label, [fresh])
    }
    return fresh
  }

  const visitWorld = (world: World, label: number, visit: (row: Row) => void): void => {
    const sets = world.byLabel.get(label)
    if (!sets) return
    let kept = 0
    for (const set of sets) {
      if (set.dead) continue
      sets[kept++] = set
      for (const row of set.rows) visit(row)
    }
    sets.length = kept
    if (kept === 0) world.byLabel.delete(label)
  }

  return {
    intern: (world, labels) => internSorted(world, sorted(labels)),
    changed: (set, added, removed) => {
      const labels = new Set(set.labels)
      for (const label of added) labels.add(label)
      for (const label of removed) labels.delete(label)
      return internSorted(set.world, sorted(labels))
    },
    eachRow: (world, label, visit) => {
      if (world === null) for (const each of worlds.values()) visitWorld(each, label, visit)
      else {
        const found = worlds.get(world)
        if (found) visitWorld(found, label, visit)
      }
    },
    enter: (viewer, settle) => {
      const set = enlist(viewer.set)
      viewer.set = set
      let row = set.rows.find((each) => each.members.length < ROW_LENGTH)
      if (row) settle(row)
      else {
        row = { set, members: [], pending: undefined, queued: false, servedAt: Number.NEGATIVE_INFINITY }
        set.rows.push(row)
      }
      viewer.row = row
      viewer.seat = row.members.push(viewer) - 1
      set.members++
    },
    leave: (viewer) => {
      const row = viewer.row
      if (!row) return
      viewer.row = undefined
      const last = row.members.pop() as Viewer
      if (last !== viewer) {
        row.members[viewer.seat] = last
        last.seat = viewer.seat
      }
      if (row.members.length === 0) {
        row.pending = undefined
        row.set.rows.splice(row.set.rows.indexOf(row), 1)
      }
      if (--row.set.members === 0) {
        row.set.dead = true
        worldOf(row.set.world).sets.delete(row.set.key)
      }
    },
  }
}
