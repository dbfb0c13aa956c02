import { chmodSync, chownSync, existsSync, lstatSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { unavailable } from '#core/errors.ts'
import type { Account } from './account.ts'

/** The port only names the socket file; nothing listens on the network. */
export const port = 5432

// sun_path holds 108 bytes on Linux and 104 elsewhere, the closing zero included.
const longest = process.platform === 'linux' ? 107 : 103
const fits = (folder: string) => Buffer.byteLength(join(folder, `.s.PGSQL.${port}`)) <= longest

/**
 * The folder for the socket, closed to everybody but the account: `<data>/run`, or, when that path is too long for a socket,
 * a short one under /tmp whose name is kept in `<data>/run.path`.
 */
export function socketFolder(data: string, account: Account | undefined): string {
  const near = join(data, 'run')
  if (fits(near)) {
    mkdirSync(near, { recursive: true })
    return closed(near, account)
  }
  const pointer = join(data, 'run.path')
  const kept = existsSync(pointer) ? readFileSync(pointer, 'utf8').trim() : undefined
  if (kept && isOurs(kept, account)) return kept
  const base = fits(join(tmpdir(), 'concord-XXXXXX')) ? tmpdir() : '/tmp'
  const made = closed(mkdtempSync(join(base, 'concord-')), account)
  writeFileSync(pointer, `${made}\n`)
  return made
}

function closed(folder: string, account: Account | undefined): string {
  chmodSync(folder, 0o700)
  if (account) chownSync(folder, account.uid, account.gid)
  return folder
}

/** /tmp is everybody's: a folder there is taken up again only when it is a real one, closed, and of the right owner. */
function isOurs(folder: string, account: Account | undefined): boolean {
  const found = lstatSync(folder, { throwIfNoEntry: false })
  if (!found) return false
  if (found.isDirectory() && found.uid === (account?.uid ?? process.getuid?.()) && (found.mode & 0o077) === 0) return true
  throw unavailable(
    `The folder for the store's socket, ${folder}, is not as Concord left it. Nothing was started. Find out who changed it, then remove it.`,
  )
}
