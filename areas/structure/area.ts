import type { Area } from '#core/operation/implement.ts'
import { actions as cityImport } from './city-import/actions.ts'
import { actions as findings } from './findings/actions.ts'
import { jobs } from './jobs.ts'
import { actions as sheets } from './sheets/actions.ts'

export const area: Area = { name: 'structure', features: [cityImport, findings, sheets], jobs }
