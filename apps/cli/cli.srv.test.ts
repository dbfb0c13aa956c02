import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync, chmodSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type City, startCity } from '#apps/server/start-city.ts'
import { readConfig } from '#core/config.ts'
import { asOf } from '#core/record/reading/contract.ts'
import { fieldsOf } from './fields.ts'

const program = fileURLToPath(new URL('../../bin/concord.mjs', import.meta.url))
const quiet = { info: () => undefined, warn: () => undefined }
let parent: string
let city: City

const concord = async (...words: string[]) => {
  const environment = { ...process.env, CONCORD_URL: city.url, CONCORD_TOKEN: city.operatorToken, DATABASE_URL: '' }
  const { stdout, stderr } = await promisify(execFile)(process.execPath, [program, ...words], {
    env: environment,
    maxBuffer: 32 * 1024 * 1024,
  }).catch((error: { stdout: string; stderr: string }) => error)
  return { stdout, stderr }
}
const json = async (...words: string[]) => JSON.parse((await concord(...words, '--json')).stdout) as Record<string, unknown>

beforeAll(async () => {
  parent = mkdtempSync(join(tmpdir(), 'concord-cli-'))
  chmodSync(parent, 0o755)
  city = await startCity(
    readConfig({ port: '0', data: join(parent, 'data') }, { ...process.env, DATABASE_URL: '' }),
    { demo: false },
    quiet,
  )
})
afterAll(async () => {
  await city?.stop()
  rmSync(parent, { recursive: true, force: true })
})

test('plain parts of an input are flags of the command', () => {
  expect(fieldsOf(asOf).map(({ flag }) => flag)).toEqual(['--thread <value>', '--at <value>'])
})

test('every operation is a command, with who may and its schemas', async () => {
  const { stdout } = await concord('operations', '--json')
  const lines = stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as { name: string; who: unknown; input: unknown })
  expect(lines.length).toBeGreaterThan(90)
  for (const line of lines) expect(line).toMatchObject({ name: expect.any(String), who: expect.anything(), input: expect.anything() })
})

test('the operator of the machine can prove the record, and cannot do what is another post’s', async () => {
  expect(await json('record', 'verify')).toMatchObject({ ok: true, problemCount: 0 })
  expect((await concord('response', 'open-incident', '--name', 'x', '--incident-type', 'flood')).stderr).toMatch(
    /This is for watch officer/,
  )
})

test('a wrong part of the input is named', async () => {
  expect((await concord('record', 'as-of', '--thread', 'nonsense', '--at', '2026-01-01T00:00:00Z')).stderr).toMatch(/^concord: thread: /)
})

test('a backup restored elsewhere proves the same root', async () => {
  const before = await json('record', 'verify')
  const file = join(parent, 'city.backup')
  const there = join(parent, 'there')
  const data = (folder: string) => ['--data', folder]
  expect((await concord('backup', file, ...data(join(parent, 'data')))).stdout).toContain('The city is in')
  expect((await concord('restore', file, ...data(there))).stdout).toContain('is restored')
  const restored = await startCity(readConfig({ port: '0', data: there }, { ...process.env, DATABASE_URL: '' }), { demo: false }, quiet)
  try {
    const answer = await fetch(`${restored.url}/api/record/verify`, { headers: { authorization: `Bearer ${restored.operatorToken}` } })
    const { problems, root, treeSize } = (await answer.json()) as { problems: unknown[]; root: string; treeSize: number }
    // Its own key is not the old city's: the old heads are known by the key that the record names.
    expect(problems).toEqual([])
    // Starting it gave its operator a token of the same person: nothing was added to the record.
    expect({ root, treeSize }).toEqual({ root: before.root, treeSize: before.treeSize })
  } finally {
    await restored.stop()
  }
})
