import { expect } from 'vitest'
import { readConfig } from '#core/config.ts'
import type { TestCity } from '#core/db/testing.ts'
import { serveLive } from '#core/http/live.ts'
import { buildServer } from '#core/http/server.ts'
import type { Registry } from '#core/operation/perform.ts'
import { startSequencer } from '#core/record/sequencer.ts'
import { startTail } from './tail.ts'

/** What has come down somebody's stream so far. */
export interface Stream {
  text: string
  end(): void
}

export interface LiveServer {
  url: string
  /** Waits until nothing of what was written is on its way any more: a stream that is put together under a reach that changes is cut. */
  caughtUp(): Promise<void>
  /** Follows once: a stream that is cut stays ended. */
  following(who: { key: string }): Promise<Stream>
  stop(): Promise<void>
}

/** The operations and the live stream of a test city on an address of their own, without pages: see core/http/testing.ts for a browser's. */
export async function liveServer(city: TestCity, registry: Registry): Promise<LiveServer> {
  const failed = (error: unknown) => console.error(error)
  const server = await buildServer({ database: city.database, registry, config: readConfig({}, {}), log: false })
  const tail = await startTail(city.database, { failed })
  const sequencer = startSequencer(city.database, { placed: () => tail.poke(), failed })
  city.database.onCommit(() => sequencer.poke())
  serveLive(server, { database: city.database, tail, config: readConfig({}, {}) })
  const url = await server.listen({ port: 0, host: '127.0.0.1' })
  return {
    url,
    async caughtUp() {
      const { rows } = await city.owner.query<{ count: number }>('select count(*)::int as count from record.entry')
      await expect.poll(() => Number(tail.hub.position()), { timeout: 10_000, interval: 20 }).toBe(rows[0]!.count - 1)
    },
    async following(who) {
      const ending = new AbortController()
      const answer = await fetch(`${url}/live`, { headers: { authorization: `Bearer ${who.key}` }, signal: ending.signal })
      expect(answer.status).toBe(200)
      const stream = { text: '', end: () => ending.abort() }
      void (async () => {
        const decoder = new TextDecoder()
        for await (const part of answer.body!) stream.text += decoder.decode(part as Uint8Array, { stream: true })
      })().catch(() => undefined)
      return stream
    },
    async stop() {
      await sequencer.stop()
      await tail.stop()
      await server.close()
    },
  }
}
