import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type TestDoor, testDoor } from '#core/access/sign-in/testing.ts'
import { readConfig } from '#core/config.ts'
import { rows, sql } from '#core/db/sql.ts'
import type { TestPerson } from '#core/db/testing.ts'
import type { Tx } from '#core/operation/implement.ts'
import { recordArea } from '../area.ts'
import { replaceLostKey, rotateKey } from '../standing/contract.ts'
import { recordCity, type RecordCity } from '../testing.ts'
import { createSigningKey, readHead, signHead } from '../tree/heads.ts'
import { makeStatement, statementLine } from '../witness/statement.ts'
import { startTelling } from '../witness/telling.ts'
import { bundle } from './contract.ts'
import { serveBundles } from './serve.ts'
import { takeBundle } from './take.ts'

const folder = mkdtempSync(join(tmpdir(), 'concord-whole-record-'))
/** A stranger's machine: an empty folder, a plain Node, no module of ours and no environment. */
const elsewhere = join(folder, 'elsewhere')
const plain = ['/usr/bin/node', process.execPath].find((path) => existsSync(path)) as string
const verified = (name: string, ...more: string[]) =>
  spawnSync(plain, ['concord-verify.mjs', name, '--keys', 'keys.txt', ...more], { encoding: 'utf8', cwd: elsewhere, env: {} })

let here: RecordCity
let door: TestDoor
let inquiry: TestPerson
let operator: TestPerson
let member: TestPerson
let text: string

const fetched = (path: string, person: TestPerson) => fetch(door.url + path, { headers: { authorization: `Bearer ${person.key}` } })
/** As the command line does it, against the served city. */
const taken = (person: TestPerson, flags: Record<string, string>) =>
  takeBundle(
    flags,
    (operation, input) => here.as(person, operation, input),
    async (path) => {
      const answer = await fetched(path, person)
      if (!answer.ok || !answer.body) throw new Error(`it answered ${answer.status}`)
      return answer.body
    },
  )
const lines = () => text.trimEnd().split('\n')
/** The file as a forger would leave it: the digest at its end fits again. */
function forged(name: string, change: (lines: string[]) => string[]): void {
  const body = change(lines().slice(0, -1))
    .map((line) => `${line}\n`)
    .join('')
  writeFileSync(join(elsewhere, name), `${body}${JSON.stringify({ end: true, sha256: createHash('sha256').update(body).digest('hex') })}\n`)
}
const isLeaf = (line: string) => line.startsWith('{"position"')
const isHead = (line: string) => line.startsWith('{"head"')

beforeAll(async () => {
  mkdirSync(elsewhere)
  here = await recordCity()
  inquiry = await here.city.person('Iris', ['kind:inquiry', 'city:test'])
  operator = await here.city.person('Oz', ['kind:operator', 'city:test'])
  member = await here.city.person('Max', ['city:test', 'group:a'])
  await here.placeAndSeal()
  const first = here.machine.ring.held.at(-1)!.key.text
  await here.write(['group:a'], 200)
  await here.placeAndSeal()
  await here.as(operator, rotateKey, { reason: 'Yearly change of key', overlapHours: 0 })
  await here.write(['group:a'], 60)
  await here.placeAndSeal()
  const telling = startTelling(here.city.database, {
    ring: here.machine.ring,
    origin: 'test',
    config: { everySeconds: 600, witnesses: [{ kind: 'file', to: join(elsewhere, 'held.jsonl') }] },
    channels: { send: () => Promise.reject(new Error('no mail here')) },
    failed: (error) => console.error(error),
  })
  await telling.round()
  await telling.stop()
  here.machine.ring.held.splice(0)
  await here.as(operator, replaceLostKey, { reason: 'The disk with the key burnt' })
  await here.write(['group:a'], 60)
  await here.placeAndSeal()
  const last = here.machine.ring.held.at(-1)!.key.text
  writeFileSync(join(elsewhere, 'keys.txt'), `${first}\n${last}\n`)
  door = await testDoor(here.city, {
    areas: [recordArea([], here.machine)],
    web: (server) => {
      serveBundles(server, { database: here.city.database, config: readConfig({ port: '0' }, {}) })
      return Promise.resolve()
    },
  })
  expect(await taken(inquiry, { out: join(elsewhere, 'record.jsonl'), verifier: join(elsewhere, 'concord-verify.mjs') })).toBe(0)
  text = readFileSync(join(elsewhere, 'record.jsonl'), 'utf8')
}, 120_000)
afterAll(async () => {
  await door?.stop()
  await here?.end()
  rmSync(folder, { recursive: true })
})

describe('the whole record as one file', () => {
  test('holds every leaf, every head, the keys and the openings, and nothing of what an entry says', async () => {
    const { rows: stored } = await here.city.owner.query<{ leaf: Buffer }>('select leaf from record.place order by position')
    const all = lines().map((line) => JSON.parse(line) as Record<string, unknown>)
    const leaves = all.filter((line) => 'leaf' in line)
    expect(leaves.length).toBeGreaterThan(320)
    expect(leaves).toEqual(stored.slice(0, leaves.length).map(({ leaf }, position) => ({ position, leaf: leaf.toString('base64') })))
    expect(all.filter((line) => 'head' in line).map((line) => line.head)).toEqual((await here.heads()).map(({ note }) => note))
    expect(all.filter((line) => 'opening' in line)).toHaveLength(1)
    expect(new Set(all.flatMap((line) => Object.keys(line)))).toEqual(
      new Set([
        'format',
        'version',
        'leaves',
        'origin',
        'made',
        'entries',
        'heads',
        'openings',
        'told',
        'keys',
        'position',
        'leaf',
        'head',
        'opening',
        'end',
        'sha256',
      ]),
    )
    // Neither a kind of row, nor an operation, nor anybody's id.
    const { rows: names } = await here.city.owner.query<{ word: string }>(
      'select table_name as word from record.place union select id::text from access.world union select person::text from access.account',
    )
    for (const { word } of names) expect(text).not.toContain(word)
  })

  test('is verified by a stranger with one file, in an empty folder, and tells the change and the loss of the key and what a witness holds', () => {
    expect(readdirSync(elsewhere).sort()).toEqual(['concord-verify.mjs', 'held.jsonl', 'keys.txt', 'record.jsonl'])
    const found = verified('record.jsonl', '--witness', 'held.jsonl')
    expect(found).toMatchObject({ status: 0, stderr: '' })
    expect(found.stdout).toContain('handed over to key')
    expect(found.stdout).toContain('the city states that its key was lost')
    expect(found.stdout).toContain('The file holds the hash of each entry alone')
    expect(found.stdout).toMatch(/Somebody else holds this record as it stood at .*: \d+ entries/)
    const report = JSON.parse(verified('record.jsonl', '--json').stdout) as {
      entries: number
      sealed: number
      keyChanges: { kind: string }[]
    }
    expect(report.sealed).toBe(report.entries)
    expect(report.keyChanges.map(({ kind }) => kind)).toEqual(['changed', 'lost'])
  })

  test.each<[string, (all: string[]) => string[], RegExp]>([
    [
      'a byte of a leaf is flipped',
      (all) => {
        const at = all.findIndex(isLeaf) + 150
        const { position, leaf } = JSON.parse(all[at]!) as { position: number; leaf: string }
        const bytes = Buffer.from(leaf, 'base64')
        bytes[9]! ^= 4
        return all.with(at, JSON.stringify({ position, leaf: bytes.toString('base64') }))
      },
      /its root is not that of these entries: the fault lies at positions \d+ to \d+, or in the head/,
    ],
    ['a leaf is dropped', (all) => all.filter((line) => !line.startsWith('{"position":70,')), /entry at position 70: missing/],
    [
      'a leaf is dropped, the rest moved up and the manifest made to fit',
      (all) => {
        let position = 0
        return all.flatMap((line, at) => {
          if (at === 0) return JSON.stringify({ ...JSON.parse(line), entries: (JSON.parse(line) as { entries: number }).entries - 1 })
          if (!isLeaf(line)) return line
          if (line.startsWith('{"position":70,')) return []
          return JSON.stringify({ ...JSON.parse(line), position: position++ })
        })
      },
      /there are only \d+ entries: the last ones are missing/,
    ],
    [
      'two leaves change places',
      (all) => {
        const at = all.findIndex(isLeaf) + 20
        return all.with(at, all[at + 1]!).with(at + 1, all[at]!)
      },
      /out of order or repeated/,
    ],
    [
      'two leaves change places, and their numbers with them',
      (all) => {
        const at = all.findIndex(isLeaf) + 20
        const [one, two] = [JSON.parse(all[at]!), JSON.parse(all[at + 1]!)] as { position: number; leaf: string }[]
        return all.with(at, JSON.stringify({ ...one, leaf: two!.leaf })).with(at + 1, JSON.stringify({ ...two, leaf: one!.leaf }))
      },
      /its root is not that of these entries/,
    ],
    [
      'a head is forged with another key of the same name',
      (all) => {
        const at = all.findLastIndex(isHead)
        const { head } = readHead((JSON.parse(all[at]!) as { head: string }).head)
        return all.with(
          at,
          JSON.stringify({
            head: signHead({ origin: head.origin, size: head.size, at: head.at, root: Buffer.alloc(32, 7) }, [createSigningKey('test')]),
          }),
        )
      },
      /signed by an unknown key/,
    ],
    [
      'a head says another size',
      (all) => {
        const at = all.findLastIndex(isHead)
        return all.with(
          at,
          all[at]!.replace(/\\n(\d+)\\n/, (_, size: string) => `\\n${Number(size) - 1}\\n`),
        )
      },
      /its signature does not fit: the head was changed or forged/,
    ],
    ['a head is dropped', (all) => all.filter((_, at) => at !== all.findIndex(isHead)), /the manifest says \d+ heads, the file has \d+/],
    [
      'the opening of a commitment is kept back',
      (all) => all.filter((line) => !line.startsWith('{"opening"')),
      /nothing in the record opens it: the record was rewritten since, or the opening was kept back/,
    ],
    [
      'an entry stands among the leaves without its words',
      (all) =>
        all.toSpliced(
          all.findLastIndex(isLeaf) + 1,
          0,
          JSON.stringify({ entry: 5, header: 'x', salt: null, content: null, contentHash: null, leaf: null }),
        ),
      /WRONG: entry at position 5/,
    ],
  ])('%s: it is told, although the file’s own digest was made to fit', (_, change, says) => {
    forged('forged.jsonl', change)
    const found = verified('forged.jsonl', '--witness', 'held.jsonl')
    expect(found.status).toBe(1)
    expect(found.stdout).toMatch(says)
  })

  test('a statement made after the file was written is told as newer, for a day; one that the file should have opened is wrong', async () => {
    const { told } = JSON.parse(lines()[0]!) as { told: string }
    const key = here.machine.ring.held.at(-1)!
    const stated = (at: number) =>
      statementLine(makeStatement('test', (JSON.parse(lines().find(isHead)!) as { head: string }).head, new Date(at), [key]).text)
    const witnessed = (name: string, at: number) => {
      writeFileSync(join(elsewhere, name), readFileSync(join(elsewhere, 'held.jsonl'), 'utf8') + stated(at))
      return verified('record.jsonl', '--witness', name)
    }
    const after = witnessed('newer.jsonl', Date.parse(told) + 600_000)
    expect(after).toMatchObject({ status: 0, stderr: '' })
    expect(after.stdout).toContain('1 statement of the witness is newer than this file')
    expect(witnessed('missed.jsonl', Date.parse(told) - 600_000)).toMatchObject({ status: 1 })
    forged('silent.jsonl', ([manifest, ...rest]) => [
      JSON.stringify({
        ...(JSON.parse(manifest!) as object),
        told: null,
        openings: 0,
        made: new Date(Date.parse(told) + 2 * 86_400_000).toISOString(),
      }),
      ...rest.filter((line) => !line.startsWith('{"opening"')),
    ])
    expect(verified('silent.jsonl', '--witness', 'held.jsonl')).toMatchObject({ status: 1 })
  })

  test('a flipped byte anywhere, or a cut, is told by the file’s own digest', () => {
    const bytes = Buffer.from(text)
    for (const at of [3, Math.floor(bytes.length / 3), bytes.length - 90]) {
      const flipped = Buffer.from(bytes)
      flipped[at]! ^= 1
      writeFileSync(join(elsewhere, 'flipped.jsonl'), flipped)
      expect(verified('flipped.jsonl').status).toBeGreaterThan(0)
    }
    writeFileSync(join(elsewhere, 'cut.jsonl'), bytes.subarray(0, -200))
    expect(verified('cut.jsonl').stdout).toContain('the file is cut short')
  })
})

describe('who may take it', () => {
  test('those alone who may see sizes; by the address nobody but whoever took it', async () => {
    await expect(here.as(member, bundle, {})).rejects.toMatchObject({ kind: 'not-allowed' })
    const { path } = await here.as<{ path: string }>(inquiry, bundle, {})
    expect((await fetched(path, member)).status).toBe(404)
    expect((await fetched(path, operator)).status).toBe(404)
    expect((await fetch(door.url + path)).status).toBe(401)
    expect((await fetched(path, inquiry)).status).toBe(200)
    await expect(taken(member, { out: join(elsewhere, 'none') })).rejects.toMatchObject({ kind: 'not-allowed' })
    expect(existsSync(join(elsewhere, 'none'))).toBe(false)
    expect(await (await fetch(`${door.url}/bundles/concord-verify.mjs`)).text()).toContain('Plain Node 20 or later')
  })

  test('the database guards it, whatever a process asks', async () => {
    for (const statement of [
      sql`select * from record.bundle_leaves(-1, 100, 100)`,
      sql`select * from record.bundle_statements(0, 100, 100)`,
      sql`select * from record.bundle_counts(100)`,
      sql`insert into record.bundles (id, person_id, size, statements, taken_at, ticket_hash, until_at, label)
          select gen_random_uuid(), ${member.personId}, 1, 0, now(), sha256('x'), now(), (access.readable())[1]`,
    ]) {
      const asked = { entering: member.enters('record.bundle'), run: async ({ tx }: { tx: Tx }) => ({ value: await rows(tx, statement) }) }
      await expect(here.city.database.change(asked)).rejects.toMatchObject({ kind: 'not-allowed' })
    }
    const forAnother = sql`insert into record.bundles (id, person_id, size, statements, taken_at, ticket_hash, until_at, label)
      select gen_random_uuid(), ${operator.personId}, (select max(size) from record.head), 0, now(), sha256('y'), now(), (access.readable())[1]`
    const run = async ({ tx }: { tx: Tx }) => ({ value: await rows(tx, forAnother) })
    await expect(here.city.database.change({ entering: inquiry.enters('record.bundle'), run })).rejects.toMatchObject({
      kind: 'not-allowed',
    })
  })

  test('each taking is an entry, with who and how much', async () => {
    await here.as(inquiry, bundle, {})
    await here.placeAndSeal()
    const { rows: noted } = await here.city.owner.query<{ operation: string; person: string }>(
      `select convert_from(e.header, 'UTF8')::jsonb ->> 'operation' as operation, convert_from(e.content, 'UTF8')::jsonb ->> 'person' as person
       from record.place p join record.entry e using (seq) where p.table_name = 'record.bundles' order by p.position desc limit 1`,
    )
    expect(noted).toEqual([{ operation: 'record.bundle', person: inquiry.personId }])
  })
})
