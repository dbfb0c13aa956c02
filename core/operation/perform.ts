import { createHash } from 'node:crypto'
import type { z } from 'zod'
import { maybe, sql } from '#core/db/sql.ts'
import type { Database, Entering, Inside } from '#core/db/tx.ts'
import { realClock } from '#core/clock.ts'
import { ConcordError, conflict, invalid, notAllowed, notFound } from '#core/errors.ts'
import { id } from '#core/id.ts'
import type { Actor, Area, Doing, Implementation, Reaction, Tx } from './implement.ts'
import { type Operation, pathOf } from './operation.ts'

export interface Registry {
  operations: readonly Implementation[]
  named(area: string, verb: string): Implementation
  reactions(event: string): readonly Reaction[]
}

/** Collects what the areas can do. Errors: an operation implemented twice. */
export function registryOf(areas: readonly Area[]): Registry {
  const operations = areas.flatMap((area) => area.features.flat())
  const byPath = new Map<string, Implementation>()
  for (const implementation of operations) {
    const path = pathOf(implementation.operation)
    if (byPath.has(path)) throw new Error(`${implementation.operation.name} is implemented twice`)
    byPath.set(path, implementation)
  }
  const byEvent = Map.groupBy(
    areas.flatMap((area) => area.reactions ?? []),
    (reaction) => reaction.on,
  )
  return {
    operations,
    named(area, verb) {
      const found = byPath.get(`/api/${area}/${verb}`)
      if (!found) throw notFound(`There is no operation ${area} ${verb}. Nothing was changed. See: concord operations`)
      return found
    },
    reactions: (event) => byEvent.get(event) ?? [],
  }
}

function parsed<T extends z.ZodType>(schema: T, input: unknown): z.output<T> {
  const result = schema.safeParse(input)
  if (result.success) return result.data
  const [issue] = result.error.issues
  throw invalid(issue?.path.join('.') || 'input', issue?.message ?? 'This input cannot be used.')
}

/** An early and friendly no; the policies in SQL are what guards. */
function refuseUnlessAllowed(operation: Operation, reach: readonly string[]): void {
  // A screen in a room is looked at: whoever stands before it is not its device, so it does no deed that is not meant for devices.
  if (operation.kind === 'command' && reach.includes('kind:device') && !([operation.who].flat() as string[]).includes('device'))
    throw notAllowed('This screen is only looked at. Nothing was changed. Do it on a screen where you are signed in yourself.')
  if (typeof operation.who === 'string') return
  if (operation.who.some((kind) => reach.includes(`kind:${kind}`))) return
  throw notAllowed(`This is for ${operation.who.join(', ').replaceAll('-', ' ')}. Nothing was changed. Ask somebody in such a post.`)
}

const hashOf = (name: string, input: unknown) =>
  createHash('sha256')
    .update(name)
    .update('\n')
    .update(JSON.stringify(input) ?? '')
    .digest('hex')

async function doing(
  registry: Registry,
  implementation: Implementation,
  input: unknown,
  here: Omit<Inside, 'actor'> & { actor: Doing<unknown>['actor'] },
  prepared?: unknown,
) {
  const news: Array<{ name: string; payload: unknown }> = []
  const common = { ...here, id, emit: (name: string, payload: unknown) => void news.push({ name, payload }) }
  const output = await implementation.run({ ...common, input }, prepared)
  // Reactions may emit in their turn; a round cannot go on for ever because a reaction only goes from lower to higher areas.
  for (let event = news.shift(); event; event = news.shift()) {
    for (const reaction of registry.reactions(event.name)) await reaction.run(event.payload as never, common)
  }
  return parsed(implementation.operation.output, output)
}

/**
 * Performs an operation as a person. A command is acknowledged after its commit, once: the same idempotency key answers the same again.
 * Errors: invalid, not found, not allowed, conflict (also: a key used before for another input), stale, limit, unavailable.
 */
export async function perform(
  database: Database,
  registry: Registry,
  implementation: Implementation,
  rawInput: unknown,
  entering: Entering,
  idempotencyKey: string = id(),
): Promise<unknown> {
  const { operation } = implementation
  const input = parsed(operation.input, rawInput)
  if (operation.who === 'anyone') {
    return database.desk(operation.name, (tx) => doing(registry, implementation, input, { tx, actor: atTheDesk, clock: realClock }))
  }
  if (operation.kind === 'query') {
    return database.read(entering, async (here) => {
      refuseUnlessAllowed(operation, here.actor.reach)
      return doing(registry, implementation, input, here)
    })
  }
  const inputHash = hashOf(operation.name, input)
  let prepared: unknown
  if (implementation.prepare) {
    await database.read(entering, async ({ actor }) => refuseUnlessAllowed(operation, actor.reach))
    prepared = await implementation.prepare(input)
  }
  try {
    return await database.change({
      entering,
      run: async (here) => {
        refuseUnlessAllowed(operation, here.actor.reach)
        const value = await doing(registry, implementation, input, here, prepared)
        if (operation.kept === false) return { value }
        const closing = sql`insert into operation.answer (person, world, key, input_hash, answer)
          values (${here.actor.personId}, ${here.actor.world.id}, ${idempotencyKey}, decode(${inputHash}, 'hex'), ${JSON.stringify(value ?? null)}::jsonb)`
        return { value, closing }
      },
    })
  } catch (error) {
    if (!(error instanceof ConcordError) || error.kind === 'not-allowed' || operation.kept === false) throw error
    const before = await database
      .read(entering, ({ tx, actor }) => answered(tx, actor.personId, actor.world.id, idempotencyKey))
      .catch(() => undefined)
    if (before === undefined) throw error
    if (before.inputHash !== inputHash) {
      throw conflict('This key was used before for something else. Nothing was changed. Send it again with a new key.')
    }
    return before.answer
  }
}

const answered = (tx: Tx, person: string, world: string, key: string) =>
  maybe<{ inputHash: string; answer: unknown }>(
    tx,
    sql`select encode(input_hash, 'hex') as input_hash, answer from operation.answer where person = ${person} and world = ${world} and key = ${key}`,
  )

/** Nobody in particular: what the desk's role may do is all that can be done. */
const atTheDesk: Actor = { personId: '', name: '', postId: null, agencyId: null, world: { id: '', kind: 'live', name: '' }, reach: [] }
