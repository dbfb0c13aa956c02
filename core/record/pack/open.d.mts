import type { KeyObject } from 'node:crypto'

/** How a passphrase was stretched: scrypt's parameters, salt in base64url. */
export interface Stretch {
  N: number
  r: number
  p: number
  salt: string
}

/** The X25519 private key of a passphrase. */
export function keyOfPassphrase(passphrase: string, stretch: Stretch): Promise<KeyObject>

/** Opens a sealed file into another, which must not be there yet. `secret`: the passphrase, or a private key as a JWK. Throws in words. */
export function openSealed(path: string, out: string, secret: string | object): Promise<void>

/** One command line of `concord record open-pack`; the exit code: 0 opened whole, 1 not. */
export function openMain(args: readonly string[], say?: (line: string) => void, warn?: (line: string) => void): Promise<number>
