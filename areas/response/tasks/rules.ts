import type { Task } from './contract.ts'

type Progress = Pick<Task, 'acceptedAt' | 'doneAt' | 'closedAt' | 'dueAt' | 'acceptBy'>

export const stateOf = (task: Pick<Task, 'acceptedAt' | 'doneAt' | 'closedAt'>): Task['state'] =>
  task.closedAt !== null ? 'closed' : task.doneAt !== null ? 'done' : task.acceptedAt !== null ? 'accepted' : 'given'

/** not accepted in time escalates; past its time it stands at the top of the next agenda. */
export function lateness(task: Progress, now: Date): Task['late'] {
  if (task.doneAt !== null) return 'no'
  if (Date.parse(task.dueAt) <= now.getTime()) return 'overdue'
  return task.acceptedAt === null && Date.parse(task.acceptBy) <= now.getTime() ? 'not-accepted' : 'no'
}

/** What the viewer may do, from the tokens they hold; the policies decide. Whoever did a task of high priority does not close it. */
export function mayOf(
  task: Progress & Pick<Task, 'ownerPostId' | 'priority'> & { doneBy: string | null },
  viewer: { personId: string; reach: readonly string[] },
): Task['can'] {
  const owns = viewer.reach.includes(`post:${task.ownerPostId}`)
  const closes = ['kind:secretariat', 'kind:chair', 'kind:loggist'].some((token) => viewer.reach.includes(token))
  return {
    accept: owns && task.acceptedAt === null && task.doneAt === null,
    complete: owns && task.doneAt === null,
    close: closes && task.doneAt !== null && task.closedAt === null && !(task.priority === 'high' && task.doneBy === viewer.personId),
  }
}
