import type { Check } from '#core/operation/implement.ts'
import { agencies } from '#areas/structure/facade.ts'
import { pairsWithout, stateOf } from './protocols/rules.ts'
import * as store from './protocols/store.ts'

/** Could they share tonight? Core members of a group that no protocol in force joins, as far as whoever asks can read protocols. */
const protocolsTonight: Check = {
  async run(tx, { agencyIds, at }) {
    const open = new Set((await store.all(tx)).filter((row) => stateOf({ ...row, offered: false }, at) === 'in-force').map(({ id }) => id))
    const joined = Map.groupBy(
      (await store.parties(tx)).filter(({ protocolId, leftAt }) => leftAt === null && open.has(protocolId)),
      ({ protocolId }) => protocolId,
    )
    const missing = pairsWithout(
      agencyIds,
      [...joined.values()].map((parties) => parties.map(({ agencyId }) => agencyId)),
    )
    if (agencyIds.length < 2) return []
    if (missing.length === 0) return [{ code: 'protocols', state: 'pass', params: { agencies: agencyIds.length } }]
    const names = new Map((await agencies(tx)).map(({ id, name }) => [id, name]))
    const called = missing.slice(0, 3).map(([one, other]) => `${names.get(one) ?? one} – ${names.get(other) ?? other}`)
    return [{ code: 'protocolsMissing', state: 'fail', params: { pairs: missing.length, some: called.join('; ') } }]
  },
}

export const checks: readonly Check[] = [protocolsTonight]
