import { notFound } from '#core/errors.ts'
import { type Implementation, implement } from '#core/operation/implement.ts'
import { network } from './contract.ts'
import * as store from './store.ts'

export const actions: readonly Implementation[] = [
  implement(network, async ({ input, tx }) => {
    const versions = await store.versions(tx)
    const version = input.version === undefined ? null : versions.find(({ number }) => number === input.version)
    if (version === undefined) throw notFound()
    return {
      network: version === null ? await store.networkNow(tx) : await store.networkOf(tx, version.id),
      version,
      versions,
      marking: 'TLP:AMBER',
    }
  }),
]
