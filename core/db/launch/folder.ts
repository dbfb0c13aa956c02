import { createHash } from 'node:crypto'
import { chmodSync, mkdirSync, realpathSync, statSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { unavailable } from '#core/errors.ts'
import { type Account, barrier } from './account.ts'
import { explain } from './explain.ts'

const project = resolve(dirname(fileURLToPath(import.meta.url)), '../../..')

/** Where a store lives when nobody said: for root a place its database account can reach, one per project; else `.concord` in the project. */
export function defaultData(account: Account | undefined): string {
  if (!account) return join(project, '.concord')
  return join('/var/lib/concord', createHash('sha256').update(project).digest('hex').slice(0, 12))
}

/** Makes the data folder, lets the account pass through it (it can list nothing), and says what stands in the way. Returns its real path. */
export function prepareFolder(data: string, account: Account | undefined): string {
  try {
    mkdirSync(data, { recursive: true, mode: account ? 0o711 : 0o700 })
    const real = realpathSync(data)
    if (account) chmodSync(real, (statSync(real).mode & 0o777) | 0o011)
    const blocked = barrier(real, account)
    if (blocked === undefined) return real
    throw unavailable(
      `PostgreSQL runs as ${account?.name}, which cannot pass through ${blocked} to ${real}. Nothing was started. ` +
        'Give --data (or CONCORD_DATA) a folder outside private homes, such as /var/lib/concord.',
    )
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'ENOSPC' || code === 'EDQUOT') throw unavailable(explain('No space left on device', { data, account }))
    if (code === 'EROFS') throw unavailable(explain('Read-only file system', { data, account }))
    if (code === 'EACCES' || code === 'EPERM' || code === 'ENOTDIR' || code === 'EEXIST') {
      throw unavailable(
        `The data folder ${data} cannot be used (${code}). Nothing was started. Give --data (or CONCORD_DATA) a folder that you may write.`,
      )
    }
    throw error
  }
}
