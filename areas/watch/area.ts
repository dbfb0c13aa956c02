import type { Area } from '#core/operation/implement.ts'
import { actions as activation } from './activation/actions.ts'
import { actions as callOut } from './call-out/actions.ts'
import { jobs } from './jobs.ts'

export { mountAcceptPage, mountCallbacks } from './call-out/door.ts'

export const area: Area = { name: 'watch', features: [activation, callOut], jobs }
