import { digestBytes, digestInto } from './digest.ts'
import type { PageReader } from './rows.ts'

/** Rows of the ledger as the database packs them: one run of bytes for each column, in order of position. */
export interface LedgerPage {
  /** Eight bytes each, big-endian. */
  positions: Buffer
  /** Four bytes each. */
  headerLengths: Buffer
  headers: Buffer
  /** 32 bytes each. */
  contentHashes: Buffer
  leaves: Buffer
  /** One byte each: see `flag`. */
  flags: Buffer
  /** Four bytes each. */
  labels: Buffer
  /** Sixteen bytes each; a thread of zeros where there is none. */
  worlds: Buffer
  threads: Buffer
  rowIds: Buffer
  /** Joined by commas; no name of a table holds one. */
  tableNames: string
}

export const flag = { sound: 1, stub: 2, thread: 4 } as const
const actions = ['insert', 'update', 'left', 'arrived'] as const

/** The text that must stand between the values of a header, as bytes. */
const piece = (text: string): Uint8Array => Buffer.from(text, 'latin1')
const begin = piece('{"v": 1, "at": "')
const toId = piece('", "id": "')
const toRow = piece('", "row": "')
const toLabel = piece('", "label": ')
const toTable = piece(', "table": "')
const toWorld = piece('", "world": "')
const toAction = piece('", "action": "')
const toThread = piece('", "thread": ')
const noThread = piece('null, ')
const someThread = piece('"')
const toOperation = piece('"operation": "')
const end = piece('"}')
const actionBytes = actions.map(piece)

/** Two hex digits for each byte. */
const hexHigh = Uint8Array.from({ length: 256 }, (_, byte) => '0123456789abcdef'.charCodeAt(byte >> 4))
const hexLow = Uint8Array.from({ length: 256 }, (_, byte) => '0123456789abcdef'.charCodeAt(byte & 15))
const hexValue = Int8Array.from({ length: 256 }, (_, code) =>
  code >= 48 && code <= 57 ? code - 48 : code >= 97 && code <= 102 ? code - 87 : -1,
)

function same(bytes: Uint8Array, at: number, text: Uint8Array): number {
  if (at < 0) return -1
  for (let n = 0; n < text.length; n += 1) if (bytes[at + n] !== text[n]) return -1
  return at + text.length
}

/** Where the uuid ends that is these sixteen bytes; -1 when another stands there. */
function sameUuid(bytes: Uint8Array, at: number, uuids: Uint8Array, from: number): number {
  if (at < 0) return -1
  let place = at
  for (let n = 0; n < 16; n += 1) {
    if ((n === 4 || n === 6 || n === 8 || n === 10) && bytes[place++] !== 45) return -1
    const byte = uuids[from + n] as number
    if (bytes[place] !== hexHigh[byte] || bytes[place + 1] !== hexLow[byte]) return -1
    place += 2
  }
  return place
}

/** Reads a uuid into `words`; -1 when none stands there. */
function readUuid(bytes: Uint8Array, at: number, words: Int32Array): number {
  if (at < 0) return -1
  let place = at
  for (let word = 0; word < 4; word += 1) {
    let value = 0
    for (let n = word * 4; n < word * 4 + 4; n += 1) {
      if ((n === 4 || n === 6 || n === 8 || n === 10) && bytes[place++] !== 45) return -1
      const high = hexValue[bytes[place] as number] as number
      const low = hexValue[bytes[place + 1] as number] as number
      if (high < 0 || low < 0) return -1
      value = (value << 8) | (high << 4) | low
      place += 2
    }
    words[word] = value
  }
  return place
}

const timePattern = /^[0-9]{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])T(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]\.[0-9]{6}Z$/
/** The last date that was found good, as bytes: that of an entry is nearly always that of the one before. */
const goodDay = Buffer.alloc(11)

function isTime(bytes: Buffer, at: number): boolean {
  for (let n = 0; n < goodDay.length; n += 1) {
    if (bytes[at + n] === goodDay[n]) continue
    if (!timePattern.test(bytes.toString('latin1', at, at + 27))) return false
    bytes.copy(goodDay, 0, at, at + goodDay.length)
    return true
  }
  const digit = (n: number) => (bytes[at + n] as number) - 48
  const two = (n: number, most: number) => {
    const [a, b] = [digit(n), digit(n + 1)]
    return a >= 0 && a <= 9 && b >= 0 && b <= 9 && a * 10 + b <= most
  }
  if (!two(11, 23) || bytes[at + 13] !== 58 || !two(14, 59) || bytes[at + 16] !== 58 || !two(17, 59) || bytes[at + 19] !== 46) return false
  return two(20, 99) && two(22, 99) && two(24, 99) && bytes[at + 26] === 90
}

function sameNumber(bytes: Uint8Array, at: number, value: number): number {
  if (at < 0) return -1
  let digits = 1
  for (let left = value; left >= 10; left = Math.floor(left / 10)) digits += 1
  let left = value
  for (let n = digits - 1; n >= 0; n -= 1) {
    if (bytes[at + n] !== 48 + (left % 10)) return -1
    left = Math.floor(left / 10)
  }
  return at + digits
}

const scratch = { bytes: Buffer.alloc(4096), views: [] as Buffer[] }
const found = Buffer.alloc(digestBytes)

export function readPage(page: LedgerPage): PageReader {
  const { headers, contentHashes, leaves, flags } = page
  const count = flags.length
  const starts = new Float64Array(count + 1)
  for (let row = 0; row < count; row += 1) starts[row + 1] = (starts[row] as number) + page.headerLengths.readUInt32BE(row * 4)
  const names = page.tableNames.split(',')
  const nameBytes = new Map<string, Uint8Array>()
  const name = (row: number): Uint8Array => {
    const text = names[row] ?? ''
    const known = nameBytes.get(text)
    if (known !== undefined) return known
    const bytes = Buffer.from(text)
    nameBytes.set(text, bytes)
    return bytes
  }

  function headerFits(row: number, start: number, stop: number, words: Int32Array): boolean {
    const flagged = flags[row] as number
    let at = same(headers, start, begin)
    if (at < 0 || !isTime(headers, at)) return false
    at = readUuid(headers, same(headers, at + 27, toId), words)
    at = sameUuid(headers, same(headers, at, toRow), page.rowIds, row * 16)
    at = sameNumber(headers, same(headers, at, toLabel), page.labels.readInt32BE(row * 4))
    at = same(headers, same(headers, at, toTable), name(row))
    at = sameUuid(headers, same(headers, at, toWorld), page.worlds, row * 16)
    at = same(headers, same(headers, at, toAction), actionBytes[flagged >> 3] as Uint8Array)
    at = same(headers, at, toThread)
    if ((flagged & flag.thread) === 0) at = same(headers, at, noThread)
    else {
      at = sameUuid(headers, same(headers, at, someThread), page.threads, row * 16)
      if (at < 0 || headers[at] !== 34 || headers[at + 1] !== 44 || headers[at + 2] !== 32) return false
      at += 3
    }
    at = same(headers, at, toOperation)
    const operation = stop - 2 - at
    if (at < 0 || operation < 1 || operation > 200 || same(headers, stop - 2, end) !== stop) return false
    for (let n = at; n < stop - 2; n += 1) {
      const code = headers[n] as number
      if (code < 32 || code > 126 || code === 34 || code === 92) return false
    }
    return true
  }

  function leafFits(row: number, start: number, stop: number): boolean {
    const length = 1 + stop - start + digestBytes
    if (length > scratch.bytes.length) return false
    scratch.views[length] ??= scratch.bytes.subarray(0, length)
    const joined = scratch.views[length]
    headers.copy(joined, 1, start, stop)
    contentHashes.copy(joined, length - digestBytes, row * digestBytes, (row + 1) * digestBytes)
    digestInto(joined, found, 0)
    const from = row * digestBytes
    for (let n = 0; n < digestBytes; n += 1) if (found[n] !== leaves[from + n]) return false
    return true
  }

  const hex = (bytes: Buffer, row: number) => {
    const text = bytes.toString('hex', row * 16, row * 16 + 16)
    return `${text.slice(0, 8)}-${text.slice(8, 12)}-${text.slice(12, 16)}-${text.slice(16, 20)}-${text.slice(20)}`
  }
  return {
    count,
    position: (row) => Number(page.positions.readBigInt64BE(row * 8)),
    fits: (row, words) => {
      const [start, stop] = [starts[row] as number, starts[row + 1] as number]
      return headerFits(row, start, stop, words) && leafFits(row, start, stop)
    },
    leaf: (row) => leaves.subarray(row * digestBytes, (row + 1) * digestBytes),
    sound: (row) => ((flags[row] as number) & flag.sound) !== 0,
    stub: (row) => ((flags[row] as number) & flag.stub) !== 0,
    row: (row) => ({
      position: Number(page.positions.readBigInt64BE(row * 8)),
      header: headers.subarray(starts[row], starts[row + 1]),
      salt: null,
      content: null,
      contentHash: contentHashes.subarray(row * digestBytes, (row + 1) * digestBytes),
      leaf: leaves.subarray(row * digestBytes, (row + 1) * digestBytes),
      columns: {
        label: page.labels.readInt32BE(row * 4),
        world: hex(page.worlds, row),
        thread: ((flags[row] as number) & flag.thread) === 0 ? null : hex(page.threads, row),
        table: names[row] ?? '',
        row: hex(page.rowIds, row),
        action: actions[(flags[row] as number) >> 3] as string,
      },
    }),
  }
}
