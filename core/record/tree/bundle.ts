import { createHash } from 'node:crypto'
import type { VerifyRow } from './rows.ts'

/**
 * A bundle: the record in one file that a stranger can check without a server or a store. JSON lines: the manifest, every entry by position,
 * every signed head, and an end line with the SHA-256 of all bytes before it. The digest finds a damaged or cut file; only the heads, under a key
 * that the reader has from elsewhere, find a changed one. core/record/verifier reads it.
 */
const bundleFormat = 'concord-record-bundle'

export interface BundleManifest {
  /** The city's code, which is also the name of its keys. */
  origin: string
  /** When the bundle was made, in UTC. */
  made: string
  /** How many of each the file holds: a line that was taken out is missed. */
  entries: number
  heads: number
  /** Public keys the record names. They prove nothing by themselves: the file could bring its own. */
  keys: readonly string[]
  /** True: not the whole record. Each entry then brings its own proof, and nothing is said of what is left out. */
  part?: boolean
}

/** An entry of a part with its inclusion proof (RFC 9162) under the head of `size`. */
export interface ProvedRow extends VerifyRow {
  size: number
  path: readonly Uint8Array[]
}

/** What else a bundle may bring: that one head continues another, and what opens a commitment that a witness holds. */
export interface BundleProofs {
  consistencies?: readonly { from: number; to: number; path: readonly Uint8Array[] }[]
  openings?: readonly { salt: Uint8Array; head: string }[]
}

/** The whole record as hashes alone: what may be shown to a stranger. */
export interface LeavesManifest extends Omit<BundleManifest, 'part'> {
  openings: number
  /** The newest moment for which a witness was given a statement that the file opens. */
  told: string | null
}
export interface LeafPages {
  leaves: AsyncIterable<readonly { position: number; leaf: Uint8Array }[]>
  heads: AsyncIterable<readonly { note: string }[]>
  openings: AsyncIterable<readonly { salt: Uint8Array; head: string }[]>
}

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/** Bytes stand as text where they are UTF-8, so that people can read them, and as `{"base64": …}` where they are not. */
function writeBytes(bytes: Uint8Array): string | { base64: string } {
  try {
    return decoder.decode(bytes)
  } catch {
    return { base64: Buffer.from(bytes).toString('base64') }
  }
}

const writeBase64 = (bytes: Uint8Array | null): string | null => (bytes === null ? null : Buffer.from(bytes).toString('base64'))

type Rows<Row> = AsyncIterable<Row | readonly Row[]> | Iterable<Row | readonly Row[]>

/**
 * The lines of a bundle of leaves, a page of them at a time. One leaf a line, so that whoever holds an entry, a receipt or a pack finds its leaf in the
 * file with nothing but a text search.
 */
export async function* writeLeaves(manifest: LeavesManifest, pages: LeafPages): AsyncGenerator<string> {
  const all = createHash('sha256')
  const lines = (values: readonly object[]): string => {
    const text = values.map((value) => `${JSON.stringify(value)}\n`).join('')
    all.update(text)
    return text
  }
  yield lines([{ format: bundleFormat, version: 1, leaves: true, ...manifest }])
  for await (const page of pages.leaves) yield lines(page.map(({ position, leaf }) => ({ position, leaf: writeBase64(leaf) })))
  for await (const page of pages.heads) yield lines(page.map(({ note }) => ({ head: note })))
  for await (const page of pages.openings) yield lines(page.map(({ salt, head }) => ({ opening: { salt: writeBase64(salt), head } })))
  yield `${JSON.stringify({ end: true, sha256: all.digest('hex') })}\n`
}

/** The lines of a bundle, each with its newline. `rows` come by position; `manifest.entries` and `.heads` are what the reader will expect. */
export async function* writeBundle(
  manifest: BundleManifest,
  rows: Rows<VerifyRow | ProvedRow>,
  heads: readonly string[],
  proofs: BundleProofs = {},
): AsyncGenerator<string> {
  const all = createHash('sha256')
  const line = (value: object): string => {
    const text = `${JSON.stringify(value)}\n`
    all.update(text)
    return text
  }
  const path = (steps: readonly Uint8Array[]): (string | null)[] => steps.map(writeBase64)
  const entry = (row: VerifyRow | ProvedRow): string =>
    line({
      entry: row.position,
      header: writeBytes(row.header),
      salt: writeBase64(row.salt),
      content: row.content === null ? null : writeBytes(row.content),
      contentHash: writeBase64(row.contentHash),
      leaf: writeBase64(row.leaf),
      ...('path' in row ? { size: row.size, path: path(row.path) } : {}),
    })
  yield line({ format: bundleFormat, version: 1, ...manifest })
  for await (const batch of rows) {
    if ('header' in batch) yield entry(batch)
    else yield batch.map(entry).join('')
  }
  for (const head of heads) yield line({ head })
  for (const one of proofs.consistencies ?? []) yield line({ consistency: { from: one.from, to: one.to, path: path(one.path) } })
  for (const one of proofs.openings ?? []) yield line({ opening: { salt: writeBase64(one.salt), head: one.head } })
  yield `${JSON.stringify({ end: true, sha256: all.digest('hex') })}\n`
}
