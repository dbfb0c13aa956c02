/**
 * The last answer of each question, for when there is no network. They are kept on this device under a key that lives in a cookie without a
 * date, beside the session's own: when the browser forgets the one it forgets the other, and what was kept cannot be read again. Signing out,
 * being signed out, and somebody else signing in drop all of it (here, and in the service worker). Nothing is kept for longer than a shift.
 */
const room = 'concord-seen'
const cookie = 'concord-seen'
const shift = 12 * 3600_000

export interface Seen {
  body: unknown
  /** When it was fetched, as ms. */
  at: number
}

const usable = (): boolean => typeof caches !== 'undefined' && typeof crypto?.subtle !== 'undefined' && typeof document !== 'undefined'
const keyInCookie = () => new RegExp(`(?:^|; )${cookie}=([\\w-]+)`).exec(document.cookie)?.[1]
const secure = () => (location.protocol === 'https:' ? '; secure' : '')
const encoded = (text: string) => new TextEncoder().encode(text)
const hex = (bytes: Uint8Array) => bytes.toHex?.() ?? [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('')

async function keyFor(make: boolean): Promise<CryptoKey | undefined> {
  let words = keyInCookie()
  if (words === undefined && make) {
    // what was kept under a key that is gone is of no use to anybody
    await caches.delete(room)
    words = hex(crypto.getRandomValues(new Uint8Array(32)))
    document.cookie = `${cookie}=${words}; path=/; samesite=strict${secure()}`
  }
  if (words === undefined) return undefined
  const bytes = await crypto.subtle.digest('SHA-256', encoded(words))
  return crypto.subtle.importKey('raw', bytes, 'AES-GCM', false, ['encrypt', 'decrypt'])
}

const addressOf = async (question: string) => `/seen/${hex(new Uint8Array(await crypto.subtle.digest('SHA-256', encoded(question))))}`

let droppedAt = 0

/** Keeps an answer. `asked` is when the question left: an answer that comes after a sign-out is not kept. */
export async function keepSeen(question: string, body: unknown, asked: number): Promise<void> {
  if (!usable()) return
  const key = await keyFor(true)
  if (!key || asked <= droppedAt) return
  const vector = crypto.getRandomValues(new Uint8Array(12))
  const sealed = await crypto.subtle.encrypt({ name: 'AES-GCM', iv: vector }, key, encoded(JSON.stringify({ at: Date.now(), body })))
  const whole = new Uint8Array(12 + sealed.byteLength)
  whole.set(vector)
  whole.set(new Uint8Array(sealed), 12)
  const address = await addressOf(question)
  const opened = await caches.open(room)
  if (asked <= droppedAt) return
  await opened.put(address, new Response(whole))
}

/** The answer as it was last fetched in this session, or undefined. */
export async function recallSeen(question: string): Promise<Seen | undefined> {
  if (!usable()) return undefined
  const key = await keyFor(false)
  const kept = await (await caches.open(room)).match(await addressOf(question))
  if (!key || !kept) return undefined
  const whole = new Uint8Array(await kept.arrayBuffer())
  const plain = await crypto.subtle.decrypt({ name: 'AES-GCM', iv: whole.slice(0, 12) }, key, whole.slice(12)).catch(() => undefined)
  if (!plain) return undefined
  const seen = JSON.parse(new TextDecoder().decode(plain)) as Seen
  return Date.now() - seen.at < shift ? seen : undefined
}

/** Drops everything that was kept. */
export async function dropSeen(): Promise<void> {
  droppedAt = Date.now()
  showFresh()
  if (typeof document !== 'undefined') document.cookie = `${cookie}=; path=/; max-age=0; samesite=strict${secure()}`
  if (usable()) await caches.delete(room)
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
