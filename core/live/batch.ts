import type { Frame } from './recent.ts'

/**
 * What a row is still due: a path in a tree of frames. Rows that are due the same frames stand at the same node, so the bytes are put
 * together once per distinct path, whatever the label sets look like: two rows that differ only in a label without news share.
 */
export type Batch = {
  readonly before: Batch | undefined
  readonly frame: Frame
  readonly count: number
  readonly length: number
  bytes: Buffer | undefined
  /** The newest extension; enough to share, because frames are added to all rows one after the other. */
  next: Batch | undefined
}

/** Where the paths begin: one per hub. */
export type Start = { next: Batch | undefined }

export const extend = (start: Start, before: Batch | undefined, frame: Frame): Batch => {
  const from = before ?? start
  if (from.next?.frame === frame) return from.next
  const batch: Batch = {
    before,
    frame,
    count: (before?.count ?? 0) + 1,
    length: (before?.length ?? 0) + frame.bytes.length,
    bytes: undefined,
    next: undefined,
  }
  from.next = batch
  return batch
}

/** The frames of a path in order, as one buffer, made at the first call. */
export const bytesOf = (batch: Batch): Buffer => {
  if (batch.bytes) return batch.bytes
  if (batch.count === 1) return (batch.bytes = batch.frame.bytes)
  const bytes = Buffer.allocUnsafeSlow(batch.length)
  let end = batch.length
  for (let each: Batch | undefined = batch; each; each = each.before) {
    end -= each.frame.bytes.length
    each.frame.bytes.copy(bytes, end)
  }
  return (batch.bytes = bytes)
}
