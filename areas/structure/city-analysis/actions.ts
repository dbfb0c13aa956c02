import { internLabel } from '#core/access/reach.ts'
import { notFound } from '#core/errors.ts'
import { type Implementation, implement, type Tx } from '#core/operation/implement.ts'
import { networkNow, networkOf, versions } from '../network/store.ts'
import { networkFor } from '../network/rules/variant.ts'
import * as words from './contract.ts'
import { analysisOfCity } from './analysis.ts'
import * as store from './store.ts'

const marking = 'TLP:AMBER+STRICT'
/** What the rota says is read by these (areas/structure/sql/policies.sql); a chair is told that it was not looked at. */
const readRota = ['kind:administrator', 'kind:secretariat', 'kind:watch-officer']

const limitsOf = async (tx: Tx) => (await store.goal(tx)) ?? words.usualLimits

export const actions: readonly Implementation[] = [
  implement(words.analyseCity, async ({ input, tx, actor, clock, id }) => {
    const kept = await versions(tx)
    const version = input.version === undefined ? null : kept.find(({ number }) => number === input.version)
    if (version === undefined) throw notFound()
    const network = networkFor(version === null ? await networkNow(tx) : await networkOf(tx, version.id), input.incidentType, input.band)
    const at = clock.now()
    // The rota is tonight's: it says nothing about an older version.
    const seesRota = version === null && readRota.some((token) => actor.reach.includes(token))
    const goal = (await store.goal(tx)) ?? null
    const found = analysisOfCity(network, {
      at,
      duty: seesRota ? await store.duty(tx, at) : null,
      limits: await limitsOf(tx),
      versioned: kept.length > 0,
    })
    const analysisId = id()
    await store.note(tx, {
      id: analysisId,
      personId: actor.personId,
      at,
      versionId: version?.id ?? null,
      incidentType: input.incidentType,
      band: input.band,
      label: await internLabel(tx, { clauses: [words.hands.map((kind) => `kind:${kind}`)], marking }),
    })
    const notLooked = words.notLookedAt.filter((what) => what !== 'rota' || !seesRota)
    return {
      id: analysisId,
      at: at.toISOString(),
      basis: {
        version: version?.number ?? null,
        incidentType: input.incidentType,
        band: input.band,
        agencies: network.agencies.length,
        posts: network.posts.length,
        groups: network.groups.length,
        links: network.links.length,
      },
      goal,
      ...found,
      notLooked,
      marking,
    }
  }),
  implement(words.setGoal, async ({ input, tx, clock, id }) => {
    const at = clock.now()
    await store.setGoal(tx, { ...input, id: id(), at, label: await store.networkLabel(tx) })
    return { ...input, setAt: at.toISOString() }
  }),
  implement(words.goal, async ({ tx }) => ({ goal: (await store.goal(tx)) ?? null })),
]

/** What the hourly review of the structure adds to its list: the network as it stands, for no attack type in particular. */
export async function networkFindings(tx: Tx, at: Date): Promise<words.CityFinding[]> {
  const kept = await versions(tx)
  const network = networkFor(await networkNow(tx), 'any', 'any')
  return analysisOfCity(network, { at, duty: await store.duty(tx, at), limits: await limitsOf(tx), versioned: kept.length > 0 }).findings
}
