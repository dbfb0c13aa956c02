import { z } from 'zod'
import { query } from '#core/operation/operation.ts'
import { networkFindingKinds } from '../city-analysis/contract.ts'
import { Id, When } from '../contract.ts'

export const findingKinds = [
  'forum-without-police',
  'post-without-holder',
  'post-without-deputy',
  'person-holding-two-posts',
  'uncovered-hours',
  'agency-in-no-group',
  'agency-without-duty-post',
  ...networkFindingKinds,
] as const

/** What is missing or odd in the structure, in words. about: the code of the group, post, person or agency. */
export const Finding = z.object({
  id: Id,
  kind: z.enum(findingKinds),
  about: z.string(),
  words: z.string(),
  source: z.string(),
  foundAt: When,
  resolvedAt: When.nullable(),
})
export type Finding = z.infer<typeof Finding>

/** Where the city is weak is for named hands (house: aggregation). */
export const findings = query('structure.findings', {
  who: ['administrator', 'secretariat', 'watch-officer'],
  summary: 'What is missing or odd in the structure: a finding, not an error.',
  input: z.object({ resolved: z.boolean().default(false) }),
  output: z.object({ findings: z.array(Finding) }),
})
