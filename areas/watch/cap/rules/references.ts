import type { CapReference } from '../contract.ts'
import { type Identity, sameIdentity } from './identity.ts'
import { instantOf } from './times.ts'

/** CAP 1.2 §3.2.1: `sender,identifier,sent`, several separated by white space; required in Update, Cancel, Ack and Error. Pure. */

const NEEDS = new Set(['Update', 'Cancel', 'Ack', 'Error'])
/** An Ack or Error answers somebody else's message by its nature. */
const ANSWERS = new Set(['Ack', 'Error'])

export type ReferenceReport = { references: CapReference[]; flags: string[] }

/** `text` is the message's references element, null when it has none. A flagged reference names nothing; the good ones beside it still do. */
export function readReferences(text: string | null, msgType: string | null, own: Identity): ReferenceReport {
  const flags = new Set<string>()
  const parts = (text ?? '').split(/\s+/).filter((part) => part !== '')
  if (text !== null && parts.length === 0) flags.add('references-empty')
  if (text === null && msgType !== null && NEEDS.has(msgType)) flags.add('references-missing')
  const references = parts.map((part) => readOne(part, own, flags, msgType !== null && ANSWERS.has(msgType)))
  if (own.identifier !== null && unnameable(own.identifier)) flags.add('identifier-cannot-be-referenced')
  if (own.sender !== null && unnameable(own.sender)) flags.add('sender-cannot-be-referenced')
  return { references, flags: [...flags] }
}

function readOne(part: string, own: Identity, flags: Set<string>, answers: boolean): CapReference {
  const fields = part.split(',')
  const [sender = '', identifier = '', sent = ''] = fields
  const unusable: CapReference = { text: part, sender: null, identifier: null, sent: null, usable: false }
  if (fields.length > 3) {
    flags.add('references-comma-joined')
    return unusable
  }
  if (fields.length < 3 || sender === '' || identifier === '' || !isTime(sent)) {
    flags.add('reference-malformed')
    return unusable
  }
  const named = { sender, identifier, sent }
  if (sameIdentity(named, own)) {
    flags.add('reference-to-itself')
    return { text: part, ...named, usable: false }
  }
  if (!answers && own.sender !== null && sender !== own.sender.trim()) flags.add('reference-to-another-sender')
  return { text: part, ...named, usable: true }
}

/* A time without a zone can still name a message whose own `sent` is written the same way. */
function isTime(text: string): boolean {
  return instantOf(text) !== undefined || instantOf(`${text}Z`) !== undefined
}

/* The standard forbids spaces, commas, < and & in identifier and sender: nobody can refer to such a message. */
function unnameable(text: string): boolean {
  return /[\s,<&]/.test(text.trim()) || text.trim() === ''
}
