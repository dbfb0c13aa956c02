import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { run, sql } from '#core/db/sql.ts'
import type { Database } from '#core/db/tx.ts'
import { createSigningKey, readSigningKey, type SigningKey } from './tree/heads.ts'

/**
 * The key that signs this city's heads: made on first use, kept in the data folder (0600), never in the store it signs for.
 * Several processes of one city share the folder, or are given the same secret as CONCORD_SIGNING_KEY.
 */
export async function signingKey(folder: string, origin: string, environment: NodeJS.ProcessEnv): Promise<SigningKey> {
  if (environment.CONCORD_SIGNING_KEY) return readSigningKey(origin, environment.CONCORD_SIGNING_KEY)
  const file = join(folder, 'keys', `${origin}.key`)
  const read = async () => readSigningKey(origin, (await readFile(file, 'utf8')).trim())
  try {
    return await read()
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
  }
  await mkdir(join(folder, 'keys'), { recursive: true, mode: 0o700 })
  const made = createSigningKey(origin)
  // Another process may have made it in this very moment: the first file stands.
  await writeFile(file, `${made.secret}\n`, { mode: 0o600, flag: 'wx' }).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') throw error
  })
  return read()
}

/** Names the public key in the record, so that its heads can be checked. */
export const announceKey = (database: Database, key: SigningKey): Promise<void> =>
  database.verifier((tx) =>
    run(tx, sql`insert into record.signing_key (key_id, public_key) values (${key.key.id}, ${key.key.text}) on conflict do nothing`),
  )
