import { z } from 'zod'
import { command, query } from '#core/operation/operation.ts'

const When = z.iso.datetime({ offset: true })

export const provisioners = query('access.provisioners', {
  who: ['administrator'],
  summary: 'Tokens of identity providers that open and close accounts here (SCIM): since when, last used, until when. Never a key.',
  input: z.object({}),
  output: z.object({
    provisioners: z.array(z.object({ id: z.uuid(), name: z.string(), madeAt: When, usedAt: When.nullable(), expiresAt: When })),
  }),
})
export type Provisioner = z.infer<(typeof provisioners)['output']>['provisioners'][number]

export const endProvisioner = command('access.endProvisioner', {
  who: ['administrator'],
  summary: 'End the token of an identity provider at once. The accounts that it opened stay as they are.',
  input: z.object({ provisionerId: z.uuid() }),
  output: z.object({}),
})
