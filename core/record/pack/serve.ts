import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { readFile, stat } from 'node:fs/promises'
import type { FastifyInstance } from 'fastify'
import type { Config } from '#core/config.ts'
import type { Database } from '#core/db/tx.ts'
import { notFound } from '#core/errors.ts'
import { enteringOf } from '#core/http/session.ts'
import { fileOf } from './make.ts'
import * as store from './store.ts'

const gone = () => notFound('There is no such file, or its time is over. Nothing was changed. Take the pack again on its page.')

/** The sealed file of a pack, for whoever took it and only for some minutes; and the program that opens it, which is no secret. */
export function servePacks(
  server: FastifyInstance,
  { database, config, folder }: { database: Database; config: Config; folder: string },
): void {
  server.get('/packs/concord-open.mjs', async (_request, reply) =>
    reply
      .type('text/javascript')
      .header('content-disposition', 'attachment; filename="concord-open.mjs"')
      .send(await readFile(new URL('./open.mjs', import.meta.url))),
  )
  server.get('/packs/:ticket', async (request, reply) => {
    const { ticket } = request.params as { ticket: string }
    const hash = createHash('sha256').update(ticket).digest()
    const found = await database.read(enteringOf(request, config, 'record.takePack'), ({ tx, actor }) =>
      store.ofTicket(tx, hash, actor.personId),
    )
    if (!found) throw gone()
    const path = fileOf(folder, found.packId)
    const kept = await stat(path).catch(() => undefined)
    if (kept?.size !== found.size) throw gone()
    return reply
      .type('application/octet-stream')
      .header('content-length', kept.size)
      .header('content-disposition', 'attachment; filename="pack.concord"')
      .send(createReadStream(path))
  })
}
