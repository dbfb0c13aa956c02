import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { Config } from '#core/config.ts'
import { enteringOf, refuseOtherSites } from '#core/http/session.ts'
import { play, type Playing } from './play.ts'

/** `GET /demo` says whether the exercise is being played; `POST /demo` plays it. A city of one's own has no such address. */
export function serveDemo(server: FastifyInstance, config: Config, playing: () => Playing): (from?: string) => Promise<void> {
  const whoIs = (request: FastifyRequest) => playing().database.read(enteringOf(request, config, 'demo.play'), async ({ actor }) => actor)
  let running: { worldId: string } | undefined
  const begin = (from?: string) =>
    new Promise<{ worldId: string; over: Promise<void> }>((resolve, reject) => {
      const over = play(playing(), {
        ...(from === undefined ? {} : { from }),
        opened(worldId) {
          running = { worldId }
          resolve({ worldId, over })
        },
      }).then(
        () => {
          running = undefined
        },
        (error: unknown) => {
          running = undefined
          reject(error)
        },
      )
    })
  server.get('/demo', async (request) => {
    await whoIs(request)
    return { playing: running !== undefined }
  })
  server.post('/demo', async (request) => {
    refuseOtherSites(request, config)
    await whoIs(request)
    return running ?? { worldId: (await begin()).worldId }
  })
  return async (from) => (await begin(from)).over
}
