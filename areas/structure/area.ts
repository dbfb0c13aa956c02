import type { Area } from '#core/operation/implement.ts'
import { actions as analysis } from './analysis/actions.ts'
import { offline } from './analysis/offline.ts'
import { actions as attendance } from './attendance/actions.ts'
import { actions as cityAnalysis } from './city-analysis/actions.ts'
import { actions as cityImport } from './city-import/actions.ts'
import { actions as codeHistory } from './code-history/actions.ts'
import { actions as directory } from './directory/actions.ts'
import { actions as findings } from './findings/actions.ts'
import { actions as network } from './network/actions.ts'
import { actions as observed } from './observed/actions.ts'
import { actions as plans } from './plans/actions.ts'
import { actions as review } from './review/actions.ts'
import { names } from './facade.ts'
import { jobs } from './jobs.ts'
import { actions as sheets } from './sheets/actions.ts'

export const area: Area = {
  name: 'structure',
  features: [directory, cityImport, sheets, findings, analysis, cityAnalysis, observed, network, codeHistory, review, attendance, plans],
  jobs,
  names,
  offline,
}
