import { worldClock } from '#core/clock.ts'
import { type Implementation, implement } from '#core/operation/implement.ts'
import { worlds } from './contract.ts'
import { openExercises } from './store.ts'

export const actions: readonly Implementation[] = [
  implement(worlds, async ({ tx }) =>
    (await openExercises(tx)).map(({ id, name, realFrom, worldFrom, rate }) => ({
      id,
      name,
      now: worldClock(new Date(realFrom), new Date(worldFrom), rate).now().toISOString(),
      rate,
    })),
  ),
]
