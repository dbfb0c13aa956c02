import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { digest, nodeOf, same } from './digest.ts'
import { consistencyProof, inclusionProof, type NodeSource, rootFrom, verifyConsistency, verifyInclusion } from './proofs.ts'
import { createTileWriter, tileSource } from './tiles.ts'
import { createTree, peaks } from './tree.ts'

// The definitions of RFC 9162 §2.1, word for word and slow.
const kOf = (n: number): number => 2 ** Math.floor(Math.log2(n - 1))
function mth(d: Uint8Array[]): Uint8Array {
  if (d.length === 0) return digest(new Uint8Array(0))
  if (d.length === 1) return d[0] as Uint8Array
  return nodeOf(mth(d.slice(0, kOf(d.length))), mth(d.slice(kOf(d.length))))
}
function path(m: number, d: Uint8Array[]): Uint8Array[] {
  if (d.length === 1) return []
  const k = kOf(d.length)
  return m < k ? [...path(m, d.slice(0, k)), mth(d.slice(k))] : [...path(m - k, d.slice(k)), mth(d.slice(0, k))]
}
function subproof(m: number, d: Uint8Array[], b: boolean): Uint8Array[] {
  if (m === d.length) return b ? [] : [mth(d)]
  const k = kOf(d.length)
  return m <= k ? [...subproof(m, d.slice(0, k), b), mth(d.slice(k))] : [...subproof(m - k, d.slice(k), false), mth(d.slice(0, k))]
}

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex')
const leafHash = (data: Uint8Array): Buffer => digest(Buffer.concat([Buffer.of(0), data]))
const numbered = (count: number): Buffer[] => Array.from({ length: count }, (_, n) => leafHash(Buffer.from(`leaf ${n}`)))

/** A tree with its tiles, stored as a sealer would: part by part, in batches. */
function stored(leaves: readonly Uint8Array[], batch = 7): { source: NodeSource; root: Buffer; reads: () => number } {
  const tiles = new Map<string, Buffer>()
  const writer = createTileWriter()
  const tree = createTree(undefined, writer.listen)
  const save = (): void => {
    for (const part of writer.take()) {
      const key = `${part.level}/${part.index}`
      const before = tiles.get(key) ?? Buffer.alloc(0)
      tiles.set(key, Buffer.concat([before.subarray(0, part.offset * 32), part.hashes]))
    }
  }
  leaves.forEach((leaf, n) => {
    tree.append(leaf)
    if (n % batch === 0) save()
  })
  save()
  let reads = 0
  const source = tileSource((level, index) => {
    reads += 1
    return tiles.get(`${level}/${index}`) ?? Buffer.alloc(0)
  })
  return { source, root: tree.root(), reads: () => reads }
}

// The eight leaves and the roots that the certificate-transparency implementations share.
const known = ['', '00', '10', '2021', '3031', '40414243', '5051525354555657', '606162636465666768696a6b6c6d6e6f']
const knownRoots = [
  'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
  '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
  'fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125',
  'aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77',
  'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
  '4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4',
  '76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef',
  'ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c',
  '5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328',
]
const knownLeaves = known.map((text) => leafHash(Buffer.from(text, 'hex')))

describe('the tree', () => {
  it('has the known roots of the known leaves', () => {
    const tree = createTree()
    expect(hex(tree.root())).toBe(knownRoots[0])
    knownLeaves.forEach((leaf, n) => {
      tree.append(leaf)
      expect(hex(tree.root())).toBe(knownRoots[n + 1])
      expect(hex(mth(knownLeaves.slice(0, n + 1)))).toBe(knownRoots[n + 1])
    })
  })

  it('gives the known proofs', async () => {
    const { source } = stored(knownLeaves)
    expect((await inclusionProof(8, 0, source)).map(hex)).toEqual([
      '96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7',
      '5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e',
      '6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4',
    ])
    expect((await consistencyProof(6, 8, source)).map(hex)).toEqual([
      '0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a',
      'ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0',
      'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
    ])
  })

  it('agrees with the naive definition, also when it goes on from a stored frontier', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 300 }), fc.integer({ min: 0, max: 300 }), (count, pause) => {
        const leaves = numbered(count)
        const first = createTree()
        first.appendMany(leaves.slice(0, pause))
        const second = createTree(first.frontier())
        second.appendMany(leaves.slice(pause))
        expect(second.size()).toBe(count)
        expect(hex(second.root())).toBe(hex(mth(leaves)))
        // The first tree is not touched by the second.
        expect(hex(first.root())).toBe(hex(mth(leaves.slice(0, pause))))
      }),
      { numRuns: 60 },
    )
  })

  it('refuses a frontier that does not fit its size, and a leaf that is not 32 bytes', () => {
    const tree = createTree()
    tree.appendMany(numbered(5))
    const { hashes } = tree.frontier()
    expect(hashes).toHaveLength(2)
    const fits = new RangeError('The frontier does not fit its size.')
    expect(() => createTree({ size: 7, hashes })).toThrow(fits)
    expect(() => createTree({ size: 5, hashes: hashes.map((hash) => hash.subarray(1)) })).toThrow(fits)
    expect(() => createTree({ size: 5, hashes: [hashes[0]!, Buffer.alloc(33)] })).toThrow(fits)
    const whole = new RangeError('A tree has a whole number of leaves, from 0.')
    for (const size of [-1, 0.5, Number.NaN]) expect(() => createTree({ size, hashes: [] })).toThrow(whole)
    expect(() => tree.append(Buffer.alloc(31))).toThrow(new RangeError('A leaf hash is 32 bytes.'))
    expect(() => tree.append(Buffer.alloc(33))).toThrow(RangeError)
    // What was refused changed nothing.
    expect(tree.size()).toBe(5)
    expect(createTree({ size: 0, hashes: [] }).size()).toBe(0)
    expect([0, 1, 2, 3, 7, 8, 2 ** 40 + 1].map(peaks)).toEqual([0, 1, 1, 2, 3, 1, 2])
  })

  it('goes on correctly beyond 2^32 leaves', () => {
    const half = createTree({ size: 2 ** 33, hashes: [leafHash(Buffer.from('half'))] })
    const leaf = leafHash(Buffer.from('x'))
    half.append(leaf)
    expect(hex(half.root())).toBe(hex(nodeOf(leafHash(Buffer.from('half')), leaf)))
    expect(half.frontier().size).toBe(2 ** 33 + 1)
  })
})

describe('proofs', () => {
  it('are the naive ones and verify, for every leaf and every pair of sizes up to 40', async () => {
    const leaves = numbered(40)
    const { source } = stored(leaves)
    for (let size = 1; size <= 40; size += 1) {
      const d = leaves.slice(0, size)
      expect(hex(await rootFrom(size, source))).toBe(hex(mth(d)))
      for (let index = 0; index < size; index += 1) {
        const proof = await inclusionProof(size, index, source)
        expect(proof.map(hex)).toEqual(path(index, d).map(hex))
        expect(verifyInclusion(size, index, leaves[index] as Buffer, proof, mth(d))).toBe(true)
      }
      for (let from = 0; from <= size; from += 1) {
        const proof = await consistencyProof(from, size, source)
        if (from > 0) expect(proof.map(hex)).toEqual(subproof(from, d, true).map(hex))
        expect(verifyConsistency(from, size, proof, mth(leaves.slice(0, from)), mth(d))).toBe(true)
      }
    }
  })

  it('fail when a byte, a step, the place, the size or a root is another', async () => {
    const leaves = numbered(700)
    const { source } = stored(leaves)
    const root = mth(leaves)
    await fc.assert(
      fc.asyncProperty(fc.nat(699), fc.nat(31), fc.nat(1000), fc.integer({ min: 1, max: 699 }), async (index, byte, pick, from) => {
        const flip = (proof: Uint8Array[]): Uint8Array[] =>
          proof.map((step, n) =>
            n === pick % proof.length ? Buffer.from(step).map((value, at) => (at === byte ? value ^ 1 : value)) : step,
          )
        const leaf = leaves[index] as Buffer
        const proof = await inclusionProof(700, index, source)
        expect(verifyInclusion(700, index, leaf, proof, root)).toBe(true)
        expect(verifyInclusion(700, index, leaf, flip(proof), root)).toBe(false)
        expect(verifyInclusion(700, index, leaf, proof.slice(1), root)).toBe(false)
        expect(verifyInclusion(700, index, leaf, [...proof, leaf], root)).toBe(false)
        expect(verifyInclusion(700, (index + 1) % 700, leaf, proof, root)).toBe(false)
        expect(verifyInclusion(700, 700, leaf, proof, root)).toBe(false)
        expect(verifyInclusion(1400, index, leaf, proof, root)).toBe(false)
        const old = mth(leaves.slice(0, from))
        const steps = await consistencyProof(from, 700, source)
        expect(verifyConsistency(from, 700, steps, old, root)).toBe(true)
        expect(verifyConsistency(from, 700, flip(steps), old, root)).toBe(false)
        expect(verifyConsistency(from, 700, steps.slice(1), old, root)).toBe(false)
        expect(verifyConsistency(from, 700, [...steps, root], old, root)).toBe(false)
        expect(verifyConsistency(from, 700, steps, root, root)).toBe(false)
        expect(verifyConsistency(from, 700, steps, old, old)).toBe(false)
        expect(verifyConsistency(from, 700, [], old, root)).toBe(false)
      }),
      { numRuns: 150 },
    )
    expect(verifyConsistency(5, 4, [], root, root)).toBe(false)
    expect(verifyConsistency(0, 4, [], root, root)).toBe(false)
    expect(verifyConsistency(3, 3, [], root, root)).toBe(true)
    expect(verifyConsistency(3, 3, [root], root, root)).toBe(false)
    expect(verifyInclusion(0, 0, root, [], root)).toBe(false)
    expect(verifyInclusion(1, 0, root, [], root)).toBe(true)
  })

  it('need few tiles, and say so when a tile is short', async () => {
    const leaves = numbered(70_000)
    const { source, root, reads } = stored(leaves, 1000)
    const proof = await inclusionProof(70_000, 12_345, source)
    expect(verifyInclusion(70_000, 12_345, leaves[12_345] as Buffer, proof, root)).toBe(true)
    expect(proof.length).toBeLessThanOrEqual(17)
    expect(reads()).toBeLessThanOrEqual(6)
    await expect(inclusionProof(70_300, 70_001, source)).rejects.toThrow(RangeError)
    const noLeaf = new RangeError('There is no such leaf in a tree of this size.')
    for (const [size, index] of [
      [5, 5],
      [5, -1],
      [5, 0.5],
      [5.5, 1],
      [-1, -2],
    ] as const) {
      await expect(inclusionProof(size, index, source)).rejects.toThrow(noLeaf)
      expect(verifyInclusion(size, index, leaves[0]!, [], leaves[0]!)).toBe(false)
    }
    const noEarlier = new RangeError('A tree can only be consistent with an earlier state of itself.')
    for (const [from, to] of [
      [6, 5],
      [-1, 5],
      [0.5, 5],
      [1, 5.5],
    ] as const) {
      await expect(consistencyProof(from, to, source)).rejects.toThrow(noEarlier)
      expect(verifyConsistency(from, to, [], root, root)).toBe(false)
    }
    // Places that are none, where the arithmetic alone would say yes.
    for (const [size, index] of [
      [1, 1],
      [1, 0.5],
      [1, -1],
    ] as const)
      expect(verifyInclusion(size, index, leaves[0]!, [], leaves[0]!)).toBe(false)
    for (const size of [0.5, -1, Number.NaN]) expect(verifyConsistency(size, size, [], root, root)).toBe(false)
    const nothing = digest(new Uint8Array(0))
    expect(verifyConsistency(0, 5, [], nothing, root)).toBe(true)
    expect(verifyConsistency(0, 5, [root], nothing, root)).toBe(false)
    expect(verifyConsistency(0, 5, [], root, root)).toBe(false)
    expect(await rootFrom(0, source)).toEqual(nothing)
    expect(await consistencyProof(5, 5, source)).toEqual([])
    expect(await consistencyProof(0, 5, source)).toEqual([])
    await expect(tileSource(() => Buffer.alloc(31)).node(0, 0)).rejects.toThrow(new RangeError('Tile 0/0 is shorter than this tree needs.'))
    await expect(tileSource(() => Buffer.alloc(32 * 127)).node(23, 0)).rejects.toThrow('Tile 2/0 is shorter')
  })

  it('tiles written twice are the same tiles', () => {
    const leaves = numbered(600)
    const writer = createTileWriter()
    createTree(undefined, writer.listen).appendMany(leaves)
    const all = writer.take()
    const again = createTileWriter()
    const before = createTree()
    before.appendMany(leaves.slice(0, 300))
    createTree(before.frontier(), again.listen).appendMany(leaves.slice(300))
    for (const part of again.take()) {
      const whole = all.find((tile) => tile.level === part.level && tile.index === part.index)
      expect(whole?.hashes.subarray((part.offset - (whole?.offset ?? 0)) * 32)).toEqual(part.hashes)
    }
  })
})

it('bytes are the same when they are as many and each is', () => {
  expect(same(Buffer.of(1, 2), Buffer.of(1, 2))).toBe(true)
  expect(same(Buffer.of(1, 2), Buffer.of(1, 3))).toBe(false)
  expect(same(Buffer.of(1, 2), Buffer.of(1, 2, 3))).toBe(false)
  expect(same(Buffer.of(1, 2, 3), Buffer.of(1, 2))).toBe(false)
  expect(same(Buffer.of(), Buffer.of(0))).toBe(false)
})
