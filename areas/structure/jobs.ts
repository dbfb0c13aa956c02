import type { Job } from '#core/operation/implement.ts'
import { refreshTokens } from './city-import/store.ts'

/** Duty time comes back: keeps the tokens of the coming two weeks in step with holdings and their hours. Structure is kept in live only. */
const dutyTokens: Job = {
  name: 'structure.dutyTokens',
  everySeconds: 900,
  async run({ tx, clock, world }) {
    if (world.kind === 'live') await refreshTokens(tx, clock.now())
  },
}

export const jobs: readonly Job[] = [dutyTokens]
