import type { FastifyInstance } from 'fastify'
import { type TestDoor, testDoor } from '#core/access/sign-in/testing.ts'
import { readConfig } from '#core/config.ts'
import type { TestCity } from '#core/db/testing.ts'
import { startTail } from '#core/live/tail.ts'
import type { Area } from '#core/operation/implement.ts'
import { startSequencer } from '#core/record/sequencer.ts'
import { built } from '#core/web/testing.ts'
import { serveLive } from './live.ts'
import type { Served } from './server.ts'
import { serveWeb } from './static.ts'

/** A test city as a browser meets it: the areas' operations, the live stream and the built pages, at one address. `stop` ends it all but the city. */
export async function liveDoor(
  city: TestCity,
  more: Partial<Served> & { areas: Area[]; mount?: (server: FastifyInstance) => void; failed?: (error: unknown) => void },
): Promise<TestDoor> {
  const { mount, failed = (error) => console.error(error), ...served } = more
  const tail = await startTail(city.database, { failed })
  const sequencer = startSequencer(city.database, { placed: () => tail.poke(), failed })
  city.database.onCommit(() => sequencer.poke())
  const door = await testDoor(city, {
    limitCalls: false,
    ...served,
    web: async (server) => {
      serveLive(server, { database: city.database, tail, config: readConfig({ port: '0' }, {}) })
      mount?.(server)
      await serveWeb(server, built)
    },
  })
  return {
    ...door,
    stop: async () => {
      await sequencer.stop()
      await tail.stop()
      await door.stop()
    },
  }
}
