import { execFile, spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import pg from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { ownerConfig, readPidFile } from '#core/db/launch/postmaster.ts'
import { until } from '#core/db/launch/processes.ts'
import { type Account, type ServedCity, type ServerProcess, servedCity } from './faults/served-city.ts'

const program = fileURLToPath(new URL('../bin/concord.mjs', import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'concord-walk-'))
/** What somebody outside the city has: a plain Node, the file of a witness, keys told to them by another way. */
const outside = join(folder, 'outside')
const held = join(outside, 'held.jsonl')
const settings: Record<string, string> = { CONCORD_CITY_CODE: 'northport', CONCORD_WITNESS_FILE: held, CONCORD_WITNESS_MINUTES: '1' }
const north = servedCity(settings)
const south = servedCity({ CONCORD_CITY_CODE: 'southport' })
let served: ServerProcess
let southUrl: string
let administrator: Account

/** One command line on a machine: the operator's own file there, or somebody's token. */
async function concord(environment: Record<string, string>, ...words: string[]) {
  const env = { ...process.env, DATABASE_URL: '', CONCORD_URL: '', CONCORD_TOKEN: '', ...environment }
  return new Promise<{ code: number; stdout: string; stderr: string }>((resolve) => {
    execFile(process.execPath, [program, ...words], { env, maxBuffer: 64 * 1024 * 1024 }, (error, stdout, stderr) =>
      resolve({ code: error === null ? 0 : Number(error.code), stdout, stderr }),
    )
  })
}
/** The answer; a city that says *send it again*, because its machine has too much to do, is asked again. */
async function answer<Answer>(environment: Record<string, string>, ...words: string[]): Promise<Answer> {
  for (let tries = 1; ; tries += 1) {
    const { code, stdout, stderr } = await concord(environment, ...words, '--json')
    if (code !== 0 && tries < 20 && stderr.includes('Send it again')) continue
    expect({ code, stderr }, served?.said().slice(-3000)).toEqual({ code: 0, stderr: '' })
    return JSON.parse(stdout) as Answer
  }
}
const atNorth = { CONCORD_DATA: north.folder }
const asSouth = () => ({ CONCORD_URL: southUrl, CONCORD_TOKEN: administrator.key })

interface Standing {
  sealing: { size: number; oldestUnsealedAt: string | null }
  changes: { kind: string; doneAt: string | null; oldKey: string | null; newKey: string | null }[]
  witnesses: { name: string; kind: string; toldAt: string | null; detail: string | null }[]
  verifications: { finishedAt: string | null; ok: boolean | null; problems: { position: number | null; what: string }[] }[]
}
interface Report {
  ok: boolean
  entries: number
  sealed: number
  problems: { position: number | null; what: string }[]
  keyTurns: { kind: string }[]
}
const standing = () => answer<Standing>(atNorth, 'record', 'standing')
const keysOf = async (environment: Record<string, string>) =>
  (await answer<{ keys: { publicKey: string; from: string; ended: string | null }[] }>(environment, 'record', 'keys')).keys
const statementsHeld = () => (existsSync(held) ? readFileSync(held, 'utf8').trim().split('\n').filter(Boolean) : [])
const newKey = async () => (await keysOf(atNorth)).find(({ ended }) => ended === null)!.publicKey
const keptBySouth = async () =>
  (await answer<{ statements: { statement: string }[] }>(asSouth(), 'record', 'witnessed')).statements.map(({ statement }) => statement)
const wholly = async (what: string, sure: () => Promise<boolean> | boolean) => {
  const ended = Date.now() + 400_000
  while (!(await sure())) {
    if (Date.now() > ended)
      throw new Error(`it did not come about: ${what}\n${JSON.stringify(await standing())}\n${served.said().slice(-3000)}`)
    await until(1000, () => false)
  }
}
/** As whoever owns the machine: no trigger, no policy. */
async function asOwner(city: ServedCity, work: (owner: pg.Client) => Promise<void>): Promise<void> {
  const owner = new pg.Client(ownerConfig(readPidFile(city.cluster)?.socket ?? ''))
  await owner.connect()
  try {
    await owner.query("set session_replication_role = 'replica'")
    await work(owner)
  } finally {
    await owner.end()
  }
}
const verifyOutside = (...more: string[]) =>
  spawnSync(process.execPath, ['concord-verify.mjs', 'record.jsonl', '--keys', 'keys.txt', ...more], {
    encoding: 'utf8',
    cwd: outside,
    env: {},
  })

beforeAll(async () => {
  mkdirSync(outside)
  southUrl = (await south.serve()).url
  administrator = await south.person('Ada', ['kind:administrator', 'city:southport'])
  settings.CONCORD_WITNESS_CITY = southUrl
  served = await north.serve()
}, 600_000)
afterAll(async () => {
  await north.end()
  await south.end()
  rmSync(folder, { recursive: true, force: true })
}, 60_000)

test('a witness’s file and another city hold the record from its first head on', async () => {
  await wholly('the first statement is in the file', () => statementsHeld().length > 0)
  const [first] = await keysOf(atNorth)
  writeFileSync(join(outside, 'keys.txt'), `${first!.publicKey}\n`)
  // The other city takes nothing until its administrator has entered the key.
  expect(await keptBySouth()).toEqual([])
  await answer(asSouth(), 'record', 'witness-city', '--name', 'Northport', '--public-key', first!.publicKey)
  await wholly('the other city keeps what the file holds', async () => (await keptBySouth()).length > 0)
  const kept = await keptBySouth()
  await wholly('both hold the same statement', () =>
    statementsHeld().some((line) => kept.includes((JSON.parse(line) as { statement: string }).statement)),
  )
  const told = (await standing()).witnesses
  expect(told.map(({ kind }) => kind).sort()).toEqual(['city', 'file'])
  for (const one of told) expect(one.toldAt).not.toBeNull()
}, 600_000)

test('the key is changed and then lost, in plain sight; what is told afterwards bears the new key', async () => {
  const before = statementsHeld().length
  await answer(atNorth, 'record', 'rotate-key', '--reason', 'Yearly change of key', '--overlap-hours', '2')
  await wholly('the rotation is done', async () => (await standing()).changes[0]?.doneAt !== null)
  await answer(atNorth, 'record', 'replace-lost-key', '--reason', 'The disk with the key burnt')
  await wholly('the loss is stated', async () => (await standing()).changes.every(({ doneAt }) => doneAt !== null))
  expect(new Set((await keysOf(atNorth)).map(({ ended }) => ended))).toEqual(new Set(['rotated', 'lost', null]))
  const report = await answer<Report>(atNorth, 'record', 'verify')
  expect(report).toMatchObject({ ok: true, problems: [] })
  expect(report.keyTurns.map(({ kind }) => kind)).toEqual(['changed', 'lost'])
  await wholly('the next statement is in the file', () => statementsHeld().length > before)
  // The other city knows the old key alone: it takes nothing more, and we are told so, until the new one is entered there.
  await wholly('the other city refuses', async () =>
    (await standing()).witnesses.some(({ kind, detail }) => kind === 'city' && detail !== null),
  )
  await answer(asSouth(), 'record', 'witness-city', '--name', 'Northport since the loss', '--public-key', await newKey())
  const last = (JSON.parse(statementsHeld().at(-1)!) as { statement: string }).statement
  await wholly('the other city keeps the newest too', async () => (await keptBySouth()).includes(last))
}, 600_000)

test('a stranger verifies the whole record from a file, with the keys and what the witness holds', async () => {
  writeFileSync(join(outside, 'keys.txt'), `${readFileSync(join(outside, 'keys.txt'), 'utf8')}${await newKey()}\n`)
  const out = ['--out', join(outside, 'record.jsonl')]
  await answer(atNorth, 'record', 'bundle', ...out, '--verifier', join(outside, 'concord-verify.mjs'))
  const found = verifyOutside('--witness', 'held.jsonl')
  expect(found).toMatchObject({ status: 0, stderr: '' })
  expect(found.stdout).toContain('handed over to key')
  expect(found.stdout).toContain('the city states that its key was lost')
  expect(found.stdout).toContain('Somebody else holds this record as it stood at')
  // The same by the command line of a machine that has Concord, and of the running city.
  const given = ['--keys', join(outside, 'keys.txt'), '--witness', held]
  expect((await concord({}, 'record', 'verify', '--offline', join(outside, 'record.jsonl'), ...given)).code).toBe(0)
  expect((await concord(atNorth, 'record', 'verify', ...given)).code).toBe(0)
  // What the other city kept proves the same.
  const kept = (await keptBySouth()).map((statement) => JSON.stringify({ statement }))
  writeFileSync(join(outside, 'kept-by-south.jsonl'), `${kept.join('\n')}\n`)
  expect(verifyOutside('--witness', 'kept-by-south.jsonl').status).toBe(0)
}, 600_000)

test('whoever owns the store changes an entry: every verification says which', async () => {
  await asOwner(north, async (owner) => {
    await owner.query(
      `update record.entry set content = convert_to('{"row": {"name": "somebody else"}}', 'UTF8') where seq = (select seq from record.place where position = 3)`,
    )
  })
  const wrong = { position: 3, what: 'the content does not fit its hash: it was changed' }
  expect((await answer<Report>(atNorth, 'record', 'verify')).problems).toEqual([wrong])
  await answer(atNorth, 'record', 'ask-verification')
  await wholly('the verification is finished', async () => (await standing()).verifications[0]?.finishedAt !== null)
  expect((await standing()).verifications[0]).toMatchObject({ ok: false, problems: [wrong] })

  await asOwner(north, async (owner) => {
    await owner.query(
      `update record.entry e set content_hash = sha256(e.salt || e.content) from record.place p where p.seq = e.seq and p.position = 3`,
    )
    await owner.query(
      `update record.place p set leaf = sha256('\\x00'::bytea || e.header || e.content_hash) from record.entry e where p.seq = e.seq and p.position = 3`,
    )
  })
  const rewritten = await answer<Report>(atNorth, 'record', 'verify')
  expect(rewritten.ok).toBe(false)
  expect(rewritten.problems.every(({ what }) => /its root is not that of these entries/.test(what))).toBe(true)
  expect(rewritten.problems[0]!.what).toMatch(/the fault lies at positions 0 to \d+, or in the head/)
  await answer(atNorth, 'record', 'bundle', '--out', join(outside, 'record.jsonl'))
  expect(verifyOutside().stdout).toMatch(/WRONG: head 0 .*its root is not that of these entries/)
}, 600_000)

test('whoever owns the store and the key signs all of it anew: the record agrees with itself, and the witnesses do not', async () => {
  await asOwner(north, async (owner) => {
    await owner.query('begin')
    await owner.query('delete from record.head')
    await owner.query('delete from record.node')
    await owner.query('commit')
  })
  // Whatever is recorded next is sealed together with what stands there now.
  await answer(atNorth, 'record', 'ask-verification')
  await wholly('it is signed again', async () => {
    const { sealing } = await standing()
    return sealing.size > 0 && sealing.oldestUnsealedAt === null
  })
  expect((await answer<Report>(atNorth, 'record', 'verify')).ok).toBe(true)
  await answer(atNorth, 'record', 'bundle', '--out', join(outside, 'record.jsonl'))
  expect(verifyOutside().status).toBe(0)
  for (const file of ['held.jsonl', 'kept-by-south.jsonl']) {
    const found = verifyOutside('--witness', file)
    expect(found.status).toBe(1)
    expect(found.stdout).toContain('the head that the witness was given is not one of this record: its history was rewritten')
  }
  const running = await concord(atNorth, 'record', 'verify', '--keys', join(outside, 'keys.txt'), '--witness', held)
  expect(running.code).toBe(1)
  expect(running.stdout).toContain('its history was rewritten')
}, 600_000)
