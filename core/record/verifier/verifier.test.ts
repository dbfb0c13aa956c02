import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type BundleProofs, writeBundle } from '../tree/bundle.ts'
import { createSigningKey, readHead, signHead } from '../tree/heads.ts'
import { leafOf } from '../tree/leaf.ts'
import { consistencyProof, inclusionProof } from '../tree/proofs.ts'
import { headAt, sampleLedger, sampleRow, stubOf } from '../tree/sample.ts'
import { createTileWriter, tileSource } from '../tree/tiles.ts'
import { createTree } from '../tree/tree.ts'
import { verifyRecord } from '../tree/verify.ts'
import type { VerifyRow } from '../tree/rows.ts'
import { checkBundle } from './check.mjs'
import { main } from './main.mjs'
import { verifierSource } from './source.ts'

const origin = 'northport.example'
const ledger = sampleLedger(9, [1, 3, 8])
const own = ledger.key.key.text
const folder = mkdtempSync(join(tmpdir(), 'concord-bundle-'))
const file = join(folder, 'record.jsonl')
afterAll(() => rmSync(folder, { recursive: true }))

async function write(
  rows: readonly VerifyRow[],
  more: { heads?: readonly string[]; keys?: string[]; entries?: number; part?: boolean; proofs?: BundleProofs } = {},
): Promise<Buffer> {
  const heads = more.heads ?? ledger.heads
  const manifest = {
    origin,
    made: '2026-11-22T23:00:00Z',
    keys: more.keys ?? [own],
    entries: more.entries ?? rows.length,
    heads: heads.length,
    ...(more.part ? { part: true } : {}),
  }
  let text = ''
  for await (const piece of writeBundle(manifest, [rows], heads, more.proofs)) text += piece
  writeFileSync(file, text)
  return Buffer.from(text)
}
const check = async (keys: readonly string[] = [own]) => {
  const report = await checkBundle(file, { keys })
  if (report === undefined) throw new Error('not a bundle')
  return report
}
const isSound = () =>
  check().then(
    ({ ok }) => ok,
    () => false,
  )

describe('a bundle', () => {
  it('is checked alone, with keys given or with its own, and says which', async () => {
    await write(ledger.rows.map((row, n) => (n === 4 ? stubOf(row) : row)))
    const given = await check()
    expect(given).toMatchObject({ ok: true, entries: 9, sealed: 8, stubs: 1, keysFrom: 'given', origin })
    expect(given.says.join('\n')).toContain('The first 8 entries stand in the record as it was signed at 2026-11-22T22:08:00.000Z.')
    expect(given.says.join('\n')).toContain('Not proved by any signed head: 1 entry.')
    expect(given.says.join('\n')).toContain('Content was removed from 1 entry')
    const alone = await check([])
    expect(alone).toMatchObject({ ok: true, keysFrom: 'bundle' })
    expect(alone.says.join('\n')).toContain('only that the file agrees with itself')
    expect(await check([createSigningKey(origin).key.text])).toMatchObject({ ok: false, sealed: 0 })
  })

  it('keeps the stored bytes, whether they are text or not', async () => {
    const odd = [Buffer.from([0xff, 0xfe, 0x00]), Buffer.from('\ufeff{"a": "\\u00e9 é \u2028 \ud83d\ude92"}\n\r'), Buffer.alloc(0)]
    const rows = odd.map((content, n) => {
      const row = sampleRow(n)
      return { ...row, content, contentHash: null, leaf: leafOf(row.header, row.salt, content) }
    })
    await write(rows, { heads: [] })
    expect(await check()).toMatchObject({ ok: true, entries: 3, notYetSealed: 3 })
  })

  it('is found out when any of its bytes is flipped, or it is cut anywhere', async () => {
    const bytes = await write(ledger.rows)
    for (let at = 0; at < bytes.length; at += 7) {
      const flipped = Buffer.from(bytes)
      flipped[at] = (flipped[at] as number) ^ (1 << (at % 8))
      writeFileSync(file, flipped)
      expect(await isSound(), `byte ${at}`).toBe(false)
    }
    for (let at = 0; at < bytes.length - 1; at += 97) {
      writeFileSync(file, bytes.subarray(0, at))
      expect(await isSound(), `cut at ${at}`).toBe(false)
    }
  }, 120_000)

  it('made anew by one who changed an entry and the digest is still found out by the heads', async () => {
    const forged = ledger.rows.map((row, n) =>
      n === 6 ? { ...row, content: Buffer.from('{}'), contentHash: null, leaf: leafOf(row.header, row.salt, Buffer.from('{}')) } : row,
    )
    await write(forged)
    expect(await check()).toMatchObject({ ok: false, sealed: 3 })
    await write(ledger.rows, { entries: 8 })
    expect((await check()).problems[0]?.what).toBe('the manifest says 8 entries, the file has 9')
    expect(readFileSync(file, 'utf8').split('\n')[1]).toContain('north bridge')
  })

  it('of nothing, and of one entry, are records too', async () => {
    const none = createTree()
    await write([], { heads: [headAt(0, none.root(), [ledger.key])] })
    expect(await check()).toMatchObject({ ok: true, entries: 0, sealed: 0, treeSize: 0, root: none.root().toString('hex') })
    none.append(ledger.rows[0]!.leaf as Uint8Array)
    await write(ledger.rows.slice(0, 1), { heads: [headAt(1, none.root(), [ledger.key])] })
    expect(await check()).toMatchObject({ ok: true, entries: 1, sealed: 1 })
  })

  it('finds what the system itself finds, and nothing else', async () => {
    const faults = [
      (row: VerifyRow) => ({ ...row, content: Buffer.from('{}'), contentHash: null }),
      (row: VerifyRow) => ({ ...row, header: Buffer.from(row.header).fill(0x41, 30, 31) }),
      (row: VerifyRow) => ({ ...row, salt: Buffer.alloc(32, 1) }),
      (row: VerifyRow) => ({ ...row, leaf: Buffer.alloc(32, 7) }),
      (row: VerifyRow) => stubOf(row),
      (row: VerifyRow) => ({ ...row, position: (row.position ?? 0) + 1 }),
      (row: VerifyRow) => row,
    ]
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.nat(8), fc.nat(faults.length - 1)), { maxLength: 4 }),
        fc.subarray([0, 1, 2]),
        fc.array(fc.nat(8), { maxLength: 2 }),
        async (changed, heads, dropped) => {
          let rows: VerifyRow[] = [...ledger.rows]
          for (const [at, fault] of changed) rows[at] = faults[fault]!(rows[at]!)
          rows = rows.filter((_, at) => !dropped.includes(at))
          const signed = heads.map((at) => ledger.heads[at]!)
          await write(rows, { heads: signed })
          const theirs = await check()
          const bare = rows.map((row) => ({ ...row, columns: null }))
          const ours = await verifyRecord({ origin, keys: [own], rows: [bare], heads: signed })
          const says = (problems: readonly { position: number | null; what: string }[]) =>
            problems.map(({ position, what }) => `${position} ${what}`).sort()
          expect(says(theirs.problems)).toEqual(says(ours.problems))
          expect({ sealed: theirs.sealed, root: theirs.root, stubs: theirs.stubs }).toEqual({
            sealed: ours.sealed,
            root: ours.root,
            stubs: ours.stubs,
          })
        },
      ),
      { numRuns: 150 },
    )
  }, 60_000)
})

describe('keys', () => {
  const rootAt = (size: number): Buffer => {
    const tree = createTree()
    for (const row of ledger.rows.slice(0, size)) tree.append(row.leaf as Uint8Array)
    return tree.root()
  }
  const [second, third] = [createSigningKey(origin), createSigningKey(origin)]

  it('that were changed are followed and told, forwards and backwards', async () => {
    const heads = [
      headAt(2, rootAt(2), [ledger.key]),
      headAt(4, rootAt(4), [ledger.key, second], second.key.text),
      headAt(9, rootAt(9), [second]),
    ]
    await write(ledger.rows, { heads, keys: [own, second.key.text] })
    for (const key of [own, second.key.text]) expect(await check([key])).toMatchObject({ ok: true, sealed: 9 })
    const { says } = await check()
    expect(says.join('\n')).toContain(`(size 4): key ${ledger.key.key.id} handed over to key ${second.key.id}, and both signed that.`)
    await write(ledger.rows, { heads: [...heads, headAt(9, rootAt(9), [ledger.key])], keys: [own, second.key.text] })
    expect((await check()).problems[0]?.what).toBe('head 3 (size 9): signed by a key that had been replaced')
  })

  it('that were lost break the chain: every verification says so in words, and nobody older is believed after it', async () => {
    const lost = signHead({ origin, size: 5, root: rootAt(5), at: '2026-11-22T22:05:00.000Z', keyLost: third.key.text }, [third])
    expect(readHead(lost).head.keyLost).toBe(third.key.text)
    const heads = [headAt(3, rootAt(3), [ledger.key]), lost, headAt(9, rootAt(9), [third])]
    await write(ledger.rows, { heads, keys: [own, third.key.text] })
    const before = await check([own])
    expect(before).toMatchObject({ ok: false, sealed: 3, keyChanges: [{ kind: 'lost-unproved', size: 5, to: third.key.id }] })
    expect(before.says.join('\n')).toContain('No key you trust vouches for that')
    const both = await check([own, third.key.text])
    expect(both).toMatchObject({ ok: true, sealed: 9 })
    expect(both.says.join('\n')).toContain(`The chain of keys is broken at size 5, 2026-11-22T22:05:00.000Z`)
    await write(ledger.rows, { heads: [...heads, headAt(9, rootAt(9), [ledger.key])], keys: [own] })
    expect((await check([own, third.key.text])).problems.map(({ what }) => what)).toEqual([
      'head 3 (size 9): signed by a key that had been replaced',
    ])
  })
})

describe('a part of a record', () => {
  const writer = createTileWriter()
  const tree = createTree(undefined, writer.listen)
  for (const row of ledger.rows) tree.append(row.leaf as Uint8Array)
  const tiles = new Map(writer.take().map((one) => [`${one.level}/${one.index}`, one.hashes]))
  const source = tileSource((level, index) => tiles.get(`${level}/${index}`) as Buffer)
  const proved = async (at: number, size: number) => ({ ...ledger.rows[at]!, size, path: await inclusionProof(size, at, source) })

  it('proves each entry it shows, and says what it cannot show', async () => {
    const proofs = { consistencies: [{ from: 3, to: 8, path: await consistencyProof(3, 8, source) }] }
    await write([await proved(1, 3), stubOf(await proved(6, 8))], { heads: ledger.heads.slice(1), part: true, proofs })
    const report = await check()
    expect(report).toMatchObject({ ok: true, part: true, entries: 2, sealed: 2, stubs: 1, treeSize: null, unchained: 0 })
    expect(report.says.join('\n')).toContain('what else the record holds')
    await write([await proved(1, 3), await proved(6, 8)], { heads: ledger.heads.slice(1), part: true })
    expect((await check()).says.join('\n')).toContain('Not checked: whether 1 head continues the one before')
  })

  it('is found out when an entry, a proof or a place was changed', async () => {
    const good = await proved(6, 8)
    for (const bad of [
      { ...good, content: Buffer.from('{}'), contentHash: null, leaf: null },
      { ...good, position: 5 },
      { ...good, path: good.path.slice(1) },
      { ...good, path: [...good.path].reverse() },
      { ...good, size: 3 },
      { ...good, size: 9 },
      ledger.rows[6]!,
    ]) {
      await write([bad], { heads: ledger.heads, part: true })
      expect(await check()).toMatchObject({ ok: false, sealed: 0 })
    }
    await write([good], { heads: ledger.heads, part: true, proofs: { consistencies: [{ from: 3, to: 8, path: [Buffer.alloc(32)] }] } })
    expect((await check()).problems[0]?.what).toContain('does not hold')
  })
})

describe('one file for a stranger', () => {
  const alone = join(folder, 'concord-verify.mjs')
  const bundle = join(folder, 'handed-over.jsonl')
  const plain = ['/usr/bin/node', process.execPath].find((path) => existsSync(path)) as string
  const runIt = (...args: string[]) => spawnSync(plain, [alone, ...args], { encoding: 'utf8', cwd: tmpdir(), env: {} })
  beforeAll(async () => {
    writeFileSync(alone, await verifierSource())
    await write(ledger.rows)
    writeFileSync(bundle, readFileSync(file))
    writeFileSync(join(folder, 'keys.txt'), `# from the city's notice board\n${own}\n`)
    writeFileSync(join(folder, 'other.txt'), createSigningKey(origin).key.text)
  })

  it('imports nothing but what Node brings, and runs on a plain Node', async () => {
    const source = await verifierSource()
    expect([...source.matchAll(/^import .* from '(.*)'$/gm)].map(([, from]) => from)).toEqual(['node:crypto', 'node:fs', 'node:url'])
    expect(source).not.toMatch(/\bimport\(|\brequire\(|\bfetch\(|node:(?!crypto|fs|url)/)
    expect(Number(execFileSync(plain, ['-p', 'process.versions.node.split(".")[0]'], { encoding: 'utf8' }))).toBeGreaterThanOrEqual(20)
  })

  it('ends with 0, 1, 2 or 3, and says why', () => {
    expect(runIt(bundle, '--keys', join(folder, 'keys.txt'))).toMatchObject({ status: 0, stderr: '' })
    expect(runIt(bundle)).toMatchObject({ status: 3, stdout: expect.stringContaining('agrees with itself') as string })
    expect(runIt(bundle, '--keys', join(folder, 'other.txt'))).toMatchObject({
      status: 1,
      stdout: expect.stringContaining('WRONG: head 0 (size 1): signed by an unknown key.') as string,
    })
    expect(runIt()).toMatchObject({ status: 2, stderr: expect.stringContaining('Use:') as string })
    expect(runIt(join(folder, 'absent'))).toMatchObject({ status: 2, stderr: expect.stringContaining('ENOENT') as string })
    writeFileSync(file, 'hello\n')
    expect(runIt(file)).toMatchObject({ status: 2, stderr: expect.stringContaining('no manifest') as string })
    writeFileSync(file, '')
    expect(runIt(file)).toMatchObject({ status: 2 })
    expect(JSON.parse(runIt(bundle, '--json').stdout)).toMatchObject({ ok: true, entries: 9, file: bundle })
  })

  it('lets no file steer the terminal it is read on', async () => {
    await write(ledger.rows)
    writeFileSync(file, readFileSync(file, 'utf8').replace('2026-11-22T23:00:00Z', '\\u001b[2J\\u202eall is well'))
    const lines: string[] = []
    expect(await main([file], (line) => void lines.push(line))).toBe(1)
    expect(lines.join('\n')).not.toMatch(/[\u001b\u202e]/)
  })
})
