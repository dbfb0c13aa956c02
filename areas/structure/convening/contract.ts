import { z } from 'zod'
import { command, query } from '#core/operation/operation.ts'
import { Id, When } from '../contract.ts'

export const Line = z.object({
  /** Whose words: `check.<code>` in that area's catalogue. */
  area: z.string(),
  code: z.string(),
  state: z.enum(['pass', 'fail', 'unknown']),
  params: z.record(z.string(), z.union([z.string(), z.number()])),
})
export type Line = z.infer<typeof Line>

export const Convening = z.object({
  id: Id,
  groupId: Id,
  groupName: z.string(),
  lines: z.array(Line),
  by: z.string(),
  at: When,
  label: z.number().int(),
  marking: z.string(),
})
export type Convening = z.infer<typeof Convening>

export const conveneTonight = command('structure.conveneTonight', {
  who: ['administrator', 'secretariat', 'watch-officer'],
  summary: 'Could we convene tonight? Looks line by line at the rota, rooms, protocols and contact tests of this moment, for a group.',
  input: z.object({ groupId: Id }),
  output: Convening,
})

/** Those who may know whether the city could convene; to everybody else there is nothing to show. */
export const told = ['administrator', 'secretariat', 'watch-officer', 'chair'] as const

export const convening = query('structure.convening', {
  who: 'person',
  summary:
    'The newest answer to *could we convene tonight?* for each strategic group, with its time; for named hands, and nothing for others.',
  input: z.object({}),
  output: z.object({
    groups: z.array(z.object({ groupId: Id, name: z.string(), last: Convening.nullable() })),
    can: z.object({ run: z.boolean() }),
  }),
})
