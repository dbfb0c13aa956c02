import { execFileSync } from 'node:child_process'
import { statSync } from 'node:fs'
import { dirname } from 'node:path'
import { unavailable } from '#core/errors.ts'

/** The operating-system account PostgreSQL runs under: numeric ids, for child_process and chown. */
export interface Account {
  name: string
  uid: number
  gid: number
}

/**
 * The account to run PostgreSQL as, or undefined when this process is not root and simply runs it itself.
 * PostgreSQL refuses root, so root takes an existing `postgres`, else `concord`, which is made when absent.
 */
export function databaseAccount(): Account | undefined {
  if (process.getuid?.() !== 0) return undefined
  const found = lookUp('postgres') ?? lookUp('concord')
  if (found) return found
  try {
    execFileSync('useradd', ['--system', '--no-create-home', '--shell', '/usr/sbin/nologin', 'concord'], { stdio: 'pipe' })
  } catch {
    throw unavailable(
      'PostgreSQL does not run as root, and an account for it could not be made. Nothing was started. ' +
        'Make one (useradd --system concord), start Concord as an ordinary user, or set DATABASE_URL.',
    )
  }
  const made = lookUp('concord')
  if (!made)
    throw unavailable(
      'The account concord was made but cannot be looked up. Nothing was started. Set DATABASE_URL, or start Concord as an ordinary user.',
    )
  return made
}

function lookUp(name: string): Account | undefined {
  const number = (flag: string) => Number(execFileSync('id', [flag, name], { stdio: ['ignore', 'pipe', 'ignore'], encoding: 'utf8' }))
  try {
    return { name, uid: number('-u'), gid: number('-g') }
  } catch {
    return undefined
  }
}

/** The first folder on the way to `path` that the account cannot pass through, or undefined when it can reach it. */
export function barrier(path: string, account: Account | undefined): string | undefined {
  if (!account) return undefined
  let blocked: string | undefined
  for (let folder = path; ; folder = dirname(folder)) {
    const found = statSync(folder, { throwIfNoEntry: false })
    if (found) {
      const bit = found.uid === account.uid ? 0o100 : found.gid === account.gid ? 0o010 : 0o001
      if ((found.mode & bit) === 0) blocked = folder
    }
    if (folder === dirname(folder)) return blocked
  }
}
