import { z } from 'zod'
import { Id, When } from '#areas/structure/contract.ts'
import { command, query } from '#core/operation/operation.ts'

const Words = (most: number) => z.string().trim().max(most)

/** One owner (a post of one agency), one time. `given` → `accepted` → `done` with evidence → `closed`. */
export const Task = z.object({
  id: Id,
  incidentId: Id,
  decisionId: Id.nullable(),
  words: z.string(),
  ownerPostId: Id,
  ownerPost: z.string(),
  ownerAgency: z.string(),
  givenOnBehalfOf: z.string().nullable(),
  givenBy: z.string(),
  givenAt: When,
  dueAt: When,
  acceptBy: When,
  priority: z.enum(['high', 'normal']),
  state: z.enum(['given', 'accepted', 'done', 'closed']),
  acceptedAt: When.nullable(),
  doneAt: When.nullable(),
  evidence: z.string().nullable(),
  closedAt: When.nullable(),
  /** Nobody accepted it in time, or its time has passed: shown first, and a prompt to the secretariat. */
  late: z.enum(['no', 'not-accepted', 'overdue']),
  can: z.object({ accept: z.boolean(), complete: z.boolean(), close: z.boolean() }),
  label: z.number().int(),
  marking: z.string(),
})
export type Task = z.infer<typeof Task>

export const giveTask = command('response.giveTask', {
  who: ['loggist', 'secretariat', 'chair', 'executive'],
  summary: 'Give a task to one post of one agency, with the time by which it is done. The neutral commander gives none.',
  input: z.object({
    incidentId: Id,
    decisionId: Id.nullable().default(null),
    text: Words(2000).min(1, 'Write what is to be done.'),
    ownerPostId: Id,
    onBehalfOf: Id.nullable().default(null),
    dueAt: When,
    /** acceptance is expected within so many minutes; then the secretariat is prompted. */
    acceptWithinMinutes: z.number().int().min(1).max(1440).default(15),
    priority: z.enum(['high', 'normal']).default('normal'),
    restrictTo: z
      .array(z.array(z.string().max(220)).min(1).max(100))
      .max(8)
      .default([]),
    marking: z.string().max(500).default('TLP:AMBER'),
  }),
  output: Task,
})

export const acceptTask = command('response.acceptTask', {
  who: 'person',
  summary: 'Accept a task that was given to your post.',
  input: z.object({ taskId: Id }),
  output: Task,
})

export const completeTask = command('response.completeTask', {
  who: 'person',
  summary: 'Say that a task of your post is done, and what shows it.',
  input: z.object({ taskId: Id, evidence: Words(4000).min(1, 'Say what shows that it is done.') }),
  output: Task,
})

export const closeTask = command('response.closeTask', {
  who: ['secretariat', 'chair', 'loggist'],
  summary: 'Close a task that is done. One of high priority is closed by somebody other than who did it.',
  input: z.object({ taskId: Id }),
  output: Task,
})

export const tasks = query('response.tasks', {
  who: 'person',
  summary: 'The tasks of an incident that you may see, late ones first.',
  input: z.object({ incidentId: Id }),
  output: z.object({
    tasks: z.array(Task),
    owners: z.array(z.object({ id: Id, code: z.string(), title: z.string(), agencyName: z.string() })),
    can: z.object({ give: z.boolean() }),
  }),
})
