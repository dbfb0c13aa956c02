/**
 * Keys of this browser that no script can read: they can be used here and cannot be taken away. `seen` seals what was seen and goes with the
 * session; `deeds` seals what waits to be sent, so that it outlives the window and not the time that is given to it.
 */
export type KeyName = 'seen' | 'deeds'

const room = 'concord-keys'

export const settled = <T>(request: IDBRequest<T>) =>
  new Promise<T>((done, failed) => {
    request.onsuccess = () => done(request.result)
    request.onerror = () => failed(request.error)
  })

export const keysUsable = (): boolean => typeof indexedDB !== 'undefined' && typeof crypto?.subtle !== 'undefined'

async function inRoom<T>(mode: IDBTransactionMode, work: (keys: IDBObjectStore) => Promise<T>): Promise<T> {
  const request = indexedDB.open(room, 1)
  request.onupgradeneeded = () => request.result.createObjectStore('keys')
  const opened = await settled(request)
  try {
    return await work(opened.transaction('keys', mode).objectStore('keys'))
  } finally {
    opened.close()
  }
}

/** The key of this name; with `make`, a new one where there is none. Two windows that ask at once get the same. */
async function deviceKey(name: KeyName, make: boolean): Promise<CryptoKey | undefined> {
  const kept = (await inRoom('readonly', (keys) => settled(keys.get(name)))) as CryptoKey | undefined
  if (kept !== undefined || !make) return kept
  const fresh = await crypto.subtle.generateKey({ name: 'HMAC', hash: 'SHA-256', length: 256 }, false, ['sign'])
  return inRoom('readwrite', async (keys) => {
    const first = (await settled(keys.get(name))) as CryptoKey | undefined
    if (first === undefined) await settled(keys.put(fresh, name))
    return first ?? fresh
  })
}

export const dropDeviceKey = async (name: KeyName): Promise<void> => {
  if (keysUsable()) await inRoom('readwrite', (keys) => settled(keys.delete(name)))
}

/** A sealing key out of the device's own and some words; without either it cannot be made again. */
export async function sealingKey(name: KeyName, words: string, make: boolean): Promise<CryptoKey | undefined> {
  const device = await deviceKey(name, make)
  if (device === undefined) return undefined
  const bytes = await crypto.subtle.sign('HMAC', device, new TextEncoder().encode(words))
  return crypto.subtle.importKey('raw', bytes, 'AES-GCM', false, ['encrypt', 'decrypt'])
}

const vectorBytes = 12

export async function seal(key: CryptoKey, value: unknown): Promise<Uint8Array<ArrayBuffer>> {
  const vector = crypto.getRandomValues(new Uint8Array(vectorBytes))
  const sealed = await crypto.subtle.encrypt({ name: 'AES-GCM', iv: vector }, key, new TextEncoder().encode(JSON.stringify(value)))
  const whole = new Uint8Array(vectorBytes + sealed.byteLength)
  whole.set(vector)
  whole.set(new Uint8Array(sealed), vectorBytes)
  return whole
}

/** What was sealed; undefined when this is not its key, or when a byte of it was changed. */
export async function unseal(key: CryptoKey, whole: Uint8Array<ArrayBuffer>): Promise<unknown> {
  const [vector, sealed] = [whole.slice(0, vectorBytes), whole.slice(vectorBytes)]
  const plain = await crypto.subtle.decrypt({ name: 'AES-GCM', iv: vector }, key, sealed).catch(() => undefined)
  return plain === undefined ? undefined : JSON.parse(new TextDecoder().decode(plain))
}
