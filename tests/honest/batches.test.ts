import pg from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { area } from '#areas/response/area.ts'
import { openIncident } from '#areas/response/incidents/contract.ts'
import { structureFor, type TestHolder } from '#areas/structure/testing.ts'
import { one, rows, run, sql } from '#core/db/sql.ts'
import { type TestCity, type TestPerson, testCity } from '#core/db/testing.ts'
import type { Tx } from '#core/operation/implement.ts'
import { wordsOf } from '#core/operation/operation.ts'
import { perform, registryOf } from '#core/operation/perform.ts'

const registry = registryOf([area])
let city: TestCity
let secretariat: TestHolder
let people: TestPerson[]
const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms))

/** Keeps both lanes busy, so that what is sent meanwhile shares a transaction. */
async function together<T>(send: () => Promise<T>[]): Promise<PromiseSettledResult<T>[]> {
  let free: () => void = () => {}
  const held = new Promise<void>((resolve) => {
    free = resolve
  })
  const holders = [0, 1].map((n) => city.database.change({ entering: people[n]!.enters(), run: async () => ({ value: await held }) }))
  await pause(100)
  const sent = send()
  free()
  const outcomes = await Promise.allSettled(sent)
  await Promise.all(holders)
  return outcomes
}
const who = (tx: Tx) =>
  one<{ person: string; role: string; tx: string; pid: number }>(
    tx,
    sql`select access.person() as person, current_user::text as role, pg_current_xact_id()::text as tx, pg_backend_pid() as pid`,
  )

beforeAll(async () => {
  city = await testCity()
  await city.owner.query("insert into access.city (code, name) values ('test', 'Test')")
  const structure = structureFor(city)
  secretariat = await structure.holder('Sam', await structure.agency('Council'), 'secretariat')
  people = await Promise.all(Array.from({ length: 8 }, (_, n) => city.person(`P${n}`, ['city:test', `agency:a${n}`])))
})
afterAll(() => city?.end())

describe('commands that share a transaction', () => {
  test('SET LOCAL survives RELEASE, which is why each begins by becoming its own person', async () => {
    const client = new pg.Client(city.server)
    await client.connect()
    await client.query(
      "begin; savepoint one; set local role concord_member; select set_config('concord.key', 'of the first', true); release savepoint one",
    )
    const { rows: left } = await client.query("select current_user::text as role, current_setting('concord.key') as key")
    expect(left).toEqual([{ role: 'concord_member', key: 'of the first' }])
    await client.end()
  })

  test('one with a forged key between two others is nobody, and does not run as the one before', async () => {
    let ran = false
    const outcomes = await together(() => [
      city.database.change({ entering: people[2]!.enters(), run: async ({ tx }) => ({ value: await who(tx) }) }),
      city.database.change({
        entering: { key: 'forged', operation: 'test' },
        run: async ({ tx }) => ((ran = true), { value: await who(tx) }),
      }),
      city.database.change({
        entering: { ...people[3]!.enters(), as: people[2]!.personId },
        run: async ({ tx }) => ((ran = true), { value: await who(tx) }),
      }),
      city.database.change({ entering: people[4]!.enters(), run: async ({ tx }) => ({ value: await who(tx) }) }),
    ])
    expect(ran).toBe(false)
    expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'rejected', 'fulfilled'])
    expect(outcomes[0]).toMatchObject({ value: { person: people[2]!.personId, role: 'concord_member' } })
    expect(outcomes[3]).toMatchObject({ value: { person: people[4]!.personId, role: 'concord_member' } })
  })

  test('what one injects (a key, a world, an operation) has ended when the next begins', async () => {
    const outcomes = await together(() => [
      city.database.change({
        entering: people[2]!.enters('test.first'),
        run: async ({ tx }) => {
          await rows(tx, sql`select set_config('concord.key', ${secretariat.key}, true), set_config('concord.reason', 'stays', true)`)
          return { value: await who(tx) }
        },
      }),
      ...[3, 4, 5, 6].map((n) =>
        city.database.change({
          entering: people[n]!.enters('test.next'),
          run: async ({ tx }) => ({
            value: {
              ...(await who(tx)),
              ...(await one<{ reason: string }>(tx, sql`select current_setting('concord.reason', true) as reason`)),
            },
          }),
        }),
      ),
    ])
    outcomes
      .slice(1)
      .forEach((outcome, n) =>
        expect(outcome).toMatchObject({ status: 'fulfilled', value: { person: people[n + 3]!.personId, reason: '' } }),
      )
  })

  test('are at most fifty', async () => {
    const outcomes = await together(() =>
      Array.from({ length: 240 }, (_, n) =>
        city.database.change({ entering: people[n % 8]!.enters(), run: async ({ tx }) => ({ value: await who(tx) }) }),
      ),
    )
    const sizes = [...Map.groupBy(outcomes, (outcome) => (outcome.status === 'fulfilled' ? outcome.value.tx : 'refused')).values()].map(
      (each) => each.length,
    )
    expect(outcomes.every(({ status }) => status === 'fulfilled')).toBe(true)
    expect(Math.max(...sizes)).toBeLessThanOrEqual(50)
    expect(Math.max(...sizes)).toBeGreaterThan(1)
  })

  test('when the whole transaction fails, each is done by itself, once', async () => {
    let cut = false
    const ran = new Map<number, number>()
    const outcomes = await together(() =>
      Array.from({ length: 12 }, (_, n) =>
        city.database.change({
          entering: secretariat.enters('test.put'),
          run: async ({ tx }) => {
            ran.set(n, (ran.get(n) ?? 0) + 1)
            const { pid } = await who(tx)
            await run(
              tx,
              sql`insert into operation.answer (person, world, key, input_hash, answer) values (${secretariat.personId}, access.world(), ${`failing batch ${n}`}, '\\x00', '1')`,
            )
            if (n === 5 && !cut) {
              cut = true
              await city.owner.query('select pg_terminate_backend($1)', [pid])
            }
            return { value: n }
          },
        }),
      ),
    )
    expect(outcomes.every(({ status }) => status === 'fulfilled')).toBe(true)
    expect(cut).toBe(true)
    expect([...ran.values()].some((times) => times > 1)).toBe(true)
    const { rows: kept } = await city.owner.query<{ n: number }>(
      "select count(*)::int as n from operation.answer where key like 'failing batch %'",
    )
    expect(kept[0]!.n).toBe(12)
  })

  test('one that waits for a lock holds the others up for a quarter of a second, and is done alone', async () => {
    await city.owner.query(
      "insert into operation.answer (person, world, key, input_hash, answer) values ($1, '00000000-0000-7000-8000-000000000001', 'held key', '\\x00', '1') on conflict do nothing",
      [people[7]!.personId],
    )
    await city.owner.query("begin; select access.intern('[[\"group:lock\"]]', 'TLP:AMBER+STRICT')")
    const began = performance.now()
    const slow = (tx: Tx) => one<{ label: number }>(tx, sql`select access.intern('[["group:another"]]', 'TLP:AMBER+STRICT') as label`)
    const finished: string[] = []
    const all = together<unknown>(() => [
      city.database
        .change({ entering: people[2]!.enters(), run: async ({ tx }) => ({ value: await slow(tx) }) })
        .finally(() => finished.push('slow')),
      ...[3, 4, 5].map((n) =>
        city.database
          .change({ entering: people[n]!.enters(), run: async ({ tx }) => ({ value: await who(tx) }) })
          .finally(() => finished.push('quick')),
      ),
    ])
    while (finished.length < 3 && performance.now() - began < 5000) await pause(10)
    expect(finished).toEqual(['quick', 'quick', 'quick'])
    expect(performance.now() - began).toBeLessThan(1500)
    await city.owner.query('commit')
    expect((await all).every(({ status }) => status === 'fulfilled')).toBe(true)
  })

  test('the idempotency row is in the same savepoint: a key used twice at once leaves one deed and one answer', async () => {
    const operation = registry.named(...wordsOf(openIncident))
    const deed = () =>
      perform(
        city.database,
        registry,
        operation,
        { name: 'Once', incidentType: 'flood' },
        secretariat.enters(openIncident.name),
        'the same key',
      ) as Promise<{ id: string }>
    const outcomes = await together(() => Array.from({ length: 10 }, deed))
    expect(outcomes.map(({ status }) => status)).toEqual(Array.from({ length: 10 }, () => 'fulfilled'))
    const ids = new Set(outcomes.map((outcome) => (outcome.status === 'fulfilled' ? outcome.value.id : '')))
    expect(ids.size).toBe(1)
    const { rows: opened } = await city.owner.query<{ n: number }>("select count(*)::int as n from response.incidents where name = 'Once'")
    expect(opened[0]!.n).toBe(1)
    await expect(
      perform(
        city.database,
        registry,
        operation,
        { name: 'Another', incidentType: 'flood' },
        secretariat.enters(openIncident.name),
        'the same key',
      ),
    ).rejects.toMatchObject({ kind: 'conflict' })
  })

  test("another person's key of the same text is another key, and their answer is not given away", async () => {
    const operation = registry.named(...wordsOf(openIncident))
    const other = await structureFor(city).holder('Other', secretariat.agencyId, 'secretariat')
    const mine = (await perform(
      city.database,
      registry,
      operation,
      { name: 'Mine', incidentType: 'flood' },
      secretariat.enters(openIncident.name),
      'shared words',
    )) as { id: string }
    const theirs = (await perform(
      city.database,
      registry,
      operation,
      { name: 'Theirs', incidentType: 'flood' },
      other.enters(openIncident.name),
      'shared words',
    )) as { id: string; name: string }
    expect(theirs.id).not.toBe(mine.id)
    expect(theirs.name).toBe('Theirs')
  })

  test('is acknowledged only after the commit: whoever has the answer finds it there', async () => {
    for (let n = 0; n < 20; n += 1) {
      const { pid } = await city.database.change({
        entering: secretariat.enters(),
        run: async ({ tx }) => {
          await run(
            tx,
            sql`insert into operation.answer (person, world, key, input_hash, answer) values (${secretariat.personId}, access.world(), ${`after commit ${n}`}, '\\x00', '1')`,
          )
          return { value: await who(tx) }
        },
      })
      const { rows: there } = await city.owner.query('select from operation.answer where key = $1 and xmin::text::bigint > 0', [
        `after commit ${n}`,
      ])
      expect({ there: there.length, pid: pid > 0 }).toEqual({ there: 1, pid: true })
    }
  })

  test('a transaction that is left open for more than two seconds is ended, and its person is told to send it again', async () => {
    await expect(
      city.database.read(people[2]!.enters(), async ({ tx }) => {
        await pause(2600)
        return who(tx)
      }),
    ).rejects.toMatchObject({ kind: 'unavailable' })
    // Its connection is replaced: the next ones find a sound one.
    for (let n = 0; n < 8; n += 1)
      expect((await city.database.read(people[2]!.enters(), ({ tx }) => who(tx))).person).toBe(people[2]!.personId)
  })

  test('a transaction that is over cannot be used, and nobody finds its connection inside', async () => {
    let kept: Tx | undefined
    await city.database.read(people[2]!.enters(), async ({ tx }) => {
      kept = tx
      expect([Object.keys(tx), Object.getOwnPropertySymbols(tx)]).toEqual([[], []])
    })
    await expect(who(kept!)).rejects.toThrow('this transaction is over')
  })
})
