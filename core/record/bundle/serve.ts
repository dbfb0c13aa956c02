import { createHash } from 'node:crypto'
import { Readable } from 'node:stream'
import type { FastifyInstance } from 'fastify'
import { cityCode } from '#core/access/found.ts'
import type { Config } from '#core/config.ts'
import type { Database, Entering } from '#core/db/tx.ts'
import { notFound } from '#core/errors.ts'
import { enteringOf } from '#core/http/session.ts'
import type { Tx } from '#core/operation/implement.ts'
import { writeLeaves } from '../tree/bundle.ts'
import { verifierSource } from '../verifier/source.ts'
import * as store from './store.ts'

const gone = () => notFound('There is no such file, or its time is over. Nothing was changed. Take the record again.')
const atOnce = 4096

/**
 * Page after page, each read by the person who asked, in a transaction of its own: a million entries hold no transaction open, and one page is what
 * memory holds. What is read was written before and is never changed, so the pages fit each other.
 */
async function* pagesOf<Row>(
  read: <Answer>(work: (tx: Tx) => Promise<Answer>) => Promise<Answer>,
  page: (tx: Tx, after: number) => Promise<Row[]>,
  place: (row: Row) => number,
  after: number,
): AsyncGenerator<Row[]> {
  for (let last = after; ; ) {
    const from = last
    const rows = await read((tx) => page(tx, from))
    const end = rows.at(-1)
    if (end === undefined) return
    yield rows
    last = place(end)
  }
}

/** The lines of the whole record up to the head of `size`, as this person may take it. */
async function bundleLines(database: Database, entering: Entering, size: number, statements: number): Promise<AsyncGenerator<string>> {
  const read = <Answer>(work: (tx: Tx) => Promise<Answer>) => database.read(entering, ({ tx }) => work(tx))
  const manifest = await read(async (tx) => {
    const upTo = await store.statementsUpTo(tx, statements)
    return {
      origin: await cityCode(tx),
      made: new Date().toISOString(),
      entries: size,
      heads: await store.headCount(tx, size),
      openings: upTo.statements,
      told: upTo.told === null ? null : new Date(upTo.told).toISOString(),
      keys: await store.publicKeys(tx),
    }
  })
  return writeLeaves(manifest, {
    leaves: pagesOf(
      read,
      (tx, after) => store.leaves(tx, after, size, atOnce),
      ({ position }) => position,
      -1,
    ),
    heads: pagesOf(
      read,
      (tx, after) => store.heads(tx, after, size, atOnce),
      (head) => head.size,
      0,
    ),
    openings: pagesOf(
      read,
      (tx, after) => store.statements(tx, after, statements, atOnce),
      ({ number }) => number,
      0,
    ),
  })
}

/** The record's file for whoever took it and only for some minutes; and the program that verifies it, which is no secret. */
export function serveBundles(server: FastifyInstance, { database, config }: { database: Database; config: Config }): void {
  server.get('/bundles/concord-verify.mjs', async (_request, reply) =>
    reply
      .type('text/javascript')
      .header('content-disposition', 'attachment; filename="concord-verify.mjs"')
      .send(await verifierSource()),
  )
  server.get('/bundles/:ticket', async (request, reply) => {
    const { ticket } = request.params as { ticket: string }
    const hash = createHash('sha256').update(ticket).digest()
    const entering = enteringOf(request, config, 'record.bundle')
    const found = await database.read(entering, ({ tx, actor }) => store.ofTicket(tx, hash, actor.personId))
    if (!found) throw gone()
    const lines = await bundleLines(database, entering, found.size, found.statements)
    return reply
      .type('application/x-ndjson')
      .header('content-disposition', 'attachment; filename="record.jsonl"')
      .send(Readable.from(lines, { objectMode: false }))
  })
}
