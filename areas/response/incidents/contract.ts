import { z } from 'zod'
import { Id, Tier } from '#areas/structure/contract.ts'
import { command, query } from '#core/operation/operation.ts'
import { Incident, IncidentStatus } from '../contract.ts'

const Reason = z.string().trim().min(1, 'Say why, in a few words.').max(2000)

export const openIncident = command('response.openIncident', {
  who: ['watch-officer', 'secretariat', 'chair'],
  summary: 'Open an incident and its co-ordination centre.',
  input: z.object({
    name: z.string().trim().min(1).max(200),
    incidentType: z.string().trim().min(1).max(80),
    jurisdiction: z.string().trim().min(1).max(80).default('city'),
    activationId: Id.nullable().default(null),
    /** Groups that are convened: seats are expected for their core members. */
    groups: z.array(Id).max(50).default([]),
    /** Posts that were called: seats are expected for their agencies. */
    posts: z.array(Id).max(500).default([]),
  }),
  output: Incident,
})

export const setIncidentStatus = command('response.setIncidentStatus', {
  who: ['watch-officer', 'secretariat', 'chair', 'executive'],
  summary: 'Say whether the incident is potential, at standby, declared or stood down, and why.',
  input: z.object({ incidentId: Id, status: IncidentStatus, reason: Reason }),
  output: Incident,
})

const Minutes = z.number().int().min(1).max(1440)

export const setCentreTimes = command('response.setCentreTimes', {
  who: ['secretariat', 'chair'],
  summary: 'Set after how many minutes a lead is unresolved, an agency silent, a core member absent.',
  input: z.object({ incidentId: Id, leadMinutes: Minutes, silentMinutes: Minutes, absentMinutes: Minutes }),
  output: Incident,
})

export const closeIncident = command('response.closeIncident', {
  who: ['secretariat', 'chair'],
  summary: 'Close an incident that has been stood down. Its record stays, and stays readable to those who took part.',
  input: z.object({ incidentId: Id, reason: Reason }),
  output: Incident,
})

export const incident = query('response.incident', {
  who: 'person',
  summary: 'One incident, by itself.',
  input: z.object({ incidentId: Id }),
  output: Incident,
})

export const groupsToConvene = query('response.groupsToConvene', {
  who: 'person',
  summary: 'The groups that can be convened when an incident is opened, and how many core members each would seat.',
  input: z.object({}),
  output: z.array(z.object({ id: Id, name: z.string(), tier: Tier, core: z.number().int() })),
})

export const incidents = query('response.incidents', {
  who: 'person',
  summary: 'The incidents you take part in, newest first.',
  input: z.object({}),
  output: z.array(Incident),
})
