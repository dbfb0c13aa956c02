import { z } from 'zod'
import { command, query } from '#core/operation/operation.ts'
import { Id, When } from '../contract.ts'

/** 0 none · 1 on paper · 2 tested · 3 proved in an incident (requirements A.10). */
export const levels = ['none', 'on-paper', 'tested', 'proved'] as const
export const arrangements = ['link', 'group', 'contact', 'product', 'responsibility', 'review', 'plans'] as const

export const ReadinessLine = z.object({
  arrangement: z.enum(arrangements),
  about: z.string(),
  level: z.enum(levels),
  /** The newest evidence, whatever it shows; null: there is none. */
  evidenceAt: When.nullable(),
  /** When it counts no more; null: nothing to decay. */
  decaysAt: When.nullable(),
  /** Evidence that counted once and does no more. */
  decayed: z.boolean(),
})
export type ReadinessLine = z.infer<typeof ReadinessLine>

export const Readiness = z.object({
  id: Id,
  lines: z.array(ReadinessLine),
  by: z.string(),
  at: When,
  label: z.number().int(),
  marking: z.string(),
})
export type Readiness = z.infer<typeof Readiness>

const named = ['administrator', 'secretariat', 'watch-officer'] as const

export const assessReadiness = command('structure.assessReadiness', {
  who: named,
  summary: 'Work out from evidence what is only on paper, what was tested, what was proved, and what has decayed. Nothing is typed in.',
  input: z.object({}),
  output: Readiness,
})

export const readiness = query('structure.readiness', {
  who: [...named, 'chair'],
  summary: 'The newest look at readiness, with its time.',
  input: z.object({}),
  output: z.object({ last: Readiness.nullable(), can: z.object({ assess: z.boolean() }) }),
})
