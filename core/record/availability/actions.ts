import { internLabel } from '#core/access/reach.ts'
import { invalid, notAllowed, notFound } from '#core/errors.ts'
import { type Implementation, implement } from '#core/operation/implement.ts'
import { availability } from './contract.ts'
import * as store from './store.ts'

/** So many people in one answer; a city's largest audience is smaller. */
const atMost = 5000
/** Milliseconds by which a moment may lie ahead and still be now. */
const tolerance = 30_000

export const actions: readonly Implementation[] = [
  implement(availability, async ({ input, tx, actor, clock, id }) => {
    const { table, id: rowId, purpose } = input
    const now = clock.now()
    if (!(await store.sees(tx, table, rowId))) throw notFound()
    // The asker's clock may be ahead of ours by some seconds: that is now.
    if (new Date(input.at).getTime() > now.getTime() + tolerance)
      throw invalid('at', 'This moment has not come yet. Nothing was looked up. Give an earlier one.')
    const at = new Date(input.at) > now ? now.toISOString() : input.at
    const authority = input.authority ?? null
    if (!(await store.mayAsk(tx, table, rowId, authority !== null)))
      throw notAllowed(
        'This is asked by the data-protection post of the agency whose information it is, or by an inquiry that names its authority. Nothing was looked up.',
      )
    // Whoever asked can read that they did, and so can every inquiry.
    const label = await internLabel(tx, { clauses: [[`person:${actor.personId}`, 'kind:inquiry']], marking: 'TLP:AMBER+STRICT' })
    await store.noteLookup(tx, { id: id(), askedBy: actor.personId, table, rowId, at, purpose, authority, label })
    const found = await store.availability(tx, table, rowId, clock.real(new Date(at)), at, atMost + 1)
    return {
      asOf: at,
      people: found.slice(0, atMost).map(({ person, availableSince, ...row }) => ({
        ...row,
        personId: person,
        availableSince: availableSince === null ? null : clock.world(new Date(availableSince)).toISOString(),
      })),
      cut: found.length > atMost,
      basis: 'What Concord recorded. Available is not known, sent is not read; what people told each other is not here.',
    }
  }),
]
