import type { QueryClient } from '@tanstack/react-query'

/** What the stream says: something in `table` changed that this viewer may see (`entry`), or a row left their sight (`gone`). */
export interface LiveEvent {
  table: string
  id: string
  thread?: string | null
}

/** `since` is the ISO instant from which the state has held; with 'lost', the last moment at which Concord was heard. */
export interface Contact {
  state: 'connecting' | 'open' | 'lost'
  since: string
}

export interface Live {
  contact(): Contact
  subscribe(listener: () => void): () => void
  /** Hear each event as it comes, for a page that must do more than read again. */
  hear(listener: (event: Told) => void): () => void
  close(): void
}

interface Source {
  readyState: number
  addEventListener(name: string, listener: (event: { data?: string; lastEventId?: string }) => void): void
  close(): void
}

export interface LiveOptions {
  url: string
  open?: (url: string) => Source
  now?: () => Date
  random?: () => number
  /** Milliseconds without any sign of life after which a stream that was open is taken for dead; the server beats every 15 s. */
  silence?: number
}

export type Told = LiveEvent & { kind: 'entry' | 'gone' }

/** An entry is one object; `gone` is a list of ids, whose tables are not said, so that everything watched is read again. */
export function eventsIn(name: string, data: string | undefined): Told[] {
  const body: unknown = JSON.parse(data || 'null')
  if (Array.isArray(body)) return body.map((id) => ({ kind: 'gone', table: '*', id: String(id) }))
  const told = body as LiveEvent | null
  return typeof told?.table === 'string' ? [{ ...told, kind: name === 'gone' ? 'gone' : 'entry' }] : []
}

const debounce = 150
const closed = 2

/** Which react-query keys to read again: those whose `watches` name the table. */
export const watchesOf = (meta: Record<string, unknown> | undefined): readonly string[] =>
  Array.isArray(meta?.watches) ? (meta.watches as string[]) : []

/** Marks queries as old, a burst at a time; the jitter keeps a thousand viewers from asking in the same instant. */
export function makeInvalidator(client: Pick<QueryClient, 'invalidateQueries'>, random: () => number = Math.random) {
  let tables = new Set<string>()
  let timer: ReturnType<typeof setTimeout> | undefined
  const flush = () => {
    const changed = tables
    tables = new Set()
    timer = undefined
    void client.invalidateQueries({
      predicate: (query) => watchesOf(query.meta).some((table) => changed.has('*') || changed.has(table)),
    })
  }
  return (table: string) => {
    tables.add(table)
    timer ??= setTimeout(flush, debounce * (0.7 + 0.6 * random()))
  }
}

/**
 * The live stream. The browser resumes by Last-Event-ID by itself; when it gives up (a refusal, a proxy) we open again with `after=`.
 * After any loss everything watched is read again, so that a hole in the stream can never show as calm.
 */
export function openLive(onTable: (table: string) => void, options: LiveOptions): Live {
  const now = options.now ?? (() => new Date())
  const random = options.random ?? Math.random
  const open = options.open ?? ((url) => new EventSource(url) as unknown as Source)
  let contact: Contact = { state: 'connecting', since: now().toISOString() }
  let heardAt = contact.since
  let last = ''
  let attempts = 0
  let source: Source | undefined
  let wasOpen = false
  let ended = false
  let timer: ReturnType<typeof setTimeout> | undefined
  const listeners = new Set<() => void>()
  const hearers = new Set<(event: Told) => void>()

  const become = (state: Contact['state'], since: string) => {
    if (contact.state === state) return
    const wasLost = contact.state === 'lost'
    contact = { state, since }
    if (state === 'open' && wasLost) onTable('*')
    for (const listener of listeners) listener()
  }
  const heard = (event: { lastEventId?: string }) => {
    heardAt = now().toISOString()
    attempts = 0
    if (event.lastEventId) last = event.lastEventId
    become('open', heardAt)
  }
  const start = () => {
    if (ended) return
    let opened = false
    wasOpen = false
    const mine = open(last ? `${options.url}&after=${encodeURIComponent(last)}` : options.url)
    source = mine
    mine.addEventListener('open', (event) => {
      opened = true
      wasOpen = true
      heard(event)
    })
    for (const name of ['message', 'entry', 'gone'])
      mine.addEventListener(name, (event) => {
        opened = true
        heard(event)
        for (const told of eventsIn(name, event.data)) {
          onTable(told.table)
          for (const hearer of hearers) hearer(told)
        }
      })
    mine.addEventListener('beat', heard)
    mine.addEventListener('error', () => {
      become('lost', heardAt)
      if (mine.readyState !== closed) return
      // a place that the server no longer knows (it was restored, say) is refused for ever: begin anew, and everything is read again
      if (!opened) last = ''
      again(mine)
    })
  }
  const again = (mine: Source) => {
    if (ended || mine !== source) return
    mine.close()
    source = undefined
    attempts += 1
    timer = setTimeout(start, Math.min(30_000, 1_000 * 2 ** Math.min(attempts, 5)) * (0.5 + random()))
  }
  const silence = options.silence ?? 32_000
  const watchdog = setInterval(() => {
    if (!wasOpen || !source || now().getTime() - Date.parse(heardAt) < silence) return
    become('lost', heardAt)
    again(source)
  }, silence / 10)
  start()
  return {
    contact: () => contact,
    subscribe: (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    hear: (listener) => {
      hearers.add(listener)
      return () => hearers.delete(listener)
    },
    close: () => {
      ended = true
      clearTimeout(timer)
      clearInterval(watchdog)
      source?.close()
    },
  }
}
