import type { Area } from '#core/operation/implement.ts'
import { actions as centre } from './centre/actions.ts'
import { actions as incidents } from './incidents/actions.ts'
import { jobs } from './jobs.ts'
import { actions as leadAgency } from './lead-agency/actions.ts'
import { actions as neutralCommander } from './neutral-commander/actions.ts'
import { reactions } from './reactions.ts'
import { actions as seats } from './seats/actions.ts'
import { actions as timeline } from './timeline/actions.ts'

export const area: Area = { name: 'response', features: [incidents, seats, leadAgency, neutralCommander, timeline, centre], reactions, jobs }
