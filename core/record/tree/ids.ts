/**
 * Remembers which uuids have been seen, in 16 bytes each: a JavaScript Set of a million strings costs more time than hashing
 * their entries (1.2 microseconds each, measured) and several times the memory.
 */
export interface IdSet {
  /** True when this uuid (lower case, with hyphens) is new. */
  add(id: string): boolean
  /** The same for its four words, as `readUuid` of page.ts gives them. */
  addWords(a: number, b: number, c: number, d: number): boolean
}

export function createIdSet(): IdSet {
  let slots = 1024
  let words = new Int32Array(slots * 4)
  let count = 0
  let zeroSeen = false
  const value = (id: string, at: number): number => {
    const code = id.charCodeAt(at)
    return code <= 57 ? code - 48 : code - 87
  }
  const octet = (id: string, at: number): number => (value(id, at) << 4) | value(id, at + 1)
  const pairOf = (id: string, at: number): number => (octet(id, at) << 8) | octet(id, at + 2)

  function put(table: Int32Array, size: number, a: number, b: number, c: number, d: number): boolean {
    let mixed = Math.imul(a ^ (c >>> 3), 0x9e3779b1) ^ Math.imul(b ^ d, 0x85ebca6b)
    mixed ^= mixed >>> 15
    let slot = mixed & (size - 1)
    for (;;) {
      const at = slot * 4
      const w = table[at] as number
      const x = table[at + 1] as number
      const y = table[at + 2] as number
      const z = table[at + 3] as number
      if ((w | x | y | z) === 0) {
        table[at] = a
        table[at + 1] = b
        table[at + 2] = c
        table[at + 3] = d
        return true
      }
      if (w === a && x === b && y === c && z === d) return false
      slot = slot + 1 === size ? 0 : slot + 1
    }
  }

  function grow(): void {
    const wider = new Int32Array(slots * 8)
    for (let at = 0; at < words.length; at += 4) {
      const a = words[at] as number
      const b = words[at + 1] as number
      const c = words[at + 2] as number
      const d = words[at + 3] as number
      if ((a | b | c | d) !== 0) put(wider, slots * 2, a, b, c, d)
    }
    words = wider
    slots *= 2
  }

  function addWords(a: number, b: number, c: number, d: number): boolean {
    // Four zero words mark a free slot, so the one uuid that is all zeros is remembered apart.
    if (a === 0 && b === 0 && c === 0 && d === 0) {
      const fresh = !zeroSeen
      zeroSeen = true
      return fresh
    }
    if ((count + 1) * 3 > slots * 2) grow()
    const fresh = put(words, slots, a, b, c, d)
    if (fresh) count += 1
    return fresh
  }

  return {
    addWords,
    add: (id) =>
      addWords(
        (pairOf(id, 0) << 16) | pairOf(id, 4),
        (pairOf(id, 9) << 16) | pairOf(id, 14),
        (pairOf(id, 19) << 16) | pairOf(id, 24),
        (pairOf(id, 28) << 16) | pairOf(id, 32),
      ),
  }
}
