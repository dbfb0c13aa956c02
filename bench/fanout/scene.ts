/** What both servers and the clients of the fan-out bench agree on. */
export const LABELS = 64
export const BODY = 500
/** In a body: a sequence number of 8 hexadecimal digits at 6, the label's two digits at 21. */
export const SEQUENCE_AT = 6
export const LABEL_AT = 21

export type Scene = {
  viewers: number
  /** How many distinct sets of labels the viewers have. */
  sets: number
  /** The share of the labels that each set can read. */
  share: number
}

// A small generator with a seed, so that server and client draw the same sets (mulberry32).
const random = (seed: number) => (): number => {
  seed = (seed + 0x6d2b79f5) | 0
  let mixed = Math.imul(seed ^ (seed >>> 15), 1 | seed)
  mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
  return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
}

/** The labels of each viewer. */
export const labelsOfViewers = ({ viewers, sets, share }: Scene): number[][] => {
  const draw = random(20)
  const all = Array.from({ length: LABELS }, (_, label) => label)
  const size = Math.round(LABELS * share)
  const kinds = Array.from({ length: sets }, () => {
    const mixed = all.map((label) => ({ label, order: draw() })).sort((left, right) => left.order - right.order)
    return mixed.slice(0, size).map((each) => each.label)
  })
  return Array.from({ length: viewers }, (_, viewer) => kinds[viewer % sets] as number[])
}

const filler = 'x'.repeat(BODY)
/** A JSON line of exactly BODY bytes. */
export const bodyOf = (sequence: number, label: number): string => {
  const head = `{"s":"${sequence.toString(16).padStart(8, '0')}","l":"${String(label).padStart(2, '0')}","x":"`
  return `${head}${filler.slice(0, BODY - head.length - 2)}"}`
}
