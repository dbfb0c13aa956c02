import type { Keyring } from './keys.ts'

/** Why nothing is sealed: no key of the record is here, or the store refuses (a full disk, a lock, a lost connection). */
export type SealTrouble = 'no-key' | 'store'

/** What this process knows of the record that no row can say. One for each process; the parts that run fill it in. */
export interface Machine {
  ring?: Keyring
  /** Since when sealing has failed, in this process. */
  trouble?: { what: SealTrouble; since: Date } | undefined
}
