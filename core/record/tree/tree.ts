import { digest, digestBytes, nodeInto } from './digest.ts'

/** What a tree must remember to go on: its size and the roots of its perfect subtrees, largest first (at most 53). */
export interface Frontier {
  size: number
  hashes: readonly Uint8Array[]
}

/** Told of every perfect subtree as it becomes whole: `index` counts the subtrees of 2^level leaves from the left. The hash is a copy. */
export type NodeListener = (level: number, index: number, hash: Buffer) => void

/** An append-only Merkle tree (RFC 9162 §2.1.1) that keeps only its frontier. */
export interface Tree {
  /** Adds one leaf hash (32 bytes, already hashed with its 0x00 prefix). */
  append(leaf: Uint8Array): void
  appendMany(leaves: Iterable<Uint8Array>): void
  /** The Merkle tree hash of everything appended; of nothing it is SHA-256 of no bytes. */
  root(): Buffer
  size(): number
  /** A copy that `createTree` accepts again. */
  frontier(): Frontier
}

const highestLevel = 53

/** How many perfect subtrees a tree of `size` leaves has: the ones in the binary form of its size. */
export function peaks(size: number): number {
  let count = 0
  for (let left = size; left > 0; left = Math.floor(left / 2)) count += left % 2
  return count
}

/** A tree that starts empty, or where a stored frontier left off. Throws RangeError when the frontier's hashes do not fit its size. */
export function createTree(start?: Frontier, onNode?: NodeListener): Tree {
  // The hash of the perfect subtree of 2^level leaves stands at level * 32; it counts only while that bit of the size is set.
  const levels = Buffer.alloc((highestLevel + 1) * digestBytes)
  const carry = Buffer.alloc(digestBytes)
  const views = Array.from({ length: highestLevel + 1 }, (_, level) => levels.subarray(level * digestBytes, (level + 1) * digestBytes))
  const view = (level: number): Buffer => views[level] as Buffer
  let size = 0

  if (start !== undefined) {
    if (!Number.isSafeInteger(start.size) || start.size < 0) throw new RangeError('A tree has a whole number of leaves, from 0.')
    if (start.hashes.length !== peaks(start.size) || start.hashes.some((hash) => hash.length !== digestBytes)) {
      throw new RangeError('The frontier does not fit its size.')
    }
    size = start.size
    let next = start.hashes.length
    for (let level = 0, left = size; left > 0; level += 1, left = Math.floor(left / 2)) {
      if (left % 2 === 1) {
        next -= 1
        view(level).set(start.hashes[next] as Uint8Array)
      }
    }
  }

  function append(leaf: Uint8Array): void {
    if (leaf.length !== digestBytes) throw new RangeError('A leaf hash is 32 bytes.')
    carry.set(leaf)
    onNode?.(0, size, Buffer.from(leaf))
    let level = 0
    let left = size
    while (left % 2 === 1) {
      nodeInto(view(level), carry, carry, 0)
      left = (left - 1) / 2
      level += 1
      onNode?.(level, left, Buffer.from(carry))
    }
    view(level).set(carry)
    size += 1
  }

  function root(): Buffer {
    if (size === 0) return digest(new Uint8Array(0))
    const out = Buffer.alloc(digestBytes)
    let found = false
    for (let level = 0, left = size; left > 0; level += 1, left = Math.floor(left / 2)) {
      if (left % 2 === 0) continue
      if (found) nodeInto(view(level), out, out, 0)
      else out.set(view(level))
      found = true
    }
    return out
  }

  function frontier(): Frontier {
    const hashes: Buffer[] = []
    for (let level = 0, left = size; left > 0; level += 1, left = Math.floor(left / 2)) {
      if (left % 2 === 1) hashes.unshift(Buffer.from(view(level)))
    }
    return { size, hashes }
  }

  return {
    append,
    appendMany: (leaves) => {
      for (const leaf of leaves) append(leaf)
    },
    root,
    size: () => size,
    frontier,
  }
}
