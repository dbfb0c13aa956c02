import { z } from 'zod'
import { query } from '#core/operation/operation.ts'

/** The columns of a list of code changes, one row a change. An old code with two rows was split. */
export const codeChangeColumns = ['org_type', 'old_code', 'old_name', 'new_code', 'new_name', 'since', 'basis'] as const

/** What an agency's code became. since: the first day of the new code; basis: who says so. */
export const CodeChange = z.object({
  orgType: z.string(),
  orgCode: z.string(),
  name: z.string(),
  successorCode: z.string(),
  successorName: z.string(),
  since: z.iso.date(),
  basis: z.string(),
})
export type CodeChange = z.infer<typeof CodeChange>

/** Which force or service serves the area of a local authority, by a published lookup. */
export interface AreaService {
  areaCode: string
  areaName: string
  orgType: string
  orgCode: string
  orgName: string
  basis: string
}

export const codeHistory = query('structure.codeHistory', {
  who: 'person',
  summary: 'Codes of agencies that have changed: what each became, since when, and by which source.',
  input: z.object({}),
  output: z.object({ changes: z.array(CodeChange) }),
})
