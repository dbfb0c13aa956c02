import { hash } from 'node:crypto'

/** A SHA-256 digest is 32 bytes everywhere in the record. */
export const digestBytes = 32

/**
 * SHA-256 of `data` written into `out` at `offset`. The digest passes through a one-byte string because Node makes one
 * three times faster than it makes a Buffer (measured: 0.44 against 1.2 microseconds for 65 bytes).
 */
export function digestInto(data: Uint8Array, out: Buffer, offset: number): void {
  out.write(hash('sha256', data, 'binary'), offset, digestBytes, 'latin1')
}

/** SHA-256 of `data` as a fresh Buffer. */
export const digest = (data: Uint8Array): Buffer => hash('sha256', data, 'buffer')

const pair = Buffer.alloc(1 + 2 * digestBytes)
pair[0] = 0x01

/** The hash of an inner node, SHA-256(0x01 ‖ left ‖ right) (RFC 9162 §2.1.1), written into `out`, which may be a part of its own input. */
export function nodeInto(left: Uint8Array, right: Uint8Array, out: Buffer, offset: number): void {
  pair.set(left, 1)
  pair.set(right, 1 + digestBytes)
  digestInto(pair, out, offset)
}

/** The hash of an inner node as a fresh Buffer. */
export function nodeOf(left: Uint8Array, right: Uint8Array): Buffer {
  const out = Buffer.allocUnsafe(digestBytes)
  nodeInto(left, right, out, 0)
  return out
}

/** Equal bytes. Nothing here is secret, so the time it takes may tell. A loop beats the call into native code for 32 bytes. */
export function same(a: Uint8Array, b: Uint8Array): boolean {
  const { length } = a
  if (length !== b.length) return false
  for (let at = 0; at < length; at += 1) if (a[at] !== b[at]) return false
  return true
}
