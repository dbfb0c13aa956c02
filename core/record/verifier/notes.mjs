import { createPublicKey, verify as verifySignature } from 'node:crypto'
import { base64, bytesOf, sha256 } from './tree.mjs'

// Keys, signed heads and statements to witnesses: signed notes (C2SP), Ed25519.

const notePattern = /^\u2014 ([^\s+]{1,100}) ([A-Za-z0-9+/]+={0,2})$/u
const time = '[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\\.[0-9]{3,6}Z'
const headPattern = new RegExp(
  `^([^\\s+]{1,100})\\n(0|[1-9][0-9]{0,15})\\n([A-Za-z0-9+/]{43}=)\\nat (${time})\\n(?:key-(change|lost) (\\S+)\\n)?$`,
  'u',
)
const statementPattern = new RegExp(`^([^\\s+]{1,100})\\nwitness\\n([A-Za-z0-9+/]{43}=)\\nat (${time})\\n$`, 'u')

/** A public key out of its text `name+id+base64(0x01, 32 bytes)`; undefined when it is none. */
export function readKey(text) {
  const [name = '', id = '', ...rest] = String(text).split('+')
  const typed = bytesOf(rest.join('+'))
  if (!/^[^\s+]{1,100}$/u.test(name) || !base64(rest.join('+')) || typed.length !== 33 || typed[0] !== 1) return undefined
  if (sha256(`${name}\n`, typed).toString('hex', 0, 4) !== id) return undefined
  const der = Buffer.concat([Buffer.from('302a300506032b6570032100', 'hex'), typed.subarray(1)])
  return { name, id, text, object: createPublicKey({ key: der, format: 'der', type: 'spki' }) }
}

function readNote(text) {
  const end = typeof text === 'string' ? text.indexOf('\n\n') : -1
  if (end < 0 || !text.endsWith('\n')) return undefined
  const lines = text.slice(end + 2, -1).split('\n')
  const signatures = lines.map((line) => notePattern.exec(line))
  if (signatures.some((found) => found === null || !base64(found[2]) || bytesOf(found[2]).length !== 68)) return undefined
  return { body: text.slice(0, end + 1), signatures: signatures.map((found) => ({ name: found[1], bytes: bytesOf(found[2]) })) }
}

export function readHead(text) {
  const note = readNote(text)
  const found = note && headPattern.exec(note.body)
  if (!found || !base64(found[3]) || !Number.isSafeInteger(Number(found[2]))) return undefined
  const [, origin, size, root, at, turn, next] = found
  return { ...note, text, origin, size: Number(size), root: bytesOf(root), at, turn, next }
}

export function readStatement(text) {
  const note = readNote(text)
  const found = note && statementPattern.exec(note.body)
  return found && base64(found[2]) ? { ...note, origin: found[1], commitment: found[2], at: found[3] } : undefined
}

/** 'signed', 'wrong' or 'absent'. */
export function signedBy(note, key) {
  const mine = note.signatures.filter(({ name, bytes }) => name === key.name && bytes.toString('hex', 0, 4) === key.id)
  if (mine.length === 0) return 'absent'
  return mine.every(({ bytes }) => verifySignature(null, Buffer.from(note.body), key.object, bytes.subarray(4))) ? 'signed' : 'wrong'
}

/** Keys before the ones given: where a change to a believed key is signed by both, the key it replaced is believed for the heads before. */
export function believedFromTheStart(heads, given, named) {
  const believed = new Map(given.map((key) => [key.text, key]))
  for (const head of [...heads].reverse()) {
    const next = head.turn === 'change' ? believed.get(head.next) : undefined
    if (!next || signedBy(head, next) !== 'signed') continue
    for (const key of named) if (signedBy(head, key) === 'signed') believed.set(key.text, key)
  }
  return [...believed.values()]
}

/** Follows changes of key from head to head. Returns what is wrong with a head in words, or undefined. */
export function headJudge(origin, start, note) {
  let believed = start
  const ended = []
  return (head) => {
    if (head.origin !== origin) return 'it is the head of another record'
    const verdicts = believed.map((key) => [key, signedBy(head, key)])
    if (verdicts.some(([, verdict]) => verdict === 'wrong')) return 'its signature does not fit: the head was changed or forged'
    const by = verdicts.find(([, verdict]) => verdict === 'signed')?.[0]
    const next = head.turn && readKey(head.next)
    const turn = (kind, from) => note({ kind, size: head.size, at: head.at, from, to: next.id })
    if (!by && head.turn === 'lost' && next && signedBy(head, next) === 'signed') turn('lost-unproved', null)
    if (!by)
      return ended.some((key) => signedBy(head, key) === 'signed') ? 'signed by a key that had been replaced' : 'signed by an unknown key'
    if (!head.turn) return undefined
    if (!next) return 'its change of key names no key'
    if (signedBy(head, next) !== 'signed') return 'its change of key is not signed by the new key'
    // After a loss nothing older counts: whoever found the old key may be signing with it.
    const gone = believed.filter((key) => key.text !== next.text && (head.turn === 'lost' || key.text === by.text))
    if (head.turn === 'lost' || by.text !== next.text) turn(head.turn === 'lost' ? 'lost' : 'changed', by.text === next.text ? null : by.id)
    ended.push(...gone)
    believed = [...believed.filter((key) => !gone.includes(key) && key.text !== next.text), next]
    return undefined
  }
}
