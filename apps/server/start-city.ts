import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import fastifyStatic from '@fastify/static'
import type { Config } from '#core/config.ts'
import { isSecure } from '#core/config.ts'
import { openStore, type Store } from '#core/db/launch/open-store.ts'
import { serverPassword } from '#core/db/launch/url.ts'
import { migrate } from '#core/db/migrate.ts'
import { type Database, openDatabase } from '#core/db/tx.ts'
import { buildServer } from '#core/http/server.ts'
import { startRunner } from '#core/jobs/runner.ts'
import { startSequencer } from '#core/record/sequencer.ts'
import { areas, registry } from './registry.ts'

const webFolder = fileURLToPath(new URL('../../dist/web', import.meta.url))

export interface City {
  url: string
  store: Store
  database: Database
  stop(): Promise<void>
}

/** Opens the store, brings it up to date, and serves one city at one address. */
export async function startCity(config: Config, log: { info(message: string): void; warn(message: string): void }): Promise<City> {
  const store = await openStore({ databaseUrl: config.databaseUrl, data: config.data, systemPostgres: config.systemPostgres, log })
  await migrate(store.owner, store.kind === 'url' ? { serverPassword: serverPassword(store.owner, 'concord_server') } : {})
  const database = await openDatabase(store.server('concord_server'))
  const server = await buildServer({ database, registry, config, log: { level: 'warn' } })
  const sequencer = startSequencer(database, { placed: () => undefined, failed: (error) => server.log.error({ error }, 'sequencer') })
  database.onCommit(() => sequencer.poke())
  const runner = startRunner(database, registry, areas.flatMap((area) => area.jobs ?? []), (job, error) => server.log.error({ job, error }, 'duty failed'))
  if (existsSync(join(webFolder, 'index.html'))) await serveWeb(server)
  await server.listen({ port: config.port, host: config.host, backlog: 4096 })
  const [address] = server.addresses()
  const port = typeof address === 'object' ? address.port : config.port
  return {
    url: config.publicUrl ?? `${isSecure(config) ? 'https' : 'http'}://${config.host === '127.0.0.1' ? 'localhost' : config.host}:${port}`,
    store,
    database,
    async stop() {
      await runner.stop()
      await sequencer.stop()
      await server.close()
      await database.end()
      await store.stop()
    },
  }
}

async function serveWeb(server: Awaited<ReturnType<typeof buildServer>>): Promise<void> {
  await server.register(fastifyStatic, { root: webFolder, preCompressed: true, cacheControl: false, wildcard: false })
  // Every other address of the web is the shell's: it shows the page, or says plainly that there is none.
  server.setNotFoundHandler(async (request, reply) => {
    if (request.method === 'GET' && !request.url.startsWith('/api/')) return reply.code(200).sendFile('index.html')
    return reply.code(404).type('application/problem+json').send({ type: 'urn:concord:error:not-found', title: 'not found', status: 404, kind: 'not-found', detail: 'There is nothing at this address.' })
  })
}
