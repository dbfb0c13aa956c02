/** How somebody's post came to accept, when it was called: what was measured, or nothing. */
export interface Answering {
  agencyId: string
  /** Seconds until accepted; null: called, and nobody did. Empty: never called. */
  measured: readonly (number | null)[]
}

export interface QuorumTime {
  /** Seconds, of all draws: one in ten is quicker; half are; one in ten is slower. null: it was not reached by then. */
  p10: number | null
  p50: number | null
  p90: number | null
  /** In how many of a hundred draws it was not reached within the window. */
  never: number
  draws: number
  /** Members whose time was never measured: the others' times stand in for theirs, or the steps of a call-out. */
  unmeasured: string[]
}

/** Without any measured time: the steps at which a call-out climbs, each as likely. */
export const assumedSeconds: readonly number[] = [300, 600, 900]
/** Beyond this a group is not convened tonight. */
const windowSeconds = 2 * 3600

/** xoshiro128**, seeded by splitmix32: the same seed, the same draws, on every machine. Numbers in [0, 1). */
export function drawing(seed: number): () => number {
  let mix = seed >>> 0
  const next = () => {
    mix = (mix + 0x9e3779b9) >>> 0
    let z = mix
    z = Math.imul(z ^ (z >>> 16), 0x21f0aaad)
    z = Math.imul(z ^ (z >>> 15), 0x735a2d97)
    return (z ^ (z >>> 15)) >>> 0
  }
  let [a, b, c, d] = [next(), next(), next(), next()]
  const turn = (value: number, by: number) => ((value << by) | (value >>> (32 - by))) >>> 0
  return () => {
    const drawn = Math.imul(turn(Math.imul(b, 5) >>> 0, 7), 9) >>> 0
    const t = (b << 9) >>> 0
    c = (c ^ a) >>> 0
    d = (d ^ b) >>> 0
    b = (b ^ c) >>> 0
    a = (a ^ d) >>> 0
    c = (c ^ t) >>> 0
    d = turn(d, 11)
    return drawn / 0x100000000
  }
}

/**
 * When `quorum` of these members have accepted, drawn again and again from what was measured. Members are independent of each other, which
 * a bad night is not: read it as the best that can be hoped for. `quorum` 0 or less is reached at once.
 */
export function quorumTime(members: readonly Answering[], quorum: number, draws: number, seed: number): QuorumTime {
  const everybody = members.flatMap(({ measured }) => measured)
  const others = everybody.length > 0 ? everybody : assumedSeconds
  const draw = drawing(seed)
  const reached: number[] = []
  const times = new Float64Array(members.length)
  for (let round = 0; round < draws; round += 1) {
    members.forEach(({ measured }, at) => {
      const from = measured.length > 0 ? measured : others
      times[at] = from[Math.floor(draw() * from.length)] ?? Number.POSITIVE_INFINITY
    })
    const sorted = times.toSorted()
    reached.push(quorum <= 0 ? 0 : (sorted[quorum - 1] ?? Number.POSITIVE_INFINITY))
  }
  reached.sort((one, other) => one - other)
  const at = (share: number) => {
    const seconds = reached[Math.min(draws - 1, Math.floor(share * draws))] ?? Number.POSITIVE_INFINITY
    return seconds <= windowSeconds ? Math.round(seconds) : null
  }
  return {
    p10: at(0.1),
    p50: at(0.5),
    p90: at(0.9),
    never: Math.round((reached.filter((seconds) => seconds > windowSeconds).length / draws) * 100),
    draws,
    unmeasured: members.filter(({ measured }) => measured.length === 0).map(({ agencyId }) => agencyId),
  }
}
