import { z } from 'zod'
import { command } from '#core/operation/operation.ts'

export const bundle = command('record.bundle', {
  who: ['administrator', 'inquiry', 'operator'],
  summary:
    'Take the whole record as one file of hashes for a stranger to verify: every leaf, every signed head, the keys, and what opens a witness’s commitments.',
  input: z.object({}),
  output: z.object({
    /** Where the file is fetched, by the same person, within some minutes. */
    path: z.string(),
    /** How many entries the newest signed head covers: so many leaves are in the file. */
    size: z.number().int(),
  }),
})
