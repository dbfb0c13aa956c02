import { one, sql } from '#core/db/sql.ts'
import { type TestCity, testCity, type TestPerson } from '#core/db/testing.ts'
import type { Area } from '#core/operation/implement.ts'
import type { Operation } from '#core/operation/operation.ts'
import { wordsOf } from '#core/operation/operation.ts'
import { perform, registryOf } from '#core/operation/perform.ts'
import { recordArea } from './area.ts'
import type { Keyring } from './keys.ts'
import type { Machine } from './machine.ts'
import { type Sealed, sealWith } from './sealer.ts'
import { createSigningKey, type SigningKey } from './tree/heads.ts'

/** Keys in memory: what a folder would hold. */
export interface TestRing extends Keyring {
  held: SigningKey[]
}
export function testRing(origin: string, ...held: SigningKey[]): TestRing {
  const ring: TestRing = {
    held: [...held],
    keys: () => Promise.resolve([...ring.held]),
    make: () => {
      const made = createSigningKey(origin)
      ring.held.push(made)
      return Promise.resolve(made)
    },
  }
  return ring
}

export interface RecordCity {
  city: TestCity
  machine: Machine & { ring: TestRing }
  as<T>(person: TestPerson, operation: Operation, input: unknown, world?: string): Promise<T>
  /** Entries under a label of these clauses, `count` of them, one transaction each; the ids of the rows. */
  write(tokens: readonly string[], count?: number): Promise<string[]>
  place(): Promise<void>
  seal(ring?: Keyring, now?: Date): Promise<Sealed>
  placeAndSeal(): Promise<void>
  heads(): Promise<{ size: number; note: string }[]>
  end(): Promise<void>
}

/** Gives every committed entry its position. Other cities of the same cluster hold back the horizon for moments: what is committed here is placed when they are through. */
export async function placeAll(city: TestCity): Promise<void> {
  for (let tries = 0; tries < 1000; tries += 1) {
    await city.database.verifier((tx) => one(tx, sql`select record.place_entries(100000) as placed`))
    const { rows } = await city.owner.query<{ behind: boolean }>(
      'select exists (select from record.entry e where not exists (select from record.place p where p.seq = e.seq)) as behind',
    )
    if (rows[0]?.behind === false) return
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
  throw new Error('entries were not placed')
}

/** A city with a record and no server, so that a test says when entries are placed and sealed. */
export async function recordCity(code = 'test', areas: readonly Area[] = []): Promise<RecordCity> {
  const city = await testCity()
  await city.owner.query('insert into access.city (code, name) values ($1, $1)', [code])
  const machine = { ring: testRing(code) }
  const registry = registryOf([recordArea(areas, machine), ...areas])
  const place = () => placeAll(city)
  const seal: RecordCity['seal'] = (ring = machine.ring, now = new Date()) => city.database.verifier((tx) => sealWith(tx, ring, code, now))
  return {
    city,
    machine,
    as: <T>(person: TestPerson, operation: Operation, input: unknown, world?: string) =>
      perform(city.database, registry, registry.named(...wordsOf(operation)), input, person.enters(operation.name, world)) as Promise<T>,
    async write(tokens, count = 1) {
      const ids: string[] = []
      for (let n = 0; n < count; n += 1) {
        const { rows } = await city.owner.query<{ id: string }>(
          `insert into record.openings (id, person_id, table_name, row_id, opened_at, label, world)
           select gen_random_uuid(), (select person from access.account limit 1), 'a.b', gen_random_uuid(), '2026-01-01',
             access.intern(jsonb_build_array(to_jsonb($1::text[])), 'TLP:AMBER'), (select id from access.world where kind = 'live') returning id`,
          [tokens],
        )
        ids.push(rows[0]!.id)
      }
      return ids
    },
    place,
    seal,
    async placeAndSeal() {
      await place()
      while (typeof (await seal()) === 'number');
    },
    heads: async () =>
      (await city.owner.query<{ size: string; note: string }>('select size, note from record.head order by size')).rows.map((row) => ({
        size: Number(row.size),
        note: row.note,
      })),
    end: () => city.end(),
  }
}
