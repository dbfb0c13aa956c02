import type { Area } from '#core/operation/implement.ts'
import { actions as centre } from './centre/actions.ts'
import { actions as decisionsFollow } from './decisions/actions/follow.ts'
import { actions as decisionsRecord } from './decisions/actions/record.ts'
import { actions as decisionsShow } from './decisions/actions/show.ts'
import { actions as incidents } from './incidents/actions.ts'
import { threads } from './facade.ts'
import { jobs } from './jobs.ts'
import { actions as leadAgency } from './lead-agency/actions.ts'
import { actions as loggist } from './loggist/actions.ts'
import { actions as members } from './members/actions.ts'
import { actions as neutralCommander } from './neutral-commander/actions.ts'
import { actions as packs, packSections } from './pack/actions.ts'
import { actions as prompts } from './prompts/actions.ts'
import { jobs as promptJobs } from './prompts/jobs.ts'
import { reactions } from './reactions.ts'
import { actions as seats } from './seats/actions.ts'
import { actions as tasks } from './tasks/actions.ts'
import { actions as timeline } from './timeline/actions.ts'

const recorded = [decisionsRecord, decisionsFollow, decisionsShow, loggist, prompts, tasks]

export const area: Area = {
  name: 'response',
  features: [incidents, members, seats, leadAgency, neutralCommander, timeline, centre, packs, ...recorded],
  reactions,
  jobs: [...jobs, ...promptJobs],
  packSections,
  threads,
}
