import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { mountAcceptPage, mountCallbacks, mountIngest, startSources } from '#areas/watch/area.ts'
import { cityCode, foundCity, newLink, operatorToken, playKeys } from '#core/access/found.ts'
import { linkSender } from '#core/access/sign-in/send-link.ts'
import { channelsFromEnvironment } from '#core/channels/configuration.ts'
import { openChannels } from '#core/channels/delivery.ts'
import { waitingCount } from '#core/channels/outbox/store.ts'
import { startSender } from '#core/channels/outbox/sender.ts'
import { type Config, dataFolder, isSecure } from '#core/config.ts'
import { keepAlive } from '#core/db/launch/keep.ts'
import { openStore } from '#core/db/launch/open-store.ts'
import type { Log, Store } from '#core/db/launch/store.ts'
import { serverPassword } from '#core/db/launch/url.ts'
import { migrate } from '#core/db/migrate.ts'
import { type Database, openDatabase } from '#core/db/tx.ts'
import { serveLive } from '#core/http/live.ts'
import { providerFrom } from '#core/http/provider-config.ts'
import { serveMetrics } from '#core/http/metrics.ts'
import { serveOpenApi } from '#core/http/openapi.ts'
import { buildServer } from '#core/http/server.ts'
import { cookieName } from '#core/http/session.ts'
import { serveWeb } from '#core/http/static.ts'
import { faultOf } from '#core/log.ts'
import { startRunner } from '#core/jobs/runner.ts'
import { startTail } from '#core/live/tail.ts'
import { serveBundles } from '#core/record/bundle/serve.ts'
import { keyringOf } from '#core/record/keys.ts'
import { startPackKeeper } from '#core/record/pack/keeper.ts'
import { servePacks } from '#core/record/pack/serve.ts'
import { startSealer } from '#core/record/sealer.ts'
import { startSequencer } from '#core/record/sequencer.ts'
import { startVerifying } from '#core/record/standing/verifying.ts'
import { witnessesFrom } from '#core/record/witness/configuration.ts'
import { mountWitnessed } from '#core/record/witness/door.ts'
import { lateCount, unsealedSeconds } from '#core/record/witness/store.ts'
import { startTelling } from '#core/record/witness/telling.ts'
import { demoCity, loadDemo } from './demo-city.ts'
import { serveDemo } from './serve-demo.ts'
import { areas, machine, registry } from './registry.ts'

const webFolder = fileURLToPath(new URL('../../dist/web', import.meta.url))

export interface City {
  url: string
  store: Store
  database: Database
  operatorToken: string
  /** What somebody who just started it should read: the sign-in link of a first run, and what is not configured. */
  firstLines: string[]
  /** Plays the demo's exercise; only where the demo city is. */
  play(from?: string): Promise<void>
  stop(): Promise<void>
}

/** Opens the store, brings it up to date, founds the city on first run, and serves it at one address. `web`: a folder with another build of the web. */
export async function startCity(config: Config, options: { demo: boolean; web?: string }, log: Log): Promise<City> {
  const store = await openStore({ databaseUrl: config.databaseUrl, data: config.data, systemPostgres: config.systemPostgres, log })
  const password = store.kind === 'url' ? serverPassword(store.owner, 'concord_server') : undefined
  await migrate(store.owner, password === undefined ? {} : { serverPassword: password })
  const founding = options.demo
    ? await demoCity()
    : { city: config.city, administrator: { name: 'First administrator', mail: config.administratorMail } }
  const founded = await foundCity(store.owner, founding.city, founding.administrator)
  const token = await operatorToken(store.owner)

  const letDie = keepAlive(store, log)
  const database = await openDatabase(store.server('concord_server'))
  const channelsConfig = channelsFromEnvironment(process.env)
  const channels = openChannels(channelsConfig)
  const callBack = process.env.CONCORD_CALL_BACK ?? 'your control room'
  const witnessConfig = witnessesFrom(process.env)
  const provider = providerFrom(process.env)
  const server = await buildServer({
    database,
    registry,
    config,
    log: { level: 'warn' },
    signIn: {
      sendLink: linkSender(channels, callBack),
      ...(options.demo ? { showLink: log.info } : {}),
      ...(provider ? { provider } : {}),
    },
    limitCalls: process.env.CONCORD_LIMIT_CALLS !== 'off',
  })
  const failed = (what: string) => (error: unknown) => server.log.error({ what, fault: faultOf(error) }, 'a background duty failed')
  const tail = await startTail(database, { failed: failed('tail') })
  const origin = await database.verifier(cityCode)
  const unreadable = (name: string) => server.log.error({ what: 'keys', file: name }, 'a key file cannot be read')
  const ring = keyringOf(dataFolder(config), origin, process.env, unreadable)
  Object.assign(machine, { ring, trouble: undefined })
  const sealer = startSealer(database, { machine: Object.assign(machine, { ring }), origin, failed: failed('sealer') })
  const placed = () => {
    tail.poke()
    sealer.poke()
  }
  const sequencer = startSequencer(database, { placed, failed: failed('sequencer') })
  database.onCommit(() => sequencer.poke())
  const runner = startRunner(
    database,
    registry,
    areas.flatMap((area) => area.jobs ?? []),
    (job, error) => failed(job)(error),
  )
  serveLive(server, { database, tail, config })
  mountAcceptPage(server, database)
  mountCallbacks(server, database, channelsConfig.inbound)
  mountIngest(server, database)
  mountWitnessed(server, database)
  const packsFolder = join(dataFolder(config), 'packs')
  servePacks(server, { database, config, folder: packsFolder })
  serveBundles(server, { database, config })
  const packKeeper = startPackKeeper(database, { server: store.server('concord_server'), folder: packsFolder, failed: failed('packs') })
  serveOpenApi(server, { database, registry, config, cookie: cookieName(config) })
  const endMetrics = await serveMetrics(server, {
    database,
    registry,
    config,
    viewers: () => tail.hub.figures().viewers,
    outboxDepth: () => database.jobs('channels.waitingCount', null, waitingCount),
    record: {
      unsealedSeconds: () => database.verifier(unsealedSeconds),
      troubled: () => (machine.trouble === undefined ? 0 : 1),
      lateWitnesses: () => database.verifier((tx) => lateCount(tx, new Date())),
    },
  })
  let url = ''
  const playDemo = options.demo
    ? serveDemo(server, config, () => ({ database, registry, owner: store.owner, operatorToken: token, url, log }))
    : undefined
  await serveWeb(server, options.web ?? webFolder)
  await server.listen({ port: config.port, host: config.host, backlog: 4096 })
  const [address] = server.addresses()
  const port = typeof address === 'object' ? address.port : config.port
  url = config.publicUrl ?? `${isSecure(config) ? 'https' : 'http'}://${config.host === '127.0.0.1' ? 'localhost' : config.host}:${port}`
  const sender = await startSender(database, { config: channelsConfig, channels, baseUrl: () => url, callBack, failed: failed('outbox') })
  const telling = startTelling(database, { ring, origin, config: witnessConfig, channels, failed: failed('witnesses') })
  const verifying = startVerifying(database, { failed: failed('verification') })
  const sources = startSources(database, { inbox: join(dataFolder(config), 'inbox'), failed: (what, error) => failed(what)(error) })
  if (founded && options.demo) {
    const key = (await playKeys(store.owner, [{ personId: founded.personId, postId: null }])).get(founded.personId)!
    await loadDemo(database, registry, { key, operation: 'demo.load' }, log)
  }
  const firstLines = founded
    ? [
        `This is a new city: ${founding.city.name}.`,
        `Its first administrator signs in once, within the hour, at ${url}${await newLink(store.owner, founded.personId)}`,
      ]
    : []
  return {
    url,
    store,
    database,
    operatorToken: token,
    firstLines,
    play: async (from) => {
      if (!playDemo) throw new Error('Only the demo city has an exercise to play.')
      await playDemo(from)
    },
    async stop() {
      letDie()
      await sources.stop()
      await telling.stop()
      await verifying.stop()
      await runner.stop()
      await packKeeper.stop()
      await sender.stop()
      await tail.stop()
      await sequencer.stop()
      await sealer.stop()
      await server.close()
      await endMetrics()
      channels.close()
      await database.end()
      await store.stop()
    },
  }
}
