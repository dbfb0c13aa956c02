import { sendCommand } from './client.ts'
import { keysUsable, seal, sealingKey, settled, unseal } from './device-key.ts'
import { asProblem, worthRetrying } from './problem-error.ts'

/** A deed that waits for Concord to answer. It belongs to one person in one post and is never sent as anyone else. */
export interface Waiting {
  key: string
  path: string
  input: unknown
  /** What it is, in the words of the page that made it. */
  title: string
  /** ISO instant at which the person pressed the button. */
  at: string
  /** `person/post/world` of the one who did it. */
  as: string
  /** The server's words when it answered and refused; such a deed waits for its person, not for the network. */
  refused?: string
}

/** Where waiting deeds are kept: IndexedDB in a browser, an array in a test. */
export interface Store {
  all(): Promise<Waiting[]>
  put(item: Waiting): Promise<void>
  remove(key: string): Promise<void>
}

/** A deed that nobody could send for so long is dropped with its words: sent now it would do harm, and a lost device should not keep it. */
const patience = 72 * 3600_000
const isOver = (at: string, now = Date.now()) => !(Date.parse(at) > now - patience)

/** As a deed lies on the disk: when, and the rest under a key of this browser that no script can read. */
interface Sealed {
  key: string
  at: string
  sealed: Uint8Array<ArrayBuffer>
}

/** IndexedDB, opened on first use; closing the window or the battery loses nothing. What waits longer than three days goes, also without contact. */
export function browserStore(name = 'concord'): Store {
  let opened: Promise<IDBDatabase> | undefined
  const open = () => {
    opened ??= (() => {
      const request = indexedDB.open(name, 1)
      request.onupgradeneeded = () => request.result.createObjectStore('waiting', { keyPath: 'key' })
      return settled(request)
    })()
    return opened
  }
  const waiting = async (mode: IDBTransactionMode) => (await open()).transaction('waiting', mode).objectStore('waiting')
  const remove = async (key: string) => void (await settled((await waiting('readwrite')).delete(key)))
  const put = async (item: Waiting) => {
    const key = keysUsable() ? await sealingKey('deeds', item.key, true) : undefined
    // A page without a secure line has no keys: such a deed waits in the open, as the page itself came.
    const kept: Sealed | Waiting = key === undefined ? item : { key: item.key, at: item.at, sealed: await seal(key, item) }
    await settled((await waiting('readwrite')).put(kept))
  }
  const read = async (kept: Sealed | Waiting): Promise<Waiting | undefined> => {
    if (!('sealed' in kept)) {
      if (keysUsable()) await put(kept)
      return kept
    }
    const key = await sealingKey('deeds', kept.key, false)
    return key === undefined ? undefined : ((await unseal(key, kept.sealed)) as Waiting | undefined)
  }
  return {
    async all() {
      const found: Waiting[] = []
      for (const kept of await settled((await waiting('readonly')).getAll() as IDBRequest<Array<Sealed | Waiting>>)) {
        const item = isOver(kept.at) ? undefined : await read(kept)
        if (item === undefined) await remove(kept.key)
        else found.push(item)
      }
      return found
    },
    put,
    remove,
  }
}

export interface Queue {
  add(item: Waiting): Promise<void>
  takeBack(key: string): Promise<void>
  /** Sends what waits for `as`, oldest first; stops at the first silence so that order is kept. */
  flush(as: string): Promise<void>
  read(): readonly Waiting[]
  subscribe(listener: () => void): () => void
}

const alone = async (work: () => Promise<void>) => {
  const locks = typeof navigator === 'undefined' ? undefined : navigator.locks
  // two windows of one person must not send the same deed at once; the key would save us, the order would not
  if (locks) await locks.request('concord-queue', { ifAvailable: true }, async (lock) => (lock ? work() : undefined))
  else await work()
}

export function makeQueue(store: Store, send: typeof sendCommand = sendCommand, onSent: () => void = () => {}): Queue {
  let items: readonly Waiting[] = []
  const listeners = new Set<() => void>()
  const refresh = async () => {
    items = (await store.all()).sort((a, b) => a.at.localeCompare(b.at))
    for (const listener of listeners) listener()
  }
  const sendOne = async (item: Waiting): Promise<boolean> => {
    try {
      await send(item.path, item.input, item.key)
      await store.remove(item.key)
      return true
    } catch (error) {
      const problem = asProblem(error)
      if (worthRetrying(problem) || problem.kind === 'signed-out') return false
      await store.put({ ...item, refused: problem.detail })
      return true
    }
  }
  return {
    add: async (item) => {
      await store.put(item)
      await refresh()
    },
    takeBack: async (key) => {
      await store.remove(key)
      await refresh()
    },
    flush: (as) =>
      alone(async () => {
        await refresh()
        let sent = 0
        for (const item of items.filter((one) => one.as === as && one.refused === undefined)) {
          if (!(await sendOne(item))) break
          sent += 1
        }
        await refresh()
        if (sent > 0) onSent()
      }),
    read: () => items,
    subscribe: (listener) => {
      listeners.add(listener)
      if (listeners.size === 1) void refresh().catch(() => {})
      return () => listeners.delete(listener)
    },
  }
}
