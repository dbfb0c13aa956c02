import { existsSync, readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { analysisOf } from './metrics.ts'
import { readNetwork } from './reading.ts'

const emon = '../shared/data/networks/emon'
const there = existsSync(`${emon}/REFERENCE_METRICS.json`)
const of = (arcs: string, nodes?: string) =>
  analysisOf(
    readNetwork(`from,to\n${arcs.replaceAll(' ', '\n').replaceAll('>', ',')}`, nodes === undefined ? undefined : `id,name\n${nodes}`),
  )

describe('metrics', () => {
  const networks = ['Cheyenne', 'LakePomona', 'MtStHelens', 'Wichita']
  test.skipIf(!there).each(networks)(`agree with the reference for %s${there ? '' : ' (SKIPPED: ../shared is not here)'}`, (network) => {
    const reference = (JSON.parse(readFileSync(`${emon}/REFERENCE_METRICS.json`, 'utf8')) as Record<string, Record<string, unknown>>)[
      network
    ]!
    const analysis = analysisOf(
      readNetwork(readFileSync(`${emon}/${network}_edges.csv`, 'utf8'), readFileSync(`${emon}/${network}_nodes.csv`, 'utf8')),
    ) as unknown as Record<string, unknown>
    expect(analysis.lines).toEqual([])
    for (const [name, value] of Object.entries(reference)) {
      const ours = analysis[name]
      if (name.startsWith('top_')) {
        // Ties may stand in any order, so the values are compared in order, and each of theirs that is above the last tie by name.
        const [theirs, mine] = [value as [string, number][], ours as [string, number][]]
        expect(
          mine.map((one) => one[1]),
          name,
        ).toEqual(theirs.map((one) => expect.closeTo(one[1], 4)))
        const last = theirs.at(-1)![1]
        for (const [who, score] of theirs)
          if (score > last)
            expect(
              mine.map((one) => one[0]),
              name,
            ).toContain(who)
      } else if (typeof value === 'number') expect(ours, name).toBeCloseTo(value, 6)
      else if (name === 'bridges')
        expect((ours as string[][]).map((pair) => [...pair].sort()).sort()).toEqual(
          (value as string[][]).map((pair) => [...pair].sort()).sort(),
        )
      else if (Array.isArray(value) && typeof value[0] === 'string')
        expect([...(ours as string[])].sort(), name).toEqual([...(value as string[])].sort())
      else expect(ours, name).toEqual(value)
    }
  })

  test('a chain has cut points and bridges, a ring has none, and somebody alone is told', () => {
    const chain = of('a>b b>c c>d')
    expect(chain.articulation_points).toEqual(['b', 'c'])
    expect(chain.bridges.map((pair) => [...pair].sort())).toEqual(
      expect.arrayContaining([
        ['a', 'b'],
        ['b', 'c'],
        ['c', 'd'],
      ]),
    )
    expect(of('a>b b>c c>d d>a')).toMatchObject({ articulation_points: [], bridges: [], strong_components: 1, diameter_largest_weak: 2 })
    const alone = of('1>2 2>1', '1,Police\n2,Fire\n3,مستشفى 🚑')
    expect(alone.findings).toMatchObject([{ kind: 'isolated', who: ['مستشفى 🚑'] }, { kind: 'bridge' }])
  })

  test('betweenness agrees with counting every shortest way, on any small network', () => {
    const pair = fc.tuple(fc.nat({ max: 6 }), fc.nat({ max: 6 }))
    fc.assert(
      fc.property(fc.array(pair, { minLength: 1, maxLength: 20 }), (arcs) => {
        const network = readNetwork(`from,to\n${arcs.map((arc) => arc.join(',')).join('\n')}`, 'id\n0\n1\n2\n3\n4\n5\n6')
        const next = (v: number) => network.arcs.filter(([from]) => from === v).map(([, to]) => to)
        const through = new Map<string, number>()
        for (let s = 0; s < 7; s += 1)
          for (let t = 0; t < 7; t += 1) {
            if (s === t) continue
            let front: number[][] = [[s]]
            const seen = new Set([s])
            while (front.length > 0 && !front.some((path) => path.at(-1) === t)) {
              front = front.flatMap((path) => next(path.at(-1)!).map((v) => [...path, v])).filter((path) => !seen.has(path.at(-1)!))
              for (const path of front) seen.add(path.at(-1)!)
            }
            const shortest = front.filter((path) => path.at(-1) === t)
            for (const path of shortest)
              for (const v of path.slice(1, -1)) through.set(network.names[v]!, (through.get(network.names[v]!) ?? 0) + 1 / shortest.length)
          }
        for (const [name, score] of analysisOf(network).top_betweenness_directed) expect(score).toBeCloseTo(through.get(name) ?? 0, 3)
      }),
      { numRuns: 300 },
    )
  })
})

describe('reading', () => {
  test('a line that cannot be used is told and left out; the rest stands', () => {
    const { lines, arcs } = readNetwork('from,to\na,b\na,b\na,a\na,zz\n', 'id,name\na,=1+1\nb,B\na,Again')
    expect(arcs).toEqual([[0, 1]])
    expect(lines).toEqual([
      'nodes, line 4: a stands twice; left out',
      'edges, line 3: it stands twice; left out',
      'edges, line 4: it ends where it begins; left out',
      'edges, line 5: one end is no node; left out',
    ])
  })

  test('what is no such table is refused by its field, and no text at all breaks it', () => {
    expect(() => readNetwork('name\nx')).toThrow(expect.objectContaining({ kind: 'invalid', field: 'edges' }) as Error)
    expect(() => readNetwork('from,to\na,b', 'x\n1')).toThrow(expect.objectContaining({ kind: 'invalid', field: 'nodes' }) as Error)
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string(), (edges, nodes) => {
        try {
          analysisOf(readNetwork(`from,to\n${edges}`, `id,name\n${nodes}`))
        } catch (error) {
          expect(error).toMatchObject({ kind: 'invalid' })
        }
      }),
      { numRuns: 500 },
    )
  })
})
