import { internLabel } from '#core/access/reach.ts'
import { notFound } from '#core/errors.ts'
import { type Implementation, implement, type Tx } from '#core/operation/implement.ts'
import { network } from './contract.ts'
import * as store from './store.ts'

/** What an import has changed becomes the next version, for everybody in the city; one that changed nothing makes none. */
export const keepImported = async (tx: Tx, city: string, at: Date, id: () => string) =>
  store.keepVersion(tx, {
    id: id(),
    at,
    basis: 'import',
    reviewId: null,
    label: await internLabel(tx, { clauses: [[`city:${city}`]], marking: 'TLP:AMBER' }),
  })

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
