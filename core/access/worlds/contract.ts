import { z } from 'zod'
import { query } from '#core/operation/operation.ts'

const When = z.iso.datetime({ offset: true })

/** An exercise that is going on: a world of its own with its own clock. */
export const OpenWorld = z.object({ id: z.uuid(), name: z.string(), now: When, rate: z.number() })
export type OpenWorld = z.infer<typeof OpenWorld>

export const worlds = query('access.worlds', {
  who: 'person',
  summary: 'The exercises that are going on, which you can step into; live is always there.',
  input: z.object({}),
  output: z.array(OpenWorld),
})
