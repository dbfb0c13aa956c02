import type { Area } from '#core/operation/implement.ts'
import { actions as activation } from './activation/actions.ts'
import { acceptances, checks } from './checks.ts'
import { actions as callOut } from './call-out/actions.ts'
import { actions as desk } from './desk/actions.ts'
import { jobs } from './jobs.ts'
import { packSections } from './pack/actions.ts'
import { offline } from './signals/actions/offline.ts'
import { actions as signals } from './signals/actions/handling.ts'
import { actions as ingest } from './signals/actions/ingest.ts'
import { actions as sources } from './sources/actions/keeping.ts'

export { mountAcceptPage, mountCallbacks } from './call-out/door.ts'
export { mountIngest } from './sources/http.ts'
export { startSources } from './sources/watching.ts'

export const area: Area = {
  name: 'watch',
  features: [ingest, signals, sources, desk, activation, callOut],
  jobs,
  offline,
  checks,
  acceptances,
  packSections,
}
