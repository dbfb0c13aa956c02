import { channelsFromEnvironment } from '#core/channels/configuration.ts'
import { openChannels } from '#core/channels/delivery.ts'
import { startSender } from '#core/channels/outbox/sender.ts'
import { liveWorld, type TestCity } from '#core/db/testing.ts'
import { id } from '#core/id.ts'
import { startRunner } from '#core/jobs/runner.ts'
import { type Operation, wordsOf } from '#core/operation/operation.ts'
import { perform, registryOf } from '#core/operation/perform.ts'
import type { Database } from '#core/db/tx.ts'
import { area } from './area.ts'
import { jobs } from './jobs.ts'

export const registry = registryOf([area])

/** Does an operation of the watch as a person, in live or in an exercise. */
export const performAs = <T>(
  city: TestCity,
  person: { enters(operation?: string, world?: string): Parameters<Database['read']>[0] },
  operation: Operation,
  input: unknown,
  world = liveWorld,
) => perform(city.database, registry, registry.named(...wordsOf(operation)), input, person.enters(operation.name, world)) as Promise<T>

/** Contacts, deputies, exercises and the passing of world time in a test city. */
export function watchFor(city: TestCity) {
  const label = "access.intern('[[\"city:test\"]]', 'TLP:GREEN')"
  return {
    async founded() {
      await city.owner.query("insert into access.city (code, name) values ('test', 'Testville') on conflict do nothing")
    },
    async contact(personId: string, channel: string, address: string, rank: number) {
      const contactId = id()
      await city.owner.query(
        `insert into structure.contacts (id, person_id, channel, address, rank, label, world) values ($1, $2, $3, $4, $5, ${label}, $6)`,
        [contactId, personId, channel, address, rank, liveWorld],
      )
      return contactId
    },
    async holds(personId: string, postId: string, capacity: 'holder' | 'deputy', rank = 1) {
      await city.owner.query(
        `insert into structure.holdings (id, post_id, person_id, capacity, rank, from_at, label, world) values ($1, $2, $3, $4, $5, '2020-01-01T00:00Z', ${label}, $6)`,
        [id(), postId, personId, capacity, rank, liveWorld],
      )
    },
    async endHolding(personId: string, at: string) {
      await city.owner.query('update structure.holdings set until_at = $2 where person_id = $1', [personId, at])
    },
    /** An exercise whose clock stands at `at` now and runs as real time does. */
    async exercise(at = '2026-03-12T14:10:00Z', rate = 1) {
      const worldId = id()
      await city.owner.query(
        "insert into access.world (id, kind, name, real_from, world_from, rate) values ($1, 'exercise', 'Exercise TRIAL', clock_timestamp(), $2, $3)",
        [worldId, at, rate],
      )
      return worldId
    },
    async callBack(agencyId: string, number: string) {
      await city.owner.query('update structure.agencies set call_back = $2 where id = $1', [agencyId, number])
    },
    async passes(worldId: string, minutes: number) {
      await city.owner.query('update access.world set world_from = world_from + make_interval(secs => $2) where id = $1', [
        worldId,
        minutes * 60,
      ])
    },
  }
}

/** A server's timed duties and sender, on these gateways (`CONCORD_MAIL_URL` and so on). */
export async function startDuties(
  database: Database,
  environment: Record<string, string>,
  options: { leaseSeconds?: number; runner?: boolean } = {},
) {
  const config = channelsFromEnvironment(environment)
  const channels = openChannels(config)
  const errors: unknown[] = []
  const failed = (error: unknown) => void errors.push(error)
  const sender = await startSender(database, {
    config,
    channels,
    baseUrl: () => environment.CONCORD_PUBLIC_URL ?? 'http://localhost:3300',
    failed,
    idleMs: 40,
    ...options,
  })
  const runner = startRunner(database, registry, options.runner === false ? [] : jobs, (_job, error) => failed(error))
  return {
    config,
    errors,
    runner,
    sender,
    /** Until a condition holds, while the duties run. */
    async until<T>(condition: () => T | Promise<T>, ms = 8000): Promise<NonNullable<T>> {
      for (const end = Date.now() + ms; ; ) {
        const value = await condition()
        if (value) return value as NonNullable<T>
        if (Date.now() > end) throw new Error(`waited ${ms} ms in vain; ${errors.map(String).join('; ') || 'no error was reported'}`)
        await new Promise((resolve) => setTimeout(resolve, 30))
      }
    },
    async stop() {
      await runner.stop()
      await sender.stop()
      channels.close()
    },
  }
}
