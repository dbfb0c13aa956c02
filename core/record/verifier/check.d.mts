export interface KeyChange {
  kind: 'changed' | 'lost' | 'lost-unproved'
  size: number
  at: string
  from: string | null
  to: string
}

/** What a witness's file says of this record. */
export interface HeldReport {
  statements: number
  unread: number
  /** Made after the file, so that it cannot open them. */
  newer: number
  /** The newest moment at which somebody else holds the record as it is; null when nothing of it is held. */
  heldUntil: string | null
  heldSize: number
  problems: string[]
}

export interface OfflineReport {
  ok: boolean
  origin: string
  made: string
  part: boolean
  /** Hashes alone: what the entries say is not in the file. */
  leaves: boolean
  entries: number
  sealed: number
  sealedAt: string | null
  notYetSealed: number
  stubs: number
  treeSize: number | null
  root: string | null
  heads: number
  keysFrom: 'given' | 'bundle'
  keys: string[]
  keyChanges: KeyChange[]
  unchained: number
  witness: HeldReport | null
  problemCount: number
  problems: { position: number | null; what: string }[]
  /** The same in words, line by line. */
  says: string[]
}

/** Undefined when the file is no bundle. Throws Node's error when it cannot be opened. */
export function checkBundle(
  path: string,
  options?: { keys?: readonly string[]; witness?: string | null; listAtMost?: number },
): Promise<OfflineReport | undefined>

export interface Key {
  name: string
  id: string
  text: string
}
export interface HeldStatement {
  origin: string
  /** Base64. */
  commitment: string
  at: string
}
export interface Held {
  statements: HeldStatement[]
  unread: number
}

export function readKey(text: string): Key | undefined
export function readWitness(text: string): Held
export function checkWitness(
  held: Held,
  openings: readonly { salt: string; head: string }[],
  origin: string,
  keys: readonly Key[],
  fits: (head: { text: string; size: number; root: Buffer }) => boolean,
  newer?: (at: string) => boolean,
): HeldReport
export function holdsConsistency(from: number, to: number, path: readonly Buffer[], fromRoot: Buffer, toRoot: Buffer): boolean
