import { z } from 'zod'
import { query } from '#core/operation/operation.ts'

/** Who is at this window. The definition is said again here in the least that the shell needs; the server's is in core/access. */
export const whoAmI = query('access.self', {
  who: 'person',
  summary: 'Who you are, in which post, in which world',
  input: z.object({}),
  output: z.object({
    person: z.object({ id: z.string(), name: z.string() }),
    post: z.object({ id: z.string(), name: z.string(), agency: z.string().nullish() }).nullable(),
    world: z.object({ id: z.string(), kind: z.enum(['live', 'exercise']), name: z.string() }),
    zone: z.string().optional(),
    kinds: z.array(z.string()).optional(),
    notForLiveCallOut: z.boolean().optional(),
    time: z.object({ worldAt: z.string(), realAt: z.string(), rate: z.number() }).optional(),
  }),
})

export const whoSees = query('access.audience', {
  who: 'person',
  summary: 'Who can see a label, and why you can',
  input: z.object({ label: z.number().int() }),
  output: z.object({ who: z.array(z.string()), why: z.array(z.string()) }),
})
