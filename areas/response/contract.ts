import { z } from 'zod'
import { Id, Phase, When } from '#areas/structure/contract.ts'

/** Door 1 of response: what other areas may know of an incident. */
export const IncidentStatus = z.enum(['potential', 'standby', 'declared', 'stood-down'])
export type IncidentStatus = z.infer<typeof IncidentStatus>

export const Incident = z.object({
  id: Id,
  name: z.string(),
  incidentType: z.string(),
  jurisdiction: z.string(),
  phase: Phase.or(z.literal('closed')),
  status: IncidentStatus,
  statusReason: z.string(),
  /** Minutes until a lead that nobody confirmed is unresolved, an agency silent, a core member absent. */
  leadMinutes: z.number().int(),
  silentMinutes: z.number().int(),
  absentMinutes: z.number().int(),
  leadUnresolvedAt: When.nullable(),
  openedAt: When,
  closedAt: When.nullable(),
  /** The number of the structure's version that was in force when it was opened; null when none was kept yet. */
  structureVersion: z.number().int().nullable(),
})
export type Incident = z.infer<typeof Incident>

/** What the watch tells when it has activated: agreed by shape with `watch.activated`. */
export const Activated = z.object({
  activationId: Id,
  level: z.string(),
  incidentType: z.string(),
  jurisdiction: z.string().default('city'),
  name: z.string().optional(),
  groups: z.array(Id).default([]),
  posts: z.array(Id).default([]),
})
export type Activated = z.input<typeof Activated>

/** And when somebody has accepted a call-out: `watch.callOutAccepted`. */
export interface CallOutAccepted {
  activationId: string
  postId: string
  agencyId: string
  personId: string
  /** World time of the answer; absent: now. */
  at?: string
}
