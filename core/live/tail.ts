import { canSee } from '#core/access/label.ts'
import type { Database } from '#core/db/tx.ts'
import { createHub, type LiveEntry, type LiveHub } from './hub.ts'
import * as store from './store.ts'

export interface Tail {
  hub: LiveHub
  /** New positions were given: read them. */
  poke(): void
  /** Takes a person's stream into the hub; the caller has already found out who they are. */
  follow(joining: Omit<Parameters<LiveHub['join']>[0], 'labels' | 'reachAt'> & { person: string }): Promise<(() => void) | undefined>
  stop(): Promise<void>
}

interface Known {
  person: string
  world: string
  tokens: ReadonlySet<string>
  labels: Set<number>
  streams: number
  expiry: NodeJS.Timeout | undefined
}

const pageSize = 2000

/** A person in a world: what they hold may differ from world to world, so the hub knows them by both. */
const keyOf = ({ person, world }: { person: string; world: string }) => `${person} ${world}`
const personOf = (key: string) => key.slice(0, key.indexOf(' '))

/** Does this entry change what somebody holds? Their own reach, or an admission that lets them in or let them in before. */
const concerns = (row: store.TailRow, known: Known): boolean =>
  row.person === known.person || (row.admits !== null && (known.tokens.has(row.admits) || canSee(row.bearers ?? [], known.tokens)))

const bodyOf = (row: store.TailRow) => JSON.stringify({ table: row.tableName, id: row.rowId, thread: row.thread, at: row.at })

/**
 * Reads the ledger's places in position order and hands them to the hub of this process. A change of reach is worked out and applied before
 * anything later is published; reach that runs out by the clock is applied by a timer.
 */
export async function startTail(database: Database, options: { idle?: number; failed(error: unknown): void }): Promise<Tail> {
  const begin = await database.verifier(async (tx) => ({ key: await store.cursorKey(tx), position: await store.lastPosition(tx) }))
  const people = new Map<string, Known>()
  // Of these, everybody who is connected was told whether they may read them. What one person's look brings is not among them: a label may be
  // seen there before its first entry is, and then the others must still be asked.
  const labelsSeen = new Set<number>()
  let position = begin.position

  const hub = createHub({
    cursorKey: begin.key,
    position,
    async *replay({ person: joined, world, after }) {
      const { labels } = await database.verifier((tx) => store.look(tx, personOf(joined), world))
      for (let from = after; ; ) {
        const page = await database.verifier((tx) => store.placedFor(tx, labels, world, from, 1000))
        for (const row of page) {
          yield row.action === 'left'
            ? { position: row.position, label: row.label, gone: [row.rowId] }
            : { position: row.position, label: row.label, body: bodyOf(row) }
        }
        const last = page.at(-1)
        if (!last || page.length < 1000) return
        from = last.position
      }
    },
  })

  /** Looks a connected person up again in one world, and tells the hub what opened and what closed. */
  async function refresh(known: Known, at: number): Promise<void> {
    const { now, lost } = await database.verifier(async (tx) => {
      const seen = await store.look(tx, known.person, known.world)
      const readable = new Set(seen.labels)
      const removed = [...known.labels].filter((label) => !readable.has(label))
      return { now: seen, lost: { removed, gone: removed.length > 0 ? await store.rowsUnder(tx, removed, known.world, at) : [] } }
    })
    const added = now.labels.filter((label) => !known.labels.has(label))
    remember(known, now)
    if (added.length > 0 || lost.removed.length > 0)
      hub.changeReach({ who: keyOf(known), added, removed: lost.removed, position: at, gone: lost.gone })
  }

  function remember(known: Known, now: store.Look): void {
    known.tokens = new Set(now.tokens)
    known.labels = new Set(now.labels)
    clearTimeout(known.expiry)
    known.expiry = undefined
    if (now.validUntil === null) return
    const wait = Math.min(Math.max(new Date(now.validUntil).getTime() - Date.now(), 0) + 5, 2 ** 31 - 1)
    known.expiry = setTimeout(() => void refresh(known, position).catch(options.failed), wait)
    known.expiry.unref()
  }

  async function learn(label: number, at: number): Promise<void> {
    labelsSeen.add(label)
    const clauses = await database.verifier((tx) => store.clausesOf(tx, label))
    for (const known of people.values()) if (canSee(clauses, known.tokens)) known.labels.add(label)
    hub.learnLabel(label, at, ({ person }) => canSee(clauses, people.get(person)?.tokens ?? new Set()))
  }

  async function read(): Promise<number> {
    const page = await database.verifier((tx) => store.placedAfter(tx, position, pageSize))
    let batch: LiveEntry[] = []
    const flush = () => {
      if (batch.length > 0) hub.publish(batch)
      batch = []
    }
    for (const row of page) {
      if (!labelsSeen.has(row.label)) {
        flush()
        await learn(row.label, row.position)
      }
      batch.push(
        row.action === 'left'
          ? { position: row.position, label: row.label, world: row.world, gone: row.rowId }
          : { position: row.position, label: row.label, world: row.world, body: bodyOf(row) },
      )
      position = row.position
      // A change of reach stands at its entry's own position: the entry goes out first, then the change, then everything later.
      if (row.person === null && row.admits === null) continue
      const concerned = [...people.values()].filter((known) => concerns(row, known))
      if (concerned.length === 0) continue
      flush()
      for (const known of concerned) await refresh(known, row.position)
    }
    flush()
    return page.length
  }

  let stopped = false
  let poked = false
  let wake: () => void = () => {}
  const loop = async () => {
    while (!stopped) {
      poked = false
      let count = 0
      try {
        count = await read()
      } catch (error) {
        options.failed(error)
        await new Promise((resolve) => setTimeout(resolve, 500))
      }
      if (count >= pageSize || poked) continue
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, options.idle ?? 250)
        wake = () => {
          clearTimeout(timer)
          resolve()
        }
      })
    }
  }
  const running = loop()

  return {
    hub,
    poke() {
      poked = true
      wake()
    },
    async follow(joining) {
      const { person, world } = joining
      const key = keyOf(joining)
      const known = people.get(key) ?? {
        person,
        world,
        tokens: new Set<string>(),
        labels: new Set<number>(),
        streams: 0,
        expiry: undefined,
      }
      people.set(key, known)
      known.streams += 1
      const forget = () => {
        known.streams -= 1
        if (known.streams > 0) return
        clearTimeout(known.expiry)
        people.delete(key)
      }
      // Between looking and joining the reach may change; the hub then says so and we look again.
      for (let attempt = 0; attempt < 5; attempt += 1) {
        const reachAt = hub.position()
        remember(known, await database.verifier((tx) => store.look(tx, person, world)))
        const joined = hub.join({ ...joining, person: key, labels: known.labels, reachAt })
        if (joined) {
          return () => {
            joined.leave()
            forget()
          }
        }
      }
      forget()
      return undefined
    },
    async stop() {
      stopped = true
      wake()
      await running
      hub.close()
      for (const known of people.values()) clearTimeout(known.expiry)
    },
  }
}
