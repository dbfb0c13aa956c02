import { invalid } from '#core/errors.ts'
import { digestBytes, digestInto } from './digest.ts'

export const saltBytes = 32

export type EntryAction = 'insert' | 'update' | 'left' | 'arrived'

/** What a header says of its entry: no personal data and no word of a label, because it stays when retention has deleted the rest. */
export interface EntryHeader {
  v: 1
  /** The entry's own id. */
  id: string
  /** Recorded at, by the real clock: `2026-01-31T22:47:05.123456Z`, always six decimals, always Z. */
  at: string
  world: string
  /** `schema.name` of the row's table. */
  table: string
  row: string
  action: EntryAction
  /** The number of the label in access.label. */
  label: number
  /** The operation's name, for example `response.recordDecision`: printable ASCII without quote and backslash, 1 to 200. */
  operation: string
  thread: string | null
}

const uuid = '[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}'
const time = '[0-9]{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])T(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]\\.[0-9]{6}Z'
const name = '[a-z_][a-z0-9_]{0,62}'
// The order is jsonb's own: shorter keys first, then by byte.
const form = new RegExp(
  `^\\{"v": 1, "at": "(${time})", "id": "(${uuid})", "row": "(${uuid})", "label": (0|[1-9][0-9]{0,9}), "table": "(${name}\\.${name})", ` +
    `"world": "(${uuid})", "action": "(insert|update|left|arrived)", "thread": (?:"(${uuid})"|(null)), "operation": "([ !#-\\[\\]-~]{1,200})"\\}$`,
)

/** Where `piece` ends in `bytes` when it stands at `place`; -1 when it does not, or `place` is -1. */
function pass(bytes: Uint8Array, place: number, piece: string): number {
  if (place < 0) return -1
  const { length } = piece
  for (let at = 0; at < length; at += 1) if (bytes[place + at] !== piece.charCodeAt(at)) return -1
  return place + length
}

/** No quote, backslash, control or letter beyond ASCII: nothing that could end the value early. */
function plain(text: string): boolean {
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at)
    if (code < 32 || code > 126 || code === 34 || code === 92) return false
  }
  return text.length > 0 && text.length <= 200
}

/**
 * The one text a header may have: what PostgreSQL's `jsonb::text` makes of the object, in UTF-8. There is exactly one way to
 * write a given header, so two headers say the same only when their bytes are the same.
 */
export const headerText = (header: Readonly<EntryHeader>): string =>
  `{"v": 1, "at": "${header.at}", "id": "${header.id}", "row": "${header.row}", "label": ${header.label}, "table": "${header.table}", ` +
  `"world": "${header.world}", "action": "${header.action}", "thread": ${header.thread === null ? 'null' : `"${header.thread}"`}, ` +
  `"operation": "${header.operation}"}`

/**
 * True when these bytes are the one text of these values: what parsing and comparing would find, in a third of the time. False also for
 * values that could hide another form of text; then parse. Byte by byte, because making a string first costs more than hashing the entry.
 */
export function isHeaderOf(bytes: Uint8Array, values: Readonly<Omit<EntryHeader, 'v' | 'action'> & { action: string }>): boolean {
  const { id, at, world, row, thread, table, operation, label } = values
  if (id.length !== 36 || world.length !== 36 || row.length !== 36 || at.length !== 27 || (thread !== null && thread.length !== 36))
    return false
  if (!Number.isInteger(label) || label < 0 || !plain(table) || !plain(operation)) return false
  let place = pass(bytes, pass(bytes, 0, '{"v": 1, "at": "'), at)
  place = pass(bytes, pass(bytes, place, '", "id": "'), id)
  place = pass(bytes, pass(bytes, place, '", "row": "'), row)
  place = pass(bytes, pass(bytes, place, '", "label": '), String(label))
  place = pass(bytes, pass(bytes, place, ', "table": "'), table)
  place = pass(bytes, pass(bytes, place, '", "world": "'), world)
  place = pass(bytes, pass(bytes, place, '", "action": "'), values.action)
  place = pass(bytes, place, thread === null ? '", "thread": null' : '", "thread": "')
  if (thread !== null) place = pass(bytes, pass(bytes, place, thread), '"')
  place = pass(bytes, pass(bytes, place, ', "operation": "'), operation)
  return pass(bytes, place, '"}') === bytes.length
}

/** Reads a header strictly: any other key, order, spacing or value is refused (invalid `header`). */
export function parseHeader(bytes: Uint8Array): EntryHeader {
  const found = form.exec(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1'))
  const [, at, id, row, label, table, world, action, thread, , operation] = found ?? []
  if (found === null || Number(label) > 2_147_483_647) {
    throw invalid('header', 'This is not the header of an entry of the record. Nothing was read from it. Compare the entry with a backup.')
  }
  return {
    v: 1,
    id: id as string,
    at: at as string,
    world: world as string,
    table: table as string,
    row: row as string,
    action: action as EntryAction,
    label: Number(label),
    operation: operation as string,
    thread: thread ?? null,
  }
}

/** Room to join bytes in: one entry at a time, synchronously. Views are kept by length, because making one costs as much as copying a kilobyte. */
interface Scratch {
  bytes: Buffer
  views: Array<Buffer | undefined>
}
const inner: Scratch = { bytes: Buffer.alloc(4096), views: [] }
const outer: Scratch = { bytes: Buffer.alloc(4096), views: [] }

function room(scratch: Scratch, length: number): Buffer {
  if (scratch.bytes.length < length) {
    // An odd giant is not kept for ever.
    if (length > 1 << 20) return Buffer.alloc(length)
    scratch.bytes = Buffer.alloc(length * 2)
    scratch.views = []
  }
  if (length > 4096) return scratch.bytes.subarray(0, length)
  scratch.views[length] ??= scratch.bytes.subarray(0, length)
  return scratch.views[length]
}

/** SHA-256(salt ‖ content): what is left of a content that retention deleted. The salt is 32 random bytes. */
export function contentHashInto(salt: Uint8Array, content: Uint8Array, out: Buffer, offset: number): void {
  if (salt.length !== saltBytes)
    throw invalid('salt', 'The salt of an entry is 32 bytes. Nothing was sealed. Compare the entry with a backup.')
  const joined = room(inner, saltBytes + content.length)
  joined.set(salt)
  joined.set(content, saltBytes)
  digestInto(joined, out, offset)
}

export function contentHashOf(salt: Uint8Array, content: Uint8Array): Buffer {
  const out = Buffer.alloc(digestBytes)
  contentHashInto(salt, content, out, 0)
  return out
}

/** As `leafOf`, written into `out`. */
export function leafInto(
  header: Uint8Array,
  salt: Uint8Array | null,
  content: Uint8Array | null,
  contentHash: Uint8Array | null | undefined,
  out: Buffer,
  offset: number,
): void {
  const joined = room(outer, 1 + header.length + digestBytes)
  joined[0] = 0x00
  joined.set(header, 1)
  if (salt !== null && content !== null) contentHashInto(salt, content, joined, 1 + header.length)
  else if (salt === null && content === null && contentHash?.length === digestBytes) joined.set(contentHash, 1 + header.length)
  else throw invalid('content', 'An entry has salt and content, or neither and the 32-byte hash of both. Compare the entry with a backup.')
  digestInto(joined, out, offset)
}

/**
 * The leaf of an entry: SHA-256(0x00 ‖ header ‖ SHA-256(salt ‖ content)). Header and content are the stored bytes, never written
 * anew. When retention has deleted salt and content (both null) the stored content hash stands for them: the stub has the same leaf.
 * Throws invalid when only one of the two is there, or neither and no hash.
 */
export function leafOf(header: Uint8Array, salt: Uint8Array | null, content: Uint8Array | null, contentHash?: Uint8Array | null): Buffer {
  const out = Buffer.alloc(digestBytes)
  leafInto(header, salt, content, contentHash, out, 0)
  return out
}
