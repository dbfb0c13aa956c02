import { createHash, randomBytes } from 'node:crypto'
import { unavailable } from '#core/errors.ts'
import { type Implementation, implement } from '#core/operation/implement.ts'
import { keepersLabel } from '../standing/actions.ts'
import * as words from './contract.ts'
import * as store from './store.ts'

const ticketLasts = 10 * 60_000

/** By the real clock, like everything about the record itself. */
export const actions = (real: () => Date): readonly Implementation[] => [
  implement(words.bundle, async ({ tx, actor, emit, id }) => {
    const size = await store.newestSize(tx)
    if (size === 0) throw unavailable('No head is signed yet, so there is nothing to prove. Nothing was changed. Ask again in a second.')
    const ticket = randomBytes(24).toString('base64url')
    const at = real()
    const taken = {
      id: id(),
      personId: actor.personId,
      size,
      statements: await store.newestStatement(tx),
      at,
      ticketHash: createHash('sha256').update(ticket).digest(),
      until: new Date(at.getTime() + ticketLasts),
      label: await keepersLabel(tx),
    }
    await store.noteTaken(tx, taken)
    emit('record.bundleTaken', { id: taken.id })
    return { path: `/bundles/${ticket}`, size }
  }),
]
