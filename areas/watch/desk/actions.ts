import { holdsAny } from '#core/access/reach.ts'
import { realClock } from '#core/clock.ts'
import { type Implementation, implement } from '#core/operation/implement.ts'
import { tray } from '../signals/store/reading.ts'
import { list } from '../sources/store/keeping.ts'
import { desk, endExercise, openExercise } from './contract.ts'
import * as store from './store.ts'

/** As many as a tray shows; one more is read, to know whether there are more. */
const SHOWN = 100

export const actions: readonly Implementation[] = [
  implement(desk, async ({ tx, clock }) => {
    const [live, notActual, quarantine] = [
      await tray(tx, { tray: 'live', limit: SHOWN + 1 }),
      await tray(tx, { tray: 'not-actual', limit: SHOWN + 1 }),
      await tray(tx, { tray: 'quarantine', limit: SHOWN + 1 }),
    ]
    return {
      live: live.slice(0, SHOWN),
      notActual: notActual.slice(0, SHOWN),
      quarantine: quarantine.slice(0, SHOWN),
      refused: await store.refused(tx, 50),
      sources: await list(tx, false),
      sourceEvents: await store.sourceEvents(tx, 20),
      exercises: await store.exercises(tx, realClock.now()),
      at: clock.now().toISOString(),
      more: { live: live.length > SHOWN, notActual: notActual.length > SHOWN, quarantine: quarantine.length > SHOWN },
      can: {
        handle: await holdsAny(tx, ['kind:watch-officer']),
        keepSources: await holdsAny(tx, ['kind:administrator']),
        openExercise: await holdsAny(tx, ['kind:watch-officer', 'kind:secretariat', 'kind:administrator']),
      },
    }
  }),
  implement(openExercise, async ({ input, tx, id, emit }) => {
    const realFrom = realClock.now()
    const worldFrom = input.startsAt === undefined ? realFrom : new Date(input.startsAt)
    const exercise = { id: id(), name: input.name, realFrom, worldFrom, rate: input.rate }
    await store.openExercise(tx, exercise)
    emit('watch.exerciseOpened', { worldId: exercise.id })
    return { id: exercise.id, name: exercise.name, startsAt: worldFrom.toISOString(), rate: exercise.rate }
  }),
  implement(endExercise, async ({ input, tx, emit }) => {
    const ended = await store.endExercise(tx, input.worldId, realClock.now())
    emit('watch.exerciseEnded', { worldId: ended.id })
    return ended
  }),
]
