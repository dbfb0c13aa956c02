#!/usr/bin/env node
// Opens a file that Concord sealed for you. Plain Node 20 or later, this file alone: no server, no network, nothing to install.
//
//   node concord-open.mjs FILE [--out FILE] [--key FILE]
//
// Asks for the passphrase on the terminal, or reads it from standard input. --key: your private key as a JWK instead.
// Writes FILE.zip (or --out). Ends with 0 when it was opened whole; 1 when it could not be: then nothing is left behind.
import {
  createDecipheriv,
  createHash,
  createPrivateKey,
  createPublicKey,
  diffieHellman,
  privateDecrypt,
  scrypt,
  constants,
} from 'node:crypto'
import { closeSync, fstatSync, ftruncateSync, openSync, readFileSync, readSync, realpathSync, rmSync, writeSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

const tag = 16
const longestHeader = 16_384

/** A passphrase is stretched (scrypt) into the seed of an X25519 key, so that a passphrase and a key are opened the same way. */
export function keyOfPassphrase(passphrase, { N, r, p, salt }) {
  if (![N, r, p].every(Number.isSafeInteger) || N > 2 ** 20 || r > 32 || p > 16)
    throw new Error('its key derivation is not one that this program does')
  const words = passphrase.normalize('NFKC').trim()
  return new Promise((done, failed) => {
    scrypt(words, Buffer.from(salt, 'base64url'), 32, { N, r, p, maxmem: 256 * N * r }, (error, seed) => {
      if (error) return failed(error)
      const der = Buffer.concat([Buffer.from('302e020100300506032b656e04220420', 'hex'), seed])
      done(createPrivateKey({ key: der, format: 'der', type: 'pkcs8' }))
    })
  })
}

const word = (value) => {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32BE(value)
  return bytes
}
const sized = (text) => Buffer.concat([word(text.length), Buffer.from(text)])

/** The content key out of a compact JWE (RFC 7516): ECDH-ES+A256KW or RSA-OAEP-256, with A256GCM. */
function openJwe(jwe, privateKey) {
  const [head = '', wrapped = '', vector = '', sealed = '', mark = ''] = jwe.split('.')
  const header = JSON.parse(Buffer.from(head, 'base64url').toString())
  if (header.enc !== 'A256GCM') throw new Error('it is sealed in a way that this program does not know')
  let key
  if (header.alg === 'RSA-OAEP-256') {
    key = privateDecrypt(
      { key: privateKey, padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: 'sha256' },
      Buffer.from(wrapped, 'base64url'),
    )
  } else if (header.alg === 'ECDH-ES+A256KW') {
    const shared = diffieHellman({ privateKey, publicKey: createPublicKey({ key: header.epk, format: 'jwk' }) })
    const info = Buffer.concat([sized(header.alg), sized(''), sized(''), word(256)])
    const kek = createHash('sha256').update(word(1)).update(shared).update(info).digest()
    const unwrap = createDecipheriv('aes256-wrap', kek, Buffer.alloc(8, 0xa6))
    key = Buffer.concat([unwrap.update(Buffer.from(wrapped, 'base64url')), unwrap.final()])
  } else throw new Error('it is sealed in a way that this program does not know')
  const decipher = createDecipheriv('aes-256-gcm', key, Buffer.from(vector, 'base64url'))
  decipher.setAAD(Buffer.from(head, 'latin1')).setAuthTag(Buffer.from(mark, 'base64url'))
  return JSON.parse(Buffer.concat([decipher.update(Buffer.from(sealed, 'base64url')), decipher.final()]).toString())
}

function readHeader(file) {
  const start = Buffer.alloc(longestHeader)
  const got = readSync(file, start, 0, longestHeader, 0)
  const end = start.subarray(0, got).indexOf(10)
  let header
  try {
    header = JSON.parse(start.toString('utf8', 0, end))
  } catch {
    header = undefined
  }
  if (end < 0 || header?.format !== 'concord-sealed' || header.version !== 1 || !Number.isSafeInteger(header.piece) || header.piece < 1024)
    throw new Error('this is not a file that Concord sealed')
  return { header, line: start.subarray(0, end + 1) }
}

/** Opens `path` into `out`. `secret`: the passphrase, or a private key as a JWK object. Throws when it is not the right one, or a byte was changed. */
export async function openSealed(path, out, secret) {
  const source = openSync(path, 'r')
  let target
  try {
    const { header, line } = readHeader(source)
    if (typeof secret === 'string' && !header.kdf) throw new Error('it is sealed to a key: give your private key with --key')
    let content
    try {
      content = openJwe(
        header.jwe,
        typeof secret === 'string' ? await keyOfPassphrase(secret, header.kdf) : createPrivateKey({ key: secret, format: 'jwk' }),
      )
    } catch (error) {
      throw new Error(
        error instanceof Error && error.message.startsWith('it')
          ? error.message
          : 'this is not its passphrase or key, or its first line was changed',
      )
    }
    const key = Buffer.from(content.key, 'base64url')
    const bound = createHash('sha256').update(line).digest()
    const { size } = fstatSync(source)
    const piece = Buffer.alloc(header.piece + tag)
    target = openSync(out, 'wx', 0o600)
    let [at, number, length] = [line.length, 0, 0]
    for (let last = false; !last; number += 1) {
      const got = readSync(source, piece, 0, piece.length, at)
      at += got
      last = at >= size
      const nonce = Buffer.alloc(12)
      nonce.writeUInt32BE(number, 7)
      nonce[11] = last ? 1 : 0
      const decipher = createDecipheriv('aes-256-gcm', key, nonce)
      try {
        if (got <= tag) throw new Error('short')
        decipher.setAAD(bound).setAuthTag(piece.subarray(got - tag, got))
        const plain = Buffer.concat([decipher.update(piece.subarray(0, got - tag)), decipher.final()])
        writeSync(target, plain)
        // What fills it up is a one and zeros: the last byte that is not zero is where the content ends.
        for (let back = plain.length - 1; back >= 0; back -= 1)
          if (plain[back] !== 0) {
            length = number * header.piece + back
            break
          }
      } catch {
        throw new Error(`it was changed or cut short, at byte ${at - got}`)
      }
    }
    ftruncateSync(target, length)
    closeSync(target)
    target = undefined
  } catch (error) {
    if (target !== undefined) {
      closeSync(target)
      rmSync(out, { force: true })
    }
    throw error
  } finally {
    closeSync(source)
  }
}

/** The passphrase from a terminal without showing it, or the first line of standard input. */
async function askPassphrase(warn) {
  const terminal = process.stdin.isTTY === true
  if (terminal) warn('Passphrase (it is not shown):')
  const lines = createInterface({ input: process.stdin, terminal, ...(terminal ? { output: undefined } : {}) })
  for await (const line of lines) {
    lines.close()
    return line
  }
  return ''
}

/** One command line; returns the exit code. */
export async function openMain(args, say = console.log, warn = console.error) {
  const valueOf = (flag) => (args.includes(flag) ? args[args.indexOf(flag) + 1] : undefined)
  const [file, ...more] = args.filter((one, at) => !one.startsWith('--') && !['--out', '--key'].includes(args[at - 1]))
  if (file === undefined || more.length > 0) {
    warn('Use: node concord-open.mjs FILE [--out FILE] [--key FILE]')
    return 1
  }
  const out = valueOf('--out') ?? `${file}.zip`
  try {
    const keyFile = valueOf('--key')
    await openSealed(file, out, keyFile === undefined ? await askPassphrase(warn) : JSON.parse(readFileSync(keyFile, 'utf8')))
  } catch (error) {
    const why = error.code === 'EEXIST' ? `${out} is there already` : error.code === 'ENOENT' ? 'there is no such file' : error.message
    warn(`${file}: ${why}. Nothing was written.`)
    return 1
  }
  say(`${out}: opened whole. Unpack it, and begin with README.txt.`)
  return 0
}

if (process.argv[1] && realpathSync(process.argv[1]) === realpathSync(fileURLToPath(import.meta.url)))
  process.exitCode = await openMain(process.argv.slice(2))
