import { z } from 'zod'
import { query } from '#core/operation/operation.ts'

const Id = z.uuid()

export const threads = query('record.threads', {
  who: 'person',
  summary: 'What threads (incidents) are called, and on which page they stand: those of them that you can read, and nothing of the others.',
  input: z.object({ ids: z.array(Id).max(100) }),
  output: z.object({ threads: z.array(z.object({ id: Id, name: z.string(), path: z.string() })) }),
})
