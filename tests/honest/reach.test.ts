import { createHash, randomBytes } from 'node:crypto'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { structureFor, type TestHolder } from '#areas/structure/testing.ts'
import { internLabel } from '#core/access/reach.ts'
import { one, rows, sql } from '#core/db/sql.ts'
import { type TestCity, type TestPerson, testCity } from '#core/db/testing.ts'
import { servingRoles } from '#core/db/migrate.ts'

let city: TestCity
let victim: TestHolder
let thief: TestHolder
let label: number
const hidden = () =>
  city.database
    .read(thief.enters(), ({ tx }) => one<{ labels: number[] }>(tx, sql`select access.readable() as labels`))
    .then(({ labels }) => labels)
const tries = <T extends object>(person: TestPerson, text: string, values: unknown[] = []) =>
  city.database.read(person.enters(), ({ tx }) => rows<T>(tx, { text, values }))
const refused = { kind: 'not-allowed' }

beforeAll(async () => {
  city = await testCity()
  await city.owner.query("insert into access.city (code, name) values ('test', 'Test')")
  const structure = structureFor(city)
  victim = await structure.holder('Vera', await structure.agency('Police'), 'secretariat', ['cleared:secret'])
  thief = await structure.holder('Theo', await structure.agency('Trams'), 'duty')
  label = await city.database.read(victim.enters(), ({ tx }) =>
    internLabel(tx, { clauses: [[`person:${victim.personId}`]], marking: 'TLP:AMBER+STRICT' }),
  )
})
afterAll(() => city?.end())

describe('reach', () => {
  test('a forged, empty, shortened, hashed or ended key is nobody', async () => {
    const { rows: stored } = await city.owner.query<{ hash: string }>(
      "select encode(key_hash, 'hex') as hash from access.session where person = $1",
      [victim.personId],
    )
    const ended = await city.person('Enda')
    await city.owner.query('update access.session set ended_at = clock_timestamp() where person = $1', [ended.personId])
    const forged = [
      '',
      ' ',
      victim.key.slice(0, -1),
      `${victim.key}x`,
      victim.key.toLowerCase(),
      stored[0]!.hash,
      `\\x${stored[0]!.hash}`,
      randomBytes(24).toString('base64url'),
      ended.key,
      victim.personId,
      '%',
    ]
    for (const key of forged) {
      let ran = false
      await expect(city.database.read({ key, operation: 'test' }, async () => (ran = true))).rejects.toMatchObject({
        kind: 'not-allowed',
        signedOut: true,
      })
      await expect(
        city.database.change({ entering: { key, operation: 'test' }, run: async () => ({ value: (ran = true) }) }),
      ).rejects.toMatchObject({ signedOut: true })
      expect(ran).toBe(false)
    }
  })

  test('an injected set_config gains nothing: neither another person, nor another key, nor a way to read keys', async () => {
    const names = ['concord.person', 'concord.as', 'concord.post', 'concord.reach', 'concord.readable', 'concord.operator', 'role.reach']
    for (const name of names) {
      const labels = await city.database.read(thief.enters(), async ({ tx }) => {
        await rows(tx, sql`select set_config(${name}, ${victim.personId}, true)`)
        return (await one<{ labels: number[] }>(tx, sql`select access.readable() as labels`)).labels
      })
      expect(labels).not.toContain(label)
    }
    const digest = createHash('sha256').update(victim.key).digest()
    for (const guess of [victim.personId, digest.toString('hex'), `\\x${digest.toString('hex')}`, digest.toString('base64')]) {
      const labels = await city.database.read(thief.enters(), async ({ tx }) => {
        await rows(tx, sql`select set_config('concord.key', ${guess}, true)`)
        return (await one<{ labels: number[] }>(tx, sql`select access.readable() as labels`)).labels
      })
      expect(labels).toEqual([])
    }
    expect(await hidden()).not.toContain(label)
  })

  test('no serving role can read or write keys, sights, links, passkeys or clauses, or reach a function that looks for another', async () => {
    for (const table of ['session', 'sight', 'clause', 'link', 'passkey', 'challenge']) {
      for (const text of [`select * from access.${table}`, `delete from access.${table}`, `select count(*) from access.${table}`])
        await expect(tries(thief, text)).rejects.toMatchObject(refused)
    }
    await expect(
      tries(
        thief,
        `insert into access.session (key_hash, person, kind, expires_at) values ('\\x00', '${thief.personId}', 'token', 'infinity')`,
      ),
    ).rejects.toMatchObject(refused)
    await expect(tries(thief, `update access.sight set labels = array[${label}]`)).rejects.toMatchObject(refused)
    for (const call of [
      `access.look('${victim.personId}')`,
      `access.look_at('${victim.personId}', access.world())`,
      `access.tokens_of('${victim.personId}', clock_timestamp())`,
      `access.tokens_in('${victim.personId}', clock_timestamp(), access.world())`,
      `access.readable_by(array['person:${victim.personId}'], 0)`,
      `access.put_reach('${thief.personId}', 'kind:administrator', null, null, 'x')`,
      'record.place_entries(1)',
      `record.write_entry('a.b', '${thief.personId}', 'insert', 1, null, null, '{}')`,
    ]) {
      await expect(tries(thief, `select * from ${call}`)).rejects.toMatchObject(refused)
    }
  })

  test('a serving role can become neither the owner nor a superuser, make nothing, and own nothing', async () => {
    for (const text of [
      'set role concord_owner',
      'set local role concord_owner',
      `set session authorization ${city.config.user}`,
      'create schema mine',
      'create table public.mine (a int)',
      'create temp table session (a int); select 1',
      "copy access.label to program 'true'",
      "select pg_read_file('/etc/passwd')",
    ]) {
      const client = new pg.Client(city.server)
      await client.connect()
      const outcome = await client.query(text).then(
        () => 'done',
        (error: { code?: string }) => error.code,
      )
      await client.end()
      // A temporary table of its own is harmless: every function of ours looks in pg_catalog first and names its schemas.
      if (text.startsWith('create temp')) continue
      expect({ text, outcome }).toEqual({ text, outcome: '42501' })
    }
  })

  test('a temporary table, or an operator or function of the same name, never stands in for ours', async () => {
    const client = new pg.Client(city.server)
    await client.connect()
    try {
      await client.query('begin; set local role concord_member')
      const made = await client
        .query(`create temp table session as select sha256('k') as key_hash, '${victim.personId}'::uuid as person`)
        .then(
          () => true,
          () => false,
        )
      if (!made) await client.query('rollback; begin; set local role concord_member')
      await client.query("select set_config('concord.key', 'k', true), set_config('search_path', 'pg_temp, access, pg_catalog', true)")
      const { rows: seen } = await client.query<{ labels: number[] }>('select access.readable() as labels')
      expect(seen[0]!.labels).toEqual([])
    } finally {
      await client.end()
    }
  })

  test('the roles are those of the house, and no other', async () => {
    const { rows: found } = await city.owner.query<{ name: string }>(
      "select rolname as name from pg_roles where rolname like 'concord%' order by 1",
    )
    expect(found.map(({ name }) => name)).toEqual([...servingRoles, 'concord_owner', 'concord_server'].sort())
    const { rows: members } = await city.owner.query<{ role: string }>(
      "select r.rolname as role from pg_auth_members m join pg_roles r on r.oid = m.roleid join pg_roles u on u.oid = m.member where u.rolname = 'concord_server' order by 1",
    )
    expect(members.map(({ role }) => role)).toEqual([...servingRoles].sort())
  })

  test('the database itself looks at the time: what runs out is gone, whatever was kept', async () => {
    const number = await city.database.read(victim.enters(), ({ tx }) =>
      internLabel(tx, { clauses: [['briefed:brief']], marking: 'TLP:AMBER+STRICT' }),
    )
    await city.owner.query("select access.put_reach($1, 'briefed:brief', null, clock_timestamp() + interval '700 ms', 'test:brief')", [
      thief.personId,
    ])
    expect(await hidden()).toContain(number)
    await new Promise((resolve) => setTimeout(resolve, 800))
    expect(await hidden()).not.toContain(number)
    // Also when somebody keeps the sight from running out, without the reach.
    await city.owner.query('update access.session set expires_at = clock_timestamp() where person = $1', [thief.personId])
    await expect(hidden()).rejects.toMatchObject({ signedOut: true })
    await city.owner.query("update access.session set expires_at = clock_timestamp() + interval '1 day' where person = $1", [
      thief.personId,
    ])
  })

  test('granting and ending reach are entries, each with its token', async () => {
    const entries = async () =>
      (
        await city.owner.query<{ token: string; until: string | null }>(
          `select e.c #>> '{row,token}' as token, e.c #>> '{row,until_at}' as until from (select seq, convert_from(content, 'UTF8')::jsonb as c, convert_from(header, 'UTF8')::jsonb as h from record.entry) e
           where e.h ->> 'table' = 'access.reach' and e.c #>> '{row,source}' = 'test:entry' order by e.seq`,
        )
      ).rows
    await city.owner.query("select access.put_reach($1, 'group:entry', null, null, 'test:entry')", [thief.personId])
    await city.owner.query("select access.end_reach('test:entry', null)").catch(() => undefined)
    await city.owner.query("update access.reach set until_at = clock_timestamp() where source = 'test:entry' and until_at is null")
    const seen = await entries()
    expect(seen.map(({ token }) => token)).toEqual(['group:entry', 'group:entry'])
    expect(seen[0]!.until).toBeNull()
    expect(seen[1]!.until).not.toBeNull()
  })
})
