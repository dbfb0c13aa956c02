import { z } from 'zod'
import { Id } from '#areas/structure/contract.ts'
import { command, query } from '#core/operation/operation.ts'
import { Incident } from '../contract.ts'

export const openIncident = command('response.openIncident', {
  who: ['watch-officer', 'secretariat', 'chair'],
  summary: 'Open an incident and its co-ordination centre.',
  input: z.object({
    name: z.string().trim().min(1).max(200),
    incidentType: z.string().trim().min(1).max(80),
    jurisdiction: z.string().trim().min(1).max(80).default('city'),
    activationId: Id.nullable().default(null),
  }),
  output: Incident,
})

export const incidents = query('response.incidents', {
  who: 'person',
  summary: 'The incidents you take part in, newest first.',
  input: z.object({}),
  output: z.array(Incident),
})
