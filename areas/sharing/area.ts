import type { Area } from '#core/operation/implement.ts'
import { actions as protocols } from './protocols/actions.ts'
import { names } from './protocols/store.ts'

export const area: Area = { name: 'sharing', features: [protocols], names }
