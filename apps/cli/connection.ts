import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { databaseAccount } from '#core/db/launch/account.ts'
import { defaultData } from '#core/db/launch/folder.ts'

export interface Connection {
  url: string
  token: string
}

/**
 * Which server, and with which token: CONCORD_URL and CONCORD_TOKEN, else the file that a server on this machine
 * keeps in its data folder for the operator of that machine (readable by that account only).
 */
export async function connectionOf(environment: NodeJS.ProcessEnv): Promise<Connection> {
  if (environment.CONCORD_URL && environment.CONCORD_TOKEN) return { url: environment.CONCORD_URL, token: environment.CONCORD_TOKEN }
  const file = join(environment.CONCORD_DATA ?? defaultData(databaseAccount()), 'operator.json')
  try {
    return JSON.parse(await readFile(file, 'utf8')) as Connection
  } catch {
    throw new Error(
      'No server was named and none of this machine is known. Set CONCORD_URL and CONCORD_TOKEN, or start one here with: concord start',
    )
  }
}
