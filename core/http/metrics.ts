import { createServer } from 'node:http'
import type { FastifyInstance } from 'fastify'
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry as Figures } from 'prom-client'
import type { Config } from '#core/config.ts'
import { one, sql } from '#core/db/sql.ts'
import type { Database } from '#core/db/tx.ts'
import { pathOf } from '#core/operation/operation.ts'
import type { Registry } from '#core/operation/perform.ts'
import { notFound } from '#core/errors.ts'
import { isFromHere } from './loopback.ts'

export interface Measured {
  database: Database
  registry: Registry
  config: Pick<Config, 'metricsHost' | 'metricsPort' | 'publicUrl' | 'trustedProxy'>
  /** Streams open on this process. */
  viewers?: () => number
  /** Messages that wait to be handed over. */
  outboxDepth?: () => number | Promise<number>
  /** How the record stands: times and whether something fails, no size. */
  record?: { unsealedSeconds(): Promise<number>; troubled(): number; lateWitnesses(): Promise<number> }
}

const outcomes: Record<number, string> = {
  400: 'invalid',
  401: 'signed-out',
  403: 'not-allowed',
  404: 'not-found',
  409: 'conflict',
  412: 'stale',
  429: 'limit',
}
const outcomeOf = (status: number) => (status < 400 ? 'done' : (outcomes[status] ?? (status < 500 ? 'invalid' : 'unavailable')))

/**
 * Figures about the machine for Prometheus: how often, how fast, how many wait. Names of operations and outcomes only; no person, post, agency,
 * incident, world or word. Even so they show when the city is busy, so they never leave this machine by themselves: a listener of their own on
 * `metricsHost` when `metricsPort` is set, else `/metrics` here for programs on this machine alone (to anybody else it is not there).
 * @returns ends the listener
 */
export async function serveMetrics(
  server: FastifyInstance,
  { database, registry, config, viewers, outboxDepth, record }: Measured,
): Promise<() => Promise<void>> {
  const figures = new Figures()
  collectDefaultMetrics({ register: figures, prefix: 'concord_' })
  const registers = [figures]
  const requests = new Counter({
    name: 'concord_requests_total',
    help: 'Operations asked for, by name and outcome',
    labelNames: ['operation', 'outcome'],
    registers,
  })
  const seconds = new Histogram({
    name: 'concord_command_seconds',
    help: 'Time from the first byte of a command to its acknowledgement, after the commit',
    labelNames: ['outcome'],
    buckets: [0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2, 5],
    registers,
  })
  const gauge = (name: string, help: string, read: () => number | Promise<number>) =>
    new Gauge({
      name,
      help,
      registers,
      async collect() {
        // A figure that cannot be read is not there; the last one would look like calm.
        this.reset()
        this.set(await Promise.resolve(read()).catch(() => Number.NaN))
      },
    })
  if (viewers) gauge('concord_live_viewers', 'Live streams open on this process', viewers)
  if (outboxDepth) gauge('concord_outbox_waiting', 'Messages that wait to be handed to a channel', outboxDepth)
  if (record) {
    gauge('concord_unsealed_seconds', 'Age of the oldest entry that no signed head covers; 0 when all are covered', record.unsealedSeconds)
    gauge('concord_sealer_troubled', '1 while this process cannot seal: no key at hand, or the store refuses', record.troubled)
    gauge('concord_witnesses_late', 'Witnesses that were not reached for two intervals', record.lateWitnesses)
  }
  gauge('concord_sequencer_behind', 'Committed entries that have no position yet', async () => {
    const { behind } = await database.verifier((tx) =>
      one<{ behind: number }>(
        tx,
        sql`select count(*)::int as behind from record.entry e, record.sequencer s
            where e.transaction >= s.below and e.transaction < pg_snapshot_xmin(pg_current_snapshot())`,
      ),
    )
    return behind
  })

  const byPath = new Map(registry.operations.map(({ operation }) => [pathOf(operation), operation]))
  server.addHook('onResponse', async (request, reply) => {
    const operation = byPath.get(request.routeOptions.url ?? '')
    if (!operation) return
    const outcome = outcomeOf(reply.statusCode)
    requests.inc({ operation: operation.name, outcome })
    if (operation.kind === 'command') seconds.observe({ outcome }, reply.elapsedTime / 1000)
  })

  if (config.metricsPort === undefined) {
    server.get('/metrics', async (request, reply) => {
      if (!isFromHere(request, config)) throw notFound()
      return reply.type(figures.contentType).send(await figures.metrics())
    })
    return async () => figures.clear()
  }
  const listener = createServer((request, response) => {
    if (request.method !== 'GET' || request.url !== '/metrics') {
      response.writeHead(404).end()
      return
    }
    void figures.metrics().then(
      (text) => response.writeHead(200, { 'content-type': figures.contentType, 'cache-control': 'no-store' }).end(text),
      () => response.writeHead(503).end(),
    )
  })
  await new Promise<void>((listening, refused) => {
    listener.once('error', refused)
    listener.listen(config.metricsPort, config.metricsHost, listening)
  })
  return async () => {
    figures.clear()
    listener.closeAllConnections()
    await new Promise<void>((closed) => listener.close(() => closed()))
  }
}
