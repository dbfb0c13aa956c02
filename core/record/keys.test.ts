import { chmodSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { TestPerson } from '#core/db/testing.ts'
import { folderKeyring, givenKeyring, keyringOf } from './keys.ts'
import { verify } from './reading/contract.ts'
import { startSealer } from './sealer.ts'
import { keys as askKeys, replaceLostKey, rotateKey, standing } from './standing/contract.ts'
import { recordCity, type RecordCity, testRing } from './testing.ts'
import { createSigningKey, readHead } from './tree/heads.ts'

const folder = mkdtempSync(join(tmpdir(), 'concord-keys-'))
afterAll(() => rmSync(folder, { recursive: true }))

describe('a ring of keys in a folder', () => {
  test('makes each key in a file of its own that only its user reads, and finds them again', async () => {
    const ring = folderKeyring(folder, 'our.city')
    expect(await ring.keys()).toEqual([])
    const [first, second] = [await ring.make(), await ring.make()]
    expect((await folderKeyring(folder, 'our.city').keys()).map(({ key }) => key.text).sort()).toEqual(
      [first!.key.text, second!.key.text].sort(),
    )
    expect(readdirSync(join(folder, 'keys')).map((name) => statSync(join(folder, 'keys', name)).mode & 0o777)).toEqual([0o600, 0o600])
    expect(await folderKeyring(folder, 'our').keys()).toEqual([])
    expect(await folderKeyring(folder, 'ur.city').keys()).toEqual([])
  })

  test('takes the one file of earlier versions, and leaves out and tells what cannot be read', async () => {
    const old = createSigningKey('old.city')
    writeFileSync(join(folder, 'keys', 'old.city.key'), `${old.secret}\n`)
    writeFileSync(join(folder, 'keys', 'old.city.0123abcd.key'), 'torn')
    const told: string[] = []
    expect((await folderKeyring(folder, 'old.city', (name) => void told.push(name)).keys()).map(({ key }) => key.id)).toEqual([old.key.id])
    expect(told).toEqual(['old.city.0123abcd.key'])
    chmodSync(join(folder, 'keys', 'old.city.key'), 0)
    if (process.getuid?.() !== 0) expect(await folderKeyring(folder, 'old.city').keys()).toEqual([])
    chmodSync(join(folder, 'keys', 'old.city.key'), 0o600)
  })

  test('or comes from the environment, one secret or several, and then makes none', async () => {
    const [a, b] = [createSigningKey('our.city'), createSigningKey('our.city')]
    const ring = keyringOf(folder, 'our.city', { CONCORD_SIGNING_KEY: `${a.secret},\n ${b.secret} ` })
    expect((await ring.keys()).map(({ key }) => key.id)).toEqual([a.key.id, b.key.id])
    expect(await ring.make()).toBeUndefined()
    expect(() => givenKeyring('our.city', 'AAAA')).toThrow('public key')
  })
})

describe('the key that signs', () => {
  let here: RecordCity
  let operator: TestPerson
  let administrator: TestPerson
  let member: TestPerson
  interface Standing {
    sealing: { standsStill: boolean; oldestUnsealedAt: string | null }
    keys: { id: string; until: string | null; ended: string | null; signs: boolean }[]
    changes: { kind: string; doneAt: string | null; atSize: number | null; newKey: string | null }[]
  }
  const state = () => here.as<Standing>(operator, standing, {})
  const report = () => here.as<{ ok: boolean; problems: unknown[]; keyTurns: unknown[] }>(administrator, verify, {})
  const lastHead = async () => readHead((await here.heads()).at(-1)!.note)

  beforeAll(async () => {
    here = await recordCity()
    operator = await here.city.person('Oz', ['kind:operator', 'city:test'])
    administrator = await here.city.person('Ada', ['kind:administrator', 'city:test'])
    member = await here.city.person('Max', ['city:test'])
    await here.placeAndSeal()
  })
  afterAll(() => here?.end())

  test('names itself in the record with its first head', async () => {
    const { keys } = await state()
    expect(keys).toMatchObject([{ signs: true, until: null, ended: null }])
    expect(await report()).toMatchObject({ ok: true, keyTurns: [] })
  })

  test('is changed by the operator alone, with a reason; both sign for the overlap, and every verification tells it', async () => {
    for (const person of [administrator, member])
      await expect(here.as(person, rotateKey, { reason: 'Because I would like to' })).rejects.toMatchObject({ kind: 'not-allowed' })
    await expect(here.as(operator, rotateKey, { reason: 'no' })).rejects.toMatchObject({ kind: 'invalid', field: 'reason' })
    const [before] = here.machine.ring.held
    await here.as(operator, rotateKey, { reason: 'Yearly change of key', overlapHours: 2 })
    await expect(here.as(operator, rotateKey, { reason: 'Yearly change of key' })).rejects.toMatchObject({ kind: 'conflict' })
    expect((await state()).changes).toMatchObject([{ kind: 'rotation', doneAt: null }])
    await here.placeAndSeal()
    const [, after] = here.machine.ring.held
    const change = (await here.heads()).map(({ note }) => readHead(note)).find(({ head }) => head.keyChange !== undefined)!
    expect(change.head.keyChange).toBe(after!.key.text)
    expect(change.signatures.map(({ keyId }) => keyId)).toEqual([before!.key.id, after!.key.id])
    expect((await state()).changes).toMatchObject([{ kind: 'rotation', atSize: change.head.size, newKey: after!.key.id }])
    // The note that it is done is an entry too, and both keys sign the head over it.
    expect((await lastHead()).signatures).toHaveLength(2)
    await here.write(['city:test'])
    await here.place()
    await here.seal(here.machine.ring, new Date(Date.now() + 3 * 3_600_000))
    expect((await lastHead()).signatures.map(({ keyId }) => keyId)).toEqual([after!.key.id])
    expect(await report()).toMatchObject({ ok: true, keyTurns: [{ kind: 'changed', from: before!.key.id, to: after!.key.id }] })
    // Anybody in the city sees which keys there are; where they changed is a size, and not for everybody.
    const { keys } = await here.as<Standing>(member, askKeys, {})
    expect(keys).toHaveLength(2)
    expect(JSON.stringify(keys)).not.toMatch(/size/i)
    await expect(here.as(member, standing, {})).rejects.toMatchObject({ kind: 'not-allowed' })
    await expect(
      here.city.database.read(member.enters(), ({ tx }) =>
        import('#core/db/sql.ts').then(({ rows, sql }) => rows(tx, sql`select * from record.seal_state()`)),
      ),
    ).rejects.toMatchObject({ kind: 'not-allowed' })
  })

  test('that is gone is not replaced in silence: nothing is signed, and the page says so, until the operator states the loss', async () => {
    const size = (await here.heads()).at(-1)!.size
    const gone = here.machine.ring.held.splice(0)
    await here.write(['city:test'])
    await here.place()
    expect(await here.seal()).toBe('no-key')
    expect(here.machine.ring.held).toEqual([])
    expect((await here.heads()).at(-1)!.size).toBe(size)
    await here.city.owner.query("set session_replication_role = 'replica'")
    await here.city.owner.query("update record.place set at = at - interval '1 minute' where position >= $1", [size])
    await here.city.owner.query("set session_replication_role = 'origin'")
    expect((await state()).sealing).toMatchObject({ standsStill: true, oldestUnsealedAt: expect.any(String) as string })
    // A rotation needs the old key to vouch for the new one, so it waits.
    await here.as(operator, replaceLostKey, { reason: 'The disk with the key burnt' })
    await here.placeAndSeal()
    const stated = (await here.heads()).map(({ note }) => readHead(note)).find(({ head }) => head.keyLost !== undefined)!
    const fresh = here.machine.ring.held[0]!
    expect(stated.head.keyLost).toBe(fresh.key.text)
    expect(stated.signatures.map(({ keyId }) => keyId)).toEqual([fresh.key.id])
    const found = await report()
    expect(found).toMatchObject({ ok: true })
    expect(found.keyTurns.at(-1)).toMatchObject({ kind: 'lost', size: stated.head.size, to: fresh.key.id })
    // Whoever comes back with the old key is not believed any more.
    here.machine.ring.held.push(...gone)
    await here.write(['city:test'])
    await here.placeAndSeal()
    expect((await lastHead()).signatures.map(({ keyId }) => keyId)).toEqual([fresh.key.id])
    expect((await state()).keys.map(({ ended, signs }) => `${ended} ${signs}`).sort()).toEqual(['lost false', 'null true', 'rotated false'])
  })

  test('a change that failed half way makes no second key', async () => {
    const before = here.machine.ring.held.length
    await here.as(operator, rotateKey, { reason: 'A change that is interrupted', overlapHours: 0 })
    await here.place()
    await expect(
      here.city.database.verifier(async (tx) => {
        const { sealWith } = await import('./sealer.ts')
        await sealWith(tx, here.machine.ring, 'test')
        throw new Error('the disk is full')
      }),
    ).rejects.toThrow()
    expect(here.machine.ring.held).toHaveLength(before + 1)
    await here.placeAndSeal()
    expect(here.machine.ring.held).toHaveLength(before + 1)
    expect(await report()).toMatchObject({ ok: true })
  })

  test('two processes that seal at once make one chain of heads, one key change, and leave nothing out', async () => {
    await here.as(operator, rotateKey, { reason: 'Two processes at once', overlapHours: 0 })
    const shared = here.machine.ring
    const trouble: unknown[] = []
    const both = [1, 2].map(() =>
      startSealer(here.city.database, { machine: { ring: shared }, origin: 'test', every: 1, failed: (error) => void trouble.push(error) }),
    )
    for (let n = 0; n < 20; n += 1) {
      await here.write(['city:test'])
      await here.place()
      for (const one of both) one.poke()
    }
    await here.place()
    for (const one of both) await one.stop()
    await here.placeAndSeal()
    expect(trouble).toEqual([])
    expect(await report()).toMatchObject({ ok: true, notYetSealed: 0 })
    const turns = (await here.heads()).filter(({ note }) => readHead(note).head.keyChange !== undefined)
    expect(turns).toHaveLength(3)
  })

  test('a sealer that cannot seal says so, goes on trying, and stops saying it when it can', async () => {
    const machine = { ring: testRing('test') }
    const sealer = startSealer(here.city.database, { machine, origin: 'test', every: 1, failed: () => {} })
    await here.write(['city:test'])
    await here.place()
    sealer.poke()
    await expect.poll(() => (machine as { trouble?: { what: string } }).trouble?.what).toBe('no-key')
    machine.ring.held.push(...here.machine.ring.held)
    await expect.poll(() => (machine as { trouble?: unknown }).trouble, { timeout: 10_000 }).toBeUndefined()
    await sealer.stop()
    expect(await report()).toMatchObject({ ok: true, notYetSealed: 0 })
  })
})
