import { chanceOf, inventedNetwork } from '#areas/structure/network/testing.ts'
import { modelOf, pairs, singles } from '#areas/structure/stress/engine.ts'
import { type BenchLine, rounded } from '../measure.ts'

const goal = 5

/** All pairs out of 400 things that can be taken away, exact reach and all; `ratio` is seconds ÷ the goal of 5 s, on one core. */
export async function run(): Promise<BenchLine[]> {
  const network = inventedNetwork({ agencies: 150, posts: 236, groups: 12, links: 2400 })
  const chance = chanceOf(7)
  // As thin as the first hour may be: half of the seats are not named, so that links decide who is told.
  network.memberships = network.memberships.filter(() => chance() < 0.5)
  network.places = Array.from({ length: 6 }, (_, at) => ({
    id: `00000000-0000-4000-9000-00000000000${at}`,
    code: `L${at}`,
    name: `Place ${at}`,
  }))
  for (const post of network.posts) post.placeId = network.places[Math.floor(chance() * 6)]!.id
  const model = modelOf(network)
  const seconds: number[] = []
  let counted = 0
  for (let round = 0; round < 3; round += 1) {
    const start = performance.now()
    counted = pairs(model, 50).counted
    seconds.push((performance.now() - start) / 1000)
  }
  const best = Math.min(...seconds)
  const start = performance.now()
  const one = singles(modelOf(network)).length
  return [
    {
      bench: 'stress',
      ratio: rounded(best / goal, 3),
      what: 'all pairs',
      things: model.taken.length,
      pairs: counted,
      links: 2400,
      seconds: rounded(best, 3),
    },
    {
      bench: 'stress',
      ratio: rounded((performance.now() - start) / 1000 / goal, 4),
      what: 'each alone, with reading the network',
      things: one,
    },
  ]
}
