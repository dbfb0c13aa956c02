import type { Area } from '#core/operation/implement.ts'
import { actions as analysis } from './analysis/actions.ts'
import { offline } from './analysis/offline.ts'
import { actions as attendance } from './attendance/actions.ts'
import { actions as cityAnalysis } from './city-analysis/actions.ts'
import { actions as cityImport } from './city-import/actions.ts'
import { actions as codeHistory } from './code-history/actions.ts'
import { actions as convening } from './convening/actions.ts'
import { actions as directory } from './directory/actions.ts'
import { actions as editing } from './editing/actions.ts'
import { actions as exported } from './export/actions.ts'
import { actions as findings } from './findings/actions.ts'
import { actions as network } from './network/actions.ts'
import { actions as observed } from './observed/actions.ts'
import { actions as people } from './people/actions.ts'
import { actions as plans } from './plans/actions.ts'
import { actions as readiness } from './readiness/actions.ts'
import { actions as review } from './review/actions.ts'
import { names, organisations } from './facade.ts'
import { jobs } from './jobs.ts'
import { reactions } from './reactions.ts'
import { actions as sheets } from './sheets/actions.ts'
import { actions as stress } from './stress/actions.ts'

/** `above`: the areas that bring their lines to *could we convene tonight?* and their measured times to a stress test. */
export function structureArea(above: readonly Area[]): Area {
  const checks = above.flatMap(({ name, checks: own = [] }) => own.map((check) => ({ area: name, check })))
  const acceptances = above.flatMap((one) => one.acceptances ?? [])
  const whoIsWho = [directory, people, cityImport, sheets, findings, codeHistory]
  const theNetwork = [network, exported, editing, analysis, cityAnalysis, observed]
  const keptInShape = [review, attendance, plans, readiness, stress(acceptances), convening(checks)]
  return { name: 'structure', features: [...whoIsWho, ...theNetwork, ...keptInShape], jobs, reactions, names, organisations, offline }
}

/** By itself, for those who need no lines of others. */
export const area: Area = structureArea([])
