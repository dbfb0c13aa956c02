import type { Area } from '#core/operation/implement.ts'
import { names } from './facade.ts'
import { actions as emergency } from './emergency/actions.ts'
import { jobs as noticeJobs } from './notices/jobs.ts'
import { actions as oversight } from './oversight/actions.ts'
import { jobs as oversightJobs } from './oversight/jobs.ts'
import { actions as protocols } from './protocols/actions.ts'
import { actions as requests } from './requests/actions.ts'
import { jobs as requestJobs } from './requests/jobs.ts'

export const area: Area = {
  name: 'sharing',
  features: [protocols, emergency, requests, oversight],
  jobs: [...requestJobs, ...oversightJobs, ...noticeJobs],
  names,
}
