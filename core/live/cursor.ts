import { createCipheriv, createDecipheriv } from 'node:crypto'

/** Turns positions into event ids and back. */
export type Cursors = {
  /** 22 characters of base64url; the same for every viewer. */
  encode: (position: number) => string
  /** The position, or undefined when the text was not made with this key. */
  decode: (cursor: string | undefined) => number | undefined
}

// Half of the block is a fixed mark, so that a made-up cursor is refused instead of becoming a random position.
const MARK = 0x434f4e434f524431n
const CURSOR = /^[A-Za-z0-9_-]{22}$/

/**
 * Event ids that tell nothing: one AES-128 block of the position. A viewer who sees ids of its own entries can learn
 * neither how many entries lie between two of them nor which of two is later.
 * @param key 16 bytes, kept for as long as old cursors should be understood
 */
export const createCursors = (key: Buffer): Cursors => {
  if (key.length !== 16) throw new RangeError('The cursor key must be 16 bytes.')
  // ECB of single, never repeated blocks: positions are unique, so equal ciphertexts mean the same entry.
  const cipher = createCipheriv('aes-128-ecb', key, null).setAutoPadding(false)
  const decipher = createDecipheriv('aes-128-ecb', key, null).setAutoPadding(false)
  const block = Buffer.alloc(16)
  block.writeBigUInt64BE(MARK, 0)
  const encode = (position: number): string => {
    block.writeBigUInt64BE(BigInt(position), 8)
    return cipher.update(block).toString('base64url')
  }
  const decode = (cursor: string | undefined): number | undefined => {
    if (cursor === undefined || !CURSOR.test(cursor)) return undefined
    const bytes = Buffer.from(cursor, 'base64url')
    const plain = decipher.update(bytes)
    if (plain.readBigUInt64BE(0) !== MARK) return undefined
    const position = plain.readBigUInt64BE(8)
    if (position > BigInt(Number.MAX_SAFE_INTEGER)) return undefined
    // The last base64 character carries four unused bits: accept only the form we made.
    return encode(Number(position)) === cursor ? Number(position) : undefined
  }
  return { encode, decode }
}
