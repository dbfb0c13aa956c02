import { createPrivateKey, createPublicKey, generateKeyPairSync, sign, verify } from 'node:crypto'
import { invalid } from '#core/errors.ts'
import { digest, digestBytes } from './digest.ts'

/**
 * A signed head says: *the record of this city had this many entries and this root at this time*. Its form is that of the C2SP
 * checkpoint, a signed note: origin, size and root each on a line, then lines of our own (`at …`, `key-change …` or `key-lost …`), an empty line,
 * and a signature line for each key: `— name base64(key id ‖ Ed25519 signature)`. The signatures cover every byte before the empty line.
 */
export interface Head {
  /** The city's code, which is also its keys' name: no space and no plus. */
  origin: string
  size: number
  root: Uint8Array
  /** Signed at, by the real clock, in UTC: `2026-01-31T22:47:05.123Z`. */
  at: string
  /** The public key that signs from here on. Such a head is signed by the key before it and by this one. */
  keyChange?: string
  /** The public key that signs from here on because the one before it is lost: signed by this one alone, so that nothing older vouches for it. */
  keyLost?: string
}

/** A public key as text, the C2SP form: `name+8 hex digits of its id+base64(0x01 ‖ 32 bytes)`. */
export interface PublicKey {
  name: string
  /** Eight hex digits: the first four bytes of SHA-256(name ‖ newline ‖ 0x01 ‖ key). */
  id: string
  bytes: Uint8Array
  text: string
}

/** A private key: never in the store it signs for. `secret` is the PKCS #8 form in base64. */
export interface SigningKey {
  key: PublicKey
  secret: string
}

export interface HeadSignature {
  name: string
  keyId: string
  signature: Uint8Array
}

export interface SignedHead {
  head: Head
  /** The signed bytes, as text. */
  body: string
  signatures: HeadSignature[]
}

const ed25519 = 0x01
const spkiPrefix = Buffer.from('302a300506032b6570032100', 'hex')
const namePattern = /^[^\s+\u0000-\u001f]{1,100}$/u
const bodyPattern =
  /^([^\s+]{1,100})\n(0|[1-9][0-9]{0,15})\n([A-Za-z0-9+/]{43}=)\nat ([0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{3,6}Z)\n(?:key-(change|lost) (\S+)\n)?$/u
const signaturePattern = /^\u2014 ([^\s+]{1,100}) ([A-Za-z0-9+/]+={0,2})$/u

const badHead = (why: string) => invalid('head', `This is not a signed head: ${why}. Nothing was taken from it. Ask for the head again.`)
const badKey = () =>
  invalid('key', 'This is not a public key of the record (name+id+key). Nothing was checked with it. Ask the city for it again.')

/** Base64 that is written in the one right way: no spare bits, no missing padding. */
export function exactBase64(text: string): Buffer | undefined {
  const bytes = Buffer.from(text, 'base64')
  return bytes.toString('base64') === text ? bytes : undefined
}

function publicKey(name: string, bytes: Uint8Array): PublicKey {
  const typed = Buffer.concat([Buffer.of(ed25519), bytes])
  const id = digest(Buffer.concat([Buffer.from(`${name}\n`), typed])).toString('hex', 0, 4)
  return { name, id, bytes, text: `${name}+${id}+${typed.toString('base64')}` }
}

/** Reads a public key and checks that its id is its own. Throws invalid `key`. */
export function readPublicKey(text: string): PublicKey {
  const [name = '', id = '', ...rest] = text.split('+')
  const typed = exactBase64(rest.join('+'))
  if (!namePattern.test(name) || typed === undefined || typed.length !== 33 || typed[0] !== ed25519) throw badKey()
  const key = publicKey(name, typed.subarray(1))
  if (key.id !== id) throw badKey()
  return key
}

export function isPublicKey(text: string): boolean {
  try {
    return readPublicKey(text).text === text
  } catch {
    return false
  }
}

/** A new Ed25519 key for this origin. */
export function createSigningKey(origin: string): SigningKey {
  if (!namePattern.test(origin))
    throw invalid('origin', 'A city code for the record has no spaces and no plus sign. No key was made. Choose another code.')
  const pair = generateKeyPairSync('ed25519')
  const spki = pair.publicKey.export({ type: 'spki', format: 'der' })
  return {
    key: publicKey(origin, spki.subarray(spkiPrefix.length)),
    secret: pair.privateKey.export({ type: 'pkcs8', format: 'der' }).toString('base64'),
  }
}

/** The signing key out of its stored secret. Throws invalid `key` when it is not one. */
export function readSigningKey(origin: string, secret: string): SigningKey {
  try {
    const spki = createPublicKey(createPrivateKey({ key: Buffer.from(secret, 'base64'), type: 'pkcs8', format: 'der' })).export({
      type: 'spki',
      format: 'der',
    })
    if (spki.length !== 44 || !spki.subarray(0, spkiPrefix.length).equals(spkiPrefix)) throw badKey()
    return { key: publicKey(origin, spki.subarray(spkiPrefix.length)), secret }
  } catch {
    throw badKey()
  }
}

function headBody(head: Head): string {
  const lines = [head.origin, String(head.size), Buffer.from(head.root).toString('base64'), `at ${head.at}`]
  if (head.keyChange !== undefined) lines.push(`key-change ${head.keyChange}`)
  if (head.keyLost !== undefined) lines.push(`key-lost ${head.keyLost}`)
  return `${lines.join('\n')}\n`
}

/** Signs a head. With a key change, `by` must hold the key before it and the new one, in that order. */
export function signHead(head: Head, by: readonly SigningKey[]): string {
  const body = headBody(head)
  if (!bodyPattern.test(body)) throw badHead('its origin, size, root or time has not the right form')
  if (by.length === 0 || by.some((signer) => signer.key.name !== head.origin)) throw badHead('the signing key belongs to another origin')
  if (head.keyChange !== undefined && (by.length < 2 || !by.some((signer) => signer.key.text === head.keyChange))) {
    throw badHead('a change of key is signed by the old key and by the new one')
  }
  if (head.keyLost !== undefined && (by.length !== 1 || by[0]?.key.text !== head.keyLost))
    throw badHead('the loss of a key is stated under the new key alone')
  return signNote(body, by)
}

/** A signed note over `body`, which ends with a newline and has no empty line: one signature for each key. */
export function signNote(body: string, by: readonly SigningKey[]): string {
  const lines = by.map(({ key, secret }) => {
    const made = sign(null, Buffer.from(body), createPrivateKey({ key: Buffer.from(secret, 'base64'), type: 'pkcs8', format: 'der' }))
    return `\u2014 ${key.name} ${Buffer.concat([Buffer.from(key.id, 'hex'), made]).toString('base64')}\n`
  })
  return `${body}\n${lines.join('')}`
}

/** Divides a signed note into its body and its signatures, without judging them. Throws invalid `head`. */
export function readNote(text: string): Pick<SignedHead, 'body' | 'signatures'> {
  const end = text.indexOf('\n\n')
  if (end < 0) throw badHead('its lines have not the right form')
  const rest = text.slice(end + 2)
  if (!rest.endsWith('\n')) throw badHead('its last line is cut short')
  const signatures = rest
    .slice(0, -1)
    .split('\n')
    .map((line): HeadSignature => {
      const [, name = '', value = ''] = signaturePattern.exec(line) ?? []
      const bytes = exactBase64(value)
      if (name === '' || bytes === undefined || bytes.length !== 68) throw badHead('a signature line has not the right form')
      return { name, keyId: bytes.toString('hex', 0, 4), signature: bytes.subarray(4) }
    })
  return { body: text.slice(0, end + 1), signatures }
}

/** Reads a signed head strictly, without judging its signatures. Throws invalid `head`. */
export function readHead(text: string): SignedHead {
  const { body, signatures } = readNote(text)
  const found = bodyPattern.exec(body)
  if (found === null) throw badHead('its lines have not the right form')
  const [, origin = '', size = '', rootText = '', at = '', turn, next] = found
  const root = exactBase64(rootText)
  if (root?.length !== digestBytes || !Number.isSafeInteger(Number(size))) throw badHead('its root or size has not the right form')
  const head: Head = { origin, size: Number(size), root, at }
  if (turn !== undefined && next !== undefined) head[turn === 'change' ? 'keyChange' : 'keyLost'] = next
  return { head, body, signatures }
}

/** Whether this key signed this note: a signature that does not fit is worse than none. */
export const signedBy = (signed: Pick<SignedHead, 'body' | 'signatures'>, key: PublicKey): 'signed' | 'wrong' | 'absent' => {
  const found = signed.signatures.filter((line) => line.name === key.name && line.keyId === key.id)
  if (found.length === 0) return 'absent'
  const object = createPublicKey({ key: Buffer.concat([spkiPrefix, key.bytes]), format: 'der', type: 'spki' })
  return found.every((line) => verify(null, Buffer.from(signed.body), object, line.signature)) ? 'signed' : 'wrong'
}

export interface HeadVerdict {
  ok: boolean
  /** The id of the key that counted, when one did. */
  keyId: string | null
  /** In words: what is wrong, or `signed`. */
  says: string
}

/**
 * A turn in the chain of keys, in the words of the record itself. `changed`: the old key and the new one both signed it. `lost`: only the new key did,
 * and the asker trusts that key. `lost-unproved`: only the new key did, and nothing that the asker trusts vouches for it.
 */
export interface KeyTurn {
  kind: 'changed' | 'lost' | 'lost-unproved'
  size: number
  at: string
  /** Ids of the keys; `from` is null where no key handed over. */
  from: string | null
  to: string
}

/** Judges heads in the order of their sizes, following changes of key from the keys that the asker trusts. */
export interface HeadJudge {
  judge(signed: SignedHead): HeadVerdict
  /** The keys that would be believed for the next head. */
  trusted(): PublicKey[]
  /** Changes and losses of key met so far. */
  turns(): KeyTurn[]
}

/**
 * `keys`: the public keys the asker trusts, learnt apart from the record. A head that changes the key counts only when a trusted key
 * and the new key both signed it; from then on the new key alone counts, and the ended key's signature is told as such. When a key was lost,
 * no old key can vouch for the new one: its heads are *signed by an unknown key* until the asker is given the new key by another way. From a stated
 * loss on nothing older counts: whoever found the old key may be signing with it.
 */
export function createHeadJudge(origin: string, keys: readonly string[]): HeadJudge {
  let trusted = keys.map(readPublicKey)
  const ended: PublicKey[] = []
  const no = (says: string, keyId: string | null = null): HeadVerdict => ({ ok: false, keyId, says })

  const turns: KeyTurn[] = []

  function judge(signed: SignedHead): HeadVerdict {
    const { head } = signed
    if (head.origin !== origin) return no('it is the head of another record')
    const verdicts = trusted.map((key) => ({ key, verdict: signedBy(signed, key) }))
    const wrong = verdicts.find(({ verdict }) => verdict === 'wrong')
    if (wrong !== undefined) return no('its signature does not fit: the head was changed or forged', wrong.key.id)
    const by = verdicts.find(({ verdict }) => verdict === 'signed')?.key
    const named = head.keyChange ?? head.keyLost
    const next = named !== undefined && isPublicKey(named) ? readPublicKey(named) : undefined
    const vouched = next !== undefined && signedBy(signed, next) === 'signed'
    const lost = head.keyLost !== undefined
    if (by === undefined) {
      if (lost && vouched) turns.push({ kind: 'lost-unproved', size: head.size, at: head.at, from: null, to: next.id })
      const old = ended.find((key) => signedBy(signed, key) === 'signed')
      return old === undefined ? no('signed by an unknown key') : no('signed by a key that had been replaced', old.id)
    }
    const good: HeadVerdict = { ok: true, keyId: by.id, says: 'signed' }
    if (named === undefined) return good
    if (next === undefined) return no('its change of key names no key', by.id)
    if (!vouched) return no('its change of key is not signed by the new key', by.id)
    const same = next.text === by.text
    if (lost || !same) turns.push({ kind: lost ? 'lost' : 'changed', size: head.size, at: head.at, from: same ? null : by.id, to: next.id })
    // Only the key that signed is replaced, or with a loss all that are older. A change to itself would end it for good.
    const gone = trusted.filter((key) => key.text !== next.text && (lost || key.text === by.text))
    trusted = [...trusted.filter((key) => !gone.includes(key) && key.text !== next.text), next]
    ended.push(...gone)
    return good
  }

  return { judge, trusted: () => [...trusted], turns: () => [...turns] }
}

/**
 * The keys before the ones the asker trusts: where a change of key to a trusted key is signed by both, the key that it replaced may be believed
 * for the heads before. `candidates` are public keys named by the record itself; those that nobody vouches for are left out.
 */
export function earlierKeys(heads: readonly SignedHead[], trusted: readonly string[], candidates: readonly string[]): string[] {
  const known = new Map(trusted.map((text) => [text, readPublicKey(text)]))
  const others = candidates.filter((text) => !known.has(text) && isPublicKey(text)).map(readPublicKey)
  const found: string[] = []
  for (const signed of [...heads].reverse()) {
    const next = known.get(signed.head.keyChange ?? '')
    if (next === undefined || signedBy(signed, next) !== 'signed') continue
    for (const key of others) {
      if (known.has(key.text) || signedBy(signed, key) !== 'signed') continue
      known.set(key.text, key)
      found.push(key.text)
    }
  }
  return found
}
