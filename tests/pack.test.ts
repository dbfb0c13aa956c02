import { execFileSync, spawnSync } from 'node:child_process'
import { generateKeyPairSync } from 'node:crypto'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { unzipSync } from 'fflate'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { area as response } from '#areas/response/area.ts'
import { openIncident } from '#areas/response/incidents/contract.ts'
import { admitPerson as letIn } from '#areas/response/members/contract.ts'
import { answerRequest, askForInformation } from '#areas/sharing/requests/contract.ts'
import { area as sharing } from '#areas/sharing/area.ts'
import { structureFor, type TestHolder } from '#areas/structure/testing.ts'
import { area as watchArea } from '#areas/watch/area.ts'
import { rows, sql } from '#core/db/sql.ts'
import { type TestCity, testCity, type TestPerson } from '#core/db/testing.ts'
import { id } from '#core/id.ts'
import { type Operation, wordsOf } from '#core/operation/operation.ts'
import { perform, registryOf } from '#core/operation/perform.ts'
import { recordArea } from '#core/record/area.ts'
import { pack, packs, type Pack, takePack } from '#core/record/pack/contract.ts'
import { sweepPacks } from '#core/record/pack/keeper.ts'
import { fileOf, makePack } from '#core/record/pack/make.ts'
import { openSealed } from '#core/record/pack/open.mjs'
import { isTagged } from '#core/record/pack/report.ts'
import { acknowledge, open } from '#core/record/reading/contract.ts'
import { sealOnce } from '#core/record/sealer.ts'
import { placeAll } from '#core/record/testing.ts'
import { createSigningKey } from '#core/record/tree/heads.ts'

const passphrase = 'seven grey herons stand in the quay'
const receiver = generateKeyPairSync('x25519')
const publicKey = JSON.stringify(receiver.publicKey.export({ format: 'jwk' }))
const mission = [sharing, watchArea, response]
const registry = registryOf([recordArea(mission), ...mission])
const key = createSigningKey('halvern')
let city: TestCity
let folder = ''
let watch: TestHolder
let lawyer: TestHolder
let inquiry: TestPerson
let stranger: TestPerson
let incidentId = ''
let openLine = ''
let secretLine = ''
let keysFile = ''

const as = <T>(person: TestPerson, operation: Operation, input: unknown): Promise<T> =>
  perform(city.database, registry, registry.named(...wordsOf(operation)), input, person.enters(operation.name)) as Promise<T>
const strengthen = (person: TestPerson) =>
  city.owner.query('update access.session set strong_at = clock_timestamp() where person = $1', [person.personId])
async function settle(): Promise<void> {
  await placeAll(city)
  await city.database.verifier(async (tx) => {
    while ((await sealOnce(tx, [key], 'halvern')) !== undefined);
  })
}
async function line(words: string, clauses: string[][]): Promise<string> {
  const entryId = id()
  await city.owner.query(
    `insert into response.log_entries (id, incident_id, occurred_at, entered_at, kind, text, label, world)
     values ($1, $2, clock_timestamp(), clock_timestamp(), 'note', $3, access.intern($4, 'TLP:AMBER+STRICT'), '00000000-0000-7000-8000-000000000001')`,
    [entryId, incidentId, words, JSON.stringify(clauses)],
  )
  return entryId
}

const asked = (more: object = {}) => ({
  thread: incidentId,
  receiver: 'Inquiry into the Tern Quay fire',
  purpose: 'Disclosure for the first hearing.',
  authority: 'Chair, direction 4',
  reach: 'all',
  publicKey,
  ...more,
})
/** Asks, makes, opens and unpacks; returns the folder in which it lies. */
async function made(person: TestPerson, more: object = {}): Promise<{ packId: string; at: string; sealed: Buffer }> {
  const { id: packId } = await as<{ id: string }>(person, pack, asked(more))
  await settle()
  await city.database.jobs('t', null, (tx) =>
    rows(tx, sql`insert into record.pack_work (pack, claimed_at) values (${packId}, clock_timestamp())`),
  )
  await makePack(city.database, folder, packId, { patience: 0 })
  const at = join(folder, `open-${packId}`)
  mkdirSync(at)
  await openSealed(fileOf(folder, packId), `${at}.zip`, 'passphrase' in more ? passphrase : receiver.privateKey.export({ format: 'jwk' }))
  for (const [name, bytes] of Object.entries(unzipSync(readFileSync(`${at}.zip`)))) {
    mkdirSync(dirname(join(at, name)), { recursive: true })
    writeFileSync(join(at, name), bytes)
  }
  return { packId, at, sealed: readFileSync(fileOf(folder, packId)) }
}
const everything = (at: string) =>
  readdirSync(at)
    .filter((name) => !name.endsWith('.mjs'))
    .map((name) => readFileSync(join(at, name)).toString('latin1'))
    .join('\n')
/** Plain Node with nothing around it, as a stranger runs it. */
const plainNode = (at: string, ...args: string[]) => {
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { cwd: at, env: {}, encoding: 'utf8' })
  return { status, text: stdout + stderr }
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'concord-packs-'))
  city = await testCity()
  await city.owner.query("insert into access.city (code, name) values ('halvern', 'Halvern') on conflict do nothing")
  const structure = structureFor(city)
  const agency = await structure.agency('Council')
  watch = await structure.holder('Wil Watch', agency, 'watch-officer')
  lawyer = await structure.holder('Lou Law', agency, 'legal-adviser')
  inquiry = await city.person('Ira Inquiry', ['kind:inquiry'])
  stranger = await city.person('Stan Stranger', ['kind:legal-adviser'])
  await city.database.verifier((tx) =>
    rows(tx, sql`insert into record.signing_key (key_id, public_key) values (${key.key.id}, ${key.key.text})`),
  )
  keysFile = join(folder, 'keys.txt')
  writeFileSync(keysFile, `${key.key.text}\n`)
  incidentId = (await as<{ id: string }>(watch, openIncident, { name: 'Fire at Tern Quay', incidentType: 'fire' })).id
  await city.owner.query("select access.put_reach($1, $2, clock_timestamp(), null, 'test')", [lawyer.personId, `incident:${incidentId}`])
  openLine = await line('Smoke seen from the west. =HYPERLINK("x") #set text', [[`incident:${incidentId}`]])
  secretLine = await line('NIGHTINGALE is inside the depot.', [[`person:${watch.personId}`]])
  await settle()
  await as(watch, open, { table: 'response.log_entries', id: openLine })
  await as(watch, acknowledge, { table: 'response.log_entries', id: openLine })
  await settle()
  await strengthen(inquiry)
  await strengthen(lawyer)
}, 180_000)
afterAll(async () => {
  await city?.end()
  rmSync(folder, { recursive: true, force: true })
})

describe('a disclosure pack', () => {
  test('for an inquiry: opened, verified with plain Node and keys from elsewhere; one byte that was changed names its entry', async () => {
    const { at, sealed, packId } = await made(inquiry, {
      passphrase,
      publicKey: undefined,
      pictures: [
        { personId: watch.personId, at: new Date().toISOString() },
        { personId: lawyer.personId, at: new Date(Date.now() - 3_600_000).toISOString() },
      ],
    })
    expect(sealed.toString('latin1')).not.toMatch(/NIGHTINGALE|Tern Quay|Smoke|Watch|halvern/)
    expect(readdirSync(at).sort()).toEqual(
      expect.arrayContaining([
        'README.txt',
        'check-files.mjs',
        'concord-verify.mjs',
        'manifest.json',
        'people.csv',
        'picture-1.csv',
        'record.jsonl',
        'timeline.csv',
        'who-saw-what.csv',
      ]),
    )
    const files = plainNode(at, 'check-files.mjs')
    expect(files).toMatchObject({ status: 0 })
    const listed = (await as<{ packs: Pack[] }>(inquiry, packs, { thread: incidentId })).packs.find((one) => one.id === packId)!
    expect(files.text).toContain(listed.manifestHash)
    expect(plainNode(at, 'concord-verify.mjs', 'record.jsonl', '--keys', keysFile)).toMatchObject({ status: 0 })
    expect(plainNode(at, 'concord-verify.mjs', 'record.jsonl').status).toBe(3)

    const record = readFileSync(join(at, 'record.jsonl'), 'utf8')
    const wanted = record.split('\n').find((text) => text.includes('NIGHTINGALE'))!
    const { entry } = JSON.parse(wanted) as { entry: number }
    writeFileSync(join(at, 'record.jsonl'), record.replace('NIGHTINGALE', 'NIGHTINGALF'))
    const tampered = plainNode(at, 'concord-verify.mjs', 'record.jsonl', '--keys', keysFile)
    expect(tampered.status).toBe(1)
    expect(tampered.text).toContain(`WRONG: entry at position ${entry}:`)
    expect(plainNode(at, 'check-files.mjs')).toMatchObject({ status: 1 })

    const views = readFileSync(join(at, 'who-saw-what.csv'), 'utf8')
    expect(views).toMatch(/opened,Wil Watch/)
    expect(views).toMatch(/acknowledged,Wil Watch/)
    const first = readFileSync(join(at, 'picture-1.csv'), 'utf8')
    expect(first).toContain(secretLine)
    expect(first.split('\n').find((text) => text.includes(openLine))).toMatch(/Z,.*Z,.*Z/)
    expect(readFileSync(join(at, 'picture-2.csv'), 'utf8')).not.toContain(openLine)
    // A table must not run in a spreadsheet.
    expect(readFileSync(join(at, 'timeline.csv'), 'utf8')).not.toMatch(/(^|,)=HYPERLINK/m)
  }, 180_000)

  test('the report is a tagged PDF with mode and marking on every page; what a person wrote is text, not source', async () => {
    const { at } = await made(inquiry)
    const pdf = readFileSync(join(at, 'report.pdf'))
    expect(isTagged(pdf)).toBe(true)
    expect(isTagged(Buffer.from('%PDF-1.7 nothing'))).toBe(false)
    if (!existsSync('/usr/bin/pdftotext')) return
    const text = execFileSync('pdftotext', ['-layout', join(at, 'report.pdf'), '-'], { encoding: 'utf8' })
    for (const page of text.split('\f').slice(0, -1)) {
      expect(page).toMatch(/LIVE/)
      expect(page).toMatch(/TLP:AMBER\+STRICT/)
    }
    expect(text).toContain('#set text')
    expect(text).toContain('not certified')
    if (process.env.CONCORD_PICTURES)
      execFileSync('pdftoppm', ['-r', '70', '-png', join(at, 'report.pdf'), join(process.env.CONCORD_PICTURES, 'pack-report')])
  }, 180_000)

  test('redacted for a receiver: nothing of what is not for them, neither words, ids, hashes, positions, counts nor gaps', async () => {
    const { at } = await made(lawyer, { reach: 'members' })
    const text = everything(at)
    expect(text).toContain('Smoke seen')
    expect(text).not.toMatch(/NIGHTINGALE/)
    expect(text).not.toContain(secretLine)
    expect(existsSync(join(at, 'record.jsonl'))).toBe(false)
    const entries = readFileSync(join(at, 'entries.jsonl'), 'utf8')
      .trim()
      .split('\n')
      .map((one) => JSON.parse(one) as Record<string, unknown>)
    expect(entries.map(({ n }) => n)).toEqual(entries.map((_, number) => number + 1))
    for (const entry of entries)
      expect(Object.keys(entry)).toEqual(['n', 'recordedAt', 'table', 'row', 'action', 'operation', 'marking', 'content'])
    expect(plainNode(at, 'check-files.mjs')).toMatchObject({ status: 0 })
    // Something more that is withheld changes no file of it but the one that says when it was asked.
    await line('NIGHTINGALE has left.', [[`person:${watch.personId}`]])
    const again = await made(lawyer, { reach: 'members' })
    const names = (folderOf: string) => readdirSync(folderOf).filter((name) => !/manifest|report/.test(name))
    expect(names(again.at)).toEqual(names(at))
    for (const name of names(at)) expect(readFileSync(join(again.at, name)).equals(readFileSync(join(at, name))), name).toBe(true)
    expect(again.sealed.length).toBe(readFileSync(fileOf(folder, at.split('open-')[1]!)).length)
  }, 180_000)

  test('stubs are for who is entitled to know that something exists: header and hash under the same proof, and no content', async () => {
    const { at } = await made(inquiry, { reach: 'members', withheld: 'stubs' })
    const text = everything(at)
    expect(text).not.toMatch(/NIGHTINGALE/)
    expect(text).toContain('Smoke seen')
    const secret = readFileSync(join(at, 'record.jsonl'), 'utf8')
      .split('\n')
      .find((one) => one.includes(secretLine))!
    expect(JSON.parse(secret)).toMatchObject({ salt: null, content: null })
    expect(plainNode(at, 'concord-verify.mjs', 'record.jsonl', '--keys', keysFile)).toMatchObject({ status: 0 })
  }, 180_000)

  test('is made by an inquiry post, or for less by a legal adviser, never without a passkey, never beyond the maker’s own reach', async () => {
    const refused = { kind: 'not-allowed' }
    await expect(as(watch, pack, asked())).rejects.toMatchObject(refused)
    await expect(as(lawyer, pack, asked())).rejects.toMatchObject(refused)
    await expect(as(lawyer, pack, asked({ reach: 'members', withheld: 'stubs' }))).rejects.toMatchObject(refused)
    await expect(
      as(lawyer, pack, asked({ reach: 'members', pictures: [{ personId: watch.personId, at: new Date().toISOString() }] })),
    ).rejects.toMatchObject(refused)
    await expect(as(stranger, pack, asked({ reach: 'members' }))).rejects.toMatchObject(refused)
    await expect(as(inquiry, pack, asked({ publicKey: undefined }))).rejects.toMatchObject({ kind: 'invalid', field: 'passphrase' })
    await expect(as(inquiry, pack, asked({ publicKey: undefined, passphrase: 'short' }))).rejects.toMatchObject({
      kind: 'invalid',
      field: 'passphrase',
    })
    await expect(as(inquiry, pack, asked({ reach: 'agency' }))).rejects.toMatchObject({ kind: 'invalid', field: 'agencyId' })
    // A legal adviser without a part in the incident gets a pack in which nothing of it is; it looks as that of an incident that is not there.
    await strengthen(stranger)
    const { at } = await made(stranger, { reach: 'members' })
    expect(readFileSync(join(at, 'entries.jsonl'), 'utf8').includes('Smoke')).toBe(false)
    const nowhere = await made(stranger, { reach: 'members', thread: id() })
    expect(readdirSync(nowhere.at)).toEqual(readdirSync(at))
    // The timed duties can read a pack's entries while it is made, and not before or after.
    const asJobs = (packId: string) =>
      city.database.jobs('t', null, (tx) => rows(tx, sql`select * from record.pack_positions(${packId}, 1000)`))
    await expect(asJobs(at.split('open-')[1]!)).rejects.toMatchObject(refused)
    await expect(asJobs(id())).rejects.toMatchObject(refused)
  }, 180_000)

  test('made by somebody who joined from joining on holds what came since and belongs to it, and neither words nor ids of before', async () => {
    const structure = structureFor(city)
    const [asker, other] = [await structure.agency('Asking'), await structure.agency('Asked')]
    const late = await structure.holder('Lea Late', asker, 'legal-adviser')
    const fire = await structure.holder('Fin Fire', asker, 'executive')
    const police = await structure.holder('Pat Police', other, 'executive')
    const take = (person: TestHolder, token: string) =>
      city.owner.query("select access.put_reach($1, $2, clock_timestamp(), null, 'test')", [person.personId, token])
    for (const person of [fire, police]) await take(person, `incident:${incidentId}`)
    const answered = async (what: string) => {
      const neededBy = new Date(Date.now() + 3_600_000).toISOString()
      const { requestId } = await as<{ requestId: string }>(fire, askForInformation, {
        toAgencyId: other,
        what,
        why: 'Crews wait.',
        neededBy,
        incidentId,
      })
      await as(police, answerRequest, { requestId, outcome: 'share', words: `${what}: the quay.` })
    }
    await answered('Which road')
    await as(watch, letIn, { incidentId, personId: late.personId, past: 'from-joining', reason: 'They advise from now on.' })
    const after = await line('Smoke has gone.', [[`incident:${incidentId}`, `incident:${incidentId}.1`]])
    await answered('Which bridge')
    await settle()
    await strengthen(late)
    const { packId, at } = await made(late, { reach: 'members' })
    const entries = readFileSync(join(at, 'entries.jsonl'), 'utf8')
    expect(entries).toContain(after)
    for (const one of ['Smoke seen from the west', openLine, secretLine]) expect(entries).not.toContain(one)
    const { rows: kept } = await city.owner.query<{ tables: string[]; ids: string[] }>(
      'select row_tables as tables, row_ids as ids from record.packs where id = $1',
      [packId],
    )
    // Both answers are of their agency, which read them beforehand; the parts that were given stand there as far as they may know of them.
    expect(kept[0]!.tables.filter((table) => table === 'sharing.request_answers')).toHaveLength(2)
    const seen = await city.database.read(late.enters(), ({ tx }) =>
      rows<{ sees: boolean }>(
        tx,
        sql`select record.sees(t, i) as sees from unnest(${kept[0]!.tables}::text[], ${kept[0]!.ids}::uuid[]) as x (t, i)`,
      ),
    )
    expect(seen.every(({ sees }) => sees)).toBe(true)
  }, 180_000)

  test('is taken by its maker with a ticket, noted; ends by itself, its file with it; the record keeps that it was', async () => {
    const { packId } = await made(inquiry, { days: 1 })
    await expect(as(lawyer, takePack, { packId })).rejects.toMatchObject({ kind: 'not-found' })
    const taken = await as<{ path: string; sha256: string }>(inquiry, takePack, { packId })
    expect(taken.path).toMatch(/^\/packs\/[\w-]{32}$/)
    const before = (await as<{ packs: Pack[] }>(inquiry, packs, {})).packs.find((one) => one.id === packId)!
    expect(before).toMatchObject({ state: 'ready', fileHash: taken.sha256 })
    expect(before.downloads).toHaveLength(1)
    await city.owner.query(
      "update record.packs set asked_at = asked_at - interval '2 days', expires_at = expires_at - interval '2 days' where id = $1",
      [packId],
    )
    const others = readdirSync(folder).filter((name) => name.endsWith('.sealed')).length
    await sweepPacks(city.database, folder)
    expect(existsSync(fileOf(folder, packId))).toBe(false)
    expect(readdirSync(folder).filter((name) => name.endsWith('.sealed')).length).toBe(others - 1)
    await expect(as(inquiry, takePack, { packId })).rejects.toMatchObject({ kind: 'conflict' })
    const ended = (await as<{ packs: Pack[] }>(inquiry, packs, {})).packs.find((one) => one.id === packId)!
    expect(ended.state).toBe('expired')
    await settle()
    const { rows: entries } = await city.owner.query<{ operation: string }>(
      "select convert_from(e.header, 'UTF8')::jsonb ->> 'operation' as operation from record.entry e join record.place p on p.seq = e.seq where p.row_id = $1 order by p.position",
      [packId],
    )
    // The third is this test's own hand, which set the clock.
    expect(entries.map(({ operation }) => operation)).toEqual(['record.pack', 'record.makePack', 'none', 'record.endPacks'])
  }, 180_000)
})
