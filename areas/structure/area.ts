import type { Area } from '#core/operation/implement.ts'
import { actions as cityImport } from './city-import/actions.ts'
import { jobs } from './jobs.ts'

export const area: Area = { name: 'structure', features: [cityImport], jobs }
