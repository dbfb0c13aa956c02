import { type Implementation, implement } from '#core/operation/implement.ts'
import { deriveMembers } from '../code-history/actions.ts'
import { reviewFindings } from '../findings/actions.ts'
import { keepVersion } from '../network/store.ts'
import { storeCity } from './actions/store-city.ts'
import { importCity } from './contract.ts'
import * as store from './store.ts'

export const actions: readonly Implementation[] = [
  implement(importCity, async ({ input, tx, clock, id, emit }) => {
    const counts = await storeCity(tx, input.city, {
      at: clock.now(),
      since: input.since === undefined ? clock.now() : new Date(input.since),
      id,
      standsAt: input.standsAt ?? null,
    })
    if (input.cast) {
      const { people } = await store.known(tx)
      await store.clear(
        tx,
        input.cast.flatMap(({ person, cleared }) =>
          cleared.flatMap((what) => (people.has(person) ? { person: people.get(person)!, token: `cleared:${what}` } : [])),
        ),
      )
    }
    await deriveMembers(tx, await store.cityCode(tx), id)
    await keepVersion(tx, 'import', null)
    await reviewFindings(tx, clock.now(), 'structure.importCity', id)
    const tokens = await store.refreshTokens(tx, clock.now())
    emit('structure.changed', { counts })
    return { counts, tokens }
  }),
]
