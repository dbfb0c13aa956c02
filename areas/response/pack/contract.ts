import { z } from 'zod'
import { Id } from '#areas/structure/contract.ts'
import { query } from '#core/operation/operation.ts'

export const packReceivers = query('response.packReceivers', {
  who: ['inquiry', 'legal-adviser', 'data-protection'],
  summary: 'Agencies for which a disclosure pack can be made, by name.',
  input: z.object({}),
  output: z.object({ agencies: z.array(z.object({ id: Id, name: z.string() })) }),
})
