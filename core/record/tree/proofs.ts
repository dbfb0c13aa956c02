import { digest, nodeOf, same } from './digest.ts'

/** Where the hashes of perfect subtrees are kept: (level, index) is the subtree of leaves index·2^level up to (index+1)·2^level. */
export interface NodeSource {
  node(level: number, index: number): Uint8Array | Promise<Uint8Array>
}

const whole = (value: number): boolean => Number.isSafeInteger(value) && value >= 0

/** The largest power of two smaller than `count` (count ≥ 2): where RFC 9162 §2.1.1 splits. */
function split(count: number): number {
  let power = 1
  while (power * 2 < count) power *= 2
  return power
}

/** The level of a perfect subtree of `count` leaves, or -1 when `count` is not a power of two. */
function perfectLevel(count: number): number {
  let level = 0
  let left = count
  while (left > 1 && left % 2 === 0) {
    left /= 2
    level += 1
  }
  return left === 1 ? level : -1
}

/** The Merkle tree hash of the leaves from `start` up to (not with) `end`, read from perfect subtrees. `start` must be where the RFC's splits put it. */
async function rangeHash(start: number, end: number, source: NodeSource): Promise<Uint8Array> {
  const count = end - start
  const level = perfectLevel(count)
  if (level >= 0) return source.node(level, start / count)
  const middle = start + split(count)
  const left = await rangeHash(start, middle, source)
  return nodeOf(left, await rangeHash(middle, end, source))
}

/** The root of the first `size` leaves. */
export const rootFrom = async (size: number, source: NodeSource): Promise<Uint8Array> =>
  size === 0 ? digest(new Uint8Array(0)) : rangeHash(0, size, source)

/** PATH(index, D[size]) of RFC 9162 §2.1.3.1, lowest first. Throws RangeError when the leaf is not in the tree. */
export async function inclusionProof(size: number, index: number, source: NodeSource): Promise<Uint8Array[]> {
  if (!whole(size) || !whole(index) || index >= size) throw new RangeError('There is no such leaf in a tree of this size.')
  const proof: Uint8Array[] = []
  let start = 0
  let end = size
  while (end - start > 1) {
    const middle = start + split(end - start)
    if (index < middle) {
      proof.push(await rangeHash(middle, end, source))
      end = middle
    } else {
      proof.push(await rangeHash(start, middle, source))
      start = middle
    }
  }
  return proof.reverse()
}

/** PROOF(from, D[to]) of RFC 9162 §2.1.4.1. Empty when from = to, and for from = 0, which every tree continues. */
export async function consistencyProof(from: number, to: number, source: NodeSource): Promise<Uint8Array[]> {
  if (!whole(from) || !whole(to) || from > to) throw new RangeError('A tree can only be consistent with an earlier state of itself.')
  if (from === 0 || from === to) return []
  const proof: Uint8Array[] = []
  let start = 0
  let end = to
  // Going down to the subtree that ends exactly at `from`; `old` says that subtree is the whole old tree, which the verifier has already.
  let old = true
  while (end !== from) {
    const middle = start + split(end - start)
    if (from <= middle) {
      proof.push(await rangeHash(middle, end, source))
      end = middle
    } else {
      proof.push(await rangeHash(start, middle, source))
      start = middle
      old = false
    }
  }
  if (!old) proof.push(await rangeHash(start, end, source))
  return proof.reverse()
}

const odd = (value: number): boolean => value % 2 === 1
const half = (value: number): number => Math.floor(value / 2)

/** RFC 9162 §2.1.3.2, step by step: true when `proof` shows that the leaf hash stands at `index` in the tree of `size` leaves with `root`. */
export function verifyInclusion(size: number, index: number, leaf: Uint8Array, proof: readonly Uint8Array[], root: Uint8Array): boolean {
  if (!whole(size) || !whole(index) || index >= size) return false
  let fn = index
  let sn = size - 1
  let hash = leaf
  for (const step of proof) {
    if (sn === 0) return false
    if (odd(fn) || fn === sn) {
      hash = nodeOf(step, hash)
      while (!odd(fn) && fn !== 0) {
        fn = half(fn)
        sn = half(sn)
      }
    } else {
      hash = nodeOf(hash, step)
    }
    fn = half(fn)
    sn = half(sn)
  }
  return sn === 0 && same(hash, root)
}

/**
 * RFC 9162 §2.1.4.2: true when `proof` shows that the tree of `to` leaves only adds to the tree of `from` leaves.
 * The RFC begins at 0 < from < to; here equal trees need equal roots and no proof, and the empty tree must have the empty tree's root.
 */
export function verifyConsistency(
  from: number,
  to: number,
  proof: readonly Uint8Array[],
  fromRoot: Uint8Array,
  toRoot: Uint8Array,
): boolean {
  if (!whole(from) || !whole(to) || from > to) return false
  if (from === to) return proof.length === 0 && same(fromRoot, toRoot)
  if (from === 0) return proof.length === 0 && same(fromRoot, digest(new Uint8Array(0)))
  const path = perfectLevel(from) >= 0 ? [fromRoot, ...proof] : [...proof]
  const first = path.shift()
  if (first === undefined || proof.length === 0) return false
  let fn = from - 1
  let sn = to - 1
  while (odd(fn)) {
    fn = half(fn)
    sn = half(sn)
  }
  let fr = first
  let sr = first
  for (const step of path) {
    if (sn === 0) return false
    if (odd(fn) || fn === sn) {
      fr = nodeOf(step, fr)
      sr = nodeOf(step, sr)
      while (!odd(fn) && fn !== 0) {
        fn = half(fn)
        sn = half(sn)
      }
    } else {
      sr = nodeOf(sr, step)
    }
    fn = half(fn)
    sn = half(sn)
  }
  return sn === 0 && same(fr, fromRoot) && same(sr, toRoot)
}
