import type { Area, Job, NameTokens } from '#core/operation/implement.ts'
import { organisationsOf } from '#core/operation/organisations.ts'
import { actions as duress } from './duress/actions.ts'
import { actions as provisioning } from './provisioning/actions.ts'
import { actions as schemes } from './schemes/actions.ts'
import { actions } from './sign-in/actions.ts'
import { sweep } from './sign-in/store.ts'
import { actions as worlds } from './worlds/actions.ts'

/** What is long over (challenges, counts of attempts) goes, once an hour. */
const sweeping: Job = { name: 'access.sweep', everySeconds: 3600, run: ({ tx }) => sweep(tx) }

/** The room of core that people see: signing in, their own sessions, vouching. The areas above say what their tokens are called. */
export const accessArea = (areas: readonly Area[], wakesPeople: () => boolean): Area => {
  const sources = areas.flatMap((area) => area.names ?? [])
  const names: NameTokens = async (tx, tokens) => {
    const found: Awaited<ReturnType<NameTokens>> = {}
    for (const source of sources) Object.assign(found, await source(tx, tokens))
    return found
  }
  const outside = { names, organisations: organisationsOf(areas), wakesPeople }
  return {
    name: 'access',
    features: [actions(outside), duress, worlds, schemes(outside), provisioning],
    jobs: [sweeping],
  }
}
