import type { Job } from '#core/operation/implement.ts'
import { refreshTokens } from './city-import/store.ts'
import { keepHalfYearly } from './plans/store.ts'
import { adoptDue } from './review/store.ts'
import { reviewFindings } from './findings/actions.ts'

/** Duty time comes back: keeps the tokens of the coming two weeks in step with holdings and their hours. Structure is kept in live only. */
const dutyTokens: Job = {
  name: 'structure.dutyTokens',
  everySeconds: 900,
  async run({ tx, clock, world }) {
    if (world.kind === 'live') await refreshTokens(tx, clock.now())
  },
}

/** Findings rest on time too: hours that nobody covers, holdings that end. */
const review: Job = {
  name: 'structure.review',
  everySeconds: 3600,
  async run({ tx, clock, world, id }) {
    if (world.kind === 'live') await reviewFindings(tx, clock.now(), 'structure.review', id)
  },
}

/** A proposal that everybody signed is adopted on its day. */
const adoption: Job = {
  name: 'structure.adoptReviews',
  everySeconds: 60,
  async run({ tx, clock, world }) {
    if (world.kind === 'live') await adoptDue(tx, clock.now())
  },
}

/** Every half year the blue-light services read each other's plans. */
const planReading: Job = {
  name: 'structure.planReading',
  everySeconds: 3600,
  async run({ tx, clock, world }) {
    if (world.kind === 'live') await keepHalfYearly(tx, clock.now())
  },
}

export const jobs: readonly Job[] = [dutyTokens, review, adoption, planReading]
