import { createCipheriv, createHash, createPublicKey, randomBytes } from 'node:crypto'
import type { FileHandle } from 'node:fs/promises'
import { CompactEncrypt, importJWK, type JWK } from 'jose'
import { invalid } from '#core/errors.ts'
import { keyOfPassphrase, type Stretch } from './open.mjs'
import { paddedSize, pieceBytes, stretching } from './rules.ts'

/** To whom a file is sealed: a public key; `kdf` when it is that of a passphrase. Nothing here is secret. */
export interface Recipient {
  jwk: JWK
  kdf: Stretch | null
}

export async function recipientOfPassphrase(passphrase: string): Promise<Recipient> {
  const kdf = { ...stretching, salt: randomBytes(16).toString('base64url') }
  const key = await keyOfPassphrase(passphrase, kdf)
  return { jwk: createPublicKey(key).export({ format: 'jwk' }) as JWK, kdf }
}

const algorithmOf = (jwk: JWK) => (jwk.kty === 'RSA' ? 'RSA-OAEP-256' : 'ECDH-ES+A256KW')

/** Errors: invalid (field `publicKey`): not a public key as JWK, a private one, or of a kind that is not sealed to. */
export async function recipientOfKey(text: string): Promise<Recipient> {
  const refused = (why: string) =>
    invalid('publicKey', `${why} Nothing was made. Give the receiver's public key as a JWK: X25519, P-256 or RSA.`)
  let given: JWK
  try {
    given = JSON.parse(text) as JWK
  } catch {
    throw refused('This is not JSON.')
  }
  if (typeof given !== 'object' || given === null) throw refused('This is not a key.')
  if ('d' in given || 'k' in given) throw refused('This is a private key: tell its owner to make a new one, for it has been shown.')
  const known = (given.kty === 'OKP' && given.crv === 'X25519') || (given.kty === 'EC' && given.crv === 'P-256') || given.kty === 'RSA'
  if (!known) throw refused('This kind of key is not sealed to.')
  const { kty, crv, x, y, n, e } = given
  const jwk = Object.fromEntries(Object.entries({ kty, crv, x, y, n, e }).filter(([, value]) => value !== undefined)) as JWK
  try {
    await importJWK(jwk, algorithmOf(jwk))
    if (kty === 'RSA' && Buffer.from(n ?? '', 'base64url').length < 256) throw new Error('short')
  } catch {
    throw refused('This key is damaged, or too short.')
  }
  return { jwk, kdf: null }
}

export interface Sealed {
  size: number
  hash: Buffer
}

/** Seals what is written, piece by piece: each under its own number, the last one marked, all bound to the first line. */
export async function createSealer(file: FileHandle, recipient: Recipient) {
  const key = randomBytes(32)
  const jwe = await new CompactEncrypt(new TextEncoder().encode(JSON.stringify({ key: key.toString('base64url') })))
    .setProtectedHeader({ alg: algorithmOf(recipient.jwk), enc: 'A256GCM' })
    .encrypt(await importJWK(recipient.jwk, algorithmOf(recipient.jwk)))
  const line = Buffer.from(`${JSON.stringify({ format: 'concord-sealed', version: 1, kdf: recipient.kdf, piece: pieceBytes, jwe })}\n`)
  const bound = createHash('sha256').update(line).digest()
  const all = createHash('sha256')
  let [size, number, content] = [0, 0, 0]
  let waiting: Buffer[] = []
  let waitingBytes = 0

  async function put(bytes: Uint8Array): Promise<void> {
    all.update(bytes)
    size += bytes.length
    await file.write(bytes)
  }
  async function sealPiece(plain: Buffer, last: boolean): Promise<void> {
    const nonce = Buffer.alloc(12)
    nonce.writeUInt32BE(number, 7)
    nonce[11] = last ? 1 : 0
    const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(bound)
    await put(Buffer.concat([cipher.update(plain), cipher.final(), cipher.getAuthTag()]))
    number += 1
  }
  async function write(bytes: Uint8Array): Promise<void> {
    waiting.push(Buffer.from(bytes))
    waitingBytes += bytes.length
    if (waitingBytes <= pieceBytes) return
    let whole = Buffer.concat(waiting)
    // The last piece is sealed as such at the end, so one byte at least stays.
    for (; whole.length > pieceBytes; whole = whole.subarray(pieceBytes)) await sealPiece(whole.subarray(0, pieceBytes), false)
    waiting = [Buffer.from(whole)]
    waitingBytes = whole.length
  }
  await put(line)
  return {
    async write(bytes: Uint8Array): Promise<void> {
      content += bytes.length
      await write(bytes)
    },
    async end(): Promise<Sealed> {
      let left = paddedSize(content) - content
      await write(Buffer.of(0x80))
      for (left -= 1; left > 0; left -= pieceBytes) await write(Buffer.alloc(Math.min(left, pieceBytes)))
      await sealPiece(Buffer.concat(waiting), true)
      return { size, hash: all.digest() }
    },
  }
}
export type Sealer = Awaited<ReturnType<typeof createSealer>>
