import type { EntryHeader } from './leaf.ts'

/** The columns that repeat the header for queries; each must say what the header says. `at` is the same text, with six decimals and Z. */
export type EntryColumns = Omit<EntryHeader, 'v' | 'action'> & { action: string }

/** One entry as it is stored. `position` is null while the sequencer has not reached it; such rows come last. */
export interface VerifyRow {
  position: number | null
  header: Uint8Array
  salt: Uint8Array | null
  content: Uint8Array | null
  contentHash: Uint8Array | null
  leaf: Uint8Array | null
  /** Those that the store keeps; null where there are none to compare, as in a bundle. All of them together compare fastest. */
  columns: Readonly<Partial<EntryColumns>> | null
}

/** What a page's rows are found to be, one by one, without making an object of any. */
export interface PageReader {
  count: number
  position(row: number): number
  /** True when header, columns, content hash and leaf of this row all say the same; `words` then holds the entry's id. */
  fits(row: number, words: Int32Array): boolean
  /** Where the stored leaf stands in `leaves`. */
  leaf(row: number): Uint8Array
  sound(row: number): boolean
  stub(row: number): boolean
  /** The row as an object, to say what is wrong with it. */
  row(row: number): VerifyRow
}
