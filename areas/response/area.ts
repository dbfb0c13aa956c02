import type { Area } from '#core/operation/implement.ts'
import { actions as incidents } from './incidents/actions.ts'
import { actions as neutralCommander } from './neutral-commander/actions.ts'

export const area: Area = { name: 'response', features: [incidents, neutralCommander] }
