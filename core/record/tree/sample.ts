import { createHash } from 'node:crypto'
import { createSigningKey, signHead, type SigningKey } from './heads.ts'
import { contentHashOf, type EntryHeader, headerText, leafOf } from './leaf.ts'
import { createTree } from './tree.ts'
import type { VerifyRow } from './rows.ts'

/** A made-up ledger for tests and benches: the same every time. */
const bytesOf = (text: string): Buffer => createHash('sha256').update(text).digest()

function uuidOf(text: string): string {
  const hex = bytesOf(text).toString('hex')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-7${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`
}

export function sampleHeader(number: number): EntryHeader {
  return {
    v: 1,
    id: uuidOf(`entry ${number}`),
    at: `2026-11-22T${String(Math.floor(number / 3600) % 24).padStart(2, '0')}:${String(Math.floor(number / 60) % 60).padStart(2, '0')}:${String(number % 60).padStart(2, '0')}.${String(number % 1_000_000).padStart(6, '0')}Z`,
    world: uuidOf('the live world'),
    table: 'response.decision',
    row: uuidOf(`row ${number % 7}`),
    action: number % 7 === number ? 'insert' : 'update',
    label: (number % 40) + 1,
    operation: 'response.recordDecision',
    thread: number % 3 === 0 ? null : uuidOf(`thread ${number % 5}`),
  }
}

/** Entry `number`, whole: content of about `contentLength` bytes of JSON text. */
export function sampleRow(number: number, contentLength = 60): VerifyRow {
  const values = sampleHeader(number)
  const { v: _, ...columns } = values
  const header = Buffer.from(headerText(values))
  const salt = bytesOf(`salt ${number}`)
  const note = `Entry ${number}: close the north bridge – agreed. `.repeat(Math.max(1, Math.round(contentLength / 48)))
  const content = Buffer.from(JSON.stringify({ question: note, number }))
  return {
    position: number,
    header,
    salt,
    content,
    contentHash: contentHashOf(salt, content),
    leaf: leafOf(header, salt, content),
    columns,
  }
}

/** The same entry after retention: header and content hash are left. */
export const stubOf = (row: VerifyRow): VerifyRow => ({ ...row, salt: null, content: null })

export const headAt = (size: number, root: Uint8Array, by: readonly SigningKey[], keyChange?: string): string =>
  signHead(
    {
      origin: (by[0] as SigningKey).key.name,
      size,
      root,
      at: `2026-11-22T22:${String(size % 60).padStart(2, '0')}:00.000Z`,
      ...(keyChange === undefined ? {} : { keyChange }),
    },
    by,
  )

export interface SampleLedger {
  key: SigningKey
  rows: VerifyRow[]
  heads: string[]
}

/** `count` entries, sealed at each of `sizes`. */
export function sampleLedger(count: number, sizes: readonly number[], contentLength?: number): SampleLedger {
  const key = createSigningKey('northport.example')
  const rows = Array.from({ length: count }, (_, number) => sampleRow(number, contentLength))
  const tree = createTree()
  const heads: string[] = []
  for (let size = 0; size <= count; size += 1) {
    if (sizes.includes(size)) heads.push(headAt(size, tree.root(), [key]))
    if (size < count) tree.append(rows[size]?.leaf as Uint8Array)
  }
  return { key, rows, heads }
}
