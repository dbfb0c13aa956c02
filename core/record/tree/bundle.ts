import { createHash, type Hash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { z } from 'zod'
import { invalid } from '#core/errors.ts'
import { exactBase64, isPublicKey } from './heads.ts'
import { verifyRecord, type VerifyProblem, type VerifyReport, type VerifyRow } from './verify.ts'

/**
 * A bundle: the record in one file that a stranger can check without a server or a store. JSON lines: the manifest, every entry by position,
 * every signed head, and an end line with the SHA-256 of all bytes before it. The digest finds a damaged or cut file; only the heads, under a key
 * that the reader has from elsewhere, find a changed one.
 */
export const bundleFormat = 'concord-record-bundle'

const manifestLine = z.strictObject({
  format: z.literal(bundleFormat),
  version: z.literal(1),
  origin: z.string(),
  /** When the bundle was made, in UTC. */
  made: z.string(),
  entries: z.int().min(0),
  heads: z.int().min(0),
  /** Public keys the record names. They prove nothing by themselves: the file could bring its own. */
  keys: z.array(z.string()),
})
export type BundleManifest = z.infer<typeof manifestLine>

/** Bytes stand as text where they are UTF-8, so that people can read them, and as `{"base64": …}` where they are not. */
const bytesForm = z.union([z.string(), z.strictObject({ base64: z.string() })])
const entryLine = z.strictObject({
  entry: z.int().min(0).nullable(),
  header: bytesForm,
  salt: z.string().nullable(),
  content: bytesForm.nullable(),
  contentHash: z.string().nullable(),
  leaf: z.string().nullable(),
})
const headLine = z.strictObject({ head: z.string() })
const endLine = z.strictObject({ end: z.literal(true), sha256: z.string().regex(/^[0-9a-f]{64}$/) })

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

function writeBytes(bytes: Uint8Array): z.infer<typeof bytesForm> {
  try {
    return decoder.decode(bytes)
  } catch {
    return { base64: Buffer.from(bytes).toString('base64') }
  }
}

const writeBase64 = (bytes: Uint8Array | null): string | null => (bytes === null ? null : Buffer.from(bytes).toString('base64'))

function readBase64(text: string): Buffer {
  const bytes = exactBase64(text)
  if (bytes === undefined)
    throw invalid('bundle', 'A line of this bundle is not in the right form. Nothing was changed. Ask for the file again.')
  return bytes
}

const readBytes = (value: z.infer<typeof bytesForm>): Buffer => (typeof value === 'string' ? Buffer.from(value) : readBase64(value.base64))

/** The lines of a bundle, each with its newline. `rows` come by position; `manifest.entries` and `.heads` are what the reader will expect. */
export async function* writeBundle(
  manifest: Omit<BundleManifest, 'format' | 'version'>,
  rows: AsyncIterable<VerifyRow | readonly VerifyRow[]> | Iterable<VerifyRow | readonly VerifyRow[]>,
  heads: readonly string[],
): AsyncGenerator<string> {
  const all = createHash('sha256')
  const line = (value: object): string => {
    const text = `${JSON.stringify(value)}\n`
    all.update(text)
    return text
  }
  const entry = (row: VerifyRow): string =>
    line({
      entry: row.position,
      header: writeBytes(row.header),
      salt: writeBase64(row.salt),
      content: row.content === null ? null : writeBytes(row.content),
      contentHash: writeBase64(row.contentHash),
      leaf: writeBase64(row.leaf),
    })
  yield line({ format: bundleFormat, version: 1, ...manifest })
  for await (const batch of rows) {
    if ('header' in batch) yield entry(batch)
    else yield batch.map(entry).join('')
  }
  for (const head of heads) yield line({ head })
  yield `${JSON.stringify({ end: true, sha256: all.digest('hex') })}\n`
}

/** Raw lines without their newline, in batches; bytes, because a damaged file need not be text. */
async function* linesOf(path: string): AsyncGenerator<Buffer[]> {
  let rest: Buffer = Buffer.alloc(0)
  for await (const chunk of createReadStream(path, { highWaterMark: 1 << 20 })) {
    const bytes = Buffer.concat([rest, chunk as Buffer])
    const lines: Buffer[] = []
    let start = 0
    for (let end = bytes.indexOf(10); end >= 0; end = bytes.indexOf(10, start)) {
      lines.push(bytes.subarray(start, end))
      start = end + 1
    }
    rest = bytes.subarray(start)
    if (lines.length > 0) yield lines
  }
  if (rest.length > 0) yield [rest]
}

const newline = Buffer.of(10)

interface Read {
  manifest: BundleManifest | undefined
  heads: string[]
  entries: number
  problems: string[]
  problemCount: number
}

function parse<T>(schema: z.ZodType<T>, line: Buffer): T | undefined {
  try {
    const found = schema.safeParse(JSON.parse(decoder.decode(line)))
    return found.success ? found.data : undefined
  } catch {
    return undefined
  }
}

function readRow(line: z.infer<typeof entryLine>): VerifyRow | undefined {
  try {
    return {
      position: line.entry,
      header: readBytes(line.header),
      salt: line.salt === null ? null : readBase64(line.salt),
      content: line.content === null ? null : readBytes(line.content),
      contentHash: line.contentHash === null ? null : readBase64(line.contentHash),
      leaf: line.leaf === null ? null : readBase64(line.leaf),
      columns: null,
    }
  } catch {
    return undefined
  }
}

/** One pass over the file. `wanted` says whether rows are handed on; the heads stand last, so they are gathered in a pass of their own. */
async function* readBundle(path: string, into: Read, wanted: boolean): AsyncGenerator<VerifyRow[]> {
  const all: Hash = createHash('sha256')
  const note = (what: string): void => {
    into.problemCount += 1
    if (into.problems.length < 100) into.problems.push(what)
  }
  let number = 0
  let ended = false
  for await (const lines of linesOf(path)) {
    const rows: VerifyRow[] = []
    for (const line of lines) {
      number += 1
      if (ended) note(`line ${number}: there is more after the end`)
      const start = line.toString('latin1', 0, 9)
      if (number === 1) {
        into.manifest = parse(manifestLine, line)
        if (into.manifest === undefined) note('line 1: this is not the manifest of a record bundle')
      } else if (start.startsWith('{"entry":')) {
        into.entries += 1
        if (wanted) {
          const found = parse(entryLine, line)
          const row = found === undefined ? undefined : readRow(found)
          if (row === undefined) note(`line ${number}: the entry cannot be read`)
          else rows.push(row)
        }
      } else if (start.startsWith('{"head":')) {
        const found = parse(headLine, line)
        if (found === undefined) note(`line ${number}: the head cannot be read`)
        else into.heads.push(found.head)
      } else {
        const end = parse(endLine, line)
        if (end === undefined) note(`line ${number}: it is neither an entry, nor a head, nor the end`)
        else {
          ended = true
          if (all.copy().digest('hex') !== end.sha256) note('the file is not as it was written: its digest differs')
        }
      }
      all.update(line)
      all.update(newline)
    }
    if (rows.length > 0) yield rows
  }
  if (!ended) note('the file is cut short: its end line is missing')
}

export interface OfflineReport extends VerifyReport {
  origin: string
  made: string
  /** `given`: judged by keys the asker brought. `bundle`: by keys in the file itself, which proves only that the file agrees with itself. */
  keysFrom: 'given' | 'bundle'
  keys: string[]
}

/**
 * Checks a bundle file alone: no server, no store. `keys` are the public keys the asker has from elsewhere; without them the file's own
 * are used and the report says so. Throws invalid `bundle` when the file has no manifest to go by; a file that cannot be opened throws Node's error.
 */
export async function verifyOffline(path: string, options: { keys?: readonly string[]; listAtMost?: number } = {}): Promise<OfflineReport> {
  const first: Read = { manifest: undefined, heads: [], entries: 0, problems: [], problemCount: 0 }
  for await (const _ of readBundle(path, first, false));
  const { manifest } = first
  if (manifest === undefined)
    throw invalid('bundle', 'This file is not a record bundle: its first line is no manifest. Nothing was checked. Ask for the file again.')
  const given = options.keys ?? []
  const own = manifest.keys.filter(isPublicKey)
  const keys = given.length > 0 ? given : own
  const second: Read = { manifest: undefined, heads: [], entries: 0, problems: [], problemCount: 0 }
  const report = await verifyRecord({
    origin: manifest.origin,
    keys,
    otherKeys: own,
    rows: readBundle(path, second, true),
    heads: first.heads,
    ...(options.listAtMost === undefined ? {} : { listAtMost: options.listAtMost }),
  })
  const counts = [
    ...(own.length === manifest.keys.length ? [] : ['the manifest names a key that cannot be read']),
    ...(manifest.entries === second.entries ? [] : [`the manifest says ${manifest.entries} entries, the file has ${second.entries}`]),
    ...(manifest.heads === first.heads.length ? [] : [`the manifest says ${manifest.heads} heads, the file has ${first.heads.length}`]),
  ]
  const problemCount = report.problemCount + second.problemCount + counts.length
  const ofFile: VerifyProblem[] = [...counts, ...second.problems].map((what) => ({ position: null, what }))
  return {
    ...report,
    ok: problemCount === 0,
    problemCount,
    problems: [...ofFile, ...report.problems].slice(0, options.listAtMost ?? 100),
    origin: manifest.origin,
    made: manifest.made,
    keysFrom: given.length > 0 ? 'given' : 'bundle',
    keys: [...keys],
  }
}
