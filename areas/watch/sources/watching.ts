import { mkdirSync, type FSWatcher, watch } from 'node:fs'
import { lookIntoFolders, type Seen } from './actions/folders.ts'
import { type Asking, pollFeeds } from './actions/feeds.ts'
import type { Duties } from './actions/receive.ts'

export interface Watching {
  /** Where folder sources have their folders: `<inbox>/<code>`. */
  inbox: string
  failed: (what: string, error: unknown) => void
  everyMs?: number
  asking?: Partial<Asking>
}

/**
 * Watches the folders and asks the feeds of the city, beside everything else. Any number of server processes may: a feed is claimed before it is
 * asked, and a file is known by its receipt. Stopping lets what has begun end.
 */
export function startSources(duties: Duties, { inbox, failed, everyMs = 1000, asking = {} }: Watching): { stop(): Promise<void> } {
  const stopping = new AbortController()
  const seen: Seen = new Map()
  const bounds: Asking = { milliseconds: 15_000, linksMilliseconds: 60_000, ...asking, signal: stopping.signal }
  mkdirSync(inbox, { recursive: true })

  // A feed that hangs holds up no other: each turn takes those that are due and does not wait for those before.
  const asked = new Set<Promise<unknown>>()
  const askFeeds = async () => {
    if (asked.size >= 16) return
    const turn = pollFeeds(duties, bounds, failed)
      .catch((error: unknown) => failed('feeds', error))
      .finally(() => asked.delete(turn))
    asked.add(turn)
  }
  const loops = [
    loop(
      stopping.signal,
      everyMs,
      () => lookIntoFolders(duties, inbox, seen, failed),
      (error) => failed('folders', error),
    ),
    loop(stopping.signal, everyMs, askFeeds, (error) => failed('feeds', error)),
  ]
  // Looking is what counts; being told of a new file only makes it sooner, and not every file system tells.
  let told: FSWatcher | undefined
  try {
    told = watch(inbox, { recursive: true }, () => loops[0]?.poke())
    told.on('error', () => told?.close())
  } catch (error) {
    failed('folders', error)
  }
  return {
    async stop() {
      stopping.abort()
      told?.close()
      for (const one of loops) one.poke()
      await Promise.all([...loops.map((one) => one.ended), ...asked])
    },
  }
}

function loop(
  signal: AbortSignal,
  everyMs: number,
  turn: () => Promise<unknown>,
  failed: (error: unknown) => void,
): { poke(): void; ended: Promise<void> } {
  let wake = () => {}
  const pause = () =>
    new Promise<void>((done) => {
      const timer = setTimeout(done, everyMs)
      wake = () => {
        clearTimeout(timer)
        // A moment's wait, so that a file that is being written is not looked at for each part of it.
        setTimeout(done, signal.aborted ? 0 : Math.min(250, everyMs))
      }
    })
  const run = async () => {
    while (!signal.aborted) {
      await turn().catch(failed)
      if (!signal.aborted) await pause()
    }
  }
  return { poke: () => wake(), ended: run() }
}
