import { openDatabase } from '#core/db/tx.ts'
import { makePack } from './make.ts'

export interface WorkerTask {
  /** How to reach the store as the serving role. */
  server: Parameters<typeof openDatabase>[0]
  folder: string
  packId: string
}

/** Makes one pack in a thread of its own, with two connections of its own: the server goes on answering. */
export async function work({ server, folder, packId }: WorkerTask): Promise<void> {
  const database = await openDatabase(server, { connections: 2, lanes: 1 })
  try {
    await makePack(database, folder, packId)
  } finally {
    await database.end()
  }
}
