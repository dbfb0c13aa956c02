import { dropDeviceKey, keysUsable, seal, sealingKey, unseal } from './device-key.ts'

/**
 * The last answer of each question, for when there is no network. They are sealed under a key of this browser that no script can read, bound to
 * words in a cookie without a date, beside the session's own: when the browser forgets the cookie, or the key is dropped, what was kept cannot be
 * read again. Signing out, being signed out (also from elsewhere, and under duress), and somebody else signing in drop all of it (here, and in the
 * service worker). Nothing is kept for longer than a shift: what is older is deleted when a page opens, without asking anybody.
 */
const room = 'concord-seen'
const cookie = 'concord-seen'
const shift = 12 * 3600_000
/** When an answer was kept, as ms, in the open: so that what is too old can be deleted without its key. */
const keptAt = 'concord-kept-at'
/** In the open as well: this one may be taken back by whoever gave it, and dies when Concord is next heard. */
const untilContact = 'concord-until-contact'
/** A clock that was turned back must not keep alive what is from its future. */
const drift = 5 * 60_000

export interface Seen {
  body: unknown
  /** When it was fetched, as ms. */
  at: number
}

const usable = (): boolean => typeof caches !== 'undefined' && typeof document !== 'undefined' && keysUsable()
const keyInCookie = () => new RegExp(`(?:^|; )${cookie}=([\\w-]+)`).exec(document.cookie)?.[1]
const secure = () => (location.protocol === 'https:' ? '; secure' : '')
const hex = (bytes: Uint8Array) => bytes.toHex?.() ?? [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('')
const isTooOld = (at: number, now = Date.now()) => !(at <= now + drift && now - at < shift)

async function keyFor(make: boolean): Promise<CryptoKey | undefined> {
  let words = keyInCookie()
  if (words !== undefined) {
    const key = await sealingKey('seen', words, false)
    if (key !== undefined || !make) return key
  }
  if (!make) return undefined
  // what was kept under a key that is gone is of no use to anybody
  await caches.delete(room)
  if (words === undefined) {
    words = hex(crypto.getRandomValues(new Uint8Array(32)))
    document.cookie = `${cookie}=${words}; path=/; samesite=strict${secure()}`
  }
  return sealingKey('seen', words, true)
}

/** Where an answer is kept: told by the key, so that nobody without it can try which questions were asked. */
async function addressOf(question: string): Promise<string> {
  const words = new TextEncoder().encode(`${keyInCookie() ?? ''} ${question}`)
  return `/seen/${hex(new Uint8Array(await crypto.subtle.digest('SHA-256', words)))}`
}

let droppedAt = 0

/** How long an answer may be shown without asking: `shift`; `contact`, when it may be taken back meanwhile; `never`. */
export type Copy = 'shift' | 'contact' | 'never'

/** Keeps an answer. `asked` is when the question left: an answer that comes after a sign-out is not kept. */
export async function keepSeen(question: string, body: unknown, asked: number, copy: Copy = 'shift'): Promise<void> {
  if (copy === 'never') return
  if (!usable() || asked <= droppedAt) return
  const key = await keyFor(true)
  if (!key || asked <= droppedAt) return
  const at = Date.now()
  const whole = await seal(key, { at, body })
  const address = await addressOf(question)
  const opened = await caches.open(room)
  if (asked <= droppedAt) return
  await opened.put(
    address,
    new Response(whole, { headers: { [keptAt]: String(at), ...(copy === 'contact' ? { [untilContact]: '1' } : {}) } }),
  )
}

/** The answer as it was last fetched in this session, or undefined. */
export async function recallSeen(question: string): Promise<Seen | undefined> {
  if (!usable()) return undefined
  const key = await keyFor(false)
  // asked without opening the room: that would make it again while it is being swept away
  const kept = await caches.match(await addressOf(question), { cacheName: room })
  if (!key || !kept) return undefined
  const seen = (await unseal(key, new Uint8Array(await kept.arrayBuffer()))) as Seen | undefined
  return seen === undefined || isTooOld(seen.at) ? undefined : seen
}

/** Deletes what is older than a shift; needs no contact and no key. Called when a page opens, and now and then while it is open. */
export async function sweepSeen(): Promise<void> {
  if (!usable() || !(await caches.has(room))) return
  const opened = await caches.open(room)
  let left = 0
  for (const request of await opened.keys()) {
    const at = Number((await opened.match(request))?.headers.get(keptAt) ?? Number.NaN)
    if (isTooOld(at)) await opened.delete(request)
    else left += 1
  }
  if (left > 0) return
  await caches.delete(room)
  await dropDeviceKey('seen')
}

/**
 * Concord is heard again: what may have been taken back meanwhile is deleted, unless it was fetched since `at` (ms). What is on a screen is asked
 * for anew at this moment, and kept again if it may still be read.
 */
export async function sweepAtContact(at: number): Promise<void> {
  if (!usable() || !(await caches.has(room))) return
  const opened = await caches.open(room)
  for (const request of await opened.keys()) {
    const headers = (await opened.match(request))?.headers
    if (headers?.has(untilContact) && !(Number(headers.get(keptAt)) > at)) await opened.delete(request)
  }
}

/** Deletes the kept answer of one question. */
export async function forgetSeen(question: string): Promise<void> {
  if (!usable() || !(await caches.has(room))) return
  await (await caches.open(room)).delete(await addressOf(question))
}

/** These rows have left this viewer's sight: every kept answer that names one of them is deleted. What cannot be looked into is deleted too. */
export async function forgetRows(ids: readonly string[]): Promise<void> {
  if (!usable() || ids.length === 0 || !(await caches.has(room))) return
  const key = await keyFor(false)
  const opened = await caches.open(room)
  for (const request of await opened.keys()) {
    const kept = await opened.match(request)
    const seen = key && kept ? await unseal(key, new Uint8Array(await kept.arrayBuffer())) : undefined
    const words = seen === undefined ? undefined : JSON.stringify(seen)
    if (words === undefined || ids.some((id) => words.includes(id))) await opened.delete(request)
  }
}

/** Drops everything that was kept, and its key. */
export async function dropSeen(): Promise<void> {
  droppedAt = Date.now()
  showFresh()
  if (typeof document !== 'undefined') document.cookie = `${cookie}=; path=/; max-age=0; samesite=strict${secure()}`
  if (!usable()) return
  await caches.delete(room)
  await dropDeviceKey('seen')
}

/** Which answers on the screen are old ones: by their question, when they were fetched. */
const shown = new Map<string, number>()
const listeners = new Set<() => void>()
const tell = () => {
  for (const listener of listeners) listener()
}
export function showSeen(question: string, at: number): void {
  shown.set(question, at)
  tell()
}
/** That answer (or, with no question, every answer) is a fresh one again. */
export function showFresh(question?: string): void {
  if (shown.size === 0) return
  if (question === undefined) shown.clear()
  else shown.delete(question)
  tell()
}
/** The oldest that is shown, as ms; null while everything is from the network. */
export const oldestShown = (): number | null => (shown.size === 0 ? null : Math.min(...shown.values()))
export const onShown = (listener: () => void) => {
  listeners.add(listener)
  return () => listeners.delete(listener)
}
