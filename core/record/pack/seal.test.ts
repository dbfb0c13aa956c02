import { createPublicKey, generateKeyPairSync } from 'node:crypto'
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { open } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openSealed } from './open.mjs'
import { paddedSize, pieceBytes } from './rules.ts'
import { createSealer, type Recipient, recipientOfKey, recipientOfPassphrase } from './seal.ts'

const passphrase = 'correct horse battery staple'
const opener = fileURLToPath(new URL('./open.mjs', import.meta.url))
let folder = ''
let words: Recipient
let own: Recipient
const pair = generateKeyPairSync('x25519')
const privateKey = pair.privateKey.export({ format: 'jwk' })
let count = 0

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'concord-sealed-'))
  words = await recipientOfPassphrase(passphrase)
  own = await recipientOfKey(JSON.stringify(pair.publicKey.export({ format: 'jwk' })))
}, 120_000)
afterAll(() => rmSync(folder, { recursive: true, force: true }))

async function sealed(content: Buffer, to: Recipient = own): Promise<string> {
  const path = join(folder, `${(count += 1)}.sealed`)
  const file = await open(path, 'wx')
  const sealer = await createSealer(file, to)
  for (let at = 0; at < content.length; at += 10_007) await sealer.write(content.subarray(at, at + 10_007))
  const { size } = await sealer.end()
  await file.close()
  expect(statSync(path).size).toBe(size)
  return path
}
async function opened(path: string, secret: string | object = privateKey): Promise<Buffer> {
  const out = `${path}.${(count += 1)}.out`
  await openSealed(path, out, secret)
  return readFileSync(out)
}

describe('a sealed file', () => {
  test('opens to what went in, whatever its length and its last bytes', async () => {
    for (const length of [0, 1, pieceBytes - 1, pieceBytes, 4 * pieceBytes - 1, 4 * pieceBytes, 5 * pieceBytes + 17]) {
      const content = Buffer.alloc(length, 7)
      if (length > 3) content.fill(0, length - 3)
      expect((await opened(await sealed(content))).equals(content), String(length)).toBe(true)
    }
  }, 180_000)

  test('says nothing without the passphrase: no word of it, and one size for very different contents', async () => {
    const a = await sealed(Buffer.from('OPERATION NIGHTINGALE, Ada Testwell'), words)
    const b = await sealed(Buffer.alloc(200_000, 'x'), words)
    expect(readFileSync(a).toString('latin1')).not.toMatch(/NIGHTINGALE|Testwell/)
    expect(statSync(a).size).toBe(statSync(b).size)
    const [line = ''] = readFileSync(a).toString('latin1').split('\n')
    expect(Object.keys(JSON.parse(line) as object)).toEqual(['format', 'version', 'kdf', 'piece', 'jwe'])
    await expect(opened(a, 'correct horse battery stapler')).rejects.toThrow('not its passphrase')
  }, 180_000)

  test('a byte that was changed, a piece that was swapped, cut or added is found, and nothing is left behind', async () => {
    const path = await sealed(Buffer.alloc(6 * pieceBytes, 3))
    const whole = readFileSync(path)
    const start = whole.indexOf(10) + 1
    const unit = pieceBytes + 16
    const piece = (number: number) => whole.subarray(start + number * unit, start + (number + 1) * unit)
    const changed = Buffer.from(whole)
    changed[start + 3 * unit + 5]! ^= 1
    const bad: Record<string, Buffer> = {
      changed,
      swapped: Buffer.concat([whole.subarray(0, start), piece(1), piece(0), whole.subarray(start + 2 * unit)]),
      cut: whole.subarray(0, start + 3 * unit),
      longer: Buffer.concat([whole, Buffer.alloc(16)]),
      header: Buffer.concat([
        Buffer.from(whole.toString('latin1', 0, start).replace('"version":1', '"version": 1'), 'latin1'),
        whole.subarray(start),
      ]),
    }
    for (const [name, bytes] of Object.entries(bad)) {
      const file = join(folder, `${name}.sealed`)
      writeFileSync(file, bytes)
      await expect(openSealed(file, `${file}.out`, privateKey), name).rejects.toThrow(/changed or cut short|first line/)
      expect(() => statSync(`${file}.out`), name).toThrow()
    }
  }, 180_000)

  test('opens with the receiver’s own key, X25519, P-256 or RSA, and the lone program does the same with plain Node', async () => {
    const pairs = [
      generateKeyPairSync('x25519'),
      generateKeyPairSync('ec', { namedCurve: 'P-256' }),
      generateKeyPairSync('rsa', { modulusLength: 2048 }),
    ]
    for (const { publicKey, privateKey } of pairs) {
      const to = await recipientOfKey(JSON.stringify(publicKey.export({ format: 'jwk' })))
      const path = await sealed(Buffer.from('for one receiver'), to)
      expect((await opened(path, privateKey.export({ format: 'jwk' }))).toString()).toBe('for one receiver')
      const file = join(folder, `${(count += 1)}.jwk`)
      writeFileSync(file, JSON.stringify(privateKey.export({ format: 'jwk' })))
      execFileSync(process.execPath, [opener, path, '--out', `${file}.out`, '--key', file])
      expect(readFileSync(`${file}.out`, 'utf8')).toBe('for one receiver')
      await expect(opened(path, generateKeyPairSync('x25519').privateKey.export({ format: 'jwk' }))).rejects.toThrow()
    }
    const path = await sealed(Buffer.from('said on the terminal'), words)
    execFileSync(process.execPath, [opener, path, '--out', `${path}.zip`], { input: `${passphrase}\n` })
    expect(readFileSync(`${path}.zip`, 'utf8')).toBe('said on the terminal')
  }, 180_000)

  test('a private key, a short key and what is no key are refused, and the field is named', async () => {
    const short = generateKeyPairSync('rsa', { modulusLength: 1024 }).publicKey.export({ format: 'jwk' })
    const ed = generateKeyPairSync('ed25519').publicKey.export({ format: 'jwk' })
    expect(createPublicKey(pair.privateKey).asymmetricKeyType).toBe('x25519')
    for (const text of [
      JSON.stringify(privateKey),
      JSON.stringify(short),
      JSON.stringify(ed),
      'x',
      'null',
      '{"kty":"OKP","crv":"X25519","x":"AA"}',
    ])
      await expect(recipientOfKey(text), text).rejects.toMatchObject({ kind: 'invalid', field: 'publicKey' })
  })

  test('sizes tell the order of magnitude: at most an eighth more, in whole pieces', () => {
    for (const size of [1, 300_000, 1_000_001, 33_333_333, 700_000_000]) {
      const padded = paddedSize(size)
      expect(padded % pieceBytes).toBe(0)
      expect(padded).toBeGreaterThan(size)
      if (size > 262_144) expect(padded).toBeLessThan(size * 1.125 + 2 * pieceBytes)
    }
    expect(paddedSize(1)).toBe(paddedSize(200_000))
  })
})
