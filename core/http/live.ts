import type { FastifyInstance } from 'fastify'
import type { Config } from '#core/config.ts'
import type { Database } from '#core/db/tx.ts'
import { invalid, limit } from '#core/errors.ts'
import type { Tail } from '#core/live/tail.ts'
import { enteringOf } from './session.ts'

const recheckEvery = 30_000

/** `GET /live?world=…`: the ledger's tail as this person may see it, as server-sent events; resumes by Last-Event-ID or `after`. */
export function serveLive(server: FastifyInstance, { database, tail, config }: { database: Database; tail: Tail; config: Config }): void {
  let count = 0
  server.get('/live', async (request, reply) => {
    const { world, after } = request.query as { world?: string; after?: string }
    const entering = enteringOf(request, config, 'live.follow')
    if (world !== undefined) entering.world = world
    const whoIsIt = () => database.read(entering, async ({ actor }) => actor)
    const actor = await whoIsIt()
    const lastId = request.headers['last-event-id'] ?? after
    const from = typeof lastId === 'string' && lastId !== '' ? tail.hub.decodeCursor(lastId) : undefined
    if (typeof lastId === 'string' && lastId !== '' && from === undefined)
      throw invalid('after', 'This is not a place in the stream. Start again without it.')
    const headers = Object.fromEntries(
      Object.entries(reply.getHeaders())
        .filter(([name]) => !['content-type', 'content-length', 'cache-control'].includes(name))
        .map(([name, value]) => [name, String(value)]),
    )
    reply.hijack()
    count += 1
    const leave = await tail.follow({
      id: `${actor.personId} ${count}`,
      person: actor.personId,
      world: actor.world.id,
      response: reply.raw,
      headers,
      ...(from === undefined ? {} : { after: from }),
    })
    if (!leave) {
      reply.raw.destroy()
      throw limit()
    }
    // A session that ends, or a world that closes, ends its stream too.
    const recheck = setInterval(() => void whoIsIt().catch(() => request.raw.socket.destroy()), recheckEvery)
    recheck.unref()
    request.raw.socket.once('close', () => {
      clearInterval(recheck)
      leave()
    })
  })
}
