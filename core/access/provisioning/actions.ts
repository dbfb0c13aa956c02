import { notFound } from '#core/errors.ts'
import { type Implementation, implement } from '#core/operation/implement.ts'
import * as words from './contract.ts'
import * as store from './store.ts'

export const actions: readonly Implementation[] = [
  implement(words.provisioners, async ({ tx }) => ({ provisioners: await store.provisioners(tx) })),
  implement(words.endProvisioner, async ({ input, tx }) => {
    if ((await store.endProvisioner(tx, input.provisionerId)) === 0) throw notFound()
    return {}
  }),
]
