import { createHash } from 'node:crypto'

export const bytesOf = (text) => Buffer.from(text, 'base64')
export const base64 = (text) => typeof text === 'string' && Buffer.from(text, 'base64').toString('base64') === text
export const sha256 = (...parts) => {
  const hash = createHash('sha256')
  for (const part of parts) hash.update(part)
  return hash.digest()
}
export const zero = Buffer.of(0)
export const one = Buffer.of(1)
export const inner = (left, right) => sha256(one, left, right)

/** Roots at the asked sizes, worked out leaf by leaf. `leafAt(n)` gives 32 bytes. */
export function rootsAt(sizes, count, leafAt) {
  const wanted = new Set(sizes)
  const roots = new Map(wanted.has(0) ? [[0, sha256()]] : [])
  const peaks = []
  for (let size = 1; size <= count; size += 1) {
    let hash = leafAt(size - 1)
    for (let left = size; left % 2 === 0; left /= 2) hash = inner(peaks.pop(), hash)
    peaks.push(hash)
    if (wanted.has(size))
      roots.set(
        size,
        peaks.reduceRight((right, left) => inner(left, right)),
      )
  }
  return roots
}

/** RFC 9162, 2.1.3.2. */
export function holdsInclusion(size, index, leaf, path, root) {
  if (!Number.isSafeInteger(size) || !Number.isSafeInteger(index) || index < 0 || index >= size) return false
  let [fn, sn, hash] = [index, size - 1, leaf]
  for (const step of path) {
    if (sn === 0) return false
    if (fn % 2 === 1 || fn === sn) {
      hash = inner(step, hash)
      while (fn % 2 === 0 && fn !== 0) [fn, sn] = [fn / 2, Math.floor(sn / 2)]
    } else hash = inner(hash, step)
    ;[fn, sn] = [Math.floor(fn / 2), Math.floor(sn / 2)]
  }
  return sn === 0 && hash.equals(root)
}

function isPowerOfTwo(count) {
  let left = count
  while (left > 1 && left % 2 === 0) left /= 2
  return left === 1
}

/** RFC 9162, 2.1.4.2. */
export function holdsConsistency(from, to, path, fromRoot, toRoot) {
  if (!Number.isSafeInteger(from) || !Number.isSafeInteger(to) || from < 0 || from > to) return false
  if (from === to) return path.length === 0 && fromRoot.equals(toRoot)
  if (from === 0) return path.length === 0 && fromRoot.equals(sha256())
  const steps = isPowerOfTwo(from) ? [fromRoot, ...path] : [...path]
  if (path.length === 0) return false
  let [fn, sn] = [from - 1, to - 1]
  while (fn % 2 === 1) [fn, sn] = [Math.floor(fn / 2), Math.floor(sn / 2)]
  let [fr, sr] = [steps[0], steps[0]]
  for (const step of steps.slice(1)) {
    if (sn === 0) return false
    if (fn % 2 === 1 || fn === sn) {
      ;[fr, sr] = [inner(step, fr), inner(step, sr)]
      while (fn % 2 === 0 && fn !== 0) [fn, sn] = [fn / 2, Math.floor(sn / 2)]
    } else sr = inner(sr, step)
    ;[fn, sn] = [Math.floor(fn / 2), Math.floor(sn / 2)]
  }
  return sn === 0 && fr.equals(fromRoot) && sr.equals(toRoot)
}
