import type { Area } from '#core/operation/implement.ts'
import { actions as briefings } from './briefings/actions.ts'
import { checks } from './checks.ts'
import { actions as disclosures } from './disclosures/actions.ts'
import { actions as emergency } from './emergency/actions.ts'
import { names } from './facade.ts'
import { actions as items } from './items/actions.ts'
import { jobs as noticeJobs } from './notices/jobs.ts'
import { actions as oversight } from './oversight/actions.ts'
import { jobs as oversightJobs } from './oversight/jobs.ts'
import { actions as pointers } from './pointers/actions.ts'
import { packSections } from './pack/actions.ts'
import { actions as protocols } from './protocols/actions.ts'
import { reactions } from './reactions.ts'
import { actions as recall } from './recall/actions.ts'
import { actions as requests } from './requests/actions.ts'
import { jobs as requestJobs } from './requests/jobs.ts'
import { actions as restrictions } from './restrictions/actions.ts'
import { actions as tearLines } from './tear-lines/actions.ts'

export const area: Area = {
  name: 'sharing',
  features: [protocols, emergency, requests, oversight, items, tearLines, recall, disclosures, pointers, briefings, restrictions],
  reactions,
  jobs: [...requestJobs, ...oversightJobs, ...noticeJobs],
  names,
  checks,
  packSections,
}
