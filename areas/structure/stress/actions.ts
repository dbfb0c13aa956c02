import { internLabel } from '#core/access/reach.ts'
import { realClock } from '#core/clock.ts'
import { invalid } from '#core/errors.ts'
import { type Acceptances, type Implementation, implement, type Tx } from '#core/operation/implement.ts'
import type { Network } from '../network/contract.ts'
import { networkFor } from '../network/rules/variant.ts'
import { networkNow, versionInForce } from '../network/store.ts'
import * as words from './contract.ts'
import { inWorker } from './in-worker.ts'
import * as store from './store.ts'
import type { Answering } from './time.ts'

/** How often times are drawn: the bands stand still to the second by then. */
const draws = 10_000
const worst = 50

/** Every id that a finding may name, with its name. */
const namesOf = (network: Network): Record<string, string> =>
  Object.fromEntries([
    ...network.agencies.map(({ id, name }) => [id, name] as const),
    ...network.groups.map(({ id, name }) => [id, name] as const),
    ...network.posts.map(({ id, title }) => [id, title] as const),
    ...network.media.map(({ id, name }) => [id, name] as const),
    ...network.places.map(({ id, name }) => [id, name] as const),
  ])

/** What is gone with what was taken away, for who answers a call: an agency's posts go with it. */
function answering(
  network: Network,
  groupId: string,
  taken: readonly words.Taken[],
  measured: ReadonlyMap<string, (number | null)[]>,
): Answering[] {
  const gone = (kind: words.Taken['kind'], id: string | null) => id !== null && taken.some((one) => one.kind === kind && one.id === id)
  const posts = new Map(network.posts.map((post) => [post.id, post]))
  return network.memberships
    .filter((seat) => seat.groupId === groupId && seat.kind === 'core')
    .filter(
      ({ agencyId, postId }) =>
        !gone('agency', agencyId) && !gone('post', postId) && !gone('place', posts.get(postId ?? '')?.placeId ?? null),
    )
    .map(({ agencyId, postId }) => ({ agencyId, measured: measured.get(postId ?? '') ?? [] }))
}

async function measuredTimes(tx: Tx, acceptances: readonly Acceptances[]): Promise<Map<string, (number | null)[]>> {
  const times = new Map<string, (number | null)[]>()
  for (const ask of acceptances) for (const { postId, seconds } of await ask(tx)) times.set(postId, [...(times.get(postId) ?? []), seconds])
  return times
}

export const actions = (acceptances: readonly Acceptances[]): readonly Implementation[] => [
  implement(words.stress, async ({ input: { readers, ...asked }, tx, actor, id, emit }) => {
    const network = networkFor(await networkNow(tx), asked.incidentType, asked.band)
    const names = namesOf(network)
    const dependences = new Set(network.media.flatMap(({ dependsOn }) => dependsOn))
    if (asked.taken.some((one) => (one.kind === 'dependence' ? !dependences.has(one.id) : !(one.id in names))))
      throw invalid('taken', 'One of these is not in the network. Nothing was run. Choose from the list.')
    const measured = await measuredTimes(tx, acceptances)
    const groups = network.groups
      .filter(({ tier }) => tier === 'strategic')
      .map((group) => ({ group, members: answering(network, group.id, asked.mode === 'these' ? asked.taken : [], measured) }))
    const answer = await inWorker(
      {
        network,
        mode: asked.mode,
        taken: asked.taken,
        groups: groups.map(({ group, members }) => ({ members, quorum: group.quorum ?? members.length })),
        seed: asked.seed,
        draws,
        most: worst,
      },
      () => store.stillHere(tx),
    )
    const found: words.Found = {
      ...answer,
      quorum: groups.map(({ group, members }, at) => ({
        groupId: group.id,
        quorum: group.quorum ?? members.length,
        members: members.length,
        time: answer.quorum[at]!,
        measured: members.reduce((sum, one) => sum + one.measured.length, 0),
      })),
      names,
    }
    // Where the city is weak: whoever ran it and whom they named, and an inquiry. Nobody else, no wall.
    const people = [...new Set([actor.personId, ...readers])].map((one) => `person:${one}`)
    const label = await internLabel(tx, { clauses: [[...people, 'kind:inquiry']], marking: 'TLP:AMBER+STRICT' })
    const run = {
      id: id(),
      asked,
      found,
      onVersion: (await versionInForce(tx, realClock.now()))?.number ?? null,
      at: realClock.now(),
      label,
    }
    await store.put(tx, { ...run, personId: actor.personId })
    emit('structure.stressRun', { id: run.id })
    return { ...run, by: actor.name, at: run.at.toISOString(), marking: 'TLP:AMBER+STRICT' }
  }),
  implement(words.stressRuns, async ({ tx }) => ({ runs: await store.runs(tx) })),
  implement(words.stressRun, ({ input, tx }) => store.runOf(tx, input.runId)),
]
