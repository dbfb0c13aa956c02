import { z } from 'zod'
import { Id, Phase, When } from '#areas/structure/contract.ts'

/** Door 1 of response: what other areas may know of an incident. */
export const IncidentStatus = z.enum(['potential', 'standby', 'declared', 'stood-down'])

export const Incident = z.object({
  id: Id,
  name: z.string(),
  incidentType: z.string(),
  jurisdiction: z.string(),
  phase: Phase.or(z.literal('closed')),
  status: IncidentStatus,
  openedAt: When,
  closedAt: When.nullable(),
})
export type Incident = z.infer<typeof Incident>
