import { createHash } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { rows, run, sql } from '#core/db/sql.ts'
import { internLabel } from '#core/access/reach.ts'
import type { TestPerson } from '#core/db/testing.ts'
import { sealOnce } from '#core/record/sealer.ts'
import { createSigningKey } from '#core/record/tree/heads.ts'
import { cityRun, named, planted, type CityRun } from './city-run.ts'

let here: CityRun
const key = createSigningKey('test')
const sha = (...parts: Buffer[]) => createHash('sha256').update(Buffer.concat(parts)).digest()
const read = <T extends object>(person: TestPerson, text: string, values: unknown[] = []) =>
  here.city.database.read(person.enters(), ({ tx }) => rows<T>(tx, { text, values }))
const seal = async () => {
  await here.place()
  while ((await here.city.database.verifier((tx) => sealOnce(tx, [key], 'test'))) !== undefined);
}
interface Report {
  ok: boolean
  stubs: number
  problems: unknown[]
}
const verify = async () => (await here.call(here.people.administrator, named('record.verify'), {})).body as Report

beforeAll(async () => {
  here = await cityRun()
  await here.city.owner.query('insert into record.signing_key (key_id, public_key) values ($1, $2)', [key.key.id, key.key.text])
})
afterAll(() => here?.end())

describe('entries', () => {
  test('a header holds ten words of the machine and nothing of a person, a label or what was written', async () => {
    const { rows: headers } = await here.city.owner.query<{ header: string; keys: string[] }>(
      "select convert_from(header, 'UTF8') as header, array(select jsonb_object_keys(convert_from(header, 'UTF8')::jsonb) order by 1) as keys from record.entry",
    )
    expect(headers.length).toBeGreaterThan(60)
    for (const { keys } of headers)
      expect(keys).toEqual(['action', 'at', 'id', 'label', 'operation', 'row', 'table', 'thread', 'v', 'world'])
    const all = headers.map(({ header }) => header).join('\n')
    for (const word of [...planted, 'TLP', 'agency:', 'person:', 'cleared', 'Wanda', 'Council', '@', 'example'])
      expect(all).not.toContain(word)
    // Who acted stands in the content: a person's id is in a header only where the row is that person.
    for (const person of Object.values(here.people)) {
      for (const { header } of headers.filter((each) => each.header.includes(person.personId))) {
        expect(header).toContain(`"row": "${person.personId}"`)
        expect(header).toContain('"table": "structure.people"')
      }
    }
  })

  test('a leaf is SHA-256(0x00, header, SHA-256(salt, content)) of the very bytes that are stored', async () => {
    const { rows: found } = await here.city.owner.query<Record<'header' | 'salt' | 'content' | 'content_hash' | 'leaf', Buffer>>(
      'select e.header, e.salt, e.content, e.content_hash, p.leaf from record.entry e join record.place p on p.seq = e.seq',
    )
    for (const entry of found) {
      expect(entry.salt).toHaveLength(32)
      expect(sha(entry.salt, entry.content).equals(entry.content_hash)).toBe(true)
      expect(sha(Buffer.from([0]), entry.header, entry.content_hash).equals(entry.leaf)).toBe(true)
    }
    expect(new Set(found.map(({ salt }) => salt.toString('hex'))).size).toBe(found.length)
  })

  test('a relabel writes two: left, with the id alone under the old label, and arrived, under the new one', async () => {
    const { incidentId } = here.ids
    const before = await read<{ seq: number }>(here.people.member, 'select seq from record.entry')
    await here.city.database.change({
      entering: here.people.secretariat.enters('test.relabel'),
      run: async ({ tx }) => {
        const label = await internLabel(tx, { clauses: [[`incident:${incidentId}`], ['cleared:secret']], marking: 'TLP:AMBER+STRICT' })
        await run(tx, sql`update response.incidents set label = ${label}, name = 'Renamed where few see it' where id = ${incidentId}`)
        return { value: null }
      },
    })
    await here.place()
    const entries = (person: TestPerson) =>
      read<{ action: string; row: Record<string, unknown>; seq: number }>(
        person,
        `select e.seq, p.action, convert_from(e.content, 'UTF8')::jsonb -> 'row' as row from record.entry e join record.place p on p.seq = e.seq where p.row_id = $1 order by p.position`,
        [incidentId],
      )
    const seen = await entries(here.people.member)
    expect(seen.at(-1)).toMatchObject({ action: 'left', row: { id: incidentId } })
    expect(Object.keys(seen.at(-1)!.row)).toEqual(['id'])
    expect(seen.map(({ action }) => action)).not.toContain('arrived')
    expect((await entries(here.people.secretariat)).at(-1)).toMatchObject({ action: 'arrived', row: { name: 'Renamed where few see it' } })
    // What it was is its earlier entry, read by that entry's own label; the later one adds nothing to it.
    expect(seen.some(({ row }) => String(row.name).includes(planted[0]))).toBe(true)
    expect(JSON.stringify(seen)).not.toContain('Renamed')
    const after = await read<{ seq: number }>(here.people.member, 'select seq from record.entry')
    expect(after.length).toBe(before.length + 1)
    // And back, so that the rest of this file finds it.
    await here.city.database.change({
      entering: here.people.secretariat.enters('test.relabel'),
      run: async ({ tx }) => {
        const label = await internLabel(tx, { clauses: [[`incident:${incidentId}`]], marking: 'TLP:AMBER' })
        await run(tx, sql`update response.incidents set label = ${label} where id = ${incidentId}`)
        return { value: null }
      },
    })
    await here.place()
  })

  test('as of answers what somebody could see then and may see now', async () => {
    const at = new Date().toISOString()
    const { incidentId } = here.ids
    const guest = await here.city.person('Gus', ['city:test'])
    const picture = async (of: string) =>
      ((await here.call(guest, named('record.asOf'), { thread: incidentId, at: of })).body as { rows: unknown[] }).rows.length
    await here.city.owner.query('select access.put_reach($1, $2, null, null, $3)', [guest.personId, `incident:${incidentId}`, 'test:guest'])
    await here.place()
    expect(await picture(at)).toBe(0)
    const later = new Date(Date.now() + 5).toISOString()
    await new Promise((resolve) => setTimeout(resolve, 10))
    expect(await picture(later)).toBeGreaterThan(3)
    await here.city.owner.query("update access.reach set until_at = clock_timestamp() where source = 'test:guest'")
    await here.place()
    expect(await picture(later)).toBe(0)
    expect(await picture(at)).toBe(0)
  })

  test("another person's whole picture is for a post with a recorded authority alone, not for an administrator, an operator or a chair", async () => {
    const input = {
      personId: here.people.secretariat.personId,
      thread: here.ids.incidentId,
      at: new Date().toISOString(),
      purpose: 'Out of curiosity alone',
      authority: 'None',
    }
    for (const person of [
      here.people.administrator,
      here.people.chair,
      here.people.member,
      await here.city.person('Oz', ['kind:operator', 'city:test']),
    ]) {
      const answer = await here.call(person, named('record.inspect'), input)
      expect(answer.status).toBe(403)
    }
    const { secretariat, chair } = here.people
    await expect(
      read(chair, 'select * from record.picture($1, clock_timestamp(), clock_timestamp(), $2)', [
        secretariat.personId,
        here.ids.incidentId,
      ]),
    ).rejects.toMatchObject({ kind: 'not-allowed' })
  })

  test('is append-only: nobody who serves, and not even the owner, changes or deletes an entry, a place or a head', async () => {
    await seal()
    for (const table of ['entry', 'place', 'head']) {
      for (const role of ['concord_member', 'concord_desk', 'concord_jobs', 'concord_verifier']) {
        const { rows: may } = await here.city.owner.query<{ may: boolean }>(
          `select has_table_privilege($1, 'record.${table}', 'update') or has_table_privilege($1, 'record.${table}', 'delete') or has_any_column_privilege($1, 'record.${table}', 'update') as may`,
          [role],
        )
        expect({ table, role, may: may[0]!.may }).toEqual({ table, role, may: false })
      }
      await expect(here.city.owner.query(`delete from record.${table}`)).rejects.toMatchObject({ code: '42501' })
    }
    for (const change of [
      "header = '\\x00'",
      "content = '\\x00'",
      "content_hash = '\\x00'",
      'label = label + 1, content = null, salt = null',
      'seq = seq + 100000',
      "content = null, salt = '\\x00'",
    ]) {
      await expect(
        here.city.owner.query(`update record.entry set ${change} where seq = (select min(seq) from record.entry)`),
      ).rejects.toBeDefined()
    }
    expect(await verify()).toMatchObject({ ok: true, problems: [] })
  })

  test('retention takes away content and salt together; verify counts the stub as sound', async () => {
    await seal()
    const before = await verify()
    await here.city.owner.query(
      'update record.entry set content = null, salt = null where seq in (select seq from record.place where position in (3, 7, 11))',
    )
    expect(await verify()).toMatchObject({ ok: true, stubs: before.stubs + 3, problems: [] })
    const answer = await here.call(here.people.member, named('record.asOf'), { thread: here.ids.incidentId, at: new Date().toISOString() })
    expect(answer.status).toBe(200)
  })

  test('positions are unbroken though numbers were drawn and thrown away by commands that failed', async () => {
    for (let n = 0; n < 10; n += 1) {
      await here.city.database
        .change({
          entering: here.people.member.enters(),
          run: async ({ tx }) => {
            await run(
              tx,
              sql`insert into record.openings (id, person_id, table_name, row_id, opened_at, label) select gen_random_uuid(), access.person(), 'a.b', gen_random_uuid(), '2026-01-01', label from response.incidents`,
            )
            throw new Error('thought better of it')
          },
        })
        .catch(() => undefined)
    }
    await here.call(here.people.member, named('response.writeEntry'), { incidentId: here.ids.incidentId, text: 'After.' })
    await here.place()
    const { rows: found } = await here.city.owner.query<{ places: number; last: number; gaps: number }>(
      'select count(*)::int as places, max(position)::int as last, (select (max(seq) - count(*))::int from record.entry) as gaps from record.place',
    )
    expect(found[0]!.last).toBe(found[0]!.places - 1)
    expect(found[0]!.gaps).toBeGreaterThan(5)
  })
})
