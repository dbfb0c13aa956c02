import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { backup, restore } from './backup.ts'
import { openStore } from './open-store.ts'
import type { Store } from './store.ts'

const log = { info: () => {}, warn: () => {} }
const debian = '/usr/lib/postgresql/15/bin'
const missing = !existsSync(debian)
const scratch = mkdtempSync(join(tmpdir(), 'concord-backup-'))
chmodSync(scratch, 0o755)
const stores: Store[] = []

beforeAll(async () => {
  stores.push(await openStore({ data: join(scratch, 'npm'), log }))
  if (!missing) stores.push(await openStore({ data: join(scratch, 'debian'), systemPostgres: true, binaries: debian, log }))
}, 60_000)

afterAll(async () => {
  for (const store of stores) await store.stop()
  rmSync(scratch, { recursive: true, force: true })
})

async function run(store: Pick<Store, 'owner'>, text: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client(store.owner)
  await client.connect()
  try {
    return (await client.query<Record<string, unknown>>(text)).rows
  } finally {
    await client.end()
  }
}

let count = 0
/** A new, empty database in the first (npm) or second (Debian) store. */
async function empty(which: number): Promise<Pick<Store, 'owner'>> {
  const store = stores[which]
  if (!store) throw new Error('no such store')
  const name = `scratch_${++count}`
  await run(store, `create database ${name} template template0`)
  return { owner: { ...store.owner, database: name } }
}

const schema = `
  create schema concord; create table concord.migration (name text primary key, checksum text);
  insert into concord.migration values ('town/0001-first', 'abc'), ('town/policies', 'changes often');
  create schema town;
  create table town.parent (id bigint generated always as identity primary key, words text, twice text generated always as (words || words) stored);
  create table town."odd ""name" (id int primary key, parent bigint not null references town.parent, at timestamptz, bytes bytea, number float8, tokens text[], extra jsonb);
  create table town.nothing (id int);
  alter table town.parent enable row level security; alter table town.parent force row level security;
  create function town.refuse() returns trigger language plpgsql as $$ begin raise exception 'triggers must not fire'; end $$;
  create trigger refuse before insert on town."odd ""name" for each row execute function town.refuse();
  insert into town.parent (words) values ('a seed that the backup replaces');`
const migrate = (owner: pg.ClientConfig) => run({ owner }, schema)

async function filled(which: number): Promise<Pick<Store, 'owner'>> {
  const store = await empty(which)
  await run(store, schema)
  await run(
    store,
    `set session_replication_role = replica;
     insert into town.parent (words) select E'tab\\t line\\n back\\\\slash é ' || repeat(md5(n::text), 20) from generate_series(1, 20000) n;
     insert into town."odd ""name" select n, n, '2026-11-22 21:00:00.123456+00'::timestamptz + n * interval '1 s', sha256(n::text::bytea), 1.0 / n, array['person:' || n, null], jsonb_build_object('n', n)
       from generate_series(1, 500) n;
     insert into town."odd ""name" values (0, 1, 'infinity', null, 'NaN', '{}', null)`,
  )
  return store
}

const everything = `select (select count(*)::int from town.parent) as parents, (select max(id)::int from town.parent) as last,
  (select md5(string_agg(p::text, '|' order by id)) from town.parent p) as parent, (select md5(string_agg(o::text, '|' order by id)) from town."odd ""name" o) as odd`

const ways = [
  { name: 'within PostgreSQL 18', from: 0, to: 0, skip: false },
  { name: 'from 18 to 15', from: 0, to: 1, skip: missing },
  { name: 'from 15 to 18', from: 1, to: 0, skip: missing },
]

describe('what was backed up comes back, row by row', () => {
  for (const { name, from, to, skip } of ways) {
    test.skipIf(skip)(
      skip ? `${name} (skipped: ${debian} is absent)` : name,
      async () => {
        const source = await filled(from)
        const file = join(scratch, `backup-${from}-${to}`)
        const manifest = await backup(source, file)
        expect(manifest.tables.map((table) => table.rows)).toEqual([0, 501, 20001])
        expect(statSync(file).mode & 0o077).toBe(0)
        const target = await empty(to)
        await restore(target, file, migrate)
        expect(await run(target, everything)).toEqual(await run(source, everything))
        const [next] = await run(target, `insert into town.parent (words) values ('new') returning id::int`)
        expect(next).toEqual({ id: 20002 })
      },
      60_000,
    )
  }
})

test('a backup is one moment, whatever is written meanwhile', async () => {
  const source = await filled(0)
  let going = true
  const writing = (async () => {
    while (going) await run(source, `with p as (insert into town.parent (words) values ('w') returning id) select from p`)
  })()
  const manifest = await backup(source, join(scratch, 'moment'))
  going = false
  await writing
  const target = await empty(0)
  await restore(target, join(scratch, 'moment'), migrate)
  expect((await run(target, everything))[0]?.['parents']).toBe(manifest.tables.find((table) => table.name === 'parent')?.rows)
}, 60_000)

test('a damaged, cut, foreign or other version’s file changes nothing, nor does a store in use', async () => {
  const source = await filled(0)
  const file = join(scratch, 'whole')
  await backup(source, file)
  const whole = readFileSync(file)
  const target = await empty(0)
  const tables = () => run(target, `select count(*)::int as count from pg_class where relnamespace = to_regnamespace('town')`)
  const damaged = Buffer.from(whole)
  damaged[Math.floor(whole.length / 2)] = (damaged[Math.floor(whole.length / 2)] ?? 0) ^ 0x10
  for (const [name, content] of Object.entries({ damaged, cut: whole.subarray(0, whole.length / 2), foreign: Buffer.from('hello') })) {
    writeFileSync(join(scratch, name), content)
    await expect(restore(target, join(scratch, name), migrate), name).rejects.toThrow(/Nothing was changed/)
    expect(await tables()).toEqual([{ count: 0 }])
  }
  await expect(restore(source, file, migrate)).rejects.toThrow(/not empty/)
  const newer = (owner: pg.ClientConfig) => run({ owner }, `${schema}; insert into concord.migration values ('town/0002-second', 'def')`)
  await expect(restore(target, file, newer)).rejects.toThrow(/another version/)
  await expect(
    restore(target, file, () => run(target, `delete from concord.migration where name = 'town/0002-second'`)),
  ).resolves.toBeDefined()
  await expect(restore(target, file, migrate)).rejects.toThrow(/not empty/)
}, 60_000)
