import type { Job } from '#core/operation/implement.ts'
import { announce, carryOn, closeOldWays, sayWhatWentWrong } from './call-out/actions/duty.ts'

/** The timed duties of the watch. `everySeconds: 0` is at every turn of the loop, four times a second. */
export const jobs: readonly Job[] = [
  { name: 'watch.callOuts', everySeconds: 0, run: carryOn },
  { name: 'watch.callOutsAnnounced', everySeconds: 0, run: announce },
  { name: 'watch.callOutFailures', everySeconds: 0, run: sayWhatWentWrong },
  { name: 'watch.replyCodes', everySeconds: 600, run: closeOldWays },
]
