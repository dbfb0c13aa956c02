import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { actsOn } from './rules/identity.ts'
import { judgeFile } from './judge.ts'

/** Mutations of the real files: no crash, no hang, every outcome one of the three. CONCORD_CAP_MUTATIONS sets how many (20,000 unless set). */
const SHARED = '../shared/data'
const present = existsSync(`${SHARED}/cap/CATALOGUE.tsv`)
const COUNT = Number(process.env.CONCORD_CAP_MUTATIONS ?? 20_000)
const BATCH = 500
/* The hang guard. A machine that is busy with other work is forgiven once: the same bytes must then be quick. */
const GUARD = 1_000

function dice(seed: number): () => number {
  let state = seed
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return state / 2 ** 32
  }
}

const PIECES = [
  '<',
  '>',
  '&',
  '"',
  "'",
  ']]>',
  '<![CDATA[',
  '<!--',
  '-->',
  '<?x ',
  '?>',
  '</alert>',
  '<alert>',
  '<!DOCTYPE a>',
  '&#0;',
  '&#x41;',
  '&amp;',
  '\u0000',
  '\ufeff',
  '\ud800',
  'xmlns="urn:oasis:names:tc:emergency:cap:1.2"',
  '<ds:Signature xmlns:ds="http://www.w3.org/2000/09/xmldsig#"/>',
  '1e999',
  ',,,,',
  ' ',
  '\n',
  'Z',
  '999999999999999999999',
  '<info/>'.repeat(200),
  'a,b,c '.repeat(500),
  '<x>'.repeat(300),
].map((piece) => Buffer.from(piece))

function mutate(source: Buffer, other: Buffer, roll: () => number): Buffer {
  const at = (length: number): number => Math.floor(roll() * length)
  const [start, end] = [at(source.length), at(source.length)].sort((one, two) => one - two) as [number, number]
  const near = Math.min(source.length, start + at(64))
  switch (at(8)) {
    case 0: {
      const copy = Buffer.from(source)
      for (let count = 1 + at(4); count > 0; count -= 1) copy[at(copy.length)] = at(256)
      return copy
    }
    case 1:
      return Buffer.concat([source.subarray(0, start), source.subarray(near)])
    case 2:
      return Buffer.concat([source.subarray(0, start), PIECES[at(PIECES.length)] as Buffer, source.subarray(start)])
    case 3:
      return Buffer.concat([source.subarray(0, start), PIECES[at(PIECES.length)] as Buffer, source.subarray(near)])
    case 4:
      return source.subarray(0, end)
    case 5:
      return Buffer.concat([source.subarray(0, near), source.subarray(start)])
    case 6:
      return Buffer.concat([source.subarray(0, start), other.subarray(at(other.length))])
    default: {
      const tags = [
        ...source
          .subarray(0, 20_000)
          .toString('latin1')
          .matchAll(/>([^<>]+)</g),
      ]
      const tag = tags[at(tags.length)]
      if (tag === undefined) return source
      const from = (tag.index as number) + 1
      return Buffer.concat([
        source.subarray(0, from),
        PIECES[at(PIECES.length)] as Buffer,
        source.subarray(from + (tag[1] as string).length),
      ])
    }
  }
}

describe.skipIf(!present)(`mutations of the real messages (skipped where ${SHARED} is absent)`, () => {
  const files = present
    ? ['cap', 'feeds'].flatMap((folder) =>
        readdirSync(`${SHARED}/${folder}`, { recursive: true, withFileTypes: true })
          .filter((entry) => entry.isFile() && /\.(xml|cap|atom|rss|edxlde)$/.test(entry.name))
          .map((entry) => readFileSync(`${entry.parentPath}/${entry.name}`)),
      )
    : []
  /* The few very large files would take all the time: one turn in forty is theirs. */
  const [small, large] = [files.filter((file) => file.length <= 100_000), files.filter((file) => file.length > 100_000)]

  const batches = Math.ceil(COUNT / BATCH)
  it.each(Array.from({ length: batches }, (_, batch) => batch))(`batch %i of ${batches}`, { timeout: 180_000 }, (batch) => {
    const roll = dice(batch + 1)
    const pick = (list: Buffer[]): Buffer => list[Math.floor(roll() * list.length)] as Buffer
    for (let count = 0; count < Math.min(BATCH, COUNT - batch * BATCH); count += 1) {
      const source = roll() < 1 / 40 ? pick(large) : pick(small)
      const mutant = mutate(roll() < 0.3 ? mutate(source, pick(small), roll) : source, pick(small), roll)
      let taken = timed(mutant)
      if (taken > GUARD) taken = timed(mutant)
      expect({ batch, count, slow: taken > GUARD }).toEqual({ batch, count, slow: false })
    }
  })
})

/** Judges the bytes, checks what must hold for any bytes, and returns the milliseconds that the judging took. */
function timed(bytes: Buffer): number {
  const start = performance.now()
  const { verdict, alerts } = judgeFile('mutant', bytes)
  const taken = performance.now() - start
  expect(['accepted', 'quarantined', 'refused']).toContain(verdict.outcome)
  for (const alert of alerts) {
    expect(['accepted', 'quarantined', 'refused']).toContain(alert.verdict.outcome)
    if (alert.verdict.outcome === 'accepted') expect(alert.verdict.errors).toEqual([])
    else
      expect(
        actsOn({ ...alert.verdict, route: alert.route, references: alert.content?.references ?? [] }, [
          { ...alert.verdict, id: 'x', route: alert.route },
        ]),
      ).toEqual([])
  }
  return taken
}
