import { type Area, type Implementation, implement } from '#core/operation/implement.ts'
import { threads } from './contract.ts'

/** The areas above know what their threads are called; each answers for its own, by the asker's reach. */
export const actions = (above: readonly Area[]): readonly Implementation[] => [
  implement(threads, async ({ input, tx }) => {
    const found = []
    for (const area of above) found.push(...((await area.threads?.(tx, input.ids)) ?? []))
    return { threads: found }
  }),
]
