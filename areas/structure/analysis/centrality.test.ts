import fc from 'fast-check'
import { afterAll, describe, expect, test } from 'vitest'
import { analysisBeside } from './actions.ts'
import { centralityOf, closenessOf, eigenvector } from './rules/centrality.ts'
import { cores, distancesFrom, reachAtMost, rowsOf } from './rules/graph.ts'
import { crew } from './in-workers.ts'
import { krackhardtOf } from './rules/krackhardt.ts'
import { readNetwork } from './reading.ts'

type Arcs = [number, number][]
const arcsOf = (text: string): Arcs => text.split(' ').map((arc) => arc.split('>').map(Number) as [number, number])
const four = (nodes: number, arcs: Arcs) => krackhardtOf(rowsOf(nodes, arcs, false), rowsOf(nodes, arcs, true))

const nodes = 9
const anyArcs = fc.array(fc.tuple(fc.nat({ max: nodes - 1 }), fc.nat({ max: nodes - 1 })), { maxLength: 30 })

describe('one pass from every node', () => {
  test('steps, reach and the farthest are those of asking each pair', () => {
    fc.assert(
      fc.property(anyArcs, fc.boolean(), (arcs, both) => {
        const graph = rowsOf(nodes, arcs, both)
        const found = centralityOf(graph, reachAtMost(graph))
        for (let v = 0; v < nodes; v += 1) {
          const steps = [...distancesFrom(graph, v)].filter((one) => one !== -1)
          expect(found.reached[v]).toBe(steps.length)
          expect(found.steps[v]).toBe(steps.reduce((all, one) => all + one, 0))
          expect(found.farthest[v]).toBe(Math.max(...steps))
        }
      }),
    )
  })

  test('a star: its middle lies between all pairs and is one step from each', () => {
    const graph = rowsOf(5, arcsOf('0>1 0>2 0>3 0>4'), true)
    const found = centralityOf(graph, reachAtMost(graph))
    expect(found.between[0]! / 2).toBe(6)
    expect([...closenessOf(found)]).toEqual([1, 4 / 7, 4 / 7, 4 / 7, 4 / 7])
    const { values, settled } = eigenvector(graph)
    expect(settled).toBe(true)
    expect([...values]).toEqual([1, 0.5, 0.5, 0.5, 0.5].map((value) => expect.closeTo(value, 8)))
  })

  test('core numbers: a ring with a tail, and a square where all know all', () => {
    expect([...cores(rowsOf(5, arcsOf('0>1 1>2 2>0 2>3 3>4'), true))]).toEqual([2, 2, 2, 1, 1])
    expect([...cores(rowsOf(5, arcsOf('0>1 0>2 0>3 1>2 1>3 2>3 3>4'), true))]).toEqual([3, 3, 3, 3, 1])
  })

  test('core numbers are those of peeling by hand, on any small graph', () => {
    fc.assert(
      fc.property(anyArcs, (arcs) => {
        const graph = rowsOf(nodes, arcs, true)
        const slow = Array.from({ length: nodes }, () => 0)
        for (let k = 1; k < nodes; k += 1) {
          let those = [...slow.keys()]
          for (let before = -1; before !== those.length; ) {
            before = those.length
            those = those.filter((v) => [...graph.to.slice(graph.row[v], graph.row[v + 1])].filter((w) => those.includes(w)).length >= k)
          }
          for (const v of those) slow[v] = k
        }
        expect([...cores(graph)]).toEqual(slow)
      }),
    )
  })
})

describe('workers', () => {
  const two = crew(2)
  afterAll(() => two.end())

  test('two workers count what one pass counts', async () => {
    const arcs: Arcs = Array.from({ length: 900 }, (_, at) => [(at * 7919) % 300, (at * at * 31 + 17) % 300])
    const graph = rowsOf(300, arcs, true)
    const [alone, shared] = [centralityOf(graph, reachAtMost(graph)), await two.centrality(graph)]
    expect([...shared.between]).toEqual([...alone.between].map((value) => expect.closeTo(value, 6)))
    expect([shared.steps, shared.reached, shared.farthest].map((one) => [...one])).toEqual(
      [alone.steps, alone.reached, alone.farthest].map((one) => [...one]),
    )
  })

  test('a large network is counted beside the server, and says the same', async () => {
    const lines = Array.from({ length: 4200 }, (_, at) => `n${at},n${(at * 13 + 1) % 4200}`)
    const network = readNetwork(`from,to\n${lines.join('\n')}`)
    let turns = 0
    const ticking = setInterval(() => (turns += 1), 5)
    const analysis = await analysisBeside(network, 1)
    clearInterval(ticking)
    expect(turns).toBeGreaterThan(3)
    expect(analysis).toMatchObject({ nodes: 4200, krackhardt: { hierarchy: null, least_upper_boundedness: null } })
  })

  test('more shortest ways than a number holds are refused in words', async () => {
    const rungs = Array.from({ length: 1100 }, (_, at) => `${at},${at}a\n${at},${at}b\n${at}a,${at + 1}\n${at}b,${at + 1}`)
    await expect(analysisBeside(readNetwork(`from,to\n${rungs.join('\n')}`), 1)).rejects.toMatchObject({ kind: 'invalid', field: 'edges' })
  }, 120_000)
})

describe("Krackhardt's four", () => {
  test('a chain of command is 1 in all four', () => {
    expect(four(7, arcsOf('0>1 0>2 1>3 1>4 2>5 2>6'))).toEqual({
      connectedness: 1,
      hierarchy: 1,
      efficiency: 1,
      least_upper_boundedness: 1,
    })
  })

  test('a ring is connected but no hierarchy: everybody stands above everybody', () => {
    expect(four(4, arcsOf('0>1 1>2 2>3 3>0'))).toEqual({
      connectedness: 1,
      hierarchy: 0,
      efficiency: expect.closeTo(2 / 3) as number,
      least_upper_boundedness: 1,
    })
  })

  test('two chiefs over one post: their pair has nobody above it', () => {
    expect(four(3, arcsOf('0>2 1>2'))).toEqual({ connectedness: 1, hierarchy: 1, efficiency: 1, least_upper_boundedness: 0 })
  })

  test('two chiefs over the same two posts: those two have two above them and neither is the lower', () => {
    // Pairs without a least upper bound: the chiefs, and the posts; three could lack one.
    expect(four(4, arcsOf('0>2 0>3 1>2 1>3')).least_upper_boundedness).toBeCloseTo(1 / 3)
  })

  test('two parts, and somebody alone: pairs that are joined, of all', () => {
    expect(four(5, arcsOf('0>1 2>3'))).toEqual({
      connectedness: expect.closeTo(2 / 10) as number,
      hierarchy: 1,
      efficiency: 1,
      least_upper_boundedness: 1,
    })
    expect(four(4, arcsOf('0>1 0>2 0>3 1>2 1>3 2>3')).efficiency).toBe(0)
  })

  test('agree with the definitions, asked word for word, on any small graph', () => {
    fc.assert(
      fc.property(anyArcs, (arcs) => {
        const [directed, undirected] = [rowsOf(nodes, arcs, false), rowsOf(nodes, arcs, true)]
        const reaches = Array.from({ length: nodes }, (_, v) => [...distancesFrom(directed, v)].map((steps) => steps !== -1))
        const together = Array.from({ length: nodes }, (_, v) => [...distancesFrom(undirected, v)].map((steps) => steps !== -1))
        let [joined, both, either, unbound] = [0, 0, 0, 0]
        for (let a = 0; a < nodes; a += 1)
          for (let b = 0; b < a; b += 1) {
            if (together[a]![b]) joined += 1
            if (reaches[a]![b] || reaches[b]![a]) either += 1
            if (reaches[a]![b] && reaches[b]![a]) both += 1
            const above = [...reaches.keys()].filter((u) => reaches[u]![a] && reaches[u]![b])
            if (together[a]![b] && !above.some((low) => above.every((u) => reaches[u]![low]))) unbound += 1
          }
        const sizes = [...new Set(together.map((row) => row.join()))].map((row) => row.split(',').filter((one) => one === 'true').length)
        const most = sizes.reduce((all, n) => all + ((n - 1) * (n - 2)) / 2, 0)
        const found = krackhardtOf(directed, undirected)
        expect(found.connectedness).toBeCloseTo(joined / 36, 9)
        expect(found.hierarchy).toBeCloseTo(either === 0 ? 1 : 1 - both / either, 9)
        expect(found.least_upper_boundedness).toBeCloseTo(most === 0 ? 1 : 1 - unbound / most, 9)
      }),
    )
  })
})
